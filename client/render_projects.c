/* See render.h. Several projects as a table: a line each, as wide as its widest cells, cut to the
 * terminal. */
#include <stdlib.h>
#include <string.h>

#include "display.h"
#include "render.h"
#include "value.h"

enum { COLUMNS = 6, LAST = COLUMNS - 1 };

static const char *const titles[COLUMNS] = {"PROJECT", "STATE", "CURRENT",
                                            "PENDING", "ROLE",  "DATABASE"};

struct row {
    char *cells[COLUMNS]; /* escaped */
    enum wv_style style;  /* of the state */
};

static char *shown(const char *text)
{
    struct wv_strbuf cell WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_add_line(&cell, text);
    return wv_strbuf_take(&cell);
}

/* Where it is, or why it is not there. */
static char *database_cell(const json_t *project)
{
    struct wv_strbuf cell WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const json_t *database = wv_value_object(project, "database");
    const json_t *error = wv_value_object(project, "error");
    if (error == NULL)
        error = wv_value_object(database, "error");
    if (error != NULL) {
        wv_display_add_part(&cell, "", wv_value_text(error, "message"));
    } else {
        wv_display_add_part(&cell, "", wv_value_text(database, "name"));
        wv_display_add_part(&cell, " on ", wv_value_text(database, "host"));
    }
    return wv_strbuf_take(&cell);
}

/* daemon.status does not look at the database: it tells whether it can be reached. */
static const char *state_of(const json_t *project)
{
    const char *state = wv_value_text(project, "state");
    if (state != NULL)
        return state;
    if (wv_value_object(project, "database") == NULL)
        return "refused";
    if (wv_value_true(project, "stopping"))
        return "stopping";
    return wv_value_true(wv_value_object(project, "database"), "reachable") ? "reachable"
                                                                            : "unreachable";
}

static enum wv_style style_of(const char *state)
{
    static const char *const good[] = {"at-head", "ahead", "reachable"};
    static const char *const bad[] = {"unreachable", "diverged", "refused"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (strcmp(state, good[i]) == 0)
            return WV_GREEN;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (strcmp(state, bad[i]) == 0)
            return WV_RED;
    return WV_YELLOW;
}

static char *current_cell(const json_t *project)
{
    struct wv_strbuf cell WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const struct wv_look plain = {0};
    const json_t *current = wv_value_array(project, "current");
    if (current == NULL)
        wv_strbuf_addc(&cell, '-');
    else
        wv_render_ids(&cell, &plain, WV_PLAIN, current);
    return wv_strbuf_take(&cell);
}

static char *pending_cell(const json_t *project)
{
    if (wv_value_array(project, "pending") == NULL)
        return wv_xstrdup("-");
    return wv_xasprintf("%zu", wv_value_count(project, "pending"));
}

static struct row make_row(const json_t *project)
{
    const char *state = state_of(project);
    const char *role = wv_value_text(project, "role");
    return (struct row){.cells = {shown(wv_value_text(project, "project")), shown(state),
                                  current_cell(project), pending_cell(project),
                                  shown(role != NULL ? role : "-"), database_cell(project)},
                        .style = style_of(state)};
}

static void widen(int *widths, const char *const *cells)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        int width = wv_display_width(cells[i]);
        widths[i] = width > widths[i] ? width : widths[i];
    }
}

static void add_cells(struct wv_strbuf *out, const struct wv_look *look, const char *const *cells,
                      const int *widths, enum wv_style style)
{
    int used = 0;
    for (size_t i = 0; i < LAST; i++) {
        bool styled = style == WV_BOLD || i == 1;
        if (styled)
            wv_style_on(out, look, style);
        wv_strbuf_adds(out, cells[i]);
        if (styled)
            wv_style_off(out, look, style);
        wv_strbuf_addf(out, "%*s", widths[i] - wv_display_width(cells[i]) + 2, "");
        used += widths[i] + 2;
    }
    size_t from = out->length;
    wv_strbuf_adds(out, cells[LAST]);
    if (look->width > used)
        wv_display_cut(out, from, look->width - used);
    wv_strbuf_addc(out, '\n');
}

void wv_render_projects(struct wv_strbuf *out, const struct wv_look *look, const json_t *projects)
{
    size_t count = json_array_size(projects);
    struct row *rows = wv_xcalloc(count + 1, sizeof(*rows));
    int widths[COLUMNS] = {0};
    widen(widths, titles);
    for (size_t i = 0; i < count; i++) {
        rows[i] = make_row(json_array_get(projects, i));
        widen(widths, (const char *const *)rows[i].cells);
    }
    add_cells(out, look, titles, widths, WV_BOLD);
    for (size_t i = 0; i < count; i++) {
        add_cells(out, look, (const char *const *)rows[i].cells, widths, rows[i].style);
        for (size_t j = 0; j < COLUMNS; j++)
            free(rows[i].cells[j]);
    }
    free(rows);
}
