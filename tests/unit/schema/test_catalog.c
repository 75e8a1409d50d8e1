/* Unit tests of the catalog model: what rows become, whatever their order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "catalog.h"
#include "kind.h"

static const struct wv_attribute TABLE_ATTRIBUTES[] = {
    {"options", WV_WAY_ALTER}, {"position", WV_WAY_NONE}, {NULL, WV_WAY_NONE}};
static const struct wv_kind EXTENSION = {.name = "extension", .rank = 1};
static const struct wv_kind TABLE = {.name = "table", .rank = 2, .attributes = TABLE_ATTRIBUTES};
static const struct wv_kind COLUMN = {.name = "column", .rank = 3};
static const struct wv_kind VIEW = {.name = "view", .rank = 4};
static const struct wv_kind COMMENT = {.name = "comment", .rank = 9, .traits = WV_KIND_FACET};

enum { EXTENSIONS = 1, RELATIONS, RULES, COMMENTS };

static struct wv_place_key key(uint32_t class_id, uint32_t object_id, int32_t sub_id)
{
    return (struct wv_place_key){class_id, object_id, sub_id};
}

static void add_table(struct wv_catalog *catalog, uint32_t oid, const char *name,
                      const char *options, const char *position)
{
    const char *values[] = {options, position};
    wv_catalog_add(catalog, &TABLE, true,
                   &(struct wv_object_row){.key = key(RELATIONS, oid, 0),
                                           .schema = "public",
                                           .name = name,
                                           .quoted = name,
                                           .identity = name,
                                           .values = values});
}

static void add_part(struct wv_catalog *catalog, const struct wv_kind *kind, bool is_keyed,
                     struct wv_place_key own, struct wv_place_key parent, const char *name)
{
    wv_catalog_add(
        catalog, kind, is_keyed,
        &(struct wv_object_row){.key = own, .parent = parent, .name = name, .quoted = name});
}

static void add_view(struct wv_catalog *catalog, uint32_t oid, const char *name)
{
    wv_catalog_add(catalog, &VIEW, true,
                   &(struct wv_object_row){.key = key(RELATIONS, oid, 0),
                                           .schema = "public",
                                           .name = name,
                                           .quoted = name,
                                           .identity = name});
    wv_catalog_alias(catalog, key(RULES, oid, 0), key(RELATIONS, oid, 0));
}

/* A table with a column that a view uses, and a comment on the column; `shift` moves the oids. */
static struct wv_catalog *make(uint32_t shift, const char *position)
{
    struct wv_catalog *catalog = wv_catalog_new();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_place_key column = key(RELATIONS, 10 + shift, 1);
    add_part(catalog, &COMMENT, false, column, column, NULL);
    add_view(catalog, 20 - shift, "v");
    add_part(catalog, &COLUMN, true, column, key(RELATIONS, 10 + shift, 0), "a");
    add_table(catalog, 10 + shift, "t", NULL, position);
    wv_catalog_depend(catalog, key(RULES, 20 - shift, 0), column, WV_NEED_NORMAL);
    wv_catalog_depend(catalog, key(RULES, 20 - shift, 0), key(RELATIONS, 10 + shift, 7),
                      WV_NEED_AUTO);
    wv_catalog_depend(catalog, key(RULES, 20 - shift, 0), key(99, 1, 0), WV_NEED_NORMAL);
    assert_true(wv_catalog_finish(catalog, &err));
    return catalog;
}

static void test_rows_become_objects(void **state)
{
    (void)state;
    struct wv_catalog *catalog WV_AUTOCATALOG = make(0, "1");
    assert_int_equal(wv_catalog_count(catalog), 4);
    struct wv_object *table = wv_catalog_find(catalog, &TABLE, "t");
    struct wv_object *column = wv_catalog_find(catalog, &COLUMN, "table t.a");
    struct wv_object *comment = wv_catalog_find(catalog, &COMMENT, "column table t.a");
    struct wv_object *view = wv_catalog_find(catalog, &VIEW, "v");
    assert_non_null(table);
    assert_non_null(column);
    assert_non_null(comment);
    assert_null(wv_catalog_find(catalog, &VIEW, "t"));
    assert_ptr_equal(column->parent, table);
    assert_ptr_equal(table->parts[0], column);
    assert_ptr_equal(wv_object_root(comment), table);
    assert_int_equal(view->need_count, 2); /* the column, and the table for the unknown column */
    assert_ptr_equal(view->needs[0].object, table);
    assert_ptr_equal(view->needs[1].object, column);
    assert_ptr_equal(column->needed_by[0].object, view);
    assert_null(wv_object_get(table, "options"));
    assert_string_equal(wv_object_get(table, "position"), "1");
}

static void test_hashes_are_of_names_alone(void **state)
{
    (void)state;
    struct wv_catalog *one WV_AUTOCATALOG = make(0, "1");
    struct wv_catalog *other WV_AUTOCATALOG = make(5, "2"); /* a position is not compared */
    for (size_t i = 0; i < wv_catalog_count(one); i++) {
        assert_string_equal(wv_catalog_at(one, i)->identity, wv_catalog_at(other, i)->identity);
        assert_int_equal(wv_catalog_at(one, i)->hash, wv_catalog_at(other, i)->hash);
    }
}

static void test_a_compared_attribute_tells(void **state)
{
    (void)state;
    struct wv_catalog *catalog WV_AUTOCATALOG = wv_catalog_new();
    struct wv_err err WV_AUTOERR = {0};
    add_table(catalog, 1, "a", "", NULL);
    add_table(catalog, 2, "b", NULL, NULL);
    assert_true(wv_catalog_finish(catalog, &err));
    struct wv_catalog *other WV_AUTOCATALOG = wv_catalog_new();
    add_table(other, 1, "a", NULL, NULL);
    add_table(other, 2, "b", NULL, NULL);
    assert_true(wv_catalog_finish(other, &err));
    assert_true(wv_catalog_at(catalog, 0)->hash != wv_catalog_at(other, 0)->hash);
    assert_true(wv_catalog_at(catalog, 1)->hash == wv_catalog_at(other, 1)->hash);
}

static void test_members_stand_for_their_extension(void **state)
{
    (void)state;
    struct wv_catalog *catalog WV_AUTOCATALOG = wv_catalog_new();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_place_key extension = key(EXTENSIONS, 1, 0);
    struct wv_place_key member = key(RELATIONS, 2, 0);
    wv_catalog_add(
        catalog, &EXTENSION, true,
        &(struct wv_object_row){.key = extension, .name = "e", .quoted = "e", .identity = "e"});
    add_table(catalog, 2, "t", NULL, NULL);
    add_part(catalog, &COLUMN, true, key(RELATIONS, 2, 1), member, "a");
    add_part(catalog, &COMMENT, false, member, member, NULL);
    add_view(catalog, 3, "v");
    wv_catalog_member(catalog, member, extension);
    wv_catalog_depend(catalog, key(RULES, 3, 0), key(RELATIONS, 2, 1), WV_NEED_NORMAL);
    assert_true(wv_catalog_finish(catalog, &err));
    struct wv_object *view = wv_catalog_find(catalog, &VIEW, "v");
    assert_int_equal(view->need_count, 1);
    assert_string_equal(view->needs[0].object->identity, "e");
    assert_true(wv_catalog_find(catalog, &TABLE, "t")->flags & WV_OBJECT_MEMBER);
    assert_true(wv_catalog_find(catalog, &COLUMN, "table t.a")->flags & WV_OBJECT_MEMBER);
    assert_false(wv_catalog_find(catalog, &COMMENT, "table t")->flags & WV_OBJECT_MEMBER);
}

static void test_what_is_attached_to_no_object_is_counted(void **state)
{
    (void)state;
    struct wv_catalog *catalog WV_AUTOCATALOG = wv_catalog_new();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_place_key row_type = key(RULES, 1, 0); /* a mere form of the table */
    add_table(catalog, 1, "t", NULL, NULL);
    wv_catalog_alias(catalog, row_type, key(RELATIONS, 1, 0));
    add_part(catalog, &COMMENT, false, row_type, row_type, NULL);
    add_part(catalog, &COMMENT, false, key(RULES, 2, 0), key(RULES, 2, 0), NULL);
    assert_true(wv_catalog_finish(catalog, &err));
    assert_int_equal(wv_catalog_count(catalog), 1);
    assert_int_equal(wv_catalog_unmodelled_count(catalog), 1);
    assert_int_equal(wv_catalog_unmodelled_at(catalog, 0)->count, 2);
}

static void test_names_are_found_in_their_schema(void **state)
{
    (void)state;
    enum { TABLES = 1000 };
    struct wv_catalog *catalog WV_AUTOCATALOG = wv_catalog_new();
    char name[32];
    for (uint32_t i = 0; i < TABLES; i++) {
        (void)snprintf(name, sizeof(name), "t%u", i);
        add_table(catalog, i + 1, name, NULL, NULL);
        add_part(catalog, &COLUMN, true, key(RELATIONS, i + 1, 1), key(RELATIONS, i + 1, 0), "id");
    }
    struct wv_err err = {0};
    assert_true(wv_catalog_finish(catalog, &err));
    for (uint32_t i = 0; i < TABLES; i++) {
        (void)snprintf(name, sizeof(name), "t%u", i);
        assert_true(wv_catalog_has_name(catalog, "public", name));
        assert_false(wv_catalog_has_name(catalog, "other", name));
    }
    assert_false(wv_catalog_has_name(catalog, "public", "t1000"));
    assert_true(wv_catalog_has_name(catalog, NULL, "id"));
}

static void test_a_wrong_reader_is_caught(void **state)
{
    (void)state;
    struct wv_catalog *catalog WV_AUTOCATALOG = wv_catalog_new();
    struct wv_err err WV_AUTOERR = {0};
    add_table(catalog, 1, "t", NULL, NULL);
    add_table(catalog, 2, "t", NULL, NULL);
    assert_false(wv_catalog_finish(catalog, &err));
    assert_int_equal(err.code, WV_INTERNAL);
    wv_err_clear(&err);
    struct wv_catalog *orphans WV_AUTOCATALOG = wv_catalog_new();
    add_part(orphans, &COLUMN, true, key(RELATIONS, 1, 1), key(RELATIONS, 1, 0), "a");
    assert_false(wv_catalog_finish(orphans, &err));
    assert_int_equal(err.code, WV_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_become_objects),
        cmocka_unit_test(test_hashes_are_of_names_alone),
        cmocka_unit_test(test_a_compared_attribute_tells),
        cmocka_unit_test(test_members_stand_for_their_extension),
        cmocka_unit_test(test_what_is_attached_to_no_object_is_counted),
        cmocka_unit_test(test_names_are_found_in_their_schema),
        cmocka_unit_test(test_a_wrong_reader_is_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
