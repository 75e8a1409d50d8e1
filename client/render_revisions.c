/* See render.h. Lists of revisions, in the words that Alembic uses for them. */
#include "render.h"

#include <string.h>

#include "display.h"
#include "value.h"

static void add_ids(struct wv_strbuf *out, const json_t *ids)
{
    size_t index;
    const json_t *id;
    json_array_foreach(ids, index, id)
    {
        wv_strbuf_adds(out, index > 0 ? ", " : "");
        wv_display_add_line(out, json_string_value(id));
    }
}

static void add_down(struct wv_strbuf *out, const json_t *revision)
{
    const json_t *down = wv_value_array(revision, "down_revision");
    if (json_array_size(down) == 0)
        wv_strbuf_adds(out, "<base>");
    add_ids(out, down);
}

void wv_render_marks(struct wv_strbuf *out, const struct wv_look *look, const json_t *revision,
                     bool current)
{
    static const struct {
        const char *key;
        const char *mark;
        enum wv_style style;
    } marks[] = {{"is_head", "(head)", WV_GREEN},
                 {"is_current", "(current)", WV_BOLD},
                 {"is_branch_point", "(branchpoint)", WV_PLAIN},
                 {"is_merge_point", "(mergepoint)", WV_PLAIN}};
    if (wv_value_count(revision, "branch_labels") > 0) {
        wv_strbuf_adds(out, " (");
        add_ids(out, wv_value_array(revision, "branch_labels"));
        wv_strbuf_adds(out, ")");
    }
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        bool wanted = current || strcmp(marks[i].key, "is_current") != 0;
        if (!wanted || !wv_value_true(revision, marks[i].key))
            continue;
        const char *mark = marks[i].mark;
        /* A head of its branch that revisions of other branches depend on. */
        if (i == 0 && wv_value_true(revision, "is_effective_head"))
            mark = "(effective head)";
        wv_strbuf_addc(out, ' ');
        wv_style_text(out, look, marks[i].style, mark);
    }
    const char *source = wv_value_text(revision, "source");
    if (source != NULL && strcmp(source, "ledger") == 0)
        wv_strbuf_adds(out, " (no file)");
    else if (json_is_null(json_object_get(revision, "source")))
        wv_strbuf_adds(out, " (unknown)");
}

static void add_line(struct wv_strbuf *out, const struct wv_look *look, const json_t *revision,
                     struct wv_list list)
{
    if (list.parents) {
        add_down(out, revision);
        if (wv_value_count(revision, "depends_on") > 0) {
            wv_strbuf_adds(out, " (");
            add_ids(out, wv_value_array(revision, "depends_on"));
            wv_strbuf_adds(out, ")");
        }
        wv_strbuf_adds(out, " -> ");
    }
    wv_style_text(out, look, WV_YELLOW, wv_value_text(revision, "revision"));
    wv_render_marks(out, look, revision, list.current);
    const char *message = wv_value_text(revision, "message");
    if (message != NULL && *message != '\0') {
        wv_strbuf_adds(out, ", ");
        wv_display_add_line(out, message);
    }
    wv_strbuf_addc(out, '\n');
}

static void add_followers(struct wv_strbuf *out, const struct wv_look *look, const json_t *revision)
{
    const char *id = wv_value_text(revision, "revision");
    int indent = id != NULL ? wv_display_width(id) : 0;
    size_t index;
    const json_t *follower;
    json_array_foreach(wv_value_array(revision, "followers"), index, follower)
    {
        wv_strbuf_addf(out, "%*s -> ", indent, "");
        add_line(out, look, follower, (struct wv_list){.current = true});
    }
}

static void add_field(struct wv_strbuf *out, const char *label, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    wv_strbuf_addf(out, "%s: ", label);
    wv_display_add_line(out, text);
    wv_strbuf_addc(out, '\n');
}

static void add_list_field(struct wv_strbuf *out, const char *label, const json_t *list)
{
    if (json_array_size(list) == 0)
        return;
    wv_strbuf_addf(out, "%s: ", label);
    add_ids(out, list);
    wv_strbuf_addc(out, '\n');
}

static void add_applied(struct wv_strbuf *out, const json_t *revision, bool applied)
{
    wv_strbuf_addf(out, "Applied: %s", applied ? "yes" : "no");
    wv_display_add_part(out, ", ", wv_value_text(revision, "applied_at"));
    wv_display_add_part(out, " by ", wv_value_text(revision, "applied_by"));
    wv_strbuf_addc(out, '\n');
}

void wv_render_paragraph(struct wv_strbuf *out, const struct wv_look *look, const json_t *revision,
                         bool current)
{
    wv_strbuf_adds(out, "Rev: ");
    wv_style_text(out, look, WV_YELLOW, wv_value_text(revision, "revision"));
    wv_render_marks(out, look, revision, current);
    wv_strbuf_adds(out,
                   wv_value_count(revision, "down_revision") > 1 ? "\nMerges: " : "\nParent: ");
    add_down(out, revision);
    wv_strbuf_addc(out, '\n');
    add_list_field(out, "Also depends on", wv_value_array(revision, "depends_on"));
    add_list_field(out, "Replaces", wv_value_array(revision, "replaces"));
    add_list_field(out, "Branch names", wv_value_array(revision, "branch_labels"));
    add_list_field(out, "Branches into", wv_value_array(revision, "next"));
    const char *source = wv_value_text(revision, "source");
    bool stored = source != NULL && strcmp(source, "ledger") == 0;
    add_field(out, "Path", wv_value_text(revision, "path"));
    add_field(out, "Source", stored ? "the ledger; the file is gone" : NULL);
    add_field(out, "Created", wv_value_text(revision, "create_date"));
    const json_t *applied = json_object_get(revision, "is_applied");
    if (json_is_boolean(applied))
        add_applied(out, revision, json_is_true(applied));
    const char *message = wv_value_text(revision, "message");
    if (message != NULL && *message != '\0') {
        wv_strbuf_addc(out, '\n');
        wv_display_add_block(out, message, "    ");
    }
}

void wv_render_revisions(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                         struct wv_list list)
{
    size_t index;
    const json_t *revision;
    json_array_foreach(wv_value_array(result, "revisions"), index, revision)
    {
        wv_strbuf_adds(out, index > 0 && (list.verbose || list.followers) ? "\n" : "");
        if (list.verbose) {
            wv_render_paragraph(out, look, revision, list.current);
        } else {
            add_line(out, look, revision, list);
        }
        if (list.followers)
            add_followers(out, look, revision);
    }
}

void wv_render_show(struct wv_strbuf *out, const struct wv_look *look, const json_t *result)
{
    size_t index;
    const json_t *revision;
    json_array_foreach(wv_value_array(result, "revisions"), index, revision)
    {
        wv_strbuf_adds(out, index > 0 ? "\n" : "");
        wv_render_paragraph(out, look, revision, true);
        const char *sql = wv_value_text(revision, "sql");
        if (sql == NULL)
            continue;
        wv_strbuf_addc(out, '\n');
        wv_display_add_block(out, sql, "");
    }
}
