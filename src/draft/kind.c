/* kind.c - see kind.h. */
#include "draft/kind.h"

#include "draft/bytes.h"

#include <string.h>

enum {
    SNIFF_BYTES = 8192,
    LOCK_BYTES_MAX = 1024 /* Word's are 162 bytes */
};

/* ---- names ---- */

static gboolean
name_ends(const char *name, const char *const *suffixes)
{
    g_autofree char *low = name ? g_ascii_strdown(name, -1) : NULL;

    for (; low && *suffixes; suffixes++)
        if (g_str_has_suffix(low, *suffixes))
            return TRUE;
    return FALSE;
}

static gboolean
name_says_word(const char *name)
{
    static const char *const suffixes[] = {".doc",  ".docx", ".dot",
                                           ".dotx", ".docm", ".wps",
                                           ".wpt",  ".rtf",  NULL};

    return name_ends(name, suffixes);
}

static gboolean
name_says_lock(const char *name)
{
    const char *slash = name ? strrchr(name, '/') : NULL;

    return name && g_str_has_prefix(slash ? slash + 1 : name, "~$");
}

/* ---- first bytes ---- */

static const struct {
    const char *magic;
    size_t len;
    enum file_kind kind;
} magics[] = {
    {"%PDF-", 5, FILE_PDF},
    {"Rar!\x1A\x07", 6, FILE_RAR},
    {"7z\xBC\xAF\x27\x1C", 6, FILE_7Z},
    {"\x89PNG\r\n\x1A\n", 8, FILE_IMAGE},
    {"\xFF\xD8\xFF", 3, FILE_IMAGE},
    {"GIF8", 4, FILE_IMAGE},
    {"II*\0", 4, FILE_IMAGE},
    {"MM\0*", 4, FILE_IMAGE},
    {"\xD7\xCD\xC6\x9A", 4, FILE_IMAGE},     /* WMF */
    {"\x01\0\0\0\x58\0\0\0", 8, FILE_IMAGE}, /* EMF */
    {"\x78\x9F\x3E\x22", 4, FILE_TNEF},
    {"\xDB\xA5\x2D\0", 4, FILE_DOC}, /* Word 2 */
    {"\xDC\xA5", 2, FILE_DOC},       /* Word 6 without OLE2 */
    {"\xFE\x37\0", 3, FILE_DOC},     /* Word for DOS, Mac */
};

static enum file_kind
kind_by_magic(const guint8 *data, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(magics); i++)
        if (len >= magics[i].len &&
            memcmp(data, magics[i].magic, magics[i].len) == 0)
            return magics[i].kind;
    if (len >= 14 && memcmp(data, "BM", 2) == 0 && get32(data + 6) == 0 &&
        get32(data + 2) <= len)
        return FILE_IMAGE;
    if (len >= 12 && memcmp(data, "RIFF", 4) == 0 &&
        memcmp(data + 8, "WEBP", 4) == 0)
        return FILE_IMAGE;
    if (len >= 12 && (memcmp(data + 4, "ftypheic", 8) == 0 ||
                      memcmp(data + 4, "ftypmif1", 8) == 0))
        return FILE_IMAGE;
    return memmem(data, MIN(len, 1024), "%PDF-", 5) ? FILE_PDF : FILE_OTHER;
}

/* ---- ZIP and OLE2 ---- */

static gboolean
is_zip(const guint8 *data, size_t len)
{
    return len >= 4 &&
           (memcmp(data, "PK\3\4", 4) == 0 || memcmp(data, "PK\5\6", 4) == 0);
}

/* An archive whose directory cannot be believed: names inside still tell
 * what it was meant to be. */
static enum file_kind
kind_of_broken_zip(const guint8 *data, size_t len)
{
    if (memmem(data, len, "word/", 5))
        return FILE_DOCX;
    if (memmem(data, len, "xl/work", 7))
        return FILE_SHEET;
    return memmem(data, len, "ppt/", 4) ? FILE_SLIDES : FILE_ZIP;
}

static void
open_zip(const guint8 *data, size_t len, const struct draft_limits *limits,
         struct opened *out)
{
    out->state = zip_open(data, len, limits, &out->zip);
    if (out->state != FILE_OK) {
        out->kind = kind_of_broken_zip(data, len);
        return;
    }
    package_read(out->zip, limits, &out->package);
    out->kind = out->package.kind;
    for (size_t i = 0; i < zip_count(out->zip); i++)
        if (zip_entry_at(out->zip, i)->encrypted)
            out->state = FILE_ENCRYPTED;
}

static gboolean
is_ole(const guint8 *data, size_t len)
{
    return len >= 8 && memcmp(data, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0;
}

/* A name of the directory, as it would stand in a file of which nothing
 * else can be read. */
static gboolean
mentions(const guint8 *data, size_t len, const char *name)
{
    guint8 wide[64];
    size_t n = strlen(name);

    for (size_t i = 0; i < n; i++) {
        wide[2 * i] = (guint8)name[i];
        wide[2 * i + 1] = 0;
    }
    return memmem(data, len, wide, 2 * n) != NULL;
}

static enum file_kind
kind_of_broken_ole(const guint8 *data, size_t len)
{
    if (mentions(data, len, "WordDocument"))
        return FILE_DOC;
    if (mentions(data, len, "Workbook"))
        return FILE_SHEET;
    return mentions(data, len, "PowerPoint Document") ? FILE_SLIDES
                                                      : FILE_OTHER;
}

/* The container does not say what was encrypted; its name may. */
static enum file_kind
kind_of_encrypted(const char *name)
{
    static const char *const sheets[] = {".xls",  ".xlsx", ".xlsm",
                                         ".xlsb", ".et",   NULL};
    static const char *const slides[] = {".ppt", ".pptx", ".pptm", ".dps",
                                         NULL};

    if (name_ends(name, sheets))
        return FILE_SHEET;
    return name_ends(name, slides) ? FILE_SLIDES : FILE_DOCX;
}

static enum file_kind
kind_of_ole(const struct ole *o)
{
    if (ole_has(o, "WordDocument"))
        return FILE_DOC;
    if (ole_has(o, "Workbook") || ole_has(o, "Book"))
        return FILE_SHEET;
    if (ole_has(o, "PowerPoint Document"))
        return FILE_SLIDES;
    return ole_has(o, "__properties_version1.0") ? FILE_MESSAGE : FILE_OTHER;
}

static void
open_ole(const guint8 *data, size_t len, const char *name, struct opened *out)
{
    out->ole = ole_open(data, len);
    if (!out->ole) {
        out->kind = kind_of_broken_ole(data, len);
        out->state = FILE_UNREADABLE;
    } else if (ole_has(out->ole, "EncryptedPackage")) {
        out->kind = kind_of_encrypted(name);
        out->state = FILE_ENCRYPTED;
    } else {
        out->kind = kind_of_ole(out->ole);
    }
}

/* ---- text of some kind ---- */

/* The beginning in lower-case ASCII: of UTF-16 every other byte, without
 * byte order mark and blanks in front. */
static char *
sniff(const guint8 *data, size_t len)
{
    GString *s = g_string_sized_new(SNIFF_BYTES);
    size_t at = 0, step = 1;

    if (len >= 2 && ((data[0] == 0xFF && data[1] == 0xFE) ||
                     (data[0] == 0xFE && data[1] == 0xFF))) {
        step = 2;
        at = data[0] == 0xFF ? 2 : 3;
    } else if (len >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0) {
        at = 3;
    } else if (len >= 4 && data[0] && !data[1] && data[2] && !data[3]) {
        step = 2; /* UTF-16 without the mark */
    }
    for (; at < len && s->len < SNIFF_BYTES; at += step)
        if (data[at] != 0 && (s->len > 0 || !g_ascii_isspace(data[at])))
            g_string_append_c(s, g_ascii_tolower((char)data[at]));
    return g_string_free(s, FALSE);
}

static enum file_kind
kind_of_xml(const char *head)
{
    if (strstr(head, "http://schemas.microsoft.com/office/word/2003/wordml"))
        return FILE_WORDXML;
    if (strstr(head, "http://schemas.microsoft.com/office/2006/xmlpackage"))
        return strstr(head, "progid=\"powerpoint") ? FILE_SLIDES : FILE_DOCX;
    if (strstr(head, "progid=\"word.document\""))
        return FILE_WORDXML;
    if (strstr(head, "urn:schemas-microsoft-com:office:spreadsheet"))
        return FILE_SHEET;
    return FILE_OTHER;
}

/* Do header fields stand at the beginning? */
static gboolean
looks_like_mail(const char *head)
{
    static const char *const fields[] = {"mime-version:", "received:",
                                         "return-path:",  "from:",
                                         "message-id:",   "delivered-to:",
                                         "date:",         "subject:",
                                         "content-type:", NULL};
    gboolean begins = FALSE;

    for (int i = 0; fields[i]; i++)
        begins |= g_str_has_prefix(head, fields[i]);
    return begins && (strstr(head, "mime-version:") ||
                      strstr(head, "\nfrom:") || strstr(head, "\nsubject:"));
}

static gboolean
looks_like_html(const char *head)
{
    return g_str_has_prefix(head, "<html") ||
           g_str_has_prefix(head, "<!doctype html") || strstr(head, "<html ") ||
           strstr(head, "<html>") || strstr(head, "<body") ||
           strstr(head, "<meta ");
}

/* No binary file: hardly a control other than those of text. */
static gboolean
looks_like_text(const guint8 *data, size_t len)
{
    size_t n = MIN(len, SNIFF_BYTES), controls = 0;
    gboolean wide = n >= 2 && (get16(data) == 0xFEFF || get16(data) == 0xFFFE);

    for (size_t i = 0; i < n; i++)
        controls += data[i] < 0x20 && !g_ascii_isspace(data[i]) &&
                    data[i] != 0x0C && !(wide && i > 1);
    return controls * 100 < n;
}

static enum file_kind
kind_of_text(const guint8 *data, size_t len, const char *name)
{
    g_autofree char *head = sniff(data, len);
    gboolean word = name_says_word(name);

    if (g_str_has_prefix(head, "{\\rt"))
        return FILE_RTF;
    if (g_str_has_prefix(head, "<?xml") || g_str_has_prefix(head, "<w:") ||
        g_str_has_prefix(head, "<pkg:")) {
        enum file_kind kind = kind_of_xml(head);

        if (kind != FILE_OTHER)
            return kind;
    }
    if (looks_like_mail(head))
        return word ? FILE_HTML : FILE_MESSAGE;
    if (!word)
        return FILE_OTHER;
    if (looks_like_html(head))
        return FILE_HTML;
    return looks_like_text(data, len) ? FILE_TEXT : FILE_OTHER;
}

void
kind_open(const guint8 *data, size_t len, const char *name,
          const struct draft_limits *limits, struct opened *out)
{
    *out = (struct opened){.state = FILE_OK};
    if (len == 0) {
        out->kind = FILE_EMPTY;
    } else if (is_zip(data, len)) {
        open_zip(data, len, limits, out);
    } else if (is_ole(data, len)) {
        open_ole(data, len, name, out);
    } else if (len <= LOCK_BYTES_MAX && name_says_lock(name)) {
        out->kind = FILE_LOCK;
    } else {
        out->kind = kind_by_magic(data, len);
        if (out->kind == FILE_OTHER)
            out->kind = kind_of_text(data, len, name);
    }
}

void
kind_close(struct opened *o)
{
    if (o->zip)
        package_clear(&o->package);
    zip_close(o->zip);
    ole_close(o->ole);
}
