/* docx.c - see docx.h. */
#include "draft/docx.h"

#include "draft/wordml.h"

static gboolean
push(const guint8 *bytes, size_t len, void *user)
{
    return wordml_push(user, bytes, len);
}

/* One part.  When the text ends early its reason is better than the
 * archive's "the sink stopped me". */
static enum file_state
read_part(struct zip *z, const struct zip_entry *e, GString *text,
          GString *margins, const struct draft_limits *limits)
{
    g_autoptr(wordml) w = wordml_new(text, margins, limits);
    enum file_state inflated = zip_inflate(z, e, push, w);
    enum file_state parsed = wordml_finish(w);

    return parsed == FILE_OVER_LIMIT || inflated == FILE_OK ? parsed : inflated;
}

/* Everything in these parts belongs to the margins. */
static enum file_state
read_margins(struct zip *z, const GPtrArray *parts, GString *margins,
             const struct draft_limits *limits)
{
    enum file_state state = FILE_OK;

    for (guint i = 0; i < parts->len && state == FILE_OK; i++) {
        g_autoptr(GString) unused = g_string_new(NULL);

        state =
            read_part(z, g_ptr_array_index(parts, i), unused, margins, limits);
    }
    return state;
}

enum file_state
docx_read(struct zip *z, const struct package *p,
          const struct draft_limits *limits, GString *text, GString *margins)
{
    enum file_state state = p->state;

    if (state == FILE_OK)
        state = p->main ? read_part(z, p->main, text, margins, limits)
                        : FILE_UNREADABLE;
    if (state == FILE_OK)
        state = read_margins(z, p->margins, margins, limits);
    /* Word opens a file whose properties are damaged, and so do we. */
    if (state == FILE_OK &&
        read_margins(z, p->properties, margins, limits) == FILE_OVER_LIMIT)
        state = FILE_OVER_LIMIT;
    return state == FILE_OK && p->macro ? FILE_MACRO : state;
}
