/* See story.h. */
#include "story.h"

#include "log.h"

enum { NOTE_MS = 5000 };

void wv_story_rows(const struct wv_row_change *rows, struct wv_strlist *removed,
                   struct wv_strlist *added)
{
    for (size_t i = 0; i < rows->removed_count; i++)
        wv_strlist_add(removed, rows->removed[i]);
    for (size_t i = 0; i < rows->added_count; i++)
        wv_strlist_add(added, rows->added[i]);
}

bool wv_story_sql(const struct wv_story *story, const struct wv_script *script, size_t number,
                  char **sql, struct wv_err *err)
{
    const struct wv_stand_in *stand_in = &story->run->stand_in;
    const struct wv_statement *statement = &script->statements.items[number];
    char *instead = NULL;
    if (stand_in->find != NULL &&
        !stand_in->find(stand_in->arg, script->path, statement, &instead, err))
        return false;
    *sql = instead != NULL ? instead : wv_xstrndup(statement->text, statement->length);
    return true;
}

void wv_story_note(const struct wv_story *story, size_t index, int64_t took_us,
                   const struct wv_err *error)
{
    const struct wv_link *link = story->run->link;
    const struct wv_step *step = &story->plan.steps[index];
    struct wv_pg_wait wait = wv_pg_wait_ms(NOTE_MS);
    struct wv_err err WV_AUTOERR = {0};
    struct wv_ledger_note note = {
        .kind = step->up ? WV_LEDGER_UP : WV_LEDGER_DOWN,
        .revision = step->id,
        .outcome = error->code == WV_CANCELLED ? "cancelled" : "failed",
        .took_us = took_us,
        .error = error,
    };
    if (wv_pg_usable(link->pg) &&
        !wv_ledger_note(link->ledger, link->pg, &story->ledger_job, &note, &wait, &err))
        wv_log_err(WV_LOG_WARNING, "run", &err);
}
