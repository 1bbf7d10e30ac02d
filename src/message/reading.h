/* reading.h - what was read out of one message: plain data, made inside the
 * sandboxed reader and carried to the parent as one GVariant.
 *
 * This is the only description of a message that the rules see.  All
 * strings are valid UTF-8 that passed text_clean; those said to be "a line"
 * passed text_line too.  NULL means "not there". */
#ifndef MESSAGE_READING_H
#define MESSAGE_READING_H

#include <glib.h>

/* What an attachment is, by its content, never by its name alone. */
enum file_kind {
    FILE_OTHER,
    FILE_DOCX,    /* ZIP + word/document.xml (or flat OPC) */
    FILE_DOC,     /* OLE2 with a WordDocument stream: Word 97+, WPS */
    FILE_WORDXML, /* Word 2003 XML, whatever its name */
    FILE_RTF,
    FILE_HTML, /* HTML or MHT saved under a Word name */
    FILE_TEXT, /* plain text saved under a Word name */
    FILE_ODT,
    FILE_PDF,
    FILE_OFD,
    FILE_ZIP,
    FILE_RAR,
    FILE_7Z,
    FILE_IMAGE,
    FILE_SHEET,  /* xls, xlsx, et */
    FILE_SLIDES, /* ppt, pptx, dps */
    FILE_MESSAGE,
    FILE_TNEF,
    FILE_EMPTY, /* no bytes */
    FILE_LOCK   /* "~$..." owner file of Word */
};

/* The printed names: "docx", "doc", "wordxml" ... as in JSON. */
const char *file_kind_name(enum file_kind kind);

/* May this be the draft?  (docx, doc, wordxml, rtf; html and text when the
 * file's name says Word.) */
gboolean file_kind_is_word(enum file_kind kind);

/* Word kinds, which staff get again, and sheets; of others the hash is all. */
gboolean file_kind_keeps_bytes(enum file_kind kind);

enum file_state {
    FILE_OK,
    FILE_ENCRYPTED,  /* password asked for */
    FILE_MACRO,      /* carries VBA: .docm, or a VBA project inside */
    FILE_UNREADABLE, /* damaged, lying, or of a version not read (Word 6) */
    FILE_OVER_LIMIT, /* an expansion limit was met: bomb or oversize */
    FILE_NO_TEXT     /* readable, but only pictures or nothing */
};

const char *file_state_name(enum file_state state);

struct reading_file {
    char *name;       /* a line; decoded, "" never: NULL when it has none */
    char *other_name; /* when filename and name differ: the other one */
    char *type;       /* "application/msword", lower case, as labelled */
    enum file_kind kind;
    enum file_state state;
    gint64 size;    /* decoded bytes */
    char *sha256;   /* of the decoded bytes, 64 hexadecimal digits */
    char *text;     /* Word kinds: the text, paragraphs ended by \n;
                       our own ledger: its cells, as in draft/xlsx.h */
    char *openness; /* the mark it bears in its name, text or margins, a word
                       of draft/openness.h; or NULL */
    int words;      /* 字数 of text; 0 when there is none */
    GBytes *bytes;  /* of a mail's, of kinds that keep them: the file */
    gboolean incomplete; /* cut base64, missing boundary */
    gboolean nested;     /* inside a forwarded message/rfc822 or TNEF */
};

/* Why a message is from a machine (RFC 3834, 3464, 8098, and habits). */
enum machine {
    MACHINE_NO,
    MACHINE_AUTO_SUBMITTED,
    MACHINE_NULL_SENDER,
    MACHINE_LIST,
    MACHINE_BULK,
    MACHINE_BOUNCE,
    MACHINE_RECEIPT, /* read receipt, MDN */
    MACHINE_RECALL,
    MACHINE_SELF,    /* from our own address, or bearing our loop header */
    MACHINE_ROBOT,   /* no-reply, daemon, system addresses */
    MACHINE_SUPPRESS /* X-Auto-Response-Suppress: recorded, not answered */
};

/* Codes of interface: NULL for MACHINE_NO, "auto-submitted",
 * "null-sender", "list", "bulk", "bounce", "receipt", "recall", "self",
 * "robot", "suppress". */
const char *machine_name(enum machine machine);

enum secrecy {
    SECRECY_NONE,
    SECRECY_SECRET,
    SECRECY_CONFIDENTIAL,
    SECRECY_TOP
};

/* NULL, "秘密", "机密", "绝密". */
const char *secrecy_name(enum secrecy level);

struct reading_address {
    char *name;    /* display name, a line, or NULL */
    char *address; /* one addr-spec, domain in lower case; NULL if not valid */
};

/* One Authentication-Results field or Received field, from the top. */
struct reading_trace {
    gboolean is_auth; /* Authentication-Results, else Received */
    char *value;      /* unfolded, a line */
};

/* Flags that the rules turn into reasons or notes. */
enum reading_flag {
    READING_PARTIAL = 1 << 0,     /* message/partial */
    READING_EXTERNAL = 1 << 1,    /* message/external-body */
    READING_ENCRYPTED = 1 << 2,   /* S/MIME or PGP enveloped */
    READING_INCOMPLETE = 1 << 3,  /* closing boundary missing, base64 cut */
    READING_LINK_ONLY = 1 << 4,   /* 超大附件: only a link in the HTML */
    READING_BAD_CHARSET = 1 << 5, /* subject or body is not all decoded */
    READING_REPEATED_HEADER = 1 << 6, /* two Subject or From fields */
    READING_OVER_LIMIT = 1 << 7,      /* parts, depth or headers over limit */
    READING_MALFORMED = 1 << 8,       /* no header block at all */
    READING_UUENCODED = 1 << 9,       /* uuencode, yEnc, BinHex in the text */
    READING_HEADER_ONLY = 1 << 10,    /* too big: only the header was fetched */
    READING_FORWARDED = 1 << 11,      /* drafts come from a nested message */
    READING_SPAM = 1 << 12,           /* marked as spam by the provider */
    /* 1 << 13 stands in readings that older programs have kept, and says
     * nothing: a charset was guessed, and the text decoded all the same. */
    READING_HIDDEN_CHARACTERS = 1 << 14, /* in Subject, From or a file
                                            name; left out of it */
    READING_FLAGS_END = 1 << 15
};

struct reading {
    unsigned flags;           /* enum reading_flag */
    enum machine machine;     /* decided before anything else */
    char *machine_reason;     /* the field that decided it, a line */
    enum secrecy secrecy;     /* a marking was found: content fields are NULL */
    const char *secrecy_rule; /* static word naming the place, or NULL */

    char *subject;         /* decoded whole, a line; NULL when there is none */
    GPtrArray *from;       /* of struct reading_address, never NULL */
    GPtrArray *reply_to;   /* likewise */
    GPtrArray *to;         /* To and Cc */
    char *sender;          /* addr-spec of Sender, or NULL; of several one
                              that is not the author's, if there is one */
    char *return_path;     /* addr-spec; "" for <>; NULL when no such field */
    char *message_id;      /* "<a@b>" when well-formed, else NULL */
    GPtrArray *references; /* of char*: In-Reply-To and References, "<a@b>" */
    char *was_date;        /* NULL: the Date field stood here, and still does in
                              readings that a register keeps; nobody used it */
    char *bounced_id;    /* of a DSN: the Message-ID of the mail that failed */
    char *bounce_action; /* of a DSN: "failed", "delayed" ..., lower case */
    char *bounce_cause;  /* of a DSN: Diagnostic-Code, else Status; a line */
    gboolean bounce_permanent; /* of a DSN: Action failed, status 5.x.x */
    GPtrArray *trace;          /* of struct reading_trace, top first */

    char *body;     /* the text of the mail: plain part, else HTML as text */
    char *own_text; /* body without quoted text, signature, hidden HTML */
    gboolean body_is_html;
    GPtrArray *files; /* of struct reading_file, in order */

    char *identity; /* 64 hexadecimal digits: content identity, or NULL */
    char *raw_hash; /* SHA-256 of the bytes as fetched; NULL if secret */
};

struct reading *reading_new(void);
void reading_free(struct reading *r);
typedef struct reading reading;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reading, reading_free)

struct reading_file *reading_file_new(void);
void reading_file_free(struct reading_file *f);
void reading_address_free(struct reading_address *a);
void reading_trace_free(struct reading_trace *t);

/* Drop every trace of content, overwriting the memory that is ours: what a
 * quarantined message leaves.  Only the addresses of from, machine, secrecy
 * and secrecy_rule remain, and what says whether a reply may go: flags,
 * sender, return_path and trace. */
void reading_wipe(struct reading *r);

/* The type on the wire: the record, and beside it the bytes of those files
 * that have them, so that checking the record never walks over the files. */
#define READING_VARIANT_TYPE                                                   \
    "((uuubbsamsa(msms)a(msms)a(msms)asa(bs)a(amsuuxibbb))aay)"

/* Serialise, and read back what came from a child that may have been taken
 * over: everything is checked (types, UTF-8, lengths, ranges); NULL when
 * bad.  The variant given is floating.  The one read keeps its bytes alive
 * as long as a file's `bytes` are borrowed from it. */
GVariant *reading_to_variant(const struct reading *r);
struct reading *reading_from_variant(GVariant *v);

/* The one author: the From address when there is exactly one valid one,
 * else NULL.  Borrowed. */
const char *reading_author(const struct reading *r);

/* Does the other name of the file, which some mail programs show, call it
 * another kind of file?  .doc and .docx are one kind. */
gboolean reading_file_is_disguised(const struct reading_file *f);

#endif
