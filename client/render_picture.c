/* See render.h: revisions in the languages of Graphviz (https://graphviz.org/doc/info/lang.html)
 * and Mermaid. Text goes through wv_display_add first, so that no control character is left. */
#include <string.h>

#include "display.h"
#include "lineage.h"
#include "render.h"
#include "value.h"

/* Adds `text` with each byte of `special` replaced. */
static void add_escaped(struct wv_strbuf *out, const char *text, const char *special,
                        const char *const *replacements)
{
    for (; *text != '\0'; text++) {
        const char *found = strchr(special, *text);
        if (found != NULL)
            wv_strbuf_adds(out, replacements[found - special]);
        else
            wv_strbuf_addc(out, *text);
    }
}

/* Inside a quoted string that Graphviz reads as a label: it knows backslash escapes and HTML's
 * entities. */
static void add_dot(struct wv_strbuf *out, const char *text)
{
    static const char *const replacements[] = {"\\\"", "\\\\", "&amp;"};
    add_escaped(out, text, "\"\\&", replacements);
}

/* Inside the quotes of a label: Mermaid has entity codes, and takes some HTML and Markdown. */
static void add_mermaid(struct wv_strbuf *out, const char *text)
{
    static const char *const replacements[] = {"#quot;", "#35;", "#amp;", "#lt;",
                                               "#gt;",   "#96;", "#92;"};
    add_escaped(out, text, "\"#&<>`\\", replacements);
}

typedef void add_text(struct wv_strbuf *out, const char *text);

/* "id<turn>message<turn>(head) (current)". */
static void add_label(struct wv_strbuf *out, const json_t *revision, const char *turn,
                      add_text *add)
{
    static const struct wv_look bare = {0};
    struct wv_strbuf part WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_add_line(&part, wv_value_text(revision, "revision"));
    add(out, wv_strbuf_text(&part));
    wv_strbuf_reset(&part);
    wv_display_add_line(&part, wv_value_text(revision, "message"));
    if (part.length > 0) {
        wv_strbuf_adds(out, turn);
        add(out, wv_strbuf_text(&part));
    }
    wv_strbuf_reset(&part);
    wv_render_marks(&part, &bare, revision, true);
    if (part.length > 0) {
        wv_strbuf_adds(out, turn);
        add(out, wv_strbuf_text(&part) + 1);
    }
}

/* A node's name in DOT: the id itself, quoted. */
static void add_dot_name(struct wv_strbuf *out, const json_t *revision)
{
    struct wv_strbuf id WV_AUTOSTRBUF = WV_STRBUF_INIT;
    static const char *const replacements[] = {"\\\"", "\\\\"};
    wv_display_add_line(&id, wv_value_text(revision, "revision"));
    wv_strbuf_addc(out, '"');
    add_escaped(out, wv_strbuf_text(&id), "\"\\", replacements);
    wv_strbuf_addc(out, '"');
}

/* A node's name in Mermaid: letters and digits, all other bytes by number, after an r, because
 * words such as "end" are not allowed. */
static void add_mermaid_name(struct wv_strbuf *out, const json_t *revision)
{
    const char *id = wv_value_text(revision, "revision");
    wv_strbuf_addc(out, 'r');
    for (; id != NULL && *id != '\0'; id++) {
        char c = *id;
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            wv_strbuf_addc(out, c);
        else
            wv_strbuf_addf(out, "_%02x", (unsigned)(unsigned char)c);
    }
}

static void add_edges(struct wv_strbuf *out, const struct wv_lineage *lineage,
                      const struct wv_edges *edges, const char *arrow, const char *end,
                      void (*add_name)(struct wv_strbuf *out, const json_t *revision))
{
    for (size_t i = lineage->count; i-- > 0;) {
        for (size_t k = edges->start[i]; k < edges->start[i + 1]; k++) {
            wv_strbuf_adds(out, "    ");
            add_name(out, lineage->revisions[edges->items[k]]);
            wv_strbuf_adds(out, arrow);
            add_name(out, lineage->revisions[i]);
            wv_strbuf_adds(out, end);
        }
    }
}

void wv_render_dot(struct wv_strbuf *out, const json_t *result)
{
    struct wv_lineage lineage;
    wv_lineage_init(&lineage, result);
    wv_strbuf_adds(out, "digraph history {\n    rankdir=BT;\n    node [shape=box];\n");
    for (size_t i = lineage.count; i-- > 0;) {
        const json_t *revision = lineage.revisions[i];
        wv_strbuf_adds(out, "    ");
        add_dot_name(out, revision);
        wv_strbuf_adds(out, " [label=\"");
        add_label(out, revision, "\\n", add_dot);
        wv_strbuf_addc(out, '"');
        if (wv_value_true(revision, "is_head"))
            wv_strbuf_adds(out, ", color=green4");
        if (wv_value_true(revision, "is_current"))
            wv_strbuf_adds(out, ", style=filled, fillcolor=lightyellow");
        wv_strbuf_adds(out, "];\n");
    }
    add_edges(out, &lineage, &lineage.down, " -> ", ";\n", add_dot_name);
    add_edges(out, &lineage, &lineage.depends, " -> ", " [style=dashed];\n", add_dot_name);
    wv_strbuf_adds(out, "}\n");
    wv_lineage_free(&lineage);
}

void wv_render_mermaid(struct wv_strbuf *out, const json_t *result)
{
    struct wv_lineage lineage;
    wv_lineage_init(&lineage, result);
    wv_strbuf_adds(out, "flowchart BT\n    classDef head stroke:green\n"
                        "    classDef current fill:lightyellow\n");
    for (size_t i = lineage.count; i-- > 0;) {
        const json_t *revision = lineage.revisions[i];
        wv_strbuf_adds(out, "    ");
        add_mermaid_name(out, revision);
        wv_strbuf_adds(out, "[\"");
        add_label(out, revision, "<br/>", add_mermaid);
        wv_strbuf_adds(out, "\"]\n");
        static const char *const classes[][2] = {{"is_head", "head"}, {"is_current", "current"}};
        for (size_t k = 0; k < 2; k++) {
            if (!wv_value_true(revision, classes[k][0]))
                continue;
            wv_strbuf_adds(out, "    class ");
            add_mermaid_name(out, revision);
            wv_strbuf_addf(out, " %s\n", classes[k][1]);
        }
    }
    add_edges(out, &lineage, &lineage.down, " --> ", "\n", add_mermaid_name);
    add_edges(out, &lineage, &lineage.depends, " -.-> ", "\n", add_mermaid_name);
    wv_lineage_free(&lineage);
}
