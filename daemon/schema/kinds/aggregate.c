/* Aggregate functions. See kind.h. */
#include "ddl.h"
#include "kinds.h"
#include "lookup.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"arguments", WV_WAY_RECREATE},
    {"result", WV_WAY_RECREATE},
    {"definition", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"arguments", "definition", NULL};

static void write(struct wv_ddl *ddl, const struct wv_object *aggregate, const char *words)
{
    char *schema WV_AUTOFREE = wv_quoted_schema(aggregate);
    const char *arguments = wv_object_text(aggregate, "arguments");
    wv_ddl_add(ddl, "%s AGGREGATE %s.%s(%s) (%s)", words, schema, aggregate->quoted,
               *arguments == '\0' ? "*" : arguments, wv_object_text(aggregate, "definition"));
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, "CREATE");
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, "CREATE OR REPLACE");
}

const struct wv_kind wv_kind_aggregate = {
    .name = "aggregate",
    .sql_name = "ROUTINE",
    .rank = 71,
    .traits = WV_KIND_ROUTINE,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
};
