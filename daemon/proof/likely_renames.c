/* See likely_renames.h. */
#include "likely_renames.h"

#include <stdlib.h>
#include <string.h>

#include "list.h"
#include "quote.h"
#include "renamable.h"

struct candidate {
    const struct wv_object *object;
    char *content; /* all of it but its name; with its place */
    size_t matches;
};

struct candidates {
    struct candidate *items;
    size_t count;
    size_t capacity;
};

static void candidates_clear(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++)
        free(candidates->items[i].content);
    free(candidates->items);
}

/* What stays: the schema when it has another name, the name when it has another schema. */
enum staying { SCHEMA_STAYS, NAME_STAYS };

/* Only what has rows is lost for good where it is made anew in another schema. */
static bool is_candidate(const struct wv_object *object, enum staying staying)
{
    return wv_is_renamable(object) &&
           (staying == SCHEMA_STAYS ||
            (object->parent == NULL && (object->kind->traits & WV_KIND_HOLDS_ROWS) != 0));
}

/* The schema is in the first line. */
static char *placed_content(const struct wv_object *object, size_t place, enum staying staying)
{
    char *content WV_AUTOFREE = wv_content_of(object);
    if (staying == SCHEMA_STAYS)
        return wv_xasprintf("%zu %s", place, content);
    return wv_xasprintf("%s %s%s", object->kind->name, object->name,
                        content + strcspn(content, "\n"));
}

static void add_candidate(struct candidates *candidates, const struct wv_object *object,
                          size_t place, enum staying staying)
{
    WV_GROW(candidates->items, candidates->count, candidates->capacity);
    candidates->items[candidates->count++] =
        (struct candidate){.object = object, .content = placed_content(object, place, staying)};
}

/* What stays of the parent is its place; of the parts of what goes or comes there is none. */
static bool find_place(const struct wv_difference *difference, const struct wv_twin *twin,
                       size_t *place)
{
    const struct wv_object *parent = twin->old != NULL ? twin->old->parent : twin->new->parent;
    *place = 0;
    if (parent == NULL)
        return true;
    const struct wv_twin *above =
        twin->old != NULL ? wv_twin_of_old(difference, parent) : wv_twin_of_new(difference, parent);
    *place = (size_t)(above - difference->twins) + 1;
    return above->old != NULL && above->new != NULL;
}

static void collect(const struct wv_difference *difference, enum wv_deed deed, enum staying staying,
                    struct candidates *candidates)
{
    for (size_t i = 0; i < difference->count; i++) {
        const struct wv_twin *twin = &difference->twins[i];
        const struct wv_object *object = twin->old != NULL ? twin->old : twin->new;
        size_t place;
        if (twin->deed == deed && is_candidate(object, staying) &&
            find_place(difference, twin, &place))
            add_candidate(candidates, object, place, staying);
    }
}

static int order_candidates(const void *a, const void *b)
{
    return strcmp(((const struct candidate *)a)->content, ((const struct candidate *)b)->content);
}

static void sort(struct candidates *candidates)
{
    if (candidates->count > 0)
        qsort(candidates->items, candidates->count, sizeof(*candidates->items), order_candidates);
}

/* How many from `first` on have its content. */
static size_t count_equal(const struct candidates *candidates, size_t first)
{
    size_t end = first + 1;
    while (end < candidates->count &&
           strcmp(candidates->items[end].content, candidates->items[first].content) == 0)
        end++;
    return end - first;
}

static void offer(struct wv_findings *findings, const struct wv_object *old,
                  const struct wv_object *new)
{
    char *name WV_AUTOFREE = wv_own_name(old);
    struct wv_found_rename *rename = wv_findings_rename(findings);
    rename->kind = wv_xstrdup(old->kind->name);
    rename->from = wv_xstrdup(name);
    rename->to = wv_xstrdup(new->quoted);
    wv_findings_note(findings,
                     "%s %s may have become %s: it is dropped and made anew, unless \"--rename "
                     "%s:%s\" says that it is renamed",
                     old->kind->name, name, new->quoted, name, new->quoted);
}

/* There is no --rename for that. */
static void note_move(struct wv_findings *findings, const struct wv_object *old,
                      const struct wv_object *new)
{
    char *schema WV_AUTOFREE = wv_quote_ident(new->schema);
    wv_findings_note(
        findings,
        "%s %s may have become %s: it is dropped and made anew; ALTER %s %s SET SCHEMA "
        "%s, in a revision written by hand, would keep it",
        old->kind->name, old->identity, new->identity, old->kind->sql_name, old->identity, schema);
}

/* Of two lists of labels the place where alone they differ, if a label there is in one of them
 * only.
 */
static bool find_other_label(const char *old, const char *new, const char **from, const char **to)
{
    const char *all_old = old;
    const char *all_new = new;
    size_t others = 0;
    for (; *old != '\0' && *new != '\0'; old = wv_list_next(old), new = wv_list_next(new)) {
        size_t length = wv_list_item(old);
        if (wv_list_item(new) == length && strncmp(old, new, length) == 0)
            continue;
        others++;
        *from = old;
        *to = new;
    }
    if (*old != '\0' || *new != '\0' || others != 1)
        return false;
    char *gone WV_AUTOFREE = wv_xstrndup(*from, wv_list_item(*from));
    char *come WV_AUTOFREE = wv_xstrndup(*to, wv_list_item(*to));
    return !wv_list_has(all_new, gone) && !wv_list_has(all_old, come);
}

/* For which there is no --rename: a type that is made anew refuses the rows that have the value. */
static void note_labels(struct wv_findings *findings, const struct wv_difference *difference)
{
    for (size_t i = 0; i < difference->count; i++) {
        const struct wv_twin *twin = &difference->twins[i];
        const char *from;
        const char *to;
        if (twin->old == NULL || twin->new == NULL || strcmp(twin->old->kind->name, "enum") != 0 ||
            !find_other_label(wv_object_text(twin->old, "labels"),
                              wv_object_text(twin->new, "labels"), &from, &to))
            continue;
        wv_findings_note(findings,
                         "%.*s of the enum %s may have become %.*s: rows that have it make this "
                         "fail; ALTER TYPE %s RENAME VALUE %.*s TO %.*s, in a revision written by "
                         "hand, would keep them",
                         (int)wv_list_item(from), from, twin->old->identity, (int)wv_list_item(to),
                         to, twin->old->identity, (int)wv_list_item(from), from,
                         (int)wv_list_item(to), to);
    }
}

static void find_same(struct wv_findings *findings, const struct wv_difference *difference,
                      enum staying staying)
{
    struct candidates olds = {0};
    struct candidates news = {0};
    collect(difference, WV_DEED_DROP, staying, &olds);
    if (olds.count > 0)
        collect(difference, WV_DEED_CREATE, staying, &news);
    sort(&olds);
    sort(&news);
    for (size_t i = 0, j = 0; i < olds.count && j < news.count;) {
        int order = order_candidates(&olds.items[i], &news.items[j]);
        size_t old_count = order <= 0 ? count_equal(&olds, i) : 0;
        size_t new_count = order >= 0 ? count_equal(&news, j) : 0;
        if (old_count == 1 && new_count == 1)
            (staying == NAME_STAYS ? note_move : offer)(findings, olds.items[i].object,
                                                        news.items[j].object);
        i += old_count;
        j += new_count;
    }
    candidates_clear(&olds);
    candidates_clear(&news);
}

void wv_find_likely_renames(struct wv_findings *findings, const struct wv_difference *difference)
{
    find_same(findings, difference, SCHEMA_STAYS);
    find_same(findings, difference, NAME_STAYS);
    note_labels(findings, difference);
}
