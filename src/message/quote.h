/* quote.h - what the writer of a mail wrote himself.  Pure; GLib only. */
#ifndef MESSAGE_QUOTE_H
#define MESSAGE_QUOTE_H

#include <glib.h>

/* The text without quoted lines ("> ..."), without everything behind the
 * head of a quoted message (-----原始邮件-----, 发件人：… 发送时间：…,
 * "On … wrote:", 在 … 写道：) and without the signature behind "-- ".
 * Caller frees. */
char *quote_strip(const char *text);

/* Is there a link to a file that a mail service keeps instead of attaching
 * it (QQ 超大附件, NetEase 云附件, Coremail 文件中转站)?  Looks at plain
 * text or at the source of HTML. */
gboolean quote_has_big_file_link(const char *text);

#endif
