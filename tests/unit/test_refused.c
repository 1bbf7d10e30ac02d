/* F3r: where memory is refused while a mail is read, whoever asked for it, the
 * mail is read as it is or the reader ends: a library that makes do would have
 * a draft returned as empty, or a 涉密 marking overlooked.  Each allocation is
 * refused, one at a time, in a process of its own.  With names of files these
 * are the mails. */
#include "message/mail.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Beside a sanitizer's own allocator there is no room for this one. */
#ifdef BAOSONG_SANITIZED

static void
test_nothing(void)
{
    g_test_skip("a sanitizer's allocator refuses nothing");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/refused/F3r-drafts", test_nothing);
    return g_test_run();
}

#else

static struct {
    long made, refused; /* the how manyth is; 0: none */
} memory;

extern void *__libc_malloc(size_t len);
extern void *__libc_calloc(size_t n, size_t len);
extern void *__libc_realloc(void *old, size_t len);

static gboolean
is_refused(void)
{
    return ++memory.made == memory.refused;
}

void *
malloc(size_t len)
{
    return is_refused() ? NULL : __libc_malloc(len);
}

void *
calloc(size_t n, size_t len)
{
    return is_refused() ? NULL : __libc_calloc(n, len);
}

void *
realloc(void *old, size_t len)
{
    return is_refused() ? NULL : __libc_realloc(old, len);
}

/* Not under valgrind, which has an allocator of its own. */
static gboolean
is_asked(void)
{
    long before = memory.made;

    g_free(g_malloc(1));
    if (memory.made == before)
        g_test_skip("another allocator is asked");
    return memory.made > before;
}

static GVariant *
read_whole(const char *mail, size_t len)
{
    g_autoptr(reading) r = mail_read((const guint8 *)mail, len, NULL);

    return g_variant_ref_sink(reading_to_variant(r));
}

/* How many allocations it takes. */
static long
count(const char *mail, size_t len, GVariant **out)
{
    long before = memory.made;

    *out = read_whole(mail, len);
    return memory.made - before;
}

G_NORETURN static void
read_refused(const char *mail, size_t len, long n, GVariant *whole)
{
    const struct rlimit none = {0, 0};
    int nowhere = open("/dev/null", O_WRONLY);
    GVariant *v;

    setrlimit(RLIMIT_CORE, &none);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    memory.refused = memory.made + n;
    v = read_whole(mail, len);
    memory.refused = 0;
    _exit(g_variant_equal(v, whole) ? 0 : 1);
}

/* TRUE when it was read as it is, or not at all. */
static gboolean
is_read_or_not(const char *mail, size_t len, long n, GVariant *whole)
{
    pid_t pid = fork();
    int status = 0;

    g_assert_cmpint(pid, >=, 0);
    if (pid == 0)
        read_refused(mail, len, n, whole);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    return WIFSIGNALED(status) || WEXITSTATUS(status) == 0;
}

static void
check(const char *what, const char *mail, size_t len)
{
    g_autoptr(GVariant) whole = NULL;
    long wrong = 0, first = 0, n, all;

    if (!is_asked())
        return;
    count(mail, len, &whole); /* what is set up late is set up now */
    g_clear_pointer(&whole, g_variant_unref);
    all = count(mail, len, &whole);
    g_assert_cmpint(all, >, 10);
    for (n = 1; n <= all; n++)
        if (!is_read_or_not(mail, len, n, whole) && wrong++ == 0)
            first = n;
    g_test_message("%s: %ld allocations", what, all);
    if (wrong)
        g_error("%s: read otherwise without %ld of %ld allocations, the first "
                "is number %ld",
                what, wrong, all, first);
}

static void
test_file(const void *path)
{
    g_autofree char *mail = NULL;
    gsize len = 0;

    g_assert_true(g_file_get_contents(path, &mail, &len, NULL));
    check(path, mail, len);
}

/* .docx, .doc, marked, an archive. */
static void
test_drafts(void)
{
    static const char *const names[] = {"02-agriculture-doc", "03-tax-labelled",
                                        "08-archive", "13-marked"};

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path =
            g_strconcat("tests/demo/mail/", names[i], ".eml", NULL);

        test_file(path);
    }
}

#define HEAD "From: a@b.cn\nSubject: x\nMIME-Version: 1.0\n"
#define FILE_HEAD HEAD "Content-Type: application/msword; name=a.doc\n\n"

/* What libxml2 reads besides. */
static void
test_pages(void)
{
    static const char *const what[] = {"a page", "a page as draft", "WordML"};
    static const char *const mails[] = {
        HEAD "Content-Type: text/html; charset=utf-8\n\n"
             "<p>各科室</p><p>机密★一年</p>\n",
        FILE_HEAD "<html><meta charset=utf-8><body><p>机密★一年</p></html>\n",
        FILE_HEAD
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<w:wordDocument "
        "xmlns:w=\"http://schemas.microsoft.com/office/word/2003/wordml\">"
        "<w:body><w:p><w:r><w:t>机密★一年</w:t></w:r></w:p></w:body>"
        "</w:wordDocument>\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(mails); i++) {
        g_autoptr(reading) r =
            mail_read((const guint8 *)mails[i], strlen(mails[i]), NULL);

        g_assert_cmpint(r->secrecy, !=, SECRECY_NONE);
        check(what[i], mails[i], strlen(mails[i]));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_init();
    for (int n = 1; n < argc; n++) {
        g_autofree char *name = g_strconcat("/refused/", argv[n], NULL);

        g_test_add_data_func(name, argv[n], test_file);
    }
    if (argc == 1) {
        g_test_add_func("/refused/F3r-drafts", test_drafts);
        g_test_add_func("/refused/F3r-pages", test_pages);
    }
    return g_test_run();
}

#endif
