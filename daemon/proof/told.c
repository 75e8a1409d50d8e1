/* See told.h. */
#include "told.h"

static struct wv_strlist *list_of(struct wv_told *told, enum wv_hazard_code code)
{
    switch (code) {
    case WV_HAZARD_DATA_LOSS:
        return &told->losses;
    case WV_HAZARD_REWRITE:
        return &told->rewrites;
    case WV_HAZARD_MAY_FAIL:
        return &told->may_fail;
    default:
        return NULL;
    }
}

void wv_told_add(struct wv_told *told, const struct wv_ddl_statement *statement)
{
    if (statement->object == NULL)
        return;
    if (statement->copies_rows)
        wv_strlist_add_owned(&told->copied, wv_shown_name(wv_object_root(statement->object)));
    for (size_t i = 0; i < statement->hazard_count; i++) {
        struct wv_strlist *list = list_of(told, statement->hazards[i].code);
        if (list == NULL)
            continue;
        wv_strlist_add_owned(list, wv_shown_name(wv_object_root(statement->object)));
        for (size_t j = 0; j < statement->table_count; j++)
            wv_strlist_add_owned(list, wv_shown_name(statement->tables[j]));
    }
}

static void merge(struct wv_strlist *to, const struct wv_strlist *from)
{
    for (size_t i = 0; i < from->count; i++)
        if (!wv_strlist_has(to, from->items[i]))
            wv_strlist_add(to, from->items[i]);
}

void wv_told_merge(struct wv_told *to, const struct wv_told *from)
{
    merge(&to->losses, &from->losses);
    merge(&to->rewrites, &from->rewrites);
    merge(&to->may_fail, &from->may_fail);
    merge(&to->copied, &from->copied);
}

bool wv_told_has(const struct wv_strlist *told, const struct wv_strlist *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (wv_strlist_has(told, names->items[i]))
            return true;
    return false;
}

void wv_told_clear(struct wv_told *told)
{
    wv_strlist_free(&told->losses);
    wv_strlist_free(&told->rewrites);
    wv_strlist_free(&told->may_fail);
    wv_strlist_free(&told->copied);
}
