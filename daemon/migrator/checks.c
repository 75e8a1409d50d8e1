/* See checks.h. */
#include "checks.h"

#include "state.h"

/* Of the edited ones those that are applied: a record outlives what Alembic takes back. */
static bool find_edited(const struct wv_story *story, struct wv_strlist *found, struct wv_err *err)
{
    const struct wv_strlist *edited = &story->run->edited->revisions;
    struct wv_state state WV_AUTOSTATE = {0};
    wv_node node;
    if (edited->count == 0)
        return true;
    if (!wv_state_init(&state, story->known.graph, &story->view.rows, err))
        return false;
    for (size_t i = 0; i < edited->count; i++)
        if (wv_graph_find(story->known.graph, edited->items[i], &node) &&
            wv_nodeset_has(&state.applied, node))
            wv_strlist_add(found, edited->items[i]);
    return true;
}

static bool refuse_edited(const struct wv_story *story, const struct wv_strlist *edited,
                          struct wv_err *err)
{
    char *names WV_AUTOFREE = wv_strlist_join(edited, ", ");
    wv_err_set(err, WV_EDITED_REVISION, "edited since %s applied: %s",
               edited->count == 1 ? "it was" : "they were", names);
    wv_err_at(err, wv_project_find(story->view.project, edited->items[0])->path, 0, 0);
    for (size_t i = 0; edited->count > 1 && i < edited->count; i++)
        wv_problems_add(&err->problems, "edited",
                        wv_project_find(story->view.project, edited->items[i])->path, 0,
                        "revision %s is not as it was applied", edited->items[i]);
    return wv_err_hint(err,
                       "put the file back as it was (`wovenctl migrate verify --diff` shows the "
                       "change), or accept it: `wovenctl migrate repair --accept %s`",
                       edited->count == 1 ? edited->items[0] : "REV");
}

bool wv_check_edited(const struct wv_story *story, struct wv_err *err)
{
    const struct wv_run *run = story->run;
    struct wv_strlist edited WV_AUTOSTRLIST = {0};
    if (story->job->kind != WV_JOB_UPGRADE)
        return true;
    if (!wv_edited_update(run->edited, story->view.project, story->look.last_history,
                          run->link->ledger, run->link->pg, run->wait, err) ||
        !find_edited(story, &edited, err))
        return false;
    return edited.count == 0 || refuse_edited(story, &edited, err);
}

bool wv_check_leads(struct wv_story *story, struct wv_err *err)
{
    const struct wv_link *link = story->run->link;
    story->read_only = story->look.read_only;
    if (story->read_only)
        return wv_link_refuse_read_only(link, err);
    if (link->role == WV_ROLE_LEADER)
        return true;
    story->needs_lead = true;
    char *holder WV_AUTOFREE = wv_holder_text(&link->turn.stranger);
    if (link->leader.host != NULL)
        wv_err_set(err, WV_NOT_LEADER, "another daemon leads: host %s, pid %d, since %s",
                   link->leader.host, (int)link->leader.pid, link->leader.since);
    else if (holder != NULL)
        wv_err_set(err, WV_NOT_LEADER, "the lock of project %s is held by %s",
                   link->settings->project, holder);
    else
        wv_err_set(err, WV_NOT_LEADER, "this daemon does not lead project %s",
                   link->settings->project);
    return wv_err_hint(err,
                       link->settings->may_lead
                           ? "without --no-hand-over this daemon asks for the lead"
                           : "this daemon may not lead (leader = \"never\"): run the command on "
                             "another host");
}

bool wv_check_reversible(const struct wv_story *story, struct wv_err *err)
{
    for (size_t i = 0; i < story->plan.count; i++) {
        const struct wv_step *step = &story->plan.steps[i];
        const struct wv_revision *file = wv_known_file(&story->known, step->node);
        bool has_down =
            file != NULL
                ? file->has_down
                : story->stored.items[wv_known_extra(&story->known, step->node)].down_sql != NULL;
        if (step->up || has_down)
            continue;
        wv_err_set(err, WV_IRREVERSIBLE, "revision %s cannot be taken back: it has no down section",
                   step->id);
        if (file != NULL)
            wv_err_at(err, file->path, 0, 0);
        err->revision = wv_xstrdup(step->id);
        return wv_err_hint(err, "write `-- woven:down` for it, or restore a backup");
    }
    return true;
}
