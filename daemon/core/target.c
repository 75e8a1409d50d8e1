/* The grammar of targets, and the revisions that a target names whatever the direction. Knows
 * neither plans nor the database. */
#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "target_impl.h"
#include "walk.h"

static bool bad_target(struct wv_err *err, const char *text, const char *why)
{
    wv_err_set(err, WV_BAD_TARGET, "\"%s\" is no target: %s", text, why);
    return wv_err_hint(err, "a target is a revision, head, heads, base, BRANCH@head, +1, -1, "
                            "REVISION+1 or BRANCH@+1");
}

/* Where the "+N" or "-N" at the end of `text` begins; NULL when there is none. */
static const char *find_offset(const char *text)
{
    size_t length = strlen(text), digits = 0;
    while (digits < length && text[length - 1 - digits] >= '0' && text[length - 1 - digits] <= '9')
        digits++;
    if (digits == 0 || digits == length)
        return NULL;
    const char *sign = text + length - 1 - digits;
    return *sign == '+' || *sign == '-' ? sign : NULL;
}

/* More steps than any graph has nodes are as good as SIZE_MAX. */
static size_t parse_steps(const char *digits)
{
    return strlen(digits) > 9 ? SIZE_MAX : (size_t)strtoul(digits, NULL, 10);
}

static void split_symbol(struct wv_target *target, const struct wv_graph *graph, const char *rest)
{
    wv_node label;
    const char *sign = wv_graph_find_label(graph, rest, &label) ? NULL : find_offset(rest);
    if (sign == NULL) {
        target->symbol = wv_xstrdup(rest);
        return;
    }
    target->relative = true;
    target->up = *sign == '+';
    target->steps = parse_steps(sign + 1);
    if (sign != rest)
        target->symbol = wv_xstrndup(rest, (size_t)(sign - rest));
}

bool wv_target_parse(struct wv_target *target, const struct wv_graph *graph, const char *text,
                     struct wv_err *err)
{
    if (*text == '\0')
        return bad_target(err, text, "it is empty");
    if (wv_target_is_range(text))
        return bad_target(err, text, "a range is not allowed here");
    const char *at = strchr(text, '@');
    if (at != NULL && strchr(at + 1, '@') != NULL)
        return bad_target(err, text, "it has more than one @");
    if (at == text)
        return bad_target(err, text, "there is no branch before the @");
    if (at != NULL && at[1] == '\0')
        return bad_target(err, text, "there is nothing after the @");
    *target = (struct wv_target){.text = wv_xstrdup(text)};
    if (at != NULL)
        target->branch = wv_xstrndup(text, (size_t)(at - text));
    split_symbol(target, graph, at != NULL ? at + 1 : text);
    return true;
}

void wv_target_free(struct wv_target *target)
{
    free(target->text);
    free(target->branch);
    free(target->symbol);
    *target = (struct wv_target){0};
}

bool wv_target_is_range(const char *text)
{
    return strchr(text, ':') != NULL;
}

bool wv_target_split(const char *text, char **from, char **to, struct wv_err *err)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL || strchr(colon + 1, ':') != NULL) {
        wv_err_set(err, WV_BAD_TARGET, "\"%s\" is no range", text);
        return wv_err_hint(err, "a range is FROM:TO; one of the ends may be left out");
    }
    *from = colon == text ? NULL : wv_xstrndup(text, (size_t)(colon - text));
    *to = colon[1] == '\0' ? NULL : wv_xstrdup(colon + 1);
    return true;
}

static bool not_found(const struct wv_graph *graph, const char *symbol, const char *branch,
                      struct wv_err *err)
{
    if (branch != NULL)
        wv_err_set(err, WV_REVISION_NOT_FOUND,
                   "no revision or branch label of the branch %s is or begins with \"%s\"", branch,
                   symbol);
    else
        wv_err_set(err, WV_REVISION_NOT_FOUND,
                   "no revision or branch label is or begins with \"%s\"", symbol);
    err->revision = wv_xstrdup(symbol);
    char *heads WV_AUTOFREE = wv_graph_names(graph, wv_graph_heads(graph));
    if (*heads == '\0')
        return wv_err_hint(err, "there are no revisions yet");
    return wv_err_hint(err, "history lists the revisions; the heads are %s", heads);
}

/* A name or a unique beginning. A `lineage` decides between several with one beginning; `branch` is
 * its name. */
static bool find_symbol(const struct wv_graph *graph, const char *symbol,
                        const struct wv_nodeset *lineage, const char *branch, wv_node *node,
                        struct wv_err *err)
{
    if (wv_graph_find(graph, symbol, node) || wv_graph_find_label(graph, symbol, node))
        return true;
    struct wv_nodes found WV_AUTONODES = {0};
    wv_graph_find_prefix(graph, symbol, lineage != NULL ? SIZE_MAX : 16, &found);
    size_t kept = 0;
    for (size_t i = 0; i < found.count; i++) {
        if (lineage == NULL || wv_nodeset_has(lineage, found.items[i]))
            found.items[kept++] = found.items[i];
    }
    if (kept == 0)
        return not_found(graph, symbol, branch, err);
    if (kept > 1) {
        char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){found.items, kept});
        wv_err_set(err, WV_AMBIGUOUS_REVISION, "several revisions begin with \"%s\": %s", symbol,
                   names);
        return wv_err_hint(err, "give more of the id");
    }
    *node = found.items[0];
    return true;
}

bool wv_target_branch(const struct wv_graph *graph, const char *branch, wv_node *node,
                      struct wv_err *err)
{
    if (find_symbol(graph, branch, NULL, NULL, node, err))
        return true;
    return wv_err_prefix(err, "branch \"%s\"", branch);
}

static bool add_heads(const struct wv_graph *graph, const struct wv_target *target,
                      const struct wv_nodeset *lineage, struct wv_nodes *nodes, struct wv_err *err)
{
    bool one = strcmp(target->symbol, "head") == 0;
    struct wv_span heads =
        one || lineage != NULL ? wv_graph_heads(graph) : wv_graph_real_heads(graph);
    struct wv_nodes found WV_AUTONODES = {0};
    for (size_t i = 0; i < heads.count; i++) {
        if (lineage == NULL || wv_nodeset_has(lineage, heads.items[i]))
            wv_nodes_add(&found, heads.items[i]);
    }
    if (one && found.count > 1) {
        char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){found.items, found.count});
        wv_err_set(err, WV_MULTIPLE_HEADS, "\"%s\" could be several heads: %s", target->text,
                   names);
        return wv_err_hint(err, "name one of them, BRANCH@head, or heads for all");
    }
    for (size_t i = 0; i < found.count; i++)
        wv_nodes_add(nodes, found.items[i]);
    return true;
}

static bool add_current(const struct wv_graph *graph, const struct wv_state *state,
                        const struct wv_target *target, const struct wv_nodeset *lineage,
                        struct wv_nodes *nodes, struct wv_err *err)
{
    if (state == NULL) {
        not_found(graph, "current", target->branch, err);
        return wv_err_hint(err, "current is a word of show and history alone");
    }
    for (size_t i = 0; i < state->rows.count; i++) {
        if (lineage == NULL || wv_nodeset_has(lineage, state->rows.items[i]))
            wv_nodes_add(nodes, state->rows.items[i]);
    }
    return true;
}

static bool add_revision(const struct wv_graph *graph, const struct wv_target *target,
                         const struct wv_nodeset *lineage, struct wv_nodes *nodes,
                         struct wv_err *err)
{
    wv_node node;
    if (!find_symbol(graph, target->symbol, lineage, target->branch, &node, err))
        return false;
    if (lineage != NULL && !wv_nodeset_has(lineage, node)) {
        wv_err_set(err, WV_NOT_IN_BRANCH, "revision %s is not in the branch %s",
                   wv_graph_id(graph, node), target->branch);
        return wv_err_hint(err, "leave out \"%s@\", or name a revision above or below %s",
                           target->branch, target->branch);
    }
    wv_nodes_add(nodes, node);
    return true;
}

/* What the target's symbol names in its branch; its offset is for the caller. */
static bool add_symbol(const struct wv_graph *graph, const struct wv_state *state,
                       const struct wv_target *target, struct wv_nodes *nodes, struct wv_err *err)
{
    struct wv_nodeset branch WV_AUTONODESET = {0};
    const struct wv_nodeset *lineage = NULL;
    if (target->branch != NULL) {
        wv_node node;
        if (!wv_target_branch(graph, target->branch, &node, err))
            return false;
        wv_walk_lineage(graph, &branch, (struct wv_span){&node, 1}, false);
        lineage = &branch;
    }
    if (strcmp(target->symbol, "head") == 0 || strcmp(target->symbol, "heads") == 0)
        return add_heads(graph, target, lineage, nodes, err);
    if (strcmp(target->symbol, "current") == 0)
        return add_current(graph, state, target, lineage, nodes, err);
    if (strcmp(target->symbol, "base") == 0)
        return true;
    return add_revision(graph, target, lineage, nodes, err);
}

bool wv_target_single(const struct wv_graph *graph, const struct wv_state *state,
                      const struct wv_target *target, wv_node *node, struct wv_err *err)
{
    struct wv_nodes found WV_AUTONODES = {0};
    if (!add_symbol(graph, state, target, &found, err))
        return false;
    if (found.count > 1) {
        char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){found.items, found.count});
        wv_err_set(err, WV_MULTIPLE_HEADS, "\"%s\" stands for several revisions: %s", target->text,
                   names);
        return wv_err_hint(err, "name one of them");
    }
    *node = found.count == 0 ? WV_NO_NODE : found.items[0];
    return true;
}

/* "-N" and "BRANCH@-N" where nothing but the graph is asked: that many below each head. Without a
 * state it would be taken for a step from the current rows, which the caller does not offer. */
static bool below_heads(const struct wv_graph *graph, const struct wv_state *state,
                        const struct wv_target *target, struct wv_nodes *nodes, struct wv_err *err)
{
    if (target->up || state == NULL) {
        wv_err_set(err, WV_BAD_TARGET, "\"%s\" does not say where to count from", target->text);
        return wv_err_hint(err, "name a revision, for example %s%c%zu",
                           target->up ? "base" : "head", target->up ? '+' : '-', target->steps);
    }
    struct wv_target heads = *target;
    heads.symbol = (char *)(uintptr_t) "heads";
    struct wv_nodes from WV_AUTONODES = {0};
    if (!add_symbol(graph, NULL, &heads, &from, err))
        return false;
    const struct wv_target_walk walk = {.target = target};
    for (size_t i = 0; i < from.count; i++) {
        wv_node end;
        if (!wv_target_walk(graph, &walk, from.items[i], &end, err))
            return false;
        if (end == WV_NO_NODE)
            return wv_target_too_far(target, err);
        wv_nodes_add(nodes, end);
    }
    return true;
}

static bool resolve(const struct wv_graph *graph, const struct wv_state *state,
                    const struct wv_target *target, struct wv_nodes *nodes, struct wv_err *err)
{
    if (!target->relative)
        return add_symbol(graph, state, target, nodes, err);
    if (target->symbol == NULL)
        return below_heads(graph, state, target, nodes, err);
    wv_node start = WV_NO_NODE, end = WV_NO_NODE;
    if (!wv_target_single(graph, state, target, &start, err))
        return false;
    struct wv_target_walk walk = {.target = target};
    struct wv_nodeset lineage WV_AUTONODESET = {0};
    if (target->branch != NULL) {
        wv_node branch;
        if (!wv_target_branch(graph, target->branch, &branch, err))
            return false;
        wv_walk_lineage(graph, &lineage, (struct wv_span){&branch, 1}, false);
        walk.lineage = &lineage;
    }
    if (!wv_target_walk(graph, &walk, start, &end, err))
        return false;
    if (end != WV_NO_NODE)
        wv_nodes_add(nodes, end);
    return true;
}

bool wv_target_resolve(const struct wv_graph *graph, const struct wv_state *state,
                       const struct wv_target *target, struct wv_nodes *nodes, struct wv_err *err)
{
    size_t before = nodes->count;
    if (resolve(graph, state, target, nodes, err))
        return true;
    nodes->count = before;
    return false;
}

bool wv_target_nodes(const struct wv_graph *graph, const struct wv_state *state, const char *text,
                     struct wv_nodes *nodes, struct wv_err *err)
{
    struct wv_target target WV_AUTOTARGET = {0};
    return wv_target_parse(&target, graph, text, err) &&
           wv_target_resolve(graph, state, &target, nodes, err);
}

bool wv_target_start(const struct wv_graph *graph, const char *text, struct wv_strlist *rows,
                     struct wv_err *err)
{
    struct wv_nodes nodes WV_AUTONODES = {0};
    if (!wv_target_nodes(graph, NULL, text, &nodes, err))
        return false;
    if (nodes.count > 1) {
        char *names WV_AUTOFREE = wv_graph_names(graph, (struct wv_span){nodes.items, nodes.count});
        wv_err_set(err, WV_MULTIPLE_HEADS, "\"%s\" stands for several revisions: %s", text, names);
        return wv_err_hint(err, "name one of them to start from");
    }
    for (size_t i = 0; i < nodes.count; i++)
        wv_strlist_add(rows, wv_graph_id(graph, nodes.items[i]));
    return true;
}
