/* The names of a graph: which are legal, and how they are found. Ids and labels share one space,
 * so that a target never means two things. Knows nothing of edges. */
#include <stdlib.h>
#include <string.h>

#include "graph_impl.h"

static const char *const reserved[] = {"head", "heads", "base", "current"};

static bool name_ok(const char *name, size_t longest, const char *forbidden, const char **reason)
{
    const char *why = NULL;
    if (*name == '\0')
        why = "is empty";
    else if (strlen(name) > longest)
        why = "is longer than 32 bytes";
    for (const char *c = name; why == NULL && *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || *c == 0x7f)
            why = "has a blank or control character in it";
        else if (strchr(forbidden, *c) != NULL)
            why = "has one of the characters , @ - + : in it, which targets are written with";
    }
    for (size_t i = 0; why == NULL && i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (strcmp(name, reserved[i]) == 0)
            why = "is a word with a meaning of its own (head, heads, base, current)";
    }
    if (why != NULL && reason != NULL)
        *reason = why;
    return why == NULL;
}

bool wv_graph_id_ok(const char *id, const char **reason)
{
    return name_ok(id, WV_ID_MAX, ",@-+:", reason);
}

bool wv_graph_label_ok(const char *label, const char **reason)
{
    return name_ok(label, SIZE_MAX, ",@:", reason);
}

static size_t hash(const char *text)
{
    uint64_t value = UINT64_C(14695981039346656037); /* FNV-1a */
    for (; *text != '\0'; text++)
        value = (value ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return (size_t)(value ^ value >> 32);
}

/* Where `text` is in the table, or the free slot where it would go. */
static size_t find_slot(const struct wv_graph *graph, const char *text)
{
    size_t slot = hash(text) & graph->slot_mask;
    while (graph->slots[slot] != 0 && strcmp(graph->names[graph->slots[slot] - 1], text) != 0)
        slot = (slot + 1) & graph->slot_mask;
    return slot;
}

uint32_t wv_graph_name(const struct wv_graph *graph, const char *text)
{
    uint32_t found = graph->slots[find_slot(graph, text)];
    return found == 0 ? UINT32_MAX : found - 1;
}

static int compare_names(const void *a, const void *b, void *context)
{
    const struct wv_graph *graph = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = strcmp(graph->names[left], graph->names[right]);
    return order != 0 ? order : (left > right) - (left < right);
}

static void copy_names(struct wv_graph *graph, const struct wv_graph_decl *decls)
{
    size_t bytes = 0, labels = 0;
    for (size_t i = 0; i < graph->count; i++) {
        bytes += strlen(decls[i].id) + 1;
        for (size_t k = 0; k < graph->labels[i].count; k++, labels++)
            bytes += strlen(graph->labels[i].items[k]) + 1;
    }
    graph->text = wv_xmalloc(bytes + 1);
    graph->names = wv_xreallocarray(NULL, graph->count + labels + 1, sizeof(*graph->names));
    graph->owners = wv_xreallocarray(NULL, graph->count + labels + 1, sizeof(*graph->owners));
    char *end = graph->text;
    for (size_t i = 0; i < graph->count; i++) {
        graph->owners[i] = (wv_node)i;
        graph->names[i] = end;
        end = stpcpy(end, decls[i].id) + 1;
    }
    graph->name_count = graph->count;
    for (size_t i = 0; i < graph->count; i++) {
        for (size_t k = 0; k < graph->labels[i].count; k++) {
            graph->owners[graph->name_count] = (wv_node)i;
            graph->names[graph->name_count++] = end;
            end = stpcpy(end, graph->labels[i].items[k]) + 1;
        }
    }
}

static void check_id(const struct wv_graph_decl *decl, struct wv_problems *problems)
{
    const char *reason;
    if (!wv_graph_id_ok(decl->id, &reason))
        wv_problems_add(problems, "illegal_id", decl->file, decl->line_revision,
                        "the revision id \"%s\" %s", decl->id, reason);
}

static void check_label(const struct wv_graph_decl *decl, const char *label,
                        struct wv_problems *problems)
{
    const char *reason;
    if (!wv_graph_label_ok(label, &reason))
        wv_problems_add(problems, "illegal_label", decl->file, decl->line_labels,
                        "the branch label \"%s\" of revision %s %s", label, decl->id, reason);
}

static void report_taken(const struct wv_graph *graph, const struct wv_graph_decl *decls,
                         uint32_t name, uint32_t first, struct wv_problems *problems)
{
    const struct wv_graph_decl *decl = &decls[graph->owners[name]];
    const struct wv_graph_decl *other = &decls[graph->owners[first]];
    if (name < graph->count)
        wv_problems_add(problems, "duplicate_id", decl->file, decl->line_revision,
                        "the revision id %s is used twice; it is also that of %s", decl->id,
                        other->file != NULL ? other->file : "another revision");
    else if (first < graph->count)
        wv_problems_add(problems, "duplicate_label", decl->file, decl->line_labels,
                        "the branch label %s of revision %s is the id of a revision",
                        graph->names[name], decl->id);
    else
        wv_problems_add(problems, "duplicate_label", decl->file, decl->line_labels,
                        "the branch label %s of revision %s is already used by revision %s",
                        graph->names[name], decl->id, other->id);
}

/* Ids come before labels, so the label is at fault when both have one name. */
static void index_names(struct wv_graph *graph, const struct wv_graph_decl *decls,
                        struct wv_problems *problems)
{
    size_t slots = 16;
    while (slots < graph->name_count * 2)
        slots *= 2;
    graph->slots = wv_xcalloc(slots, sizeof(*graph->slots));
    graph->slot_mask = slots - 1;
    for (uint32_t name = 0; name < graph->name_count; name++) {
        const struct wv_graph_decl *decl = &decls[graph->owners[name]];
        if (name < graph->count)
            check_id(decl, problems);
        else
            check_label(decl, graph->names[name], problems);
        size_t slot = find_slot(graph, graph->names[name]);
        if (graph->slots[slot] == 0)
            graph->slots[slot] = name + 1;
        else
            report_taken(graph, decls, name, graph->slots[slot] - 1, problems);
    }
}

void wv_graph_build_names(struct wv_graph *graph, const struct wv_graph_decl *decls,
                          struct wv_problems *problems, wv_node *by_id)
{
    graph->labels = wv_xcalloc(graph->count + 1, sizeof(*graph->labels));
    for (size_t i = 0; i < graph->count; i++) {
        if (decls[i].labels != NULL)
            wv_strlist_copy(&graph->labels[i], decls[i].labels);
    }
    copy_names(graph, decls);
    index_names(graph, decls, problems);
    uint32_t *all = wv_xreallocarray(NULL, graph->name_count + 1, sizeof(*all));
    for (uint32_t i = 0; i < graph->name_count; i++)
        all[i] = i;
    qsort_r(all, graph->name_count, sizeof(*all), compare_names, graph);
    size_t ids = 0;
    for (size_t i = 0; i < graph->name_count; i++) {
        uint32_t name = all[i];
        if (name < graph->count)
            by_id[ids++] = name;
        if (strlen(graph->names[name]) > 3)
            all[graph->sorted_count++] = name;
    }
    graph->sorted = all;
}

/* The first of the sorted names that does not come before `prefix`. */
static size_t lower_bound(const struct wv_graph *graph, const char *prefix)
{
    size_t low = 0, high = graph->sorted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(graph->names[graph->sorted[middle]], prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void wv_graph_find_prefix(const struct wv_graph *graph, const char *prefix, size_t limit,
                          struct wv_nodes *found)
{
    size_t length = strlen(prefix);
    struct wv_nodeset met WV_AUTONODESET = {0};
    wv_nodeset_init(&met, graph->count);
    for (size_t i = lower_bound(graph, prefix);
         i < graph->sorted_count && met.count < limit &&
         strncmp(graph->names[graph->sorted[i]], prefix, length) == 0;
         i++) {
        wv_node node = graph->owners[graph->sorted[i]];
        if (wv_nodeset_add(&met, node))
            wv_nodes_add(found, node);
    }
}
