/* Columns of tables and foreign tables. See kind.h. */
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "inheritance.h"
#include "kinds.h"
#include "not_null.h"
#include "parents.h"
#include "partition_copy.h"
#include "same.h"
#include "type_move.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"position", WV_WAY_NONE},
    {"inherited", WV_WAY_ALTER},
    {"type", WV_WAY_ALTER},
    {"collation", WV_WAY_ALTER},
    {"not_null", WV_WAY_ALTER},
    {"not_null_name", WV_WAY_ALTER},
    {"not_null_constraint", WV_WAY_NONE},
    {"has_usual_not_null", WV_WAY_NONE},
    {"identity", WV_WAY_ALTER},
    {"identity_sequence", WV_WAY_ALTER},
    {"identity_options", WV_WAY_ALTER},
    {"identity_persistence", WV_WAY_ALTER},
    {"generated", WV_WAY_RECREATE},
    {"generated_kind", WV_WAY_RECREATE},
    {"is_generated_as_parent", WV_WAY_NONE},
    {"storage", WV_WAY_ALTER},
    {"type_storage", WV_WAY_NONE},
    {"compression", WV_WAY_ALTER},
    {"statistics", WV_WAY_ALTER},
    {"n_distinct", WV_WAY_ALTER},
    {"n_distinct_inherited", WV_WAY_ALTER},
    {"options", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"generated", NULL};

static bool is_foreign(const struct wv_object *column)
{
    return column->parent->kind == &wv_kind_foreign_table;
}

/* By a parent: its own table may not say it again. */
static bool is_generated_above(const struct wv_catalog *catalog, const struct wv_object *column)
{
    const struct wv_object *model = wv_inherited_from(catalog, column);
    return model != NULL && wv_object_get(model, "generated") != NULL;
}

void wv_write_column(struct wv_strbuf *out, const struct wv_catalog *catalog,
                     const struct wv_object *column, const char *expression)
{
    wv_strbuf_addf(out, "%s %s", column->quoted, wv_object_text(column, "type"));
    if (wv_object_get(column, "compression") != NULL)
        wv_strbuf_addf(out, " COMPRESSION %s", wv_object_text(column, "compression"));
    wv_write_foreign_options(out, column);
    if (wv_object_get(column, "collation") != NULL)
        wv_strbuf_addf(out, " COLLATE %s", wv_object_text(column, "collation"));
    if (wv_object_get(column, "generated") != NULL && !is_generated_above(catalog, column))
        wv_strbuf_addf(out, " GENERATED ALWAYS AS (%s) %s", wv_object_text(column, "generated"),
                       wv_object_text(column, "generated_kind"));
    if (wv_object_get(column, "identity") != NULL) {
        wv_strbuf_addc(out, ' ');
        wv_write_identity(out, column);
    }
    if (expression != NULL)
        wv_strbuf_addf(out, " DEFAULT %s", expression);
    if (wv_unusual_not_null(column) != NULL)
        wv_strbuf_addf(out, " CONSTRAINT %s", wv_unusual_not_null(column));
    if (wv_object_is(column, "not_null"))
        wv_strbuf_adds(out, " NOT NULL");
}

static void change_options(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_change_foreign_options(&text, change);
    if (text.length > 0)
        wv_alter_column(ddl, change->new, "ACCESS EXCLUSIVE", wv_strbuf_text(&text) + 1, NULL);
}

static bool is_typed(const struct wv_object *table)
{
    return table->kind == &wv_kind_table && wv_object_get(table, "of_type") != NULL;
}

static void tell_of_new(struct wv_ddl_statement *statement, const struct wv_object *column,
                        const char *expression)
{
    bool is_counted = wv_object_get(column, "identity") != NULL;
    bool is_computed = wv_object_get(column, "generated") != NULL;
    if (is_foreign(column))
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s, unless its source has the column",
                      column->parent->identity);
    else if (is_counted || is_computed)
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", column->parent->identity);
    else if (expression != NULL && strchr(expression, '(') != NULL)
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE,
                      "%s, when the default is not the same for all rows",
                      column->parent->identity);
    else if (expression == NULL && wv_object_is(column, "not_null"))
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL,
                      "%s, unless it has no rows: they would have no value",
                      column->parent->identity);
}

/* A column that came with the parent's is there already. */
static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *column = creation->object;
    const char *expression = wv_inlined_default(creation, column);
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!wv_is_given(ddl, column) && !is_typed(column->parent)) {
        wv_write_column(&text, ddl->after, column, expression);
        struct wv_ddl_statement *statement = wv_ddl_alter_table(
            ddl, column->parent, "ACCESS EXCLUSIVE", "ADD COLUMN %s", wv_strbuf_text(&text));
        tell_of_new(statement, column, expression);
    } else {
        wv_write_own_column(ddl, column, expression);
    }
    wv_write_column_rest(ddl, column);
}

/* Stays it in those that inherit it then, and are no partitions? It becomes their own. */
static bool heirs_keep(const struct wv_ddl *ddl, const struct wv_object *old)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(old->parent, &at)) != NULL) {
        struct wv_parents parents = wv_parents_of(ddl, heir);
        if (!wv_keeps_parent(&parents, old->parent->identity))
            continue;
        char *identity WV_AUTOFREE =
            wv_xasprintf("%s %s.%s", heir->kind->name, heir->identity, old->quoted);
        if (wv_catalog_find(ddl->after, old->kind, identity) != NULL)
            return true;
    }
    return false;
}

/* What is inherited goes with the parent's column. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    const struct wv_object *table = old->parent;
    bool is_given = wv_is_given(ddl, old) && (wv_object_get(table, "partition_of") != NULL ||
                                              wv_is_given_all_the_time(ddl, old));
    if (is_given || is_typed(table))
        return;
    const struct wv_object *new = wv_catalog_find(ddl->after, old->kind, old->identity);
    bool is_computed = wv_object_get(old, "generated") != NULL;
    bool has_values = !is_computed && !is_foreign(old);
    bool is_gone = new == NULL;
    if (has_values && !is_gone && wv_object_get(new, "generated") == NULL)
        wv_ddl_refuse(
            ddl, "making the column %s.%s anew, which its type asks for, would lose its values",
            table->identity, old->quoted);
    struct wv_ddl_statement *statement =
        is_gone && heirs_keep(ddl, old)
            ? wv_ddl_alter_only(ddl, table, "ACCESS EXCLUSIVE", "DROP COLUMN %s", old->quoted)
            : wv_ddl_alter_table(ddl, table, "ACCESS EXCLUSIVE", "DROP COLUMN %s", old->quoted);
    if (has_values)
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS, "all values of %s.%s", table->identity,
                      old->quoted);
    wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", table->identity);
}

/* Does the column become its table's own as well, or the parents' alone? Those of partitions are
 * never their own. */
static bool changes_hands(const struct wv_change *change)
{
    const char *new = wv_object_text(change->new, "inherited");
    if (wv_object_get(change->old->parent, "partition_of") != NULL ||
        wv_object_get(change->new->parent, "partition_of") != NULL)
        return false;
    return wv_is_inherited_only(change->old) ? strcmp(new, "merged") == 0
                                             : wv_is_inherited_only(change->new);
}

static void write_hands(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (wv_is_inherited_only(column))
        wv_ddl_refuse(ddl,
                      "the column %s.%s would be inherited and no more its table's own, which no "
                      "statement can do: name it among the table's columns",
                      column->parent->identity, column->quoted);
    else if (wv_is_given_all_the_time(ddl, change->old))
        wv_make_column_own(ddl, column);
}

/* Is it said of the parent's, and of this one with it? */
static bool is_not_null_with_parent(const struct wv_ddl *ddl, const struct wv_change *change)
{
    if (!wv_follows_parent(ddl, change))
        return false;
    bool is_wanted = wv_object_is(change->new, "not_null");
    bool was_parents = wv_object_is(wv_inherited_from(ddl->before, change->old), "not_null");
    bool is_parents = wv_object_is(wv_inherited_from(ddl->after, change->new), "not_null");
    bool spreads = is_wanted || wv_object_get(change->new->parent, "partition_of") != NULL;
    return was_parents != is_parents && is_parents == is_wanted && spreads;
}

static void change_type(struct wv_ddl *ddl, const struct wv_change *change)
{
    bool is_by_type = is_typed(change->old->parent) && is_typed(change->new->parent);
    bool is_other = wv_change_of(change, "type") || wv_change_of(change, "collation");
    if (is_other && !is_by_type && !wv_follows_parent(ddl, change))
        wv_move_columns(ddl, change, 1);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    bool was_identity = wv_object_get(change->old, "identity") != NULL;
    bool is_identity = wv_object_get(column, "identity") != NULL;
    if (wv_change_of(change, "generated"))
        wv_alter_column(ddl, column, "ACCESS EXCLUSIVE", "DROP EXPRESSION", NULL);
    if (was_identity && !is_identity)
        wv_drop_identity(ddl, change->old);
    change_type(ddl, change);
    if (wv_change_of(change, "not_null") && !is_not_null_with_parent(ddl, change))
        wv_change_not_null(ddl, change);
    if (wv_change_of(change, "not_null_name"))
        wv_rename_not_null(ddl, change);
    if (is_identity && was_identity)
        wv_change_identity(ddl, change);
    else if (is_identity)
        wv_add_identity(ddl, change);
    if (changes_hands(change))
        write_hands(ddl, change);
    change_options(ddl, change);
    wv_alter_column_rest(ddl, change);
}

static char *holds(const struct wv_object *column)
{
    const char *sequence = wv_object_get(column, "identity_sequence");
    return sequence == NULL ? NULL : wv_xstrdup(sequence);
}

/* A column that stops being computed keeps its values; no other change of the expression does. */
static enum wv_way way(const struct wv_change *change)
{
    if (wv_change_of(change, "generated") || wv_change_of(change, "generated_kind"))
        return wv_object_get(change->new, "generated") == NULL ? WV_WAY_ALTER : WV_WAY_RECREATE;
    for (size_t i = 0; attributes[i].name != NULL; i++)
        if (attributes[i].way != WV_WAY_NONE && strcmp(attributes[i].name, "inherited") != 0 &&
            !wv_same(change->old->values[i], change->new->values[i]))
            return WV_WAY_ALTER;
    return changes_hands(change) ? WV_WAY_ALTER : WV_WAY_NONE; /* else the table's parents do it */
}

/* What ALTER TYPE refuses to be done under; what else uses the column follows by itself. */
static bool endures_move(const struct wv_object *dependant)
{
    static const char *const hindered[] = {
        "view",    "materialized view", "rule",    "policy", "trigger",
        "routine", "publication table", "default", "column"};
    for (size_t i = 0; i < sizeof(hindered) / sizeof(hindered[0]); i++)
        if (strcmp(dependant->kind->name, hindered[i]) == 0)
            return false;
    return true;
}

static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    if (wv_change_of(change, "type") || wv_change_of(change, "collation"))
        return endures_move(dependant);
    return dependant->kind != &wv_kind_default || wv_object_get(change->new, "identity") == NULL;
}

const struct wv_kind wv_kind_column = {
    .name = "column",
    .sql_name = "COLUMN",
    .rank = 104,
    .traits = WV_KIND_BORN_WITH_PARENT | WV_KIND_NAMED_IN_PARENT,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .holds = holds,
    .way = way,
    .endures = endures,
    .endures_move = endures_move,
};
