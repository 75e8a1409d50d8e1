/* Subscriptions. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "list.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"publications", WV_WAY_ALTER}, {"slot", WV_WAY_ALTER},      {"is_enabled", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},      {"connection", WV_WAY_NONE}, {NULL, WV_WAY_NONE},
};

/* Without a connection, as pg_dump has it: whether the publisher is there is no matter of the
 * schema, and what is written can be rolled back. */
static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *subscription = creation->object;
    const char *slot = wv_object_get(subscription, "slot");
    const char *connection = wv_object_get(subscription, "connection");
    if (connection == NULL) {
        wv_ddl_refuse(ddl, "the connection of the subscription %s is for superusers to read",
                      subscription->identity);
        return;
    }
    char *literal WV_AUTOFREE = wv_quote_literal(connection);
    struct wv_ddl_statement *statement =
        wv_ddl_add(ddl,
                   "CREATE SUBSCRIPTION %s CONNECTION %s PUBLICATION %s "
                   "WITH (connect = false, slot_name = %s, %s)",
                   subscription->identity, literal, wv_object_text(subscription, "publications"),
                   slot != NULL ? slot : "NONE", wv_object_text(subscription, "options"));
    wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS,
                  "%s gets nothing until its slot is made on the publisher and ALTER SUBSCRIPTION "
                  "... REFRESH PUBLICATION has run",
                  subscription->identity);
    if (wv_object_is(subscription, "is_enabled"))
        wv_ddl_add(ddl, "ALTER SUBSCRIPTION %s ENABLE", subscription->identity);
}

static void write_options(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_write_list_change(&text, change, "options", "", "", "");
    const char *two_phase = "two_phase";
    if (wv_list_find(wv_strbuf_text(&text), two_phase, strlen(two_phase)) != NULL)
        wv_ddl_refuse(ddl, "two_phase of the subscription %s cannot be changed in place",
                      change->new->identity);
    if (text.length > 0)
        wv_ddl_add(ddl, "ALTER SUBSCRIPTION %s SET (%s)", change->new->identity,
                   wv_strbuf_text(&text));
}

/* Without a slot it cannot be enabled: that is first taken, and last given. */
static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *subscription = change->new;
    const char *slot = wv_object_get(subscription, "slot");
    bool is_enabled = wv_object_is(subscription, "is_enabled");
    if (wv_change_of(change, "is_enabled") && !is_enabled)
        wv_ddl_hazard(wv_ddl_add(ddl, "ALTER SUBSCRIPTION %s DISABLE", subscription->identity),
                      WV_HAZARD_BREAKS_READERS, "%s gets no changes", subscription->identity);
    if (wv_change_of(change, "slot"))
        wv_ddl_hazard(wv_ddl_add(ddl, "ALTER SUBSCRIPTION %s SET (slot_name = %s)",
                                 subscription->identity, slot != NULL ? slot : "NONE"),
                      WV_HAZARD_BREAKS_READERS, "the old slot stays on the publisher");
    write_options(ddl, change);
    if (wv_change_of(change, "publications"))
        wv_ddl_hazard(wv_ddl_add(ddl,
                                 "ALTER SUBSCRIPTION %s SET PUBLICATION %s "
                                 "WITH (refresh = false)",
                                 subscription->identity,
                                 wv_object_text(subscription, "publications")),
                      WV_HAZARD_BREAKS_READERS,
                      "%s has other tables after ALTER SUBSCRIPTION ... REFRESH PUBLICATION",
                      subscription->identity);
    if (wv_change_of(change, "is_enabled") && is_enabled)
        wv_ddl_add(ddl, "ALTER SUBSCRIPTION %s ENABLE", subscription->identity);
}

/* The slot is dropped too, on the publisher and for good. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "DROP SUBSCRIPTION %s", old->identity);
    wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s gets no changes", old->identity);
    if (wv_object_get(old, "slot") == NULL)
        return;
    statement->mode = WV_STATEMENT_ALONE;
    wv_ddl_hazard(statement, WV_HAZARD_NOT_TRANSACTIONAL, "the publisher drops the slot %s",
                  wv_object_text(old, "slot"));
}

const struct wv_kind wv_kind_subscription = {
    .name = "subscription",
    .sql_name = "SUBSCRIPTION",
    .rank = 128,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
};
