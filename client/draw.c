/* See draw.h. A row at a time: the lanes are a list of nodes that are waited for; each node's row
 * is followed by the rows that open lanes for more parents and close lanes that have met. Lane n
 * stands in column 2n. Main thread. */
#include "draw.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY SIZE_MAX

struct lane {
    size_t node; /* that is waited for; NOBODY: a lane that has ended */
    enum wv_style style;
};

struct drawing {
    const struct wv_draw_nodes *nodes;
    const struct wv_look *look;
    struct wv_strbuf *out;
    struct lane *lanes;
    size_t count;
    size_t capacity;
    size_t opened; /* lanes so far: gives each the next colour */
    size_t ended;  /* the lane that ended with the last node; NOBODY: none */
    /* the row under way */
    char *cells;
    enum wv_style *styles;
    size_t width;
    size_t room;
};

static void put(struct drawing *drawing, size_t column, char c, enum wv_style style)
{
    while (column >= drawing->room) {
        size_t room = drawing->room > 0 ? drawing->room * 2 : 64;
        drawing->cells = wv_xreallocarray(drawing->cells, room, 1);
        drawing->styles = wv_xreallocarray(drawing->styles, room, sizeof(*drawing->styles));
        drawing->room = room;
    }
    for (; drawing->width <= column; drawing->width++)
        drawing->cells[drawing->width] = ' ';
    drawing->cells[column] = c;
    drawing->styles[column] = style;
}

static void put_lane(struct drawing *drawing, size_t at, size_t column, char c)
{
    if (drawing->lanes[at].node != NOBODY)
        put(drawing, column, c, drawing->lanes[at].style);
}

/* Lanes from `from` to before `to`, upright. */
static void put_upright(struct drawing *drawing, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        put_lane(drawing, i, 2 * i, '|');
}

static void flush_cells(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->width; i++) {
        bool blank = drawing->cells[i] == ' ';
        enum wv_style style = blank ? WV_PLAIN : drawing->styles[i];
        wv_style_on(drawing->out, drawing->look, style);
        wv_strbuf_addc(drawing->out, drawing->cells[i]);
        wv_style_off(drawing->out, drawing->look, style);
    }
    drawing->width = 0;
}

static void end_row(struct drawing *drawing)
{
    flush_cells(drawing);
    wv_strbuf_addc(drawing->out, '\n');
}

static struct lane new_lane(struct drawing *drawing, size_t node)
{
    static const enum wv_style styles[] = {WV_RED,  WV_GREEN,   WV_YELLOW,
                                           WV_BLUE, WV_MAGENTA, WV_CYAN};
    size_t turn = drawing->opened++ % (sizeof(styles) / sizeof(styles[0]));
    return (struct lane){.node = node, .style = styles[turn]};
}

static void insert_lane(struct drawing *drawing, size_t at, size_t node)
{
    WV_GROW(drawing->lanes, drawing->count, drawing->capacity);
    memmove(&drawing->lanes[at + 1], &drawing->lanes[at],
            (drawing->count - at) * sizeof(*drawing->lanes));
    drawing->lanes[at] = new_lane(drawing, node);
    drawing->count++;
}

static size_t find_lane(const struct drawing *drawing, size_t node)
{
    for (size_t i = 0; i < drawing->count; i++)
        if (drawing->lanes[i].node == node)
            return i;
    return NOBODY;
}

/* The tail of an edge from the top of column 2 * from to lane `to` on its left: an oblique stroke,
 * then a line under the lanes between. True when it needs a second row for its last stroke. */
static bool put_left(struct drawing *drawing, size_t from, size_t to, enum wv_style style)
{
    put(drawing, 2 * from - 1, '/', style);
    for (size_t i = to + 1; i + 1 < from; i++)
        put(drawing, 2 * i + 1, '_', style);
    return from - to > 1;
}

static void end_left(struct drawing *drawing, size_t to, enum wv_style style)
{
    put_upright(drawing, 0, drawing->count);
    put(drawing, 2 * to + 1, '/', style);
    end_row(drawing);
}

/* Takes lane `gone` out; those on its right move one to the left. `into`: the lane it runs into, or
 * NOBODY. */
static void close_lane(struct drawing *drawing, size_t gone, size_t into)
{
    struct lane lane = drawing->lanes[gone];
    bool more = false;
    put_upright(drawing, 0, gone);
    if (into != NOBODY)
        more = put_left(drawing, gone, into, lane.style);
    for (size_t i = gone + 1; i < drawing->count; i++)
        put_lane(drawing, i, 2 * i - 1, '/');
    bool visible = into != NOBODY || gone + 1 < drawing->count;
    drawing->count--;
    memmove(&drawing->lanes[gone], &drawing->lanes[gone + 1],
            (drawing->count - gone) * sizeof(*drawing->lanes));
    if (visible)
        end_row(drawing);
    drawing->width = 0;
    if (more)
        end_left(drawing, into, lane.style);
}

/* Closes what has ended, and joins lanes that wait for the same node. */
static void close_lanes(struct drawing *drawing)
{
    for (size_t i = 0; i < drawing->count;) {
        size_t node = drawing->lanes[i].node;
        size_t first = find_lane(drawing, node);
        if (node == NOBODY)
            close_lane(drawing, i, NOBODY);
        else if (first < i)
            close_lane(drawing, i, first);
        else
            i++;
    }
}

/* One more lane at `at`, beside the one it comes from; those on its right make room. */
static void open_lane(struct drawing *drawing, size_t at, size_t node)
{
    put_upright(drawing, 0, at);
    for (size_t i = at; i < drawing->count; i++)
        put_lane(drawing, i, 2 * i + 1, '\\');
    insert_lane(drawing, at, node);
    put(drawing, 2 * at - 1, '\\', drawing->lanes[at].style);
    end_row(drawing);
}

/* An edge from lane `at` to a lane on its left that waits for the same parent already. */
static void join_left(struct drawing *drawing, size_t at, size_t to)
{
    enum wv_style style = drawing->lanes[at].style;
    put_upright(drawing, 0, drawing->count);
    bool more = put_left(drawing, at, to, style);
    end_row(drawing);
    if (more)
        end_left(drawing, to, style);
}

static void join_right(struct drawing *drawing, size_t at)
{
    put_upright(drawing, 0, drawing->count);
    put(drawing, 2 * at + 1, '\\', drawing->lanes[at + 1].style);
    end_row(drawing);
}

/* The parents of a node but the first, one after the other, the last one beside the lane. */
static void open_parents(struct drawing *drawing, size_t at, const struct wv_draw_node *node)
{
    for (size_t i = node->parent_count; i-- > 1;) {
        size_t there = find_lane(drawing, node->parents[i]);
        if (there == NOBODY || there > at + 1)
            open_lane(drawing, at + 1, node->parents[i]);
        else if (there < at)
            join_left(drawing, at, there);
        else if (there == at + 1)
            join_right(drawing, at);
    }
}

/* The node's own row, with the first line of its text; further lines beside the lanes. */
static void draw_node(struct drawing *drawing, size_t at, size_t number, bool goes_on)
{
    const struct wv_draw_nodes *nodes = drawing->nodes;
    const struct wv_draw_node *node = &nodes->items[number];
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    size_t extra = node->parent_count > 1 ? 1 : 0;
    size_t columns = 2 * (drawing->count + extra);
    nodes->label(nodes->context, number, (int)columns, &text);
    const char *line = wv_strbuf_text(&text);
    for (bool first = true; *line != '\0'; first = false) {
        size_t length = strcspn(line, "\n");
        put_upright(drawing, 0, drawing->count);
        if (first || !goes_on)
            put(drawing, 2 * at, first ? '*' : ' ', first ? node->style : WV_PLAIN);
        if (length > 0)
            put(drawing, columns - 1, ' ', WV_PLAIN);
        flush_cells(drawing);
        wv_strbuf_add(drawing->out, line, length);
        wv_strbuf_addc(drawing->out, '\n');
        line += length + (line[length] == '\n');
    }
}

static void take_node(struct drawing *drawing, size_t number)
{
    const struct wv_draw_node *node = &drawing->nodes->items[number];
    size_t at = find_lane(drawing, number);
    if (at == NOBODY) {
        at = drawing->count;
        /* A gap, lest the star above looks like its child. */
        if (at == drawing->ended) {
            put_upright(drawing, 0, at);
            end_row(drawing);
        }
        insert_lane(drawing, at, number);
    }
    draw_node(drawing, at, number, node->parent_count > 0);
    drawing->ended = node->parent_count > 0 ? NOBODY : at;
    drawing->lanes[at].node = node->parent_count > 0 ? node->parents[0] : NOBODY;
    open_parents(drawing, at, node);
    close_lanes(drawing);
}

void wv_draw(struct wv_strbuf *out, const struct wv_look *look, const struct wv_draw_nodes *nodes)
{
    struct drawing drawing = {.nodes = nodes, .look = look, .out = out, .ended = NOBODY};
    for (size_t i = 0; i < nodes->count; i++)
        take_node(&drawing, i);
    free(drawing.lanes);
    free(drawing.cells);
    free(drawing.styles);
}
