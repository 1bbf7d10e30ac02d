/* least FOLDER COUNT - what is promised to be written of each mail, and no
 * more: rows of message, submission, history and letter with six indexes, the
 * draft in the register, and its readable file; 50 mails a commit, FULL.  No
 * rule is looked at, no letter composed, nothing handed to another process:
 * together with the prototype, which fetches and reads, this is what a poll
 * cannot be cheaper than.  FOLDER is made. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TOGETHER = 50, DRAFT_BYTES = 75000, LETTER_BYTES = 2000 };

static const char *const schema =
    "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=2048;"
    "CREATE TABLE message(id INTEGER PRIMARY KEY, uid INT, received INT,"
    " sender TEXT, identity BLOB, subject TEXT, verdict TEXT);"
    "CREATE UNIQUE INDEX message_identity ON message(identity);"
    "CREATE UNIQUE INDEX message_uid ON message(uid);"
    "CREATE TABLE submission(id INTEGER PRIMARY KEY, message INT, number TEXT,"
    " title TEXT, unit TEXT, day TEXT, draft BLOB);"
    "CREATE UNIQUE INDEX submission_number ON submission(number);"
    "CREATE INDEX submission_unit ON submission(unit, day);"
    "CREATE TABLE history(id INTEGER PRIMARY KEY, at INT, submission INT,"
    " act TEXT, hash BLOB);"
    "CREATE INDEX history_submission ON history(submission);"
    "CREATE TABLE mail(id INTEGER PRIMARY KEY, message INT, recipient TEXT,"
    " next INT, data BLOB);"
    "CREATE INDEX mail_next ON mail(next)";

static const char *const inserts[] = {
    "INSERT INTO message VALUES(?1,?1,1552269600,?2,?3,?4,'accepted')",
    "INSERT INTO submission VALUES(?1,?1,?2,?4,?2,'2019-03-11',?5)",
    "INSERT INTO history VALUES(?1,1552269600,?1,'recorded',?3)",
    "INSERT INTO mail VALUES(?1,?1,?2,1552269600,?6)"};

struct least {
    sqlite3 *db;
    sqlite3_stmt *insert[G_N_ELEMENTS(inserts)];
    const char *folder;
    guint8 draft[DRAFT_BYTES], letter[LETTER_BYTES];
};

static void
must(struct least *l, gboolean done)
{
    if (done)
        return;
    fprintf(stderr, "least: %s\n",
            l->db ? sqlite3_errmsg(l->db) : g_strerror(errno));
    exit(1);
}

static void
run(struct least *l, const char *sql)
{
    must(l, sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static void
open_register(struct least *l)
{
    g_autofree char *path = g_build_filename(l->folder, "register.db", NULL);

    must(l, sqlite3_open(path, &l->db) == SQLITE_OK);
    run(l, schema);
    for (guint n = 0; n < G_N_ELEMENTS(inserts); n++)
        must(l, sqlite3_prepare_v2(l->db, inserts[n], -1, &l->insert[n],
                                   NULL) == SQLITE_OK);
}

/* ?2 to ?6; a statement that has no such parameter leaves it out. */
static void
bind(struct least *l, sqlite3_stmt *s, guint n)
{
    g_autofree char *who = g_strdup_printf("2019-%u@tancheng.example", n);
    guint8 identity[32] = {0};

    for (guint i = 0; i < sizeof identity; i++)
        identity[i] = (guint8)((n * 2654435761u) >> (i % 24));
    memcpy(identity, &n, sizeof n);
    sqlite3_bind_int64(s, 1, n + 1);
    sqlite3_bind_text(s, 2, who, -1, SQLITE_TRANSIENT);
    sqlite3_bind_blob(s, 3, identity, sizeof identity, SQLITE_TRANSIENT);
    sqlite3_bind_text(s, 4, "全县招商引资项目集中开工", -1, SQLITE_STATIC);
    sqlite3_bind_blob(s, 5, l->draft, DRAFT_BYTES, SQLITE_STATIC);
    sqlite3_bind_blob(s, 6, l->letter, LETTER_BYTES, SQLITE_STATIC);
}

static void
record(struct least *l, guint n)
{
    for (guint i = 0; i < G_N_ELEMENTS(inserts); i++) {
        bind(l, l->insert[i], n);
        must(l, sqlite3_step(l->insert[i]) == SQLITE_DONE);
        sqlite3_reset(l->insert[i]);
    }
}

static void
write_readable(struct least *l, guint n)
{
    g_autofree char *path = g_strdup_printf("%s/%u.docx", l->folder, n);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    must(l, fd >= 0 && write(fd, l->draft, DRAFT_BYTES) == DRAFT_BYTES &&
                close(fd) == 0);
}

int
main(int argc, char **argv)
{
    static struct least l;
    guint count;

    if (argc != 3)
        return 64;
    l.folder = argv[1];
    count = (guint)atoi(argv[2]);
    must(&l, g_mkdir_with_parents(l.folder, 0700) == 0);
    for (guint i = 0; i < DRAFT_BYTES; i++)
        l.draft[i] = (guint8)g_random_int();
    open_register(&l);
    for (guint n = 0; n < count; n++) {
        if (n % TOGETHER == 0)
            run(&l, "BEGIN");
        record(&l, n);
        if (n % TOGETHER == TOGETHER - 1 || n + 1 == count)
            run(&l, "COMMIT");
        write_readable(&l, n);
    }
    for (guint i = 0; i < G_N_ELEMENTS(inserts); i++)
        sqlite3_finalize(l.insert[i]);
    return sqlite3_close(l.db) == SQLITE_OK ? 0 : 1;
}
