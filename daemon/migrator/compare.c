/* See compare.h. */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "squash.h"
#include "state.h"

static bool know(struct wv_compared *compared, struct wv_err *err)
{
    size_t count = 0;
    struct wv_graph_decl *extra WV_AUTOFREE =
        wv_xcalloc(compared->stored.count + 1, sizeof(*extra));
    for (size_t i = 0; i < compared->stored.count; i++) {
        const struct wv_ledger_stored *stored = &compared->stored.items[i];
        if (wv_project_find(compared->project, stored->id) == NULL)
            extra[count++] = (struct wv_graph_decl){
                .id = stored->id, .down = &stored->down, .depends_on = &stored->depends_on};
    }
    return wv_known_init(&compared->known, compared->project, extra, count, err);
}

/* A record of something that is not applied any more (Alembic took it back) says nothing. */
static bool find_applied(struct wv_compared *compared, const struct wv_strlist *rows,
                         struct wv_err *err)
{
    wv_node node;
    for (size_t i = 0; i < rows->count; i++)
        wv_strlist_add(wv_graph_find(compared->known.graph, rows->items[i], &node)
                           ? &compared->rows
                           : &compared->unknown,
                       rows->items[i]);
    struct wv_state state;
    if (!wv_state_init(&state, compared->known.graph, &compared->rows, err))
        return false;
    compared->applied = state.applied;
    state.applied = (struct wv_nodeset){0};
    wv_state_free(&state);
    return true;
}

bool wv_compare(struct wv_compared *compared, struct wv_project *project, struct wv_ledger *ledger,
                struct wv_pg *pg, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_ledger_look look = {0};
    if (!wv_project_check(project, err) || !wv_ledger_look(ledger, pg, &look, wait, err))
        return false;
    struct wv_squash_view view;
    wv_squash_view_look(&view, project, &look.rows);
    compared->project = wv_project_ref(view.project);
    bool done = wv_ledger_stored(ledger, pg, NULL, false, &compared->stored, wait, err) &&
                know(compared, err) && find_applied(compared, &view.rows, err);
    wv_squash_view_free(&view);
    wv_ledger_look_clear(&look);
    return done;
}

void wv_compared_free(struct wv_compared *compared)
{
    wv_known_free(&compared->known);
    wv_ledger_stored_free(&compared->stored);
    wv_strlist_free(&compared->rows);
    wv_strlist_free(&compared->unknown);
    wv_nodeset_free(&compared->applied);
    wv_project_unref(compared->project);
    *compared = (struct wv_compared){0};
}

static int compare_id(const void *id, const void *stored)
{
    return strcmp(id, ((const struct wv_ledger_stored *)stored)->id);
}

const struct wv_ledger_stored *wv_compare_find(const struct wv_ledger_stored_list *list,
                                               const char *id)
{
    if (list->count == 0)
        return NULL;
    return bsearch(id, list->items, list->count, sizeof(list->items[0]), compare_id);
}

const struct wv_ledger_stored *wv_compared_stored(const struct wv_compared *compared, wv_node node)
{
    return wv_compare_find(&compared->stored, wv_graph_id(compared->known.graph, node));
}

bool wv_compared_is_edited(const struct wv_compared *compared, wv_node node)
{
    const struct wv_revision *file = wv_known_file(&compared->known, node);
    const struct wv_ledger_stored *stored = wv_compared_stored(compared, node);
    char hex[WV_CHECKSUM_HEX];
    if (file == NULL || stored == NULL)
        return false;
    wv_checksum_hex(file->checksum, hex);
    return strcmp(hex, stored->checksum) != 0;
}

static void add_section(struct wv_strbuf *out, const char *stored, const struct wv_script *script)
{
    /* A section that has gone stood somewhere behind the header. */
    wv_diff(out, stored, script->text, script->line > 0 ? script->line : 1);
}

/* In the form that `patch -R` takes to put the file back as it was recorded. */
static bool make_diff(struct wv_strbuf *out, const struct wv_revision *file,
                      const struct wv_ledger_stored *stored, struct wv_err *err)
{
    struct wv_revision_sql sql = {0};
    if (!wv_revision_read_sql(&sql, file, err))
        return false;
    bool up_first = !sql.has_down || sql.up.line < sql.down.line;
    wv_strbuf_addf(out, "--- %s\tas applied %s\n+++ %s\tas it is now\n", file->path,
                   stored->applied_at, file->path);
    if (up_first)
        add_section(out, stored->up_sql, &sql.up);
    add_section(out, stored->down_sql, &sql.down);
    if (!up_first)
        add_section(out, stored->up_sql, &sql.up);
    wv_revision_sql_free(&sql);
    return true;
}

bool wv_compare_edit(struct wv_edits *edits, const struct wv_revision *file,
                     const struct wv_ledger_stored *stored, bool with_diff, struct wv_err *err)
{
    struct wv_strbuf diff WV_AUTOSTRBUF = WV_STRBUF_INIT;
    char hex[WV_CHECKSUM_HEX];
    if (stored != NULL && with_diff && !make_diff(&diff, file, stored, err))
        return false;
    wv_checksum_hex(file->checksum, hex);
    struct wv_edit *edit = wv_edits_add(edits);
    edit->id = wv_xstrdup(file->id);
    edit->message = wv_xstrdup(file->message);
    edit->path = wv_xstrdup(file->path);
    edit->now = wv_xstrdup(hex);
    if (stored == NULL)
        return true;
    edit->recorded = wv_xstrdup(stored->checksum);
    edit->applied_at = wv_xstrdup(stored->applied_at);
    edit->applied_by = wv_xstrdup(stored->applied_by);
    edit->diff = with_diff ? wv_strbuf_take(&diff) : NULL;
    return true;
}
