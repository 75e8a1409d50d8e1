/* See squash_draft.h. */
#include "squash_draft.h"

#include <stdlib.h>
#include <string.h>

#include "graph_query.h"
#include "section_marker.h"
#include "strbuf.h"
#include "walk.h"

struct range {
    const struct wv_project *project;
    const struct wv_graph *graph;
    struct wv_nodes nodes; /* in the order in which they run */
    struct wv_nodeset members;
};

static const char *id_of(const struct range *range, wv_node node)
{
    return wv_graph_id(range->graph, node);
}

static bool find_range(struct range *range, const char *text, struct wv_err *err)
{
    struct wv_nodes newest_first WV_AUTONODES = {0};
    if (!wv_query_history(range->graph, NULL, text, &newest_first, err))
        return false;
    wv_nodeset_init(&range->members, wv_graph_count(range->graph));
    for (size_t i = newest_first.count; i-- > 0;) {
        wv_nodes_add(&range->nodes, newest_first.items[i]);
        wv_nodeset_add(&range->members, newest_first.items[i]);
    }
    if (range->nodes.count > 1)
        return true;
    wv_err_set(err, WV_BAD_TARGET, "the range \"%s\" has fewer than two revisions", text);
    return wv_err_hint(err, "name the first and the last one: A:B");
}

/* All but the last are followed by members, and by nothing else. */
static bool check_followers(const struct range *range, wv_node node, struct wv_err *err)
{
    wv_node last = range->nodes.items[range->nodes.count - 1];
    struct wv_span followers = wv_graph_followers(range->graph, node);
    for (size_t i = 0; i < followers.count; i++) {
        if (node == last || wv_nodeset_has(&range->members, followers.items[i]))
            continue;
        wv_err_set(err, WV_BAD_TARGET, "%s follows %s, which is inside of the range",
                   id_of(range, followers.items[i]), id_of(range, node));
        return wv_err_hint(err, "only the last revision of a range may have others on top of it");
    }
    if (node == last || followers.count > 0)
        return true;
    wv_err_set(err, WV_BAD_TARGET, "the range has more than one end: %s and %s", id_of(range, node),
               id_of(range, last));
    return wv_err_hint(err, "squash one branch at a time");
}

static bool check_member(const struct range *range, wv_node node, struct wv_err *err)
{
    const struct wv_revision *revision = &range->project->revisions[node];
    const char *reason = NULL;
    if (!revision->up_transaction || !revision->down_transaction) {
        wv_err_set(err, WV_BAD_TARGET, "%s runs outside a transaction", revision->id);
        reason = "a section with transaction=off cannot be joined with others: squash up to the "
                 "revision before it, and from the one behind it";
    } else if (revision->replaces.count > 0) {
        wv_err_set(err, WV_BAD_TARGET, "%s replaces others itself", revision->id);
        reason = "first delete the files that it replaces, and its line `replaces`, when no "
                 "database needs them any more";
    }
    if (reason == NULL)
        return check_followers(range, node, err);
    wv_err_at(err, revision->path, 0, 0);
    return wv_err_hint(err, "%s", reason);
}

/* What is outside and comes before must not come after any member as well. */
static bool check_outside(const struct range *range, struct wv_span outside, struct wv_err *err)
{
    struct wv_nodeset below WV_AUTONODESET = {0};
    wv_nodeset_init(&below, wv_graph_count(range->graph));
    wv_walk_close(range->graph, &below, outside, WV_EDGES_PARENTS);
    for (size_t i = 0; i < range->nodes.count; i++)
        if (wv_nodeset_has(&below, range->nodes.items[i]))
            return wv_err_set(err, WV_BAD_TARGET,
                              "a revision outside of the range stands between %s and those after "
                              "it",
                              id_of(range, range->nodes.items[i]));
    return true;
}

static void add_outside(const struct range *range, struct wv_span parents, struct wv_nodes *outside)
{
    for (size_t i = 0; i < parents.count; i++)
        if (!wv_nodeset_has(&range->members, parents.items[i]) &&
            !wv_nodes_has(outside, parents.items[i]))
            wv_nodes_add(outside, parents.items[i]);
}

static bool check_range(const struct range *range, struct wv_nodes *down, struct wv_nodes *depends,
                        struct wv_err *err)
{
    for (size_t i = 0; i < range->nodes.count; i++) {
        wv_node node = range->nodes.items[i];
        if (!check_member(range, node, err))
            return false;
        add_outside(range, wv_graph_down(range->graph, node), down);
        add_outside(range, wv_graph_depends(range->graph, node), depends);
    }
    return check_outside(range, (struct wv_span){down->items, down->count}, err) &&
           check_outside(range, (struct wv_span){depends->items, depends->count}, err);
}

/* One direction of the new file. */
struct joined {
    struct wv_strbuf text;
    struct wv_section_options options;
    size_t statements;
};

/* The longest limit serves all; none at all is the longest. */
static int64_t longer(int64_t left, int64_t right)
{
    if (left == 0 || right == 0)
        return 0;
    return left > right ? left : right;
}

static void join(struct joined *joined, const struct wv_revision *revision,
                 const struct wv_script *script)
{
    const char *body = strchr(script->text, '\n');
    size_t length = body != NULL ? strlen(body) : 0;
    while (length > 0 && strchr(" \t\n", body[length - 1]) != NULL)
        length--;
    joined->statements += script->statements.count;
    joined->options.lock_timeout_ms =
        longer(joined->options.lock_timeout_ms, script->lock_timeout_ms);
    joined->options.statement_timeout_ms =
        longer(joined->options.statement_timeout_ms, script->statement_timeout_ms);
    wv_strbuf_addf(&joined->text, "\n-- from %s: %s", revision->id, revision->message);
    if (length == 0) {
        wv_strbuf_addc(&joined->text, '\n');
        return;
    }
    wv_strbuf_add(&joined->text, body, length);
    if (script->statements.count > 0) {
        const struct wv_statement *last = &script->statements.items[script->statements.count - 1];
        const char *behind = last->text + last->length;
        /* The last statement of a section may do without its end. */
        if (behind[strspn(behind, " \t\n")] != ';')
            wv_strbuf_adds(&joined->text, "\n;");
    }
    wv_strbuf_addc(&joined->text, '\n');
}

/* `*irreversible` is set to a revision that has no way back. */
static bool join_all(const struct range *range, struct joined *up, struct joined *down,
                     const char **irreversible, struct wv_err *err)
{
    size_t count = range->nodes.count;
    bool done = true;
    for (size_t i = 0; done && i < 2 * count; i++) {
        wv_node node = range->nodes.items[i < count ? i : 2 * count - 1 - i];
        const struct wv_revision *revision = &range->project->revisions[node];
        struct wv_revision_sql sql = {0};
        done = wv_revision_read_sql(&sql, revision, err);
        if (done && i < count)
            join(up, revision, &sql.up);
        else if (done && sql.has_down)
            join(down, revision, &sql.down);
        else if (done)
            *irreversible = revision->id;
        wv_revision_sql_free(&sql);
    }
    return done;
}

static void add_list(struct wv_strbuf *text, const char *key, const struct wv_strlist *list)
{
    char *joined WV_AUTOFREE = wv_strlist_join(list, ", ");
    wv_strbuf_addf(text, "-- %s:%s%s\n", key, *joined != '\0' ? " " : "", joined);
}

static void add_section(struct wv_strbuf *text, bool down, const struct joined *joined)
{
    wv_strbuf_addf(text, "\n-- woven:%s", down ? "down" : "up");
    if (joined->options.lock_timeout_ms >= 0)
        wv_strbuf_addf(text, " lock_timeout=%lldms", (long long)joined->options.lock_timeout_ms);
    if (joined->options.statement_timeout_ms >= 0)
        wv_strbuf_addf(text, " statement_timeout=%lldms",
                       (long long)joined->options.statement_timeout_ms);
    wv_strbuf_addf(text, "\n%s", wv_strbuf_text(&joined->text) + (joined->text.length > 0));
}

static void add_ids(const struct range *range, const struct wv_nodes *nodes, struct wv_strlist *ids)
{
    for (size_t i = 0; i < nodes->count; i++)
        wv_strlist_add(ids, id_of(range, nodes->items[i]));
}

static void add_header(struct wv_strbuf *text, const struct range *range,
                       const struct wv_squash_request *request, const struct wv_squash_draft *draft,
                       const struct wv_nodes *depends)
{
    struct wv_strlist labels WV_AUTOSTRLIST = {0};
    struct wv_strlist needs WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < range->nodes.count; i++) {
        const struct wv_strlist *own = wv_graph_labels(range->graph, range->nodes.items[i]);
        for (size_t k = 0; k < own->count; k++)
            wv_strlist_add(&labels, own->items[k]);
    }
    add_ids(range, depends, &needs);
    wv_strbuf_addf(text, "-- message: %s\n-- revision: %s\n", request->message, request->id);
    add_list(text, "down_revision", &draft->down);
    add_list(text, "replaces", &draft->replaces);
    add_list(text, "branch_labels", &labels);
    add_list(text, "depends_on", &needs);
    wv_strbuf_addf(text, "-- create_date: %s\n", request->create_date);
}

/* What was joined reads as the same statements, or it is not offered. */
static bool check_text(const char *text, const struct wv_squash_request *request, size_t up,
                       size_t down, struct wv_err *err)
{
    struct wv_problems problems = {0};
    struct wv_revision revision = {0};
    char *copy WV_AUTOFREE = wv_xstrdup(text);
    char *name WV_AUTOFREE = wv_xasprintf("%s.sql", request->id);
    struct wv_checksum *checksum = wv_checksum_new();
    bool done = wv_revision_parse(&revision, name, copy, strlen(copy), checksum, &problems) &&
                revision.up_statements == up && revision.down_statements == down;
    if (!done)
        wv_err_set(err, WV_BAD_TARGET, "these sections cannot be joined: %s",
                   problems.count > 0 ? problems.items[0].message
                                      : "the whole reads as other statements");
    wv_checksum_free(checksum);
    wv_revision_free(&revision);
    wv_problems_free(&problems);
    return done;
}

static bool write_text(const struct range *range, const struct wv_squash_request *request,
                       struct wv_squash_draft *draft, const struct wv_nodes *depends,
                       struct wv_err *err)
{
    struct joined up = {.options = WV_SECTION_DEFAULTS};
    struct joined down = {.options = WV_SECTION_DEFAULTS};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *irreversible = NULL;
    bool done = join_all(range, &up, &down, &irreversible, err);
    if (done) {
        add_header(&text, range, request, draft, depends);
        add_section(&text, false, &up);
        if (irreversible == NULL)
            add_section(&text, true, &down);
        else
            wv_strbuf_addf(&text, "\n-- There is no way back: %s has none.\n", irreversible);
        done = check_text(wv_strbuf_text(&text), request, up.statements,
                          irreversible == NULL ? down.statements : 0, err);
    }
    wv_strbuf_free(&up.text);
    wv_strbuf_free(&down.text);
    if (done)
        draft->text = wv_strbuf_take(&text);
    return done;
}

bool wv_squash_draft_make(const struct wv_project *project, const struct wv_squash_request *request,
                          struct wv_squash_draft *draft, struct wv_err *err)
{
    struct range range = {.project = project, .graph = project->graph};
    struct wv_nodes down WV_AUTONODES = {0};
    struct wv_nodes depends WV_AUTONODES = {0};
    struct wv_squash_draft made = {0};
    bool done =
        find_range(&range, request->range, err) && check_range(&range, &down, &depends, err);
    if (done) {
        add_ids(&range, &range.nodes, &made.replaces);
        add_ids(&range, &down, &made.down);
        done = write_text(&range, request, &made, &depends, err);
    }
    wv_nodes_free(&range.nodes);
    wv_nodeset_free(&range.members);
    if (done)
        *draft = made;
    else
        wv_squash_draft_free(&made);
    return done;
}

void wv_squash_draft_free(struct wv_squash_draft *draft)
{
    wv_strlist_free(&draft->replaces);
    wv_strlist_free(&draft->down);
    free(draft->text);
    *draft = (struct wv_squash_draft){0};
}
