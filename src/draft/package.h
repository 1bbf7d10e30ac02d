/* package.h - which part of a ZIP package is what (ISO/IEC 29500-2, 10.1:
 * content types), and so what the package is. */
#ifndef DRAFT_PACKAGE_H
#define DRAFT_PACKAGE_H

#include "draft/zip.h"

enum package_part {
    PART_OTHER,
    PART_WORD,   /* the main part of a Word file */
    PART_SHEET,  /* of a workbook */
    PART_SLIDES, /* of a presentation */
    PART_MARGIN, /* header, footer, notes of a Word file */
    PART_PROPERTIES
};

/* By content type, as in [Content_Types].xml and in flat OPC. */
enum package_part package_part_of(const char *content_type);
gboolean package_type_is_macro(const char *content_type);

struct package {
    enum file_kind kind;   /* FILE_DOCX, SHEET, SLIDES, ODT, OFD or ZIP */
    enum file_state state; /* not FILE_OK: the list of parts is unreadable */
    const struct zip_entry *main; /* of a FILE_DOCX; NULL when missing */
    GPtrArray *margins;           /* of const struct zip_entry*, borrowed */
    GPtrArray *properties;        /* likewise */
    gboolean macro;
};

/* Never fails.  The archive must outlive *out; free with package_clear(). */
void package_read(struct zip *z, const struct draft_limits *limits,
                  struct package *out);
void package_clear(struct package *p);

#endif
