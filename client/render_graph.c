/* See render.h: revisions as a graph in lanes. */
#include <stdlib.h>
#include <string.h>

#include "display.h"
#include "draw.h"
#include "lineage.h"
#include "render.h"
#include "value.h"

enum { MESSAGE_MIN = 16 };

struct page {
    const struct wv_look *look;
    const struct wv_lineage *lineage;
    const size_t *order;
    bool verbose;
};

/* "id (head), message (depends on x)", the message cut to what a terminal's line leaves. */
static void add_line(const struct page *page, const json_t *revision, int columns,
                     struct wv_strbuf *text)
{
    struct wv_look bare = {0};
    struct wv_strbuf words WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf message WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf needs WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *id = wv_value_text(revision, "revision");
    wv_style_text(text, page->look, WV_YELLOW, id);
    wv_render_marks(text, page->look, revision, true);
    wv_style_text(&words, &bare, WV_PLAIN, id);
    wv_render_marks(&words, &bare, revision, true);
    if (wv_value_count(revision, "depends_on") > 0) {
        wv_strbuf_adds(&needs, "(depends on ");
        wv_render_ids(&needs, &bare, WV_PLAIN, wv_value_array(revision, "depends_on"));
        wv_strbuf_addc(&needs, ')');
    }
    wv_display_add_part(&message, ", ", wv_value_text(revision, "message"));
    int left = page->look->width - columns - wv_display_width(wv_strbuf_text(&words)) -
               wv_display_width(wv_strbuf_text(&needs)) - (needs.length > 0);
    if (page->look->width > 0)
        wv_display_cut(&message, 0, left > MESSAGE_MIN ? left : MESSAGE_MIN);
    wv_strbuf_add(text, wv_strbuf_text(&message), message.length);
    if (needs.length > 0) {
        wv_strbuf_addc(text, ' ');
        wv_style_text(text, page->look, WV_DIM, wv_strbuf_text(&needs));
    }
}

static void add_label(void *context, size_t node, int columns, struct wv_strbuf *text)
{
    const struct page *page = context;
    const json_t *revision = page->lineage->revisions[page->order[node]];
    if (page->verbose)
        wv_render_paragraph(text, page->look, revision, true);
    else
        add_line(page, revision, columns, text);
    wv_strbuf_addc(text, '\n');
}

static enum wv_style star_of(const json_t *revision)
{
    if (wv_value_true(revision, "is_current"))
        return WV_BOLD;
    return wv_value_true(revision, "is_head") ? WV_GREEN : WV_PLAIN;
}

/* Nodes by their place in the order; all parents in one array, which `items` owns. */
static struct wv_draw_node *make_nodes(const struct page *page, size_t **items)
{
    const struct wv_lineage *lineage = page->lineage;
    struct wv_draw_node *nodes = wv_xcalloc(lineage->count + 1, sizeof(*nodes));
    size_t *place = wv_xcalloc(lineage->count + 1, sizeof(*place));
    *items = wv_xcalloc(lineage->down.start[lineage->count] + 1, sizeof(**items));
    for (size_t i = 0; i < lineage->count; i++)
        place[page->order[i]] = i;
    for (size_t i = 0; i < lineage->count; i++) {
        size_t from = lineage->down.start[page->order[i]];
        nodes[i].parents = *items + from;
        nodes[i].parent_count = lineage->down.start[page->order[i] + 1] - from;
        nodes[i].style = star_of(lineage->revisions[page->order[i]]);
        for (size_t k = 0; k < nodes[i].parent_count; k++)
            nodes[i].parents[k] = place[lineage->down.items[from + k]];
    }
    free(place);
    return nodes;
}

void wv_render_graph(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                     bool verbose)
{
    struct wv_lineage lineage;
    size_t *items;
    wv_lineage_init(&lineage, result);
    size_t *order = wv_lineage_order(&lineage);
    struct page page = {.look = look, .lineage = &lineage, .order = order, .verbose = verbose};
    struct wv_draw_node *nodes = make_nodes(&page, &items);
    struct wv_draw_nodes drawn = {
        .items = nodes, .count = lineage.count, .label = add_label, .context = &page};
    wv_draw(out, look, &drawn);
    free(items);
    free(nodes);
    free(order);
    wv_lineage_free(&lineage);
}
