/* make_docx.h - .docx files for tests from the XML of their parts. */
#ifndef TESTS_MAKE_DOCX_H
#define TESTS_MAKE_DOCX_H

#include "make_zip.h"

#define W_NS "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#define W_STRICT_NS "http://purl.oclc.org/ooxml/wordprocessingml/main"
#define MC_NS "http://schemas.openxmlformats.org/markup-compatibility/2006"
#define M_NS "http://schemas.openxmlformats.org/officeDocument/2006/math"

#define WORD_TYPE                                                              \
    "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define MAIN_TYPE WORD_TYPE "document.main+xml"

/* <w:document> around the inside of a body.  Caller frees. */
static inline char *
make_document(const char *body)
{
    return g_strconcat("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                       "<w:document xmlns:w=\"" W_NS "\" xmlns:mc=\"" MC_NS
                       "\" xmlns:m=\"" M_NS
                       "\" xmlns:v=\"urn:schemas-microsoft-com:vml\"><w:body>",
                       body, "</w:body></w:document>", NULL);
}

static inline void
make_docx_types(struct make_zip *z, const char *main_type,
                const char *overrides)
{
    g_autofree char *types = g_strconcat(
        "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas."
        "openxmlformats.org/package/2006/content-types\"><Default "
        "Extension=\"xml\" ContentType=\"application/xml\"/><Override "
        "PartName=\"/word/document.xml\" ContentType=\"",
        main_type, "\"/>", overrides, "</Types>", NULL);

    make_zip_add(z, "[Content_Types].xml", types);
}

/* A .docx whose word/document.xml is `document`. */
static inline GByteArray *
make_docx_of(const char *document)
{
    struct make_zip z;

    make_zip_init(&z);
    make_docx_types(&z, MAIN_TYPE, "");
    make_zip_add(&z, "word/document.xml", document);
    return make_zip_end(&z);
}

static inline GByteArray *
make_docx(const char *body)
{
    g_autofree char *document = make_document(body);

    return make_docx_of(document);
}

#endif
