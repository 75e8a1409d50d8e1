/* See diff.h. The greedy search of E. Myers, "An O(ND) Difference Algorithm and Its Variations"
 * (1986): how far one comes on each diagonal with d edits, for growing d; then back along the way.
 */
#include "diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct line {
    const char *text;
    size_t length;
    uint64_t hash;
};

struct lines {
    struct line *items;
    size_t count;
    size_t capacity;
};

/* What becomes of the lines: for each whether the other side has it too. */
struct diff {
    struct lines from;
    struct lines to;
    bool *removed;
    bool *added;
};

static uint64_t hash_of(const char *text, size_t length)
{
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return hash;
}

static void split(struct lines *lines, const char *text)
{
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n");
        WV_GROW(lines->items, lines->count, lines->capacity);
        lines->items[lines->count++] = (struct line){text, length, hash_of(text, length)};
        text += length + (text[length] == '\n');
    }
}

static bool same(const struct line *left, const struct line *right)
{
    return left->hash == right->hash && left->length == right->length &&
           memcmp(left->text, right->text, left->length) == 0;
}

/* The part that differs: both sides between their common beginning and end. */
struct middle {
    struct diff *diff;
    size_t start; /* of both */
    int from;     /* how many lines */
    int to;
};

static bool meets(const struct middle *middle, int x, int y)
{
    return same(&middle->diff->from.items[middle->start + (size_t)x],
                &middle->diff->to.items[middle->start + (size_t)y]);
}

static struct middle middle_of(struct diff *diff)
{
    size_t from = diff->from.count, to = diff->to.count, start = 0;
    while (start < from && start < to && same(&diff->from.items[start], &diff->to.items[start]))
        start++;
    while (from > start && to > start &&
           same(&diff->from.items[from - 1], &diff->to.items[to - 1])) {
        from--;
        to--;
    }
    return (struct middle){diff, start, (int)(from - start), (int)(to - start)};
}

static void replace_all(const struct middle *middle)
{
    for (int x = 0; x < middle->from; x++)
        middle->diff->removed[middle->start + (size_t)x] = true;
    for (int y = 0; y < middle->to; y++)
        middle->diff->added[middle->start + (size_t)y] = true;
}

/* reach[k] for the diagonals k = -d..d: the furthest x. `rows[d]` keeps them from before edit d. */
struct search {
    int *reach; /* its middle is diagonal 0 */
    int **rows;
    int limit;
};

static bool comes_down(const int *reach, int k, int d)
{
    return k == -d || (k != d && reach[k - 1] < reach[k + 1]);
}

/* True when the end was reached with d edits. */
static bool advance(const struct middle *middle, struct search *search, int d)
{
    int *reach = search->reach;
    size_t width = 2 * (size_t)d + 3;
    search->rows[d] = wv_xcalloc(width, sizeof(int));
    memcpy(search->rows[d], reach - d - 1, width * sizeof(int));
    for (int k = -d; k <= d; k += 2) {
        int x = comes_down(reach, k, d) ? reach[k + 1] : reach[k - 1] + 1;
        while (x < middle->from && x - k < middle->to && meets(middle, x, x - k))
            x++;
        reach[k] = x;
        if (k == middle->from - middle->to && x >= middle->from)
            return true;
    }
    return false;
}

static void walk_back(const struct middle *middle, const struct search *search, int d)
{
    int x = middle->from, y = middle->to;
    for (; d > 0; d--) {
        const int *reach = search->rows[d] + d + 1;
        int k = x - y;
        bool down = comes_down(reach, k, d);
        int before = down ? k + 1 : k - 1;
        x = reach[before];
        y = x - before;
        if (down)
            middle->diff->added[middle->start + (size_t)y] = true;
        else
            middle->diff->removed[middle->start + (size_t)x] = true;
    }
}

static void compare(struct diff *diff)
{
    struct middle middle = middle_of(diff);
    int most = middle.from + middle.to;
    struct search search = {.limit = most < WV_DIFF_EDITS ? most : WV_DIFF_EDITS};
    int *reach WV_AUTOFREE = wv_xcalloc(2 * (size_t)search.limit + 3, sizeof(int));
    search.reach = reach + search.limit + 1;
    search.rows = wv_xcalloc((size_t)search.limit + 1, sizeof(*search.rows));
    int d = 0;
    while (d <= search.limit && !advance(&middle, &search, d))
        d++;
    if (d <= search.limit)
        walk_back(&middle, &search, d);
    else
        replace_all(&middle);
    for (int i = 0; i <= search.limit; i++)
        free(search.rows[i]);
    free(search.rows);
}

static void add_line(struct wv_strbuf *out, char mark, const struct line *line)
{
    wv_strbuf_addc(out, mark);
    wv_strbuf_add(out, line->text, line->length);
    wv_strbuf_addc(out, '\n');
}

/* Both sides at once. */
struct cursor {
    size_t from;
    size_t to;
};

static bool at_change(const struct diff *diff, struct cursor at)
{
    return (at.from < diff->from.count && diff->removed[at.from]) ||
           (at.to < diff->to.count && diff->added[at.to]);
}

static bool at_end(const struct diff *diff, struct cursor at)
{
    return at.from >= diff->from.count && at.to >= diff->to.count;
}

static void skip_change(const struct diff *diff, struct cursor *at)
{
    while (at->from < diff->from.count && diff->removed[at->from])
        at->from++;
    while (at->to < diff->to.count && diff->added[at->to])
        at->to++;
}

/* The end of the hunk whose first change is at `at`: changes with at most twice the context between
 * them belong together. */
static struct cursor hunk_end(const struct diff *diff, struct cursor at)
{
    for (;;) {
        skip_change(diff, &at);
        size_t calm = 0;
        struct cursor next = at;
        while (!at_end(diff, next) && !at_change(diff, next) && calm <= 2 * WV_DIFF_CONTEXT) {
            next.from++;
            next.to++;
            calm++;
        }
        if (at_end(diff, next) || calm > 2 * WV_DIFF_CONTEXT) {
            size_t shown = calm < WV_DIFF_CONTEXT ? calm : WV_DIFF_CONTEXT;
            return (struct cursor){at.from + shown, at.to + shown};
        }
        at = next;
    }
}

static void add_range(struct wv_strbuf *out, char mark, size_t begin, size_t end, int first)
{
    size_t count = end - begin;
    /* An empty range names the line before it. */
    size_t line = begin + (size_t)first - (count == 0 ? 1 : 0);
    wv_strbuf_addf(out, " %c%zu", mark, line);
    if (count != 1)
        wv_strbuf_addf(out, ",%zu", count);
}

static void add_hunk(struct wv_strbuf *out, const struct diff *diff, struct cursor at,
                     struct cursor end, int first)
{
    wv_strbuf_adds(out, "@@");
    add_range(out, '-', at.from, end.from, first);
    add_range(out, '+', at.to, end.to, first);
    wv_strbuf_adds(out, " @@\n");
    while (at.from < end.from || at.to < end.to) {
        if (at.from < end.from && diff->removed[at.from])
            add_line(out, '-', &diff->from.items[at.from++]);
        else if (at.to < end.to && diff->added[at.to])
            add_line(out, '+', &diff->to.items[at.to++]);
        else {
            add_line(out, ' ', &diff->from.items[at.from++]);
            at.to++;
        }
    }
}

static void add_hunks(struct wv_strbuf *out, const struct diff *diff, int first)
{
    struct cursor at = {0, 0};
    for (;;) {
        size_t calm = 0;
        while (!at_end(diff, at) && !at_change(diff, at)) {
            at.from++;
            at.to++;
            calm++;
        }
        if (at_end(diff, at))
            return;
        struct cursor end = hunk_end(diff, at);
        size_t before = calm < WV_DIFF_CONTEXT ? calm : WV_DIFF_CONTEXT;
        add_hunk(out, diff, (struct cursor){at.from - before, at.to - before}, end, first);
        at = end;
    }
}

void wv_diff(struct wv_strbuf *out, const char *from, const char *to, int first)
{
    struct diff diff = {0};
    split(&diff.from, from);
    split(&diff.to, to);
    diff.removed = wv_xcalloc(diff.from.count + 1, sizeof(bool));
    diff.added = wv_xcalloc(diff.to.count + 1, sizeof(bool));
    compare(&diff);
    add_hunks(out, &diff, first);
    free(diff.from.items);
    free(diff.to.items);
    free(diff.removed);
    free(diff.added);
}
