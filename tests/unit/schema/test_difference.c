/* Unit tests of kinds, and of differences that no server of a test is asked to build: types and
 * tables that are made of each other so often that nobody can go all the ways between them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ddl_write.h"
#include "kinds.h"

enum { DEPTH = 40, TYPES = 1, RELATIONS, CHECKS };

static struct wv_place_key type_key(int level, int attribute)
{
    return (struct wv_place_key){TYPES, (uint32_t)level + 1, attribute};
}

struct value {
    const char *attribute; /* NULL ends the list */
    const char *text;
};

static void add(struct wv_catalog *catalog, const struct wv_kind *kind, struct wv_object_row *row,
                const struct value *given)
{
    size_t width = wv_kind_width(kind);
    const char **values WV_AUTOFREE = wv_xcalloc(width + 1, sizeof(*values));
    for (size_t i = 0; i < width; i++)
        for (const struct value *value = given; value->attribute != NULL; value++)
            if (strcmp(kind->attributes[i].name, value->attribute) == 0)
                values[i] = value->text;
    row->values = values;
    wv_catalog_add(catalog, kind, true, row);
}

static void add_whole(struct wv_catalog *catalog, const struct wv_kind *kind,
                      struct wv_place_key key, const char *name, const struct value *given)
{
    char *identity WV_AUTOFREE = wv_xasprintf("public.%s", name);
    struct wv_object_row row = {
        .key = key, .schema = "public", .name = name, .quoted = name, .identity = identity};
    add(catalog, kind, &row, given);
}

static void add_part(struct wv_catalog *catalog, const struct wv_kind *kind,
                     struct wv_place_key parent, struct wv_place_key key, const char *name,
                     const char *type)
{
    struct wv_object_row row = {.key = key, .parent = parent, .name = name, .quoted = name};
    add(catalog, kind, &row, (struct value[]){{"type", type}, {"position", "1"}, {NULL, NULL}});
}

static char *name_of(int level)
{
    return level == 0 ? wv_xstrdup("public.e") : wv_xasprintf("public.t%d", level);
}

/* An enum, DEPTH composite types with two attributes each of the one below, and a column of the
 * last. */
static struct wv_catalog *make_tower(const char *labels)
{
    struct wv_catalog *catalog = wv_catalog_new();
    struct wv_err err WV_AUTOERR = {0};
    add_whole(catalog, &wv_kind_enum, type_key(0, 0), "e",
              (struct value[]){{"labels", labels}, {NULL, NULL}});
    for (int level = 1; level <= DEPTH; level++) {
        char *name WV_AUTOFREE = name_of(level);
        char *below WV_AUTOFREE = name_of(level - 1);
        add_whole(catalog, &wv_kind_composite_type, type_key(level, 0), strchr(name, '.') + 1,
                  (struct value[]){{"attributes", "a, b"}, {NULL, NULL}});
        for (int i = 1; i <= 2; i++) {
            add_part(catalog, &wv_kind_composite_attribute, type_key(level, 0), type_key(level, i),
                     i == 1 ? "a" : "b", below);
            wv_catalog_depend(catalog, type_key(level, i), type_key(level - 1, 0), WV_NEED_NORMAL);
        }
    }
    struct wv_place_key table = {RELATIONS, 1, 0};
    struct wv_place_key column = {RELATIONS, 1, 1};
    char *top WV_AUTOFREE = name_of(DEPTH);
    add_whole(catalog, &wv_kind_table, table, "x", (struct value[]){{NULL, NULL}});
    add_part(catalog, &wv_kind_column, table, column, "c", top);
    wv_catalog_depend(catalog, column, type_key(DEPTH, 0), WV_NEED_NORMAL);
    assert_true(wv_catalog_finish(catalog, &err));
    return catalog;
}

static size_t count_statements(const struct wv_ddl *ddl, const char *what)
{
    size_t count = 0;
    for (size_t i = 0; i < ddl->count; i++)
        count += strstr(ddl->statements[i].sql, what) != NULL;
    return count;
}

static void a_tower_of_types_is_rebuilt_once(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    struct wv_catalog *before WV_AUTOCATALOG = make_tower("'a', 'b'");
    struct wv_catalog *after WV_AUTOCATALOG = make_tower("'b', 'a'");
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    wv_difference_find(&difference, before, after);
    assert_true(wv_ddl_write(&ddl, &difference, false, &err));
    assert_int_equal(count_statements(&ddl, "CREATE TYPE"), DEPTH + 1);
    assert_int_equal(count_statements(&ddl, "_old"), 2 * (DEPTH + 1));
    assert_int_equal(count_statements(&ddl, "ALTER COLUMN c TYPE public.t40 USING c::text"), 1);
}

/* What the tables of a ladder have. */
struct ladder {
    const char *type;
    const char *not_null;
    bool has_last; /* the second of the last two tables */
    bool has_check;
};

static void add_rung(struct wv_catalog *catalog, const struct ladder *ladder, int level, int side)
{
    uint32_t below = 2 * (uint32_t)level - 1; /* the first of the two tables there */
    struct wv_place_key table = {RELATIONS, 2 * (uint32_t)level + 1 + (uint32_t)side, 0};
    struct wv_place_key column = {RELATIONS, table.object_id, 1};
    char *name WV_AUTOFREE = wv_xasprintf("%c%d", "ab"[side], level);
    char *parents WV_AUTOFREE =
        level == 0 ? NULL : wv_xasprintf("public.a%d, public.b%d", level - 1, level - 1);
    add_whole(catalog, &wv_kind_table, table, name,
              (struct value[]){{"parents", parents}, {NULL, NULL}});
    struct wv_object_row row = {.key = column, .parent = table, .name = "x", .quoted = "x"};
    add(catalog, &wv_kind_column, &row,
        (struct value[]){{"type", ladder->type},
                         {"position", "1"},
                         {"inherited", level == 0 ? NULL : "only"},
                         {"not_null", ladder->not_null},
                         {NULL, NULL}});
    for (uint32_t i = 0; level > 0 && i < 2; i++)
        wv_catalog_depend(catalog, table, (struct wv_place_key){RELATIONS, below + i, 0},
                          WV_NEED_NORMAL);
}

/* Two tables, and on each level two more that inherit from both below; a check that is not valid is
 * handed on by the first. */
static struct wv_catalog *make_ladder(const struct ladder *ladder)
{
    struct wv_catalog *catalog = wv_catalog_new();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_place_key first = {RELATIONS, 1, 0};
    struct wv_object_row check = {
        .key = {CHECKS, 1, 0}, .parent = first, .name = "positive", .quoted = "positive"};
    for (int level = 0; level <= DEPTH; level++)
        for (int side = 0; side < (level == DEPTH && !ladder->has_last ? 1 : 2); side++)
            add_rung(catalog, ladder, level, side);
    if (ladder->has_check)
        add(catalog, &wv_kind_constraint, &check,
            (struct value[]){{"type", "CHECK"},
                             {"definition", "CHECK ((x > 0))"},
                             {"is_valid", "f"},
                             {"valid_on", ladder->has_last ? "public.b40" : NULL},
                             {NULL, NULL}});
    assert_true(wv_catalog_finish(catalog, &err));
    return catalog;
}

static void write_ladder(struct wv_ddl *ddl, struct wv_difference *difference,
                         const struct wv_catalog *before, const struct wv_catalog *after)
{
    struct wv_err err WV_AUTOERR = {0};
    wv_difference_find(difference, before, after);
    if (!wv_ddl_write(ddl, difference, false, &err))
        fail_msg("%s", err.message);
}

/* From a table that both lowest ones inherit from for that time. */
static void heirs_of_many_ways_get_types_once(void **state)
{
    (void)state;
    struct wv_catalog *before WV_AUTOCATALOG =
        make_ladder(&(struct ladder){.type = "integer", .has_last = true});
    struct wv_catalog *after WV_AUTOCATALOG =
        make_ladder(&(struct ladder){.type = "bigint", .not_null = "t", .has_last = true});
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    write_ladder(&ddl, &difference, before, after);
    assert_int_equal(count_statements(&ddl, "ALTER COLUMN x TYPE bigint"), 1);
}

static void heirs_of_many_ways_get_a_check_once(void **state)
{
    (void)state;
    struct wv_catalog *before WV_AUTOCATALOG = make_ladder(&(struct ladder){.type = "integer"});
    struct wv_catalog *after WV_AUTOCATALOG =
        make_ladder(&(struct ladder){.type = "integer", .has_check = true, .has_last = true});
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    write_ladder(&ddl, &difference, before, after);
    assert_int_equal(count_statements(&ddl, "CREATE TABLE public.b40"), 1);
    assert_int_equal(count_statements(&ddl, "CHECK ((x > 0))"), 1);
}

static bool has_attribute(const struct wv_kind *kind, const char *name)
{
    for (size_t i = 0; i < wv_kind_width(kind); i++)
        if (strcmp(kind->attributes[i].name, name) == 0)
            return true;
    return false;
}

/* A type that one of its own functions needs, and a domain, in a circle that no server lets be. */
static void a_circle_that_nothing_breaks_is_told(void **state)
{
    (void)state;
    enum { ROUTINES = 9 };
    struct wv_err err WV_AUTOERR = {0};
    struct wv_catalog *before WV_AUTOCATALOG = wv_catalog_new();
    struct wv_catalog *after WV_AUTOCATALOG = wv_catalog_new();
    struct wv_difference difference WV_AUTODIFFERENCE = {0};
    struct wv_ddl ddl WV_AUTODDL = {0};
    struct wv_place_key range = type_key(1, 0);
    struct wv_place_key domain = type_key(2, 0);
    struct wv_place_key routine = {ROUTINES, 1, 0};
    static const struct value none[] = {{NULL, NULL}};
    add_whole(before, &wv_kind_range_type, range, "r", none);
    add_whole(before, &wv_kind_domain, domain, "d", none);
    add_whole(before, &wv_kind_routine, routine, "f(r)", none);
    wv_catalog_depend(before, range, routine, WV_NEED_NORMAL);
    wv_catalog_depend(before, routine, range, WV_NEED_NORMAL);
    wv_catalog_depend(before, range, domain, WV_NEED_NORMAL);
    wv_catalog_depend(before, domain, range, WV_NEED_NORMAL);
    assert_true(wv_catalog_finish(before, &err));
    assert_true(wv_catalog_finish(after, &err));
    wv_difference_find(&difference, before, after);
    assert_false(wv_ddl_write(&ddl, &difference, false, &err));
    assert_int_equal(err.code, WV_SCHEMA_CYCLE);
    assert_non_null(strstr(err.message, "drop domain public.d, which waits for drop range type"));
}

static void expressions_are_attributes(void **state)
{
    (void)state;
    size_t count = 0;
    for (size_t i = 0; wv_kinds[i] != NULL; i++) {
        const char *const *name = wv_kinds[i]->expressions;
        for (; name != NULL && *name != NULL; name++, count++)
            if (!has_attribute(wv_kinds[i], *name))
                fail_msg("%s has no attribute %s", wv_kinds[i]->name, *name);
    }
    assert_true(count > 0);
    assert_true(wv_is_expression(&wv_kind_default, "expression"));
    assert_false(wv_is_expression(&wv_kind_column, "type"));
    assert_false(wv_is_expression(&wv_kind_schema, "definition"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tower_of_types_is_rebuilt_once),
        cmocka_unit_test(heirs_of_many_ways_get_types_once),
        cmocka_unit_test(heirs_of_many_ways_get_a_check_once),
        cmocka_unit_test(a_circle_that_nothing_breaks_is_told),
        cmocka_unit_test(expressions_are_attributes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
