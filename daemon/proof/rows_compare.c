/* See rows_compare.h. A table that is made anew is compared with the one that has taken its name:
 * the rows of each are summed up over its partitions, which may be others. */
#include "rows_compare.h"

#include <stdlib.h>
#include <string.h>

/* Where rows were added, nobody can tell which of the values are new. */
static char *find_column_loss(const struct wv_counted_table *was, const struct wv_counted_table *is,
                              const struct wv_counted_column *column)
{
    const struct wv_counted_column *now = wv_counted_column_find(is, column->number);
    if (now == NULL)
        return wv_xasprintf("the column %s of %s is gone", column->name, was->name);
    if (now->values < column->values)
        return wv_xasprintf("%lld of %lld values of the column %s of %s are gone",
                            (long long)(column->values - now->values), (long long)column->values,
                            column->name, was->name);
    bool is_comparable =
        is->rows == was->rows && column->form[0] != '\0' && strcmp(column->form, now->form) == 0;
    if (is_comparable && (now->values != column->values || now->digest != column->digest))
        return wv_xasprintf("values of the column %s of %s are others", column->name, was->name);
    return NULL;
}

char *wv_rows_loss(const struct wv_counted_table *was, const struct wv_counted_table *is)
{
    char *loss = NULL;
    if (was->rows == 0)
        return NULL;
    if (is == NULL)
        return wv_xasprintf("the table %s with its rows is gone", was->name);
    if (is->rows < was->rows)
        return wv_xasprintf("%lld of %lld rows of %s are gone", (long long)(was->rows - is->rows),
                            (long long)was->rows, was->name);
    for (size_t i = 0; i < was->count && loss == NULL; i++)
        loss = find_column_loss(was, is, &was->columns[i]);
    return loss;
}

bool wv_rows_is_told(const struct wv_strlist *told, const struct wv_counted_table *was,
                     const struct wv_counted_table *is)
{
    return wv_told_has(told, &was->names) || (is != NULL && wv_told_has(told, &is->names));
}

/* A table that is made anew, with all its partitions, before and after. */
struct copied {
    size_t joined; /* the one with which it is counted; itself: it is counted alone */
    struct wv_counted_table was;
    struct wv_counted_table is;
    bool is_told;
};

/* Which of the copied tables, from the nearest on, this one is, or is a partition of. */
static size_t next_copied(const struct wv_told *told, const struct wv_counted_table *table,
                          size_t *at)
{
    while (*at < table->wholes.count) {
        const char *name = table->wholes.items[(*at)++];
        for (size_t i = 0; i < told->copied.count; i++)
            if (strcmp(told->copied.items[i], name) == 0)
                return i;
    }
    return SIZE_MAX;
}

bool wv_rows_is_copied(const struct wv_told *told, const struct wv_counted_table *was)
{
    size_t at = 0;
    return next_copied(told, was, &at) != SIZE_MAX;
}

static size_t root_of(const struct copied *copied, size_t which)
{
    while (copied[which].joined != which)
        which = copied[which].joined;
    return which;
}

/* One that was attached to another gets rows of that one as well. */
static void join_all(struct copied *copied, const struct wv_rows *rows, const struct wv_told *told)
{
    for (size_t i = 0; i < rows->count; i++) {
        size_t at = 0;
        size_t first = next_copied(told, &rows->tables[i], &at);
        size_t other;
        while (first != SIZE_MAX && (other = next_copied(told, &rows->tables[i], &at)) != SIZE_MAX)
            copied[root_of(copied, other)].joined = root_of(copied, first);
    }
}

/* Of the sum over several tables columns are called by their names. */
static void add(struct wv_counted_table *sum, const struct wv_counted_table *table, int sign)
{
    sum->rows += sign * table->rows;
    for (size_t i = 0; i < table->count; i++) {
        const struct wv_counted_column *from = &table->columns[i];
        struct wv_counted_column *to = wv_counted_column_find(sum, from->name);
        if (to == NULL)
            to = wv_counted_column_add(sum, from->name, from->name, from->form);
        if (strcmp(to->form, from->form) != 0)
            to->form[0] = '\0';
        to->values += sign * from->values;
        to->digest += sign * from->digest;
    }
}

static struct copied *copied_of(struct copied *copied, const struct wv_told *told,
                                const struct wv_counted_table *table)
{
    size_t at = 0;
    size_t which = next_copied(told, table, &at);
    return which == SIZE_MAX ? NULL : &copied[root_of(copied, which)];
}

static void sum_up(struct copied *copied, const struct wv_rows *was, const struct wv_rows *now,
                   const struct wv_told *told)
{
    for (size_t i = 0; i < was->count; i++) {
        const struct wv_counted_table *table = &was->tables[i];
        struct copied *one = copied_of(copied, told, table);
        if (one == NULL || wv_rows_find(now, table->oid) != NULL)
            continue;
        one->is_told = one->is_told || wv_rows_is_told(&told->losses, table, NULL);
        add(&one->was, table, 1);
    }
    for (size_t i = 0; i < now->count; i++) {
        const struct wv_counted_table *table = &now->tables[i];
        const struct wv_counted_table *before = wv_rows_find(was, table->oid);
        struct copied *one = copied_of(copied, told, table);
        if (one == NULL)
            continue;
        one->is_told = one->is_told || wv_rows_is_told(&told->losses, table, before);
        add(&one->is, table, 1);
        if (before != NULL) /* what it gets is what it has more than it had */
            add(&one->is, before, -1);
    }
}

char *wv_rows_loss_of_copied(const struct wv_rows *was, const struct wv_rows *now,
                             const struct wv_told *told)
{
    size_t count = told->copied.count;
    struct copied *copied WV_AUTOFREE = wv_xcalloc(count + 1, sizeof(*copied));
    char *loss = NULL;
    for (size_t i = 0; i < count; i++)
        copied[i] = (struct copied){.joined = i,
                                    .was.name = wv_xstrdup(told->copied.items[i]),
                                    .is.name = wv_xstrdup(told->copied.items[i])};
    join_all(copied, was, told);
    join_all(copied, now, told);
    sum_up(copied, was, now, told);
    for (size_t i = 0; i < count && loss == NULL; i++)
        if (!copied[i].is_told)
            loss = wv_rows_loss(&copied[i].was, &copied[i].is);
    for (size_t i = 0; i < count; i++) {
        wv_counted_table_clear(&copied[i].was);
        wv_counted_table_clear(&copied[i].is);
    }
    return loss;
}
