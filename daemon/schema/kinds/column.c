/* Columns of tables and foreign tables. See kind.h. */
#include <stdlib.h>
#include <string.h>

#include "counter.h"
#include "inheritance.h"
#include "kinds.h"
#include "not_null.h"
#include "partition.h"
#include "quote.h"
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

static bool is_foreign(const struct wv_object *column)
{
    return column->parent->kind == &wv_kind_foreign_table;
}

static bool is_inherited_only(const struct wv_object *column)
{
    return strcmp(wv_object_text(column, "inherited"), "only") == 0;
}

/* What an identity's sequence has when nothing is said: PostgreSQL manual, CREATE SEQUENCE. */
static const char *usual_options(const char *type)
{
    if (strcmp(type, "smallint") == 0)
        return "START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 CACHE 1 NO CYCLE";
    if (strcmp(type, "integer") == 0)
        return "START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1 NO CYCLE";
    return "START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 CACHE 1 NO CYCLE";
}

static bool has_usual_sequence(const struct wv_object *column)
{
    char *raw WV_AUTOFREE = wv_xasprintf("%s_%s_seq", column->parent->name, column->name);
    char *quoted WV_AUTOFREE = wv_quote_name(column->schema, raw);
    char *bare WV_AUTOFREE = wv_xasprintf("%s.%s", column->schema, raw);
    const char *name = wv_object_text(column, "identity_sequence");
    return strlen(raw) <= 63 && (strcmp(name, quoted) == 0 || strcmp(name, bare) == 0);
}

static void write_identity(struct wv_strbuf *out, const struct wv_object *column)
{
    const char *options = wv_object_text(column, "identity_options");
    bool is_usual = strcmp(options, usual_options(wv_object_text(column, "type"))) == 0;
    wv_strbuf_addf(out, "GENERATED %s AS IDENTITY", wv_object_text(column, "identity"));
    if (is_usual && has_usual_sequence(column))
        return;
    wv_strbuf_adds(out, " (");
    if (!has_usual_sequence(column))
        wv_strbuf_addf(out, "SEQUENCE NAME %s%s", wv_object_text(column, "identity_sequence"),
                       is_usual ? "" : " ");
    wv_strbuf_addf(out, "%s)", is_usual ? "" : options);
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
        write_identity(out, column);
    }
    if (expression != NULL)
        wv_strbuf_addf(out, " DEFAULT %s", expression);
    if (wv_unusual_not_null(column) != NULL)
        wv_strbuf_addf(out, " CONSTRAINT %s", wv_unusual_not_null(column));
    if (wv_object_is(column, "not_null"))
        wv_strbuf_adds(out, " NOT NULL");
}

static struct wv_ddl_statement *alter_column(struct wv_ddl *ddl, const struct wv_object *column,
                                             const char *lock, const char *rest, const char *value)
{
    return wv_ddl_alter_table(ddl, column->parent, lock, "ALTER COLUMN %s %s%s", column->quoted,
                              rest, value == NULL ? "" : value);
}

/* What others that inherit have statements of their own for. */
static void alter_own(struct wv_ddl *ddl, const struct wv_object *column, const char *lock,
                      const char *rest, const char *value)
{
    wv_ddl_alter_only(ddl, column->parent, lock, "ALTER COLUMN %s %s%s", column->quoted, rest,
                      value == NULL ? "" : value);
}

static void write_storage(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *storage = wv_object_get(column, "storage");
    alter_own(ddl, column, "ACCESS EXCLUSIVE", "SET STORAGE ",
              storage != NULL ? storage : wv_object_text(column, "type_storage"));
}

static void write_compression(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *compression = wv_object_get(column, "compression");
    alter_own(ddl, column, "ACCESS EXCLUSIVE", "SET COMPRESSION ",
              compression != NULL ? compression : "default");
}

static void write_statistics(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *statistics = wv_object_get(column, "statistics");
    alter_own(ddl, column, "SHARE UPDATE EXCLUSIVE", "SET STATISTICS ",
              statistics != NULL ? statistics : "-1");
}

static void write_distinct(struct wv_ddl *ddl, const struct wv_object *column,
                           const char *attribute)
{
    const char *value = wv_object_get(column, attribute);
    char *rest WV_AUTOFREE = value == NULL ? wv_xasprintf("RESET (%s)", attribute)
                                           : wv_xasprintf("SET (%s = %s)", attribute, value);
    alter_own(ddl, column, "SHARE UPDATE EXCLUSIVE", rest, NULL);
}

/* What no parent gives. */
static void write_inherited_options(struct wv_ddl *ddl, const struct wv_object *column)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (column->kind != &wv_kind_column || !is_inherited_only(column))
        return;
    wv_write_foreign_options(&text, column);
    if (text.length > 0)
        alter_own(ddl, column, "ACCESS EXCLUSIVE", wv_strbuf_text(&text) + 1, NULL);
}

/* A table's sequence is made, and becomes, what the table is. */
static void write_identity_persistence(struct wv_ddl *ddl, const struct wv_object *column)
{
    const char *own = wv_object_get(column, "identity_persistence");
    const char *table = is_foreign(column) ? NULL : wv_object_get(column->parent, "persistence");
    wv_ddl_add(ddl, "ALTER SEQUENCE %s SET %s", wv_object_text(column, "identity_sequence"),
               own != NULL     ? own
               : table != NULL ? "UNLOGGED"
                               : "LOGGED");
}

static bool has_own_persistence(const struct wv_object *column)
{
    return column->kind == &wv_kind_column && wv_object_get(column, "identity_persistence") != NULL;
}

void wv_write_column_rest(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (has_own_persistence(column))
        write_identity_persistence(ddl, column);
    const struct wv_object *model = wv_inherited_from(ddl->after, column);
    struct wv_change change = {model, column};
    bool is_table_new = !wv_ddl_existed(ddl, column->parent);
    if (model == NULL || !is_table_new ? wv_object_get(column, "storage") != NULL
                                       : wv_change_of(&change, "storage"))
        write_storage(ddl, column);
    if (model == NULL
            ? column->kind == &wv_kind_view_column && wv_object_get(column, "compression") != NULL
            : wv_change_of(&change, "compression"))
        write_compression(ddl, column);
    if (wv_object_get(column, "statistics") != NULL)
        write_statistics(ddl, column);
    if (wv_object_get(column, "n_distinct") != NULL)
        write_distinct(ddl, column, "n_distinct");
    if (wv_object_get(column, "n_distinct_inherited") != NULL)
        write_distinct(ddl, column, "n_distinct_inherited");
    write_inherited_options(ddl, column);
}

static void change_options(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_change_foreign_options(&text, change);
    if (text.length > 0)
        alter_column(ddl, change->new, "ACCESS EXCLUSIVE", wv_strbuf_text(&text) + 1, NULL);
}

/* A column that came with the parent's is there already. */
static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *column = creation->object;
    const char *expression = wv_inlined_default(creation, column);
    bool is_typed = strcmp(column->parent->kind->name, "table") == 0 &&
                    wv_object_get(column->parent, "of_type") != NULL;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!wv_is_given(ddl, column) && !is_typed) {
        wv_write_column(&text, ddl->after, column, expression);
        struct wv_ddl_statement *statement = wv_ddl_alter_table(
            ddl, column->parent, "ACCESS EXCLUSIVE", "ADD COLUMN %s", wv_strbuf_text(&text));
        if (is_foreign(column))
            wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS,
                          "%s, unless its source has the column", column->parent->identity);
        else if (wv_object_get(column, "identity") != NULL ||
                 wv_object_get(column, "generated") != NULL)
            wv_ddl_hazard(statement, WV_HAZARD_REWRITE, "%s", column->parent->identity);
        else if (expression != NULL && strchr(expression, '(') != NULL)
            wv_ddl_hazard(statement, WV_HAZARD_REWRITE,
                          "%s, when the default is not the same for all rows",
                          column->parent->identity);
        else if (expression == NULL && wv_object_is(column, "not_null"))
            wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL,
                          "%s, unless it has no rows: they would have no value",
                          column->parent->identity);
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
    bool is_given = wv_is_given(ddl, old) && (wv_object_get(old->parent, "partition_of") != NULL ||
                                              wv_is_given_all_the_time(ddl, old));
    bool is_typed = strcmp(old->parent->kind->name, "table") == 0 &&
                    wv_object_get(old->parent, "of_type") != NULL;
    if (is_given || is_typed)
        return;
    const struct wv_object *new = wv_catalog_find(ddl->after, old->kind, old->identity);
    bool is_computed = wv_object_get(old, "generated") != NULL;
    if (new != NULL && !is_computed && wv_object_get(new, "generated") == NULL && !is_foreign(old))
        wv_ddl_refuse(
            ddl, "making the column %s.%s anew, which its type asks for, would lose its values",
            old->parent->identity, old->quoted);
    struct wv_ddl_statement *statement =
        new == NULL &&heirs_keep(ddl, old)
            ? wv_ddl_alter_only(ddl, old->parent, "ACCESS EXCLUSIVE", "DROP COLUMN %s", old->quoted)
            : wv_ddl_alter_table(ddl, old->parent, "ACCESS EXCLUSIVE", "DROP COLUMN %s",
                                 old->quoted);
    if (!is_computed && !is_foreign(old))
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS, "all values of %s.%s", old->parent->identity,
                      old->quoted);
    wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", old->parent->identity);
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

void wv_write_column_stored(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (wv_object_get(column, "storage") != NULL)
        write_storage(ddl, column);
    if (wv_object_get(column, "compression") != NULL)
        write_compression(ddl, column);
}

/* The columns of partitions that stay NOT NULL where their parent's does not. */
static void restore_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    size_t at = 0;
    const struct wv_object *heir;
    while ((heir = wv_next_heir(column->parent, &at)) != NULL)
        for (size_t i = 0; i < heir->part_count; i++) {
            const struct wv_object *part = heir->parts[i];
            if (part->kind != column->kind || strcmp(part->name, column->name) != 0)
                continue;
            if (!wv_object_is(part, "not_null"))
                restore_not_null(ddl, part);
            else if (wv_ddl_existed(ddl, part))
                wv_ddl_hazard(alter_column(ddl, part, "ACCESS EXCLUSIVE", "SET NOT NULL", NULL),
                              WV_HAZARD_SCAN, "%s", heir->identity);
        }
}

/* A partitioned table's cannot be dropped of it alone. */
static void drop_not_null(struct wv_ddl *ddl, const struct wv_object *column)
{
    if (is_foreign(column) || wv_object_get(column->parent, "partition_key") == NULL) {
        alter_own(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
        return;
    }
    alter_column(ddl, column, "ACCESS EXCLUSIVE", "DROP NOT NULL", NULL);
    restore_not_null(ddl, column);
}

static void write_not_null(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    bool is_attached = wv_object_get(column->parent, "partition_of") != NULL &&
                       !wv_stays_partition(ddl, column->parent);
    if (!wv_object_is(column, "not_null")) {
        drop_not_null(ddl, column);
        return;
    }
    if (!ddl->is_plain && !is_attached && !is_foreign(column) &&
        wv_object_get(column, "identity") == NULL) {
        wv_write_not_null(ddl, column);
        return;
    }
    struct wv_ddl_statement *statement = wv_set_not_null(ddl, column);
    if (is_foreign(column))
        return;
    wv_ddl_hazard(statement, WV_HAZARD_SCAN, "%s", column->parent->identity);
    wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "rows of %s where %s is null",
                  column->parent->identity, column->quoted);
}

/* The constraint that it is from PostgreSQL 18 on. */
static void rename_not_null(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *old = wv_object_get(change->old, "not_null_constraint");
    const char *new = wv_object_get(change->new, "not_null_name");
    if (old != NULL && new != NULL && strcmp(old, new) != 0)
        wv_ddl_alter_table(ddl, change->new->parent, "ACCESS EXCLUSIVE",
                           "RENAME CONSTRAINT %s TO %s", old, new);
}

/* "START WITH 1 INCREMENT BY 1 ..." as ALTER COLUMN wants it: SET before each. */
static void write_identity_options(struct wv_ddl *ddl, const struct wv_object *column)
{
    static const char *const words[] = {"START ", "INCREMENT ", "MINVALUE ", "MAXVALUE ",
                                        "CACHE ", "NO CYCLE",   "CYCLE"};
    const char *at = wv_object_text(column, "identity_options");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    while (*at != '\0') {
        bool is_word = false;
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]) && !is_word; i++)
            is_word =
                starts_with(at, words[i]) && !(at[0] == 'C' && at[1] == 'Y' && text.length > 3 &&
                                               strcmp(text.data + text.length - 3, "NO ") == 0);
        if (is_word)
            wv_strbuf_adds(&text, "SET ");
        size_t length = strcspn(at, " ");
        wv_strbuf_add(&text, at, length);
        at += length;
        if (*at != '\0')
            wv_strbuf_addc(&text, *at++);
    }
    alter_column(ddl, column, "ACCESS EXCLUSIVE", wv_strbuf_text(&text), NULL);
}

static void write_value(struct wv_ddl *ddl, const struct wv_change *change, const char *word,
                        bool is_minimum)
{
    const char *old = strstr(wv_object_text(change->old, "identity_options"), word);
    const char *new = strstr(wv_object_text(change->new, "identity_options"), word);
    if (old != NULL && new != NULL)
        wv_write_sequence_value(ddl, wv_object_text(change->new, "identity_sequence"),
                                old + strlen(word), new + strlen(word), is_minimum);
}

/* Before the type is another one, which may be none that an identity can have. */
static void drop_identity(struct wv_ddl *ddl, const struct wv_object *old)
{
    if (!wv_put_identity_aside(ddl, old))
        wv_ddl_hazard(alter_column(ddl, old, "ACCESS EXCLUSIVE", "DROP IDENTITY", NULL),
                      WV_HAZARD_DATA_LOSS, "how far %s has counted",
                      wv_object_text(old, "identity_sequence"));
}

static void add_identity(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    write_identity(&text, change->new);
    alter_column(ddl, change->new, "ACCESS EXCLUSIVE", "ADD ", wv_strbuf_text(&text));
    wv_write_identity_counter(ddl, change);
    if (has_own_persistence(change->new))
        write_identity_persistence(ddl, change->new);
}

static void change_identity(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (wv_change_of(change, "identity"))
        alter_column(ddl, column, "ACCESS EXCLUSIVE", "SET GENERATED ",
                     wv_object_text(column, "identity"));
    if (wv_change_of(change, "identity_sequence")) {
        char *name WV_AUTOFREE =
            wv_xstrdup(wv_last_part(wv_object_text(column, "identity_sequence")));
        wv_ddl_add(ddl, "ALTER SEQUENCE %s RENAME TO %s",
                   wv_object_text(change->old, "identity_sequence"), name);
    }
    if (wv_change_of(change, "identity_persistence"))
        write_identity_persistence(ddl, column);
    if (wv_change_of(change, "identity_options")) {
        write_value(ddl, change, " MINVALUE ", true);
        write_value(ddl, change, " MAXVALUE ", false);
        write_identity_options(ddl, column);
    }
}

void wv_alter_column_rest(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (wv_change_of(change, "storage"))
        write_storage(ddl, column);
    if (wv_change_of(change, "compression"))
        write_compression(ddl, column);
    if (wv_change_of(change, "statistics"))
        write_statistics(ddl, column);
    if (wv_change_of(change, "n_distinct"))
        write_distinct(ddl, column, "n_distinct");
    if (wv_change_of(change, "n_distinct_inherited"))
        write_distinct(ddl, column, "n_distinct_inherited");
}

/* Does the column become its table's own as well, or the parents' alone? Those of partitions are
 * never their own. */
static bool changes_hands(const struct wv_change *change)
{
    const char *new = wv_object_text(change->new, "inherited");
    if (wv_object_get(change->old->parent, "partition_of") != NULL ||
        wv_object_get(change->new->parent, "partition_of") != NULL)
        return false;
    return is_inherited_only(change->old) ? strcmp(new, "merged") == 0
                                          : is_inherited_only(change->new);
}

static void write_hands(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    if (is_inherited_only(column))
        wv_ddl_refuse(ddl,
                      "the column %s.%s would be inherited and no more its table's own, which no "
                      "statement can do: name it among the table's columns",
                      column->parent->identity, column->quoted);
    else if (wv_is_given_all_the_time(ddl, change->old))
        wv_make_column_own(ddl, column);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *column = change->new;
    const struct wv_object *model = wv_inherited_from(ddl->after, column);
    const struct wv_object *old_model = wv_inherited_from(ddl->before, change->old);
    bool is_own = model == NULL || old_model == NULL ||
                  (wv_object_get(column->parent, "partition_of") != NULL &&
                   !wv_stays_partition(ddl, column->parent));
    bool was_identity = wv_object_get(change->old, "identity") != NULL;
    bool is_identity = wv_object_get(column, "identity") != NULL;
    bool by_type = column->parent->kind == &wv_kind_table &&
                   wv_object_get(column->parent, "of_type") != NULL &&
                   wv_object_get(change->old->parent, "of_type") != NULL;
    if (wv_change_of(change, "generated"))
        alter_column(ddl, column, "ACCESS EXCLUSIVE", "DROP EXPRESSION", NULL);
    if (was_identity && !is_identity)
        drop_identity(ddl, change->old);
    if ((wv_change_of(change, "type") || wv_change_of(change, "collation")) && is_own && !by_type)
        wv_move_columns(ddl, change, 1);
    bool is_with_parent =
        !is_own && wv_object_is(model, "not_null") == wv_object_is(column, "not_null") &&
        wv_object_is(model, "not_null") != wv_object_is(old_model, "not_null") &&
        wv_object_is(model, "not_null") != wv_object_is(old_model, "not_null") &&
        (wv_object_is(column, "not_null") || wv_object_get(column->parent, "partition_of") != NULL);
    if (wv_change_of(change, "not_null") && !is_with_parent)
        write_not_null(ddl, change);
    if (wv_change_of(change, "not_null_name"))
        rename_not_null(ddl, change);
    if (is_identity && was_identity)
        change_identity(ddl, change);
    else if (is_identity)
        add_identity(ddl, change);
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
    return strcmp(dependant->kind->name, "default") != 0 ||
           wv_object_get(change->new, "identity") == NULL;
}

const struct wv_kind wv_kind_column = {
    .name = "column",
    .sql_name = "COLUMN",
    .rank = 104,
    .traits = WV_KIND_BORN_WITH_PARENT | WV_KIND_NAMED_IN_PARENT,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
    .holds = holds,
    .way = way,
    .endures = endures,
    .endures_move = endures_move,
};
