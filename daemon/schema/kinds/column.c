/* Columns of tables and foreign tables. See kind.h. */
#include <stdlib.h>
#include <string.h>

#include "analyze.h"
#include "column_moves.h"
#include "identity.h"
#include "inheritance.h"
#include "kinds.h"
#include "lookup.h"
#include "not_null.h"
#include "parents.h"
#include "partition.h"
#include "partition_copy.h"
#include "rebuild.h"
#include "roots.h"
#include "same.h"
#include "type_change.h"
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
    {"not_null_inherited", WV_WAY_ALTER},
    {"not_null_no_inherit", WV_WAY_ALTER},
    {"not_null_not_valid", WV_WAY_ALTER},
    {"not_null_comment", WV_WAY_ALTER},
    {"identity", WV_WAY_ALTER},
    {"identity_sequence", WV_WAY_ALTER},
    {"identity_options", WV_WAY_ALTER},
    {"identity_type", WV_WAY_ALTER},
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

/* By a parent: its own table may not say it again. What a partition has is written when it is made
 * alone only, to be attached. */
static bool is_generated_above(const struct wv_catalog *catalog, const struct wv_object *column)
{
    if (column->parent->kind == &wv_kind_table &&
        wv_object_get(column->parent, "partition_of") != NULL)
        return false;
    const struct wv_object *model = wv_inherited_from(catalog, column);
    return model != NULL && wv_object_get(model, "generated") != NULL;
}

void wv_write_column(struct wv_strbuf *out, const struct wv_ddl *ddl,
                     const struct wv_object *column, const char *expression)
{
    wv_strbuf_addf(out, "%s %s", column->quoted, wv_object_text(column, "type"));
    if (wv_object_get(column, "compression") != NULL)
        wv_strbuf_addf(out, " COMPRESSION %s", wv_object_text(column, "compression"));
    wv_write_foreign_options(out, column);
    if (wv_object_get(column, "collation") != NULL)
        wv_strbuf_addf(out, " COLLATE %s", wv_object_text(column, "collation"));
    if (wv_object_get(column, "generated") != NULL && !is_generated_above(ddl->after, column))
        wv_strbuf_addf(out, " GENERATED ALWAYS AS (%s) %s", wv_object_text(column, "generated"),
                       wv_object_text(column, "generated_kind"));
    if (wv_object_get(column, "identity") != NULL && !wv_identity_waits(ddl, column)) {
        wv_strbuf_addc(out, ' ');
        wv_write_identity(out, column);
    }
    if (expression != NULL)
        wv_strbuf_addf(out, " DEFAULT %s", expression);
    wv_write_not_null(out, ddl, column);
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

static bool is_stored(const struct wv_object *column)
{
    return wv_object_get(column, "generated") != NULL &&
           strcmp(wv_object_text(column, "generated_kind"), "STORED") == 0;
}

/* One that has checks, or takes no NULL: the server computes the column for each row. */
static bool is_of_checked_domain(const struct wv_object *column)
{
    const struct wv_object *domain = wv_need_of_kind(column, &wv_kind_domain);
    while (domain != NULL && !wv_object_is(domain, "not_null") &&
           wv_part_of_kind(domain, &wv_kind_domain_constraint) == NULL)
        domain = wv_need_of_kind(domain, &wv_kind_domain);
    return domain != NULL && wv_object_get(column, "generated") == NULL;
}

/* Is a function called that is not known to answer the same for each row of a statement? */
static bool may_differ(const char *expression)
{
    static const char *const stable[] = {"now",
                                         "transaction_timestamp",
                                         "statement_timestamp",
                                         "timezone",
                                         "date_trunc",
                                         "numeric",
                                         "varying",
                                         "character"};
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.\"";
    bool is_quoted = false;
    for (const char *at = expression; *at != '\0'; at++) {
        is_quoted = is_quoted != (*at == '\'');
        const char *word = at;
        while (*at == '(' && !is_quoted && word > expression && strchr(letters, word[-1]) != NULL)
            word--;
        bool is_known = word == at;
        for (size_t i = 0; i < sizeof(stable) / sizeof(stable[0]) && !is_known; i++)
            is_known = strlen(stable[i]) == (size_t)(at - word) &&
                       strncmp(word, stable[i], (size_t)(at - word)) == 0;
        if (!is_known)
            return true;
    }
    return false;
}

/* Is the table rewritten when the column is added? */
static bool is_computed_for_rows(const struct wv_object *column)
{
    const char *expression = wv_default_of(column);
    return wv_object_get(column, "identity") != NULL || is_stored(column) ||
           is_of_checked_domain(column) || (expression != NULL && may_differ(expression));
}

static void tell_of_new(struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                        const struct wv_object *column, const char *expression)
{
    bool is_counted = wv_object_get(column, "identity") != NULL && !wv_identity_waits(ddl, column);
    if ((is_counted || is_stored(column)) && !is_foreign(column))
        wv_lose_statistics(ddl, column->parent, column);
    if (is_foreign(column))
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s, unless its source has the column",
                      column->parent->identity);
    else if (is_counted || is_stored(column))
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", column->parent->identity);
    else if (is_of_checked_domain(column))
        wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s, whose domain is asked about each row",
                      column->parent->identity);
    else if (expression != NULL && may_differ(expression))
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
        wv_write_column(&text, ddl, column, expression);
        struct wv_ddl_statement *statement = wv_ddl_alter_table(
            ddl, column->parent, "ACCESS EXCLUSIVE", "ADD COLUMN %s", wv_strbuf_text(&text));
        tell_of_new(ddl, statement, column, expression);
        if (wv_identity_waits(ddl, column))
            wv_write_waiting_identity(ddl, column);
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

/* Does the parent's go alone, because others that inherit it keep it? */
static bool is_left(const struct wv_ddl *ddl, const struct wv_object *old)
{
    const struct wv_object *giver = wv_inherited_from(ddl->before, old);
    return giver != NULL && wv_catalog_find(ddl->after, giver->kind, giver->identity) == NULL &&
           heirs_keep(ddl, giver) && (!wv_is_given(ddl, giver) || is_left(ddl, giver));
}

/* What is inherited goes with the parent's column. */
static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    const struct wv_object *table = old->parent;
    bool is_given = wv_is_given(ddl, old) && (wv_object_get(table, "partition_of") != NULL ||
                                              wv_is_given_all_the_time(ddl, old));
    if ((is_given && !is_left(ddl, old)) || is_typed(table))
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

/* No statement makes a column its parents' alone, spreads the rows of a partitioned table by values
 * of another type, or rewrites a table whose rows others have as values. */
static bool asks_rebuild(const struct wv_difference *difference, const struct wv_twin *twin)
{
    const struct wv_change change = {twin->old, twin->new};
    if (twin->deed == WV_DEED_CREATE || twin->deed == WV_DEED_RECREATE) {
        const struct wv_object *table = wv_twin_of_new(difference, twin->new->parent)->old;
        return table != NULL && table->kind == &wv_kind_table && wv_is_in_use(difference, table) &&
               is_computed_for_rows(twin->new);
    }
    if (twin->deed != WV_DEED_ALTER)
        return false;
    bool is_other = wv_change_of(&change, "type") || wv_change_of(&change, "collation");
    bool is_fixed = wv_is_partitioned_by(twin->old) || wv_are_rows_values(difference, twin->old);
    return (is_other && is_fixed) || (changes_hands(&change) && wv_is_inherited_only(twin->new));
}

/* Of a table of a type the type does it. */
static bool goes_over(const struct wv_ddl *ddl, const struct wv_change *change)
{
    return wv_goes_over(wv_twin_of_old(ddl->difference, change->old)) &&
           !(is_typed(change->old->parent) && is_typed(change->new->parent));
}

/* An heir's goes with the parent's, of several parents with that of the first. */
static void drop_expression(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_roots roots WV_AUTOROOTS = {0};
    if (wv_follows_parent(ddl, change) &&
        wv_object_get(wv_inherited_from(ddl->before, change->old), "generated") != NULL &&
        wv_object_get(wv_inherited_from(ddl->after, change->new), "generated") == NULL)
        return;
    wv_roots_find(&roots, ddl->before, change->old, ddl->difference);
    wv_alter_column(ddl, change->new, "ACCESS EXCLUSIVE",
                    roots.count > 1 ? "DROP EXPRESSION IF EXISTS" : "DROP EXPRESSION", NULL);
}

/* What no other type takes. */
static void let_go(struct wv_ddl *ddl, const struct wv_change *change)
{
    bool was_identity = wv_object_get(change->old, "identity") != NULL;
    if (wv_change_of(change, "generated"))
        drop_expression(ddl, change);
    if (was_identity && wv_object_get(change->new, "identity") == NULL)
        wv_drop_identity(ddl, change->old);
}

static void alter_rest(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    bool was_identity = wv_object_get(change->old, "identity") != NULL;
    bool is_identity = wv_object_get(column, "identity") != NULL;
    wv_change_not_null(ddl, change);
    if (is_identity && was_identity)
        wv_change_identity(ddl, change);
    else if (is_identity)
        wv_add_identity(ddl, change);
    if (changes_hands(change) && wv_is_given_all_the_time(ddl, change->old))
        wv_make_column_own(ddl, column);
    change_options(ddl, change);
    if (!goes_over(ddl, change))
        wv_alter_column_stored(ddl, change);
    wv_alter_column_rest(ddl, change);
}

void wv_alter_columns(struct wv_ddl *ddl, const struct wv_change *columns, size_t count)
{
    struct wv_change *moves WV_AUTOFREE = wv_xcalloc(count, sizeof(*moves));
    size_t moving = 0;
    for (size_t i = 0; i < count; i++) {
        let_go(ddl, &columns[i]);
        if (goes_over(ddl, &columns[i]))
            moves[moving++] = columns[i];
    }
    if (moving > 0)
        wv_move_columns(ddl, moves, moving);
    for (size_t i = 0; i < count; i++)
        alter_rest(ddl, &columns[i]);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    wv_alter_columns(ddl, change, 1);
}

static const char *other_name(const struct wv_object *column)
{
    return wv_object_is(column, "has_usual_not_null")
               ? NULL
               : wv_object_get(column, "not_null_constraint");
}

static char *holds(const struct wv_object *column)
{
    const char *sequence = wv_object_get(column, "identity_sequence");
    return sequence == NULL ? NULL : wv_xstrdup(sequence);
}

static bool may_follow_parents(const char *attribute)
{
    return strcmp(attribute, "inherited") == 0 || strcmp(attribute, "not_null_inherited") == 0 ||
           strcmp(attribute, "not_null_name") == 0;
}

/* A column that stops being computed keeps its values; no other change of the expression does. */
static enum wv_way way(const struct wv_change *change)
{
    if (wv_change_of(change, "generated") || wv_change_of(change, "generated_kind"))
        return wv_object_get(change->new, "generated") == NULL ? WV_WAY_ALTER : WV_WAY_RECREATE;
    for (size_t i = 0; attributes[i].name != NULL; i++)
        if (attributes[i].way != WV_WAY_NONE && !may_follow_parents(attributes[i].name) &&
            !wv_same(change->old->values[i], change->new->values[i]))
            return WV_WAY_ALTER;
    return changes_hands(change) || wv_not_null_changes_hands(change) ||
                   wv_is_not_null_renamed(change) || wv_is_not_null_replaced(change)
               ? WV_WAY_ALTER
               : WV_WAY_NONE; /* else the table's parents do it */
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
    const char *from = wv_object_text(change->old, "type");
    const char *to = wv_object_text(change->new, "type");
    bool is_default = dependant->kind == &wv_kind_default;
    bool is_identity = wv_object_get(change->new, "identity") != NULL;
    if (is_default && wv_is_akin(from, to))
        return !is_identity;
    if (wv_change_of(change, "type") || wv_change_of(change, "collation"))
        return endures_move(dependant);
    return !is_default || !is_identity;
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
    .other_name = other_name,
    .way = way,
    .endures = endures,
    .asks_rebuild = asks_rebuild,
    .endures_move = endures_move,
};
