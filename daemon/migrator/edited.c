/* See edited.h. */
#include "edited.h"

#include <string.h>

static bool compare(struct wv_project *project, struct wv_ledger *ledger, struct wv_pg *pg,
                    struct wv_strlist *edited, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_strlist ids WV_AUTOSTRLIST = {0};
    struct wv_strlist checksums WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < project->count; i++) {
        char hex[WV_CHECKSUM_HEX];
        wv_checksum_hex(project->revisions[i].checksum, hex);
        wv_strlist_add(&ids, project->revisions[i].id);
        wv_strlist_add(&checksums, hex);
    }
    return wv_ledger_edited(ledger, pg, &ids, &checksums, edited, wait, err);
}

/* Another snapshot of the same SQL: nothing to ask the ledger. */
static bool same_sql(const struct wv_project *left, const struct wv_project *right)
{
    if (left == NULL || left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (strcmp(left->revisions[i].id, right->revisions[i].id) != 0 ||
            memcmp(left->revisions[i].checksum, right->revisions[i].checksum, WV_CHECKSUM_SIZE) !=
                0)
            return false;
    return true;
}

bool wv_edited_update(struct wv_edited *edited, struct wv_project *project, int64_t last_history,
                      struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_pg_wait *wait,
                      struct wv_err *err)
{
    if (edited->last_history == last_history &&
        (edited->project == project || same_sql(edited->project, project))) {
        struct wv_project *old = edited->project;
        edited->project = wv_project_ref(project);
        wv_project_unref(old);
        return true;
    }
    struct wv_strlist found = {0};
    if (!compare(project, ledger, pg, &found, wait, err)) {
        wv_strlist_free(&found);
        return false;
    }
    wv_edited_clear(edited);
    edited->project = wv_project_ref(project);
    edited->last_history = last_history;
    wv_strlist_move(&edited->revisions, &found);
    return true;
}

void wv_edited_clear(struct wv_edited *edited)
{
    wv_project_unref(edited->project);
    wv_strlist_free(&edited->revisions);
    *edited = (struct wv_edited){0};
}
