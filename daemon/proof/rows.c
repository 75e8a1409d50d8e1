/* See rows.h. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "rows_insert.h"
#include "strbuf.h"

static const char tables_sql[] =
    "WITH RECURSIVE " WV_ROWS_ABOVE
    "SELECT c.oid, format('%I.%I', n.nspname, c.relname), pg_relation_filenode(c.oid),"
    "       " WV_ROWS_PARENTS
    ", ' ' || coalesce((SELECT string_agg(a.attnum::text || ' ', '' ORDER BY a.attnum)"
    "                          FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0"
    "                           AND NOT a.attisdropped AND a.attgenerated = ''), '')"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE " WV_ROWS_TABLES " ORDER BY 2";

enum field { F_OID, F_NAME, F_FILE, F_PARENTS, F_COLUMNS, FIELDS };

enum { TABLES_AT_ONCE = 100 };

void wv_rows_clear(struct wv_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        free(rows->tables[i].oid);
        free(rows->tables[i].name);
        free(rows->tables[i].file);
        free(rows->tables[i].columns);
        wv_strlist_free(&rows->tables[i].names);
    }
    free(rows->tables);
    wv_strlist_free(&rows->uncounted);
    *rows = (struct wv_rows){0};
}

static bool read_tables(struct wv_rows *rows, struct wv_room *room, struct wv_err *err)
{
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    const char *params[WV_ROWS_PARAMS];
    wv_rows_params(room, params);
    if (!wv_pg_query(room->pg, tables_sql, WV_ROWS_PARAMS, params, FIELDS, &found,
                     room->proof->wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(found); i++) {
        WV_GROW(rows->tables, rows->count, rows->capacity);
        struct wv_counted_table *table = &rows->tables[rows->count++];
        *table = (struct wv_counted_table){.oid = wv_xstrdup(wv_pg_text(found, i, F_OID)),
                                           .name = wv_xstrdup(wv_pg_text(found, i, F_NAME)),
                                           .file = wv_xstrdup(wv_pg_text(found, i, F_FILE)),
                                           .columns = wv_xstrdup(wv_pg_text(found, i, F_COLUMNS))};
        wv_rows_names(&table->names, table->name, wv_pg_text(found, i, F_PARENTS));
    }
    return true;
}

static bool count_some(struct wv_rows *rows, size_t first, size_t count, struct wv_room *room,
                       struct wv_err *err)
{
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_pg_result *counts WV_AUTORESULT = NULL;
    for (size_t i = 0; i < count; i++)
        wv_strbuf_addf(&sql, "%sSELECT %zu, count(*) FROM ONLY %s", i > 0 ? " UNION ALL " : "", i,
                       rows->tables[first + i].name);
    if (!wv_pg_query(room->pg, wv_strbuf_text(&sql), 0, NULL, 2, &counts, room->proof->wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(counts); i++)
        rows->tables[first + (size_t)wv_pg_int(counts, i, 0)].rows = wv_pg_int(counts, i, 1);
    return true;
}

static bool count_all(struct wv_rows *rows, struct wv_room *room, struct wv_err *err)
{
    for (size_t first = 0; first < rows->count; first += TABLES_AT_ONCE) {
        size_t left = rows->count - first;
        size_t count = left < TABLES_AT_ONCE ? left : TABLES_AT_ONCE;
        if (!count_some(rows, first, count, room, err))
            return false;
    }
    return true;
}

bool wv_rows_seed(struct wv_rows *rows, struct wv_room *room, const struct wv_strlist *spared,
                  struct wv_err *err)
{
    wv_report_waiting(room->proof->report, "putting rows into tables");
    if (!wv_room_connect(room, err) || !wv_rows_insert(room, spared, err) ||
        !read_tables(rows, room, err) || !count_all(rows, room, err))
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->tables[i].rows > 0)
            rows->counted++;
        else
            wv_strlist_add(&rows->uncounted, rows->tables[i].name);
    }
    return true;
}

static struct wv_counted_table *find(const struct wv_rows *rows, const char *oid)
{
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->tables[i].oid, oid) == 0)
            return &rows->tables[i];
    return NULL;
}

/* The first column that is there no more; NULL: all are. */
static char *lost_column(const struct wv_counted_table *was, const struct wv_counted_table *is)
{
    for (const char *at = was->columns; at[1] != '\0'; at += strcspn(at + 1, " ") + 1) {
        char *number WV_AUTOFREE = wv_xstrndup(at, strcspn(at + 1, " ") + 2);
        if (strstr(is->columns, number) == NULL)
            return wv_xasprintf("column number%.*s", (int)strlen(number) - 1, number);
    }
    return NULL;
}

/* What has gone of a table's rows; NULL: nothing. */
static char *find_loss(const struct wv_counted_table *was, const struct wv_counted_table *is)
{
    if (was->rows == 0)
        return NULL;
    if (is == NULL)
        return wv_xasprintf("the table %s with its rows", was->name);
    if (is->rows < was->rows)
        return wv_xasprintf("%lld of %lld rows of %s", (long long)(was->rows - is->rows),
                            (long long)was->rows, was->name);
    char *column WV_AUTOFREE = lost_column(was, is);
    return column != NULL ? wv_xasprintf("the %s of %s", column, was->name) : NULL;
}

/* Of the table, under its name before or after, or of what it is a partition or an heir of. */
static bool is_told(const struct wv_strlist *told, const struct wv_counted_table *was,
                    const struct wv_counted_table *is)
{
    return wv_told_has(told, &was->names) || (is != NULL && wv_told_has(told, &is->names));
}

/* How many rows there are more than there were, in tables that were not there or got some. */
static int64_t count_arrived(const struct wv_rows *was, const struct wv_rows *now)
{
    int64_t arrived = 0;
    for (size_t i = 0; i < now->count; i++) {
        const struct wv_counted_table *before = find(was, now->tables[i].oid);
        int64_t rows = before == NULL ? 0 : before->rows;
        if (now->tables[i].rows > rows)
            arrived += now->tables[i].rows - rows;
    }
    return arrived;
}

/* Tables that are made anew are others, and their partitions may be: all that were in those that
 * are gone has to be somewhere. */
static void check_copied(const struct wv_rows *was, const struct wv_rows *now,
                         const struct wv_told *told, const char *after, char **why)
{
    const char *name = NULL;
    int64_t rows = 0;
    for (size_t i = 0; i < was->count; i++) {
        const struct wv_counted_table *table = &was->tables[i];
        if (table->rows == 0 || find(now, table->oid) != NULL ||
            is_told(&told->losses, table, NULL))
            continue;
        name = table->name;
        rows += table->rows;
    }
    int64_t lost = rows - count_arrived(was, now);
    if (lost > 0 && *why == NULL)
        *why = wv_xasprintf("%s %lld of %lld rows of %s and what else is made anew are gone, and "
                            "no hazard says so",
                            after, (long long)lost, (long long)rows, name);
}

bool wv_rows_check(struct wv_rows *rows, struct wv_room *room, const struct wv_told *told,
                   const char *after, struct wv_strlist *rewritten, char **why, struct wv_err *err)
{
    struct wv_rows now WV_AUTOROWS = {0};
    if (!wv_room_connect(room, err) || !read_tables(&now, room, err) || !count_all(&now, room, err))
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        const struct wv_counted_table *was = &rows->tables[i];
        const struct wv_counted_table *is = find(&now, was->oid);
        bool is_another = is == NULL && told->copies_rows;
        char *loss WV_AUTOFREE = is_another ? NULL : find_loss(was, is);
        if (loss != NULL && !is_told(&told->losses, was, is) && *why == NULL)
            *why = wv_xasprintf("%s %s %s gone, and no hazard says so", after, loss,
                                strncmp(loss, "the ", 4) == 0 ? "is" : "are");
        if (is != NULL && strcmp(was->file, is->file) != 0 && !is_told(&told->rewrites, was, is) &&
            !is_told(&told->losses, was, is) && !wv_strlist_has(rewritten, was->name))
            wv_strlist_add(rewritten, was->name);
    }
    if (told->copies_rows)
        check_copied(rows, &now, told, after, why);
    return true;
}
