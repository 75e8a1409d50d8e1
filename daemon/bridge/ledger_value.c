/* See ledger_value.h. Pure, any thread. */
#include "ledger_value.h"

#include <stdlib.h>

struct wv_ledger_revision *wv_ledger_revisions_add(struct wv_ledger_revisions *list)
{
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count] = (struct wv_ledger_revision){0};
    return &list->items[list->count++];
}

void wv_ledger_revisions_copy(struct wv_ledger_revisions *to,
                              const struct wv_ledger_revisions *from)
{
    struct wv_ledger_revisions copy = {0};
    for (size_t i = 0; i < from->count; i++) {
        const struct wv_ledger_revision *source = &from->items[i];
        struct wv_ledger_revision *revision = wv_ledger_revisions_add(&copy);
        *revision = (struct wv_ledger_revision){
            .id = wv_xstrdup(source->id),
            .message = wv_xstrdup(source->message),
            .applied_at = wv_xstrdup(source->applied_at),
            .applied_by = wv_xstrdup(source->applied_by),
            .up_sql = wv_xstrdup(source->up_sql),
            .down_sql = wv_xstrdup(source->down_sql),
        };
        wv_strlist_copy(&revision->down, &source->down);
        wv_strlist_copy(&revision->depends_on, &source->depends_on);
        wv_strlist_copy(&revision->labels, &source->labels);
    }
    wv_ledger_revisions_clear(to);
    *to = copy;
}

void wv_ledger_revisions_clear(struct wv_ledger_revisions *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct wv_ledger_revision *revision = &list->items[i];
        free(revision->id);
        wv_strlist_free(&revision->down);
        wv_strlist_free(&revision->depends_on);
        wv_strlist_free(&revision->labels);
        free(revision->message);
        free(revision->applied_at);
        free(revision->applied_by);
        free(revision->up_sql);
        free(revision->down_sql);
    }
    free(list->items);
    *list = (struct wv_ledger_revisions){0};
}

struct wv_edit *wv_edits_add(struct wv_edits *list)
{
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count] = (struct wv_edit){0};
    return &list->items[list->count++];
}

void wv_edits_clear(struct wv_edits *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct wv_edit *edit = &list->items[i];
        free(edit->id);
        free(edit->message);
        free(edit->path);
        free(edit->recorded);
        free(edit->now);
        free(edit->applied_at);
        free(edit->applied_by);
        free(edit->diff);
    }
    free(list->items);
    *list = (struct wv_edits){0};
}

void wv_verdict_clear(struct wv_verdict *verdict)
{
    wv_edits_clear(&verdict->edited);
    wv_ledger_revisions_clear(&verdict->missing);
    wv_strlist_free(&verdict->unknown);
    wv_strlist_free(&verdict->unrecorded);
    *verdict = (struct wv_verdict){0};
}

void wv_log_filter_clear(struct wv_log_filter *filter)
{
    free(filter->revision);
    free(filter->since);
    *filter = (struct wv_log_filter){0};
}

struct wv_log_entry *wv_log_page_add(struct wv_log_page *page)
{
    WV_GROW(page->items, page->count, page->capacity);
    page->items[page->count] = (struct wv_log_entry){0};
    return &page->items[page->count++];
}

void wv_log_page_clear(struct wv_log_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        struct wv_log_entry *entry = &page->items[i];
        free(entry->revision);
        free(entry->message);
        free(entry->kind);
        free(entry->command);
        free(entry->outcome);
        free(entry->started_at);
        free(entry->text);
        free(entry->sqlstate);
        free(entry->user);
        free(entry->unit);
        free(entry->host);
        free(entry->version);
        free(entry->tag);
    }
    free(page->items);
    *page = (struct wv_log_page){0};
}
