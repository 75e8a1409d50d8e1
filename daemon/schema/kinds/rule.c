/* Rewrite rules; a view's own is its definition. See kind.h. */
#include <string.h>

#include "kinds.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"definition", WV_WAY_ALTER},
    {"enabled", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"definition", NULL};

static void write_enabled(struct wv_ddl *ddl, const struct wv_object *rule)
{
    const char *enabled = wv_object_get(rule, "enabled");
    wv_ddl_alter_table(ddl, rule->parent, "ACCESS EXCLUSIVE", "%s RULE %s",
                       enabled == NULL ? "ENABLE" : enabled, rule->quoted);
}

static void write(struct wv_ddl *ddl, const struct wv_object *rule, const char *words)
{
    const char *definition = wv_object_text(rule, "definition") + strlen("CREATE");
    wv_ddl_lock(ddl, wv_ddl_add(ddl, "%s%s", words, definition), "ACCESS EXCLUSIVE", rule->parent);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, "CREATE");
    if (wv_object_get(creation->object, "enabled") != NULL)
        write_enabled(ddl, creation->object);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    if (wv_change_of(change, "definition"))
        write(ddl, change->new, "CREATE OR REPLACE");
    if (wv_change_of(change, "enabled"))
        write_enabled(ddl, change->new);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_lock(ddl, wv_ddl_add(ddl, "DROP RULE %s ON %s", old->quoted, old->parent->identity),
                "ACCESS EXCLUSIVE", old->parent);
}

const struct wv_kind wv_kind_rule = {
    .name = "rule",
    .sql_name = "RULE",
    .rank = 115,
    .traits = WV_KIND_NAMED_ON_PARENT,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
};
