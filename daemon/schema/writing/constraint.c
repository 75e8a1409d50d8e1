/* See constraint.h. */
#include "constraint.h"

#include <string.h>

#include "partition.h"
#include "quote.h"
#include "writing.h"
#include "xalloc.h"

bool wv_constraint_is(const struct wv_object *constraint, const char *type)
{
    return strcmp(wv_object_text(constraint, "type"), type) == 0;
}

bool wv_constraint_has_index(const struct wv_object *constraint)
{
    return !wv_constraint_is(constraint, "CHECK") && !wv_constraint_is(constraint, "FOREIGN KEY");
}

const char *wv_constraint_deferral(const struct wv_object *constraint)
{
    if (wv_object_is(constraint, "is_deferred"))
        return " DEFERRABLE INITIALLY DEFERRED";
    return wv_object_is(constraint, "is_deferrable") ? " DEFERRABLE" : "";
}

void wv_write_constraint(struct wv_strbuf *out, const struct wv_object *constraint)
{
    const char *options = wv_object_get(constraint, "index_options");
    wv_strbuf_addf(out, "CONSTRAINT %s %s", constraint->quoted,
                   wv_object_text(constraint, "definition"));
    if (options != NULL && wv_is_partitioned(constraint->parent))
        wv_strbuf_addf(out, " WITH (%s)", options);
    wv_strbuf_adds(out, wv_constraint_deferral(constraint));
}

static char *index_name(const struct wv_object *constraint)
{
    return wv_quote_name(constraint->schema, constraint->name);
}

static void write_index_comment(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    char *index WV_AUTOFREE = index_name(constraint);
    const char *comment = wv_object_get(constraint, "index_comment");
    char *text WV_AUTOFREE = comment == NULL ? wv_xstrdup("NULL") : wv_quote_literal(comment);
    wv_ddl_add(ddl, "COMMENT ON INDEX %s IS %s", index, text);
}

static void write_index_tablespace(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    char *index WV_AUTOFREE = index_name(constraint);
    const char *tablespace = wv_object_get(constraint, "index_tablespace");
    wv_ddl_add(ddl, "ALTER INDEX %s SET TABLESPACE %s", index,
               tablespace == NULL ? "pg_default" : tablespace);
}

void wv_write_constraint_settings(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    char *index WV_AUTOFREE = index_name(constraint);
    if (wv_object_get(constraint, "index_options") != NULL &&
        !wv_is_partitioned(constraint->parent))
        wv_ddl_add(ddl, "ALTER INDEX %s SET (%s)", index,
                   wv_object_text(constraint, "index_options"));
    if (wv_object_get(constraint, "index_tablespace") != NULL)
        write_index_tablespace(ddl, constraint);
    wv_write_index_statistics(ddl, index, wv_object_get(constraint, "index_statistics"));
    if (wv_object_get(constraint, "index_comment") != NULL)
        write_index_comment(ddl, constraint);
}

void wv_write_constraint_rest(struct wv_ddl *ddl, const struct wv_object *constraint)
{
    if (!wv_constraint_has_index(constraint))
        return;
    wv_write_constraint_settings(ddl, constraint);
    wv_write_index_marks(ddl, constraint);
}

void wv_change_constraint_rest(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *constraint = change->new;
    char *index WV_AUTOFREE = index_name(constraint);
    if (wv_change_of(change, "index_options"))
        wv_write_options_of(ddl, change, "ALTER INDEX", index, "index_options");
    if (wv_change_of(change, "index_tablespace"))
        write_index_tablespace(ddl, constraint);
    if (wv_change_of(change, "index_statistics"))
        wv_change_index_statistics(ddl, index, wv_object_get(change->old, "index_statistics"),
                                   wv_object_get(constraint, "index_statistics"));
    if (wv_change_of(change, "index_comment"))
        write_index_comment(ddl, constraint);
    wv_change_index_marks(ddl, change);
}
