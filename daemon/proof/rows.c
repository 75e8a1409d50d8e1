/* See rows.h. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "rows_compare.h"

bool wv_rows_seed(struct wv_rows *rows, struct wv_room *room, enum wv_row_values values,
                  const struct wv_strlist *spared, struct wv_err *err)
{
    wv_report_waiting(room->proof->report, "putting rows into tables");
    if (!wv_room_connect(room, err) || !wv_rows_insert(room, values, spared, err) ||
        !wv_rows_read(rows, room, err))
        return false;
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->tables[i].rows > 0)
            rows->counted++;
        else
            wv_strlist_add(&rows->uncounted, rows->tables[i].name);
    }
    return true;
}

static bool is_rewritten(const struct wv_counted_table *was, const struct wv_counted_table *is,
                         const struct wv_told *told)
{
    return is != NULL && strcmp(was->file, is->file) != 0 &&
           !wv_rows_is_told(&told->rewrites, was, is) && !wv_rows_is_told(&told->losses, was, is);
}

bool wv_rows_check(const struct wv_rows *was, struct wv_rows *now, struct wv_room *room,
                   const struct wv_told *told, const char *after, struct wv_strlist *rewritten,
                   char **why, struct wv_err *err)
{
    char *loss WV_AUTOFREE = NULL;
    if (!wv_rows_read(now, room, err))
        return false;
    for (size_t i = 0; i < was->count; i++) {
        const struct wv_counted_table *table = &was->tables[i];
        const struct wv_counted_table *is = wv_rows_find(now, table->oid);
        if (loss == NULL && !wv_rows_is_told(&told->losses, table, is) &&
            (is != NULL || !wv_rows_is_copied(told, table)))
            loss = wv_rows_loss(table, is);
        if (is_rewritten(table, is, told) && !wv_strlist_has(rewritten, table->name))
            wv_strlist_add(rewritten, table->name);
    }
    if (loss == NULL)
        loss = wv_rows_loss_of_copied(was, now, told);
    if (loss != NULL)
        *why = wv_xasprintf("%s %s, and no hazard says so", after, loss);
    return true;
}
