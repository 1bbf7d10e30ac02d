/* config.c - see config.h: what is asked of a configuration once it is
 * loaded. */
#include "pack/load_config.h"

#include <string.h>

static void
staff_free(gpointer data)
{
    struct staff *s = data;

    g_free(s->name);
    g_free(s->address);
    g_free(s);
}

struct config *
config_new(void)
{
    struct config *c = g_new0(struct config, 1);

    c->staff = g_ptr_array_new_with_free_func(staff_free);
    c->holidays = g_array_new(FALSE, FALSE, sizeof(struct special_day));
    return c;
}

void
config_free(struct config *c)
{
    if (!c)
        return;
    g_free(c->path);
    g_free(c->office);
    g_free(c->rules);
    g_free(c->mailbox);
    g_free(c->outgoing);
    g_free(c->password_file);
    g_free(c->password_command);
    g_free(c->outgoing_password_file);
    g_free(c->outgoing_password_command);
    g_free(c->address);
    g_free(c->data);
    g_ptr_array_unref(c->staff);
    g_free(c->timezone);
    if (c->zone)
        g_time_zone_unref(c->zone);
    g_free(c->phone);
    g_free(c->tls_ca);
    g_strfreev(c->trusted_authserv);
    g_strfreev(c->own_hosts);
    g_strfreev(c->alert_addresses);
    g_strfreev(c->secrecy_officers);
    g_free(c->references);
    g_array_unref(c->holidays);
    g_free(c);
}

const struct staff *
config_staff_named(const struct config *c, const char *name)
{
    for (guint i = 0; i < c->staff->len; i++) {
        const struct staff *s = c->staff->pdata[i];

        if (strcmp(s->name, name) == 0)
            return s;
    }
    return NULL;
}

const struct staff *
config_staff_at(const struct config *c, const char *address)
{
    for (guint i = 0; address && i < c->staff->len; i++) {
        const struct staff *s = c->staff->pdata[i];

        if (g_ascii_strcasecmp(s->address, address) == 0)
            return s;
    }
    return NULL;
}

static const struct special_day *
special(const struct config *c, civil_day d)
{
    for (guint i = 0; i < c->holidays->len; i++) {
        const struct special_day *day =
            &g_array_index(c->holidays, struct special_day, i);

        if (day->day == d)
            return day;
    }
    return NULL;
}

gboolean
config_is_working_day(const struct config *c, civil_day d)
{
    const struct special_day *day = special(c, d);

    return day ? day->worked : day_weekday(d) <= 5;
}
