/* Unit tests of what is taken for a loss of rows and values, and what not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rows_compare.h"

/* `whole`: what it is a partition of; NULL: of nothing. */
static struct wv_counted_table *add_table(struct wv_rows *rows, const char *oid, const char *name,
                                          const char *whole, int64_t count)
{
    WV_GROW(rows->tables, rows->count, rows->capacity);
    struct wv_counted_table *table = &rows->tables[rows->count++];
    *table = (struct wv_counted_table){
        .oid = wv_xstrdup(oid), .name = wv_xstrdup(name), .file = wv_xstrdup(oid), .rows = count};
    wv_strlist_add(&table->names, name);
    wv_strlist_add(&table->wholes, name);
    if (whole != NULL) {
        wv_strlist_add(&table->names, whole);
        wv_strlist_add(&table->wholes, whole);
    }
    return table;
}

static void add_column(struct wv_counted_table *table, const char *number, const char *name,
                       const char *form, int64_t values, int64_t digest)
{
    struct wv_counted_column *column = wv_counted_column_add(table, number, name, form);
    column->values = values;
    column->digest = digest;
}

static void assert_loss(char *loss, const char *wanted)
{
    if (wanted == NULL)
        assert_null(loss);
    else
        assert_string_equal(loss, wanted);
    free(loss);
}

/* One column of one row, before and after. */
static void compare(const char *old_form, int64_t old_values, int64_t old_digest,
                    const char *new_form, int64_t new_values, int64_t new_digest, int64_t new_rows,
                    const char *wanted)
{
    struct wv_rows was WV_AUTOROWS = {0};
    struct wv_rows is WV_AUTOROWS = {0};
    add_column(add_table(&was, "1", "t", NULL, 1), "1", "c", old_form, old_values, old_digest);
    add_column(add_table(&is, "1", "t", NULL, new_rows), "1", "called_otherwise", new_form,
               new_values, new_digest);
    assert_loss(wv_rows_loss(&was.tables[0], &is.tables[0]), wanted);
}

static void values_of_one_form_are_the_same(void **state)
{
    (void)state;
    compare("text", 1, 5, "text", 1, 5, 1, NULL);
    compare("text", 1, 5, "text", 1, 6, 1, "values of the column c of t are others");
    compare("text", 1, 5, "text", 0, 0, 1, "1 of 1 values of the column c of t are gone");
    compare("text", 0, 0, "text", 1, 5, 1, "values of the column c of t are others");
}

static void of_another_form_only_their_number_is(void **state)
{
    (void)state;
    compare("text", 1, 5, "integer", 1, 6, 1, NULL);
    compare("", 1, 5, "", 1, 6, 1, NULL);
    compare("text", 1, 5, "integer", 0, 0, 1, "1 of 1 values of the column c of t are gone");
}

static void rows_that_come_hide_no_loss(void **state)
{
    (void)state;
    compare("text", 1, 5, "text", 2, 11, 2, NULL);
    compare("text", 1, 5, "text", 0, 0, 2, "1 of 1 values of the column c of t are gone");
}

static void a_column_or_a_table_is_gone(void **state)
{
    (void)state;
    struct wv_rows was WV_AUTOROWS = {0};
    struct wv_rows is WV_AUTOROWS = {0};
    add_column(add_table(&was, "1", "t", NULL, 1), "1", "c", "text", 1, 5);
    add_column(add_table(&is, "1", "t", NULL, 1), "2", "c", "text", 1, 5);
    assert_loss(wv_rows_loss(&was.tables[0], &is.tables[0]), "the column c of t is gone");
    assert_loss(wv_rows_loss(&was.tables[0], NULL), "the table t with its rows is gone");
}

/* Two partitions become two others of the same table, and columns change their places. */
static void a_table_made_anew_is_counted_over_its_partitions(void **state)
{
    (void)state;
    struct wv_rows was WV_AUTOROWS = {0};
    struct wv_rows is WV_AUTOROWS = {0};
    struct wv_told told WV_AUTOTOLD = {0};
    wv_strlist_add(&told.copied, "w");
    add_column(add_table(&was, "1", "p1", "w", 1), "1", "c", "text", 1, 5);
    add_column(add_table(&was, "2", "p2", "w", 1), "1", "c", "text", 1, -7);
    add_column(add_table(&is, "3", "p1", "w", 0), "2", "c", "text", 0, 0);
    add_column(add_table(&is, "4", "p3", "w", 2), "2", "c", "text", 2, -2);
    assert_loss(wv_rows_loss_of_copied(&was, &is, &told), NULL);
    is.tables[1].columns[0].digest = -3;
    assert_loss(wv_rows_loss_of_copied(&was, &is, &told), "values of the column c of w are others");
    wv_strlist_add(&told.losses, "w");
    assert_loss(wv_rows_loss_of_copied(&was, &is, &told), NULL);
}

/* What comes to another table makes up for nothing, unless that is attached, and gets its rows. */
static void tables_made_anew_are_counted_one_by_one(void **state)
{
    (void)state;
    for (int is_attached = 0; is_attached < 2; is_attached++) {
        struct wv_rows was WV_AUTOROWS = {0};
        struct wv_rows is WV_AUTOROWS = {0};
        struct wv_told told WV_AUTOTOLD = {0};
        wv_strlist_add(&told.copied, "a");
        wv_strlist_add(&told.copied, "b");
        add_table(&was, "1", "a", NULL, 1);
        add_table(&was, "2", "b", NULL, 1);
        add_table(&is, "3", "a1", "a", 0);
        add_table(&is, "4", "b", is_attached != 0 ? "a" : NULL, 2);
        assert_loss(wv_rows_loss_of_copied(&was, &is, &told),
                    is_attached != 0 ? NULL : "1 of 1 rows of a are gone");
    }
}

/* A table that stays may be attached: what it gets is what it has more than it had. */
static void rows_go_into_a_table_that_stays(void **state)
{
    (void)state;
    struct wv_rows was WV_AUTOROWS = {0};
    struct wv_rows is WV_AUTOROWS = {0};
    struct wv_told told WV_AUTOTOLD = {0};
    wv_strlist_add(&told.copied, "a");
    add_column(add_table(&was, "1", "a", NULL, 1), "1", "c", "text", 1, 5);
    add_column(add_table(&was, "2", "kept", NULL, 3), "1", "c", "text", 3, 100);
    add_column(add_table(&is, "2", "kept", "a", 4), "1", "c", "text", 4, 105);
    assert_loss(wv_rows_loss_of_copied(&was, &is, &told), NULL);
    is.tables[0].rows = 3;
    assert_loss(wv_rows_loss_of_copied(&was, &is, &told), "1 of 1 rows of a are gone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_one_form_are_the_same),
        cmocka_unit_test(of_another_form_only_their_number_is),
        cmocka_unit_test(rows_that_come_hide_no_loss),
        cmocka_unit_test(a_column_or_a_table_is_gone),
        cmocka_unit_test(a_table_made_anew_is_counted_over_its_partitions),
        cmocka_unit_test(tables_made_anew_are_counted_one_by_one),
        cmocka_unit_test(rows_go_into_a_table_that_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
