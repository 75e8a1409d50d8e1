/* Any text as targets. The first byte is the command, the second chooses a random graph and the
 * applied revisions in it; each further line is a target, the last one of a "d" or "u" may be
 * anything. Checked: an answer or an error with a hint; a plan can be run step by step and leaves
 * the right rows after each. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "draft.h"
#include "fuzz.h"
#include "graph_query.h"
#include "graph_world.h"

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void require_answer(bool ok, const struct wv_err *err)
{
    require(ok == (err->code == WV_OK));
    require(ok || (err->message != NULL && *err->message != '\0'));
}

/* The same worlds on each call, made once. */
static struct world *world_of(uint8_t choice)
{
    static struct world worlds[16];
    static bool made;
    uint64_t random = 20260114;
    for (size_t i = 0; !made && i < 16; i++)
        world_make(&worlds[i], &random);
    made = true;
    return &worlds[choice % 16];
}

static void split_lines(struct wv_strlist *lines, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t length = end != NULL ? (size_t)(end - data) - at : size - at;
        wv_strlist_addn(lines, (const char *)data + at, strnlen((const char *)data + at, length));
        at += length + 1;
    }
}

static void check_plan(const struct world *world, const struct wv_plan_request *request)
{
    struct wv_plan plan WV_AUTOPLAN = {0};
    struct wv_err err WV_AUTOERR = {0};
    bool ok = wv_plan_make(world->graph, request, &plan, &err);
    require_answer(ok, &err);
    uint64_t end;
    uint64_t before = world_closure(world, world_set(world, &plan.rows_before));
    require(!ok || world_replay(world, before, &plan, &end) == NULL);
}

static void check_query(const struct world *world, char command, const struct wv_strlist *rows,
                        const char *text)
{
    struct wv_nodes nodes WV_AUTONODES = {0};
    struct wv_err err WV_AUTOERR = {0};
    bool ok = command == 'h' ? wv_query_history(world->graph, rows, text, &nodes, &err)
                             : wv_query_show(world->graph, rows, text, &nodes, &err);
    require_answer(ok, &err);
    require(nodes.count <= world->count);
}

static void check_draft(const struct world *world, const struct wv_strlist *lines)
{
    const struct wv_draft_request request = {
        .id = "new", .heads = lines, .depends_on = lines, .labels = lines, .splice = true};
    struct wv_draft draft;
    struct wv_err err WV_AUTOERR = {0};
    bool ok = wv_draft_make(world->graph, &request, &draft, &err);
    require_answer(ok, &err);
    if (ok)
        wv_draft_free(&draft);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    const struct world *world = world_of(data[1]);
    uint64_t all = (UINT64_C(1) << world->count) - 1;
    uint64_t applied = world_closure(world, (data[1] * UINT64_C(0x9e3779b97f4a7c15) >> 20) & all);
    struct wv_strlist rows WV_AUTOSTRLIST = {0}, lines WV_AUTOSTRLIST = {0};
    world_rows(world, world_tips(world, applied), &rows);
    split_lines(&lines, data + 2 + (data[2] == '\n'), size - 2 - (data[2] == '\n'));
    struct wv_plan_request request = {.current = &rows, .targets = &lines};
    switch (data[0]) {
    case 'd':
        request.kind = WV_PLAN_DOWNGRADE;
        check_plan(world, &request);
        break;
    case 's':
        request.kind = WV_PLAN_STAMP;
        request.purge = (data[1] & 0x40) != 0;
        check_plan(world, &request);
        break;
    case 'o':
        request.offline = true;
        check_plan(world, &request);
        break;
    case 'r':
        check_draft(world, &lines);
        break;
    case 'h':
    case 'w':
        if (lines.count > 0)
            check_query(world, (char)data[0], &rows, lines.items[0]);
        break;
    default:
        check_plan(world, &request);
        break;
    }
    return 0;
}
