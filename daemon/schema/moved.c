/* See moved.h. */
#include "moved.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "same.h"
#include "strbuf.h"
#include "xalloc.h"

/* A schema that members leave, with its dot; the one that they go to, and their names. */
struct wv_move {
    char *from;
    char *to;
    const char **members;
    size_t count;
    size_t capacity;
};

static void add_members(struct wv_move *move, const struct wv_catalog *before)
{
    for (size_t i = 0; i < wv_catalog_count(before); i++) {
        const struct wv_object *object = wv_catalog_at(before, i);
        if ((object->flags & WV_OBJECT_MEMBER) == 0 || object->parent != NULL ||
            object->schema == NULL ||
            strncmp(object->identity, move->from, strlen(move->from)) != 0)
            continue;
        WV_GROW(move->members, move->count, move->capacity);
        move->members[move->count++] = object->quoted;
    }
}

void wv_moves_find(struct wv_moves *moves, const struct wv_catalog *before,
                   const struct wv_catalog *after)
{
    *moves = (struct wv_moves){0};
    for (size_t i = 0; i < wv_catalog_count(before); i++) {
        const struct wv_object *old = wv_catalog_at(before, i);
        const struct wv_object *new = old->kind == &wv_kind_extension
                                          ? wv_catalog_find(after, old->kind, old->identity)
                                          : NULL;
        if (new == NULL || !wv_object_is(old, "relocatable") ||
            wv_same(wv_object_get(old, "schema"), wv_object_get(new, "schema")))
            continue;
        WV_GROW(moves->items, moves->count, moves->capacity);
        struct wv_move *move = &moves->items[moves->count++];
        *move = (struct wv_move){.from = wv_xasprintf("%s.", wv_object_text(old, "schema")),
                                 .to = wv_xasprintf("%s.", wv_object_text(new, "schema"))};
        add_members(move, before);
    }
}

void wv_moves_clear(struct wv_moves *moves)
{
    for (size_t i = 0; i < moves->count; i++) {
        free(moves->items[i].from);
        free(moves->items[i].to);
        free(moves->items[i].members);
    }
    free(moves->items);
    *moves = (struct wv_moves){0};
}

/* Can a name, or an operator's, go on with it? */
static bool is_in_name(char c)
{
    return c != '\0' &&
           (isalnum((unsigned char)c) || (c & 0x80) != 0 || strchr("_$\"+-*/<>=~!@#%^&|`?", c));
}

static bool has_member(const struct wv_move *move, const char *at)
{
    for (size_t i = 0; i < move->count; i++) {
        size_t length = strlen(move->members[i]);
        if (strncmp(at, move->members[i], length) == 0 && !is_in_name(at[length]))
            return true;
    }
    return false;
}

/* The move that a name in the text, which begins here, makes; NULL: none. */
static const struct wv_move *move_at(const struct wv_moves *moves, const char *at)
{
    for (size_t i = 0; i < moves->count; i++) {
        size_t length = strlen(moves->items[i].from);
        if (strncmp(at, moves->items[i].from, length) == 0 &&
            has_member(&moves->items[i], at + length))
            return &moves->items[i];
    }
    return NULL;
}

static char *moved_text(const struct wv_moves *moves, const char *text)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (const char *at = text; *at != '\0';) {
        const struct wv_move *move = at > text && is_in_name(at[-1]) ? NULL : move_at(moves, at);
        wv_strbuf_addf(&out, "%.*s", move != NULL ? (int)strlen(move->to) : 1,
                       move != NULL ? move->to : at);
        at += move != NULL ? strlen(move->from) : 1;
    }
    return wv_strbuf_take(&out);
}

/* What the server prints of what it keeps by number. */
static bool is_printed(const struct wv_kind *kind, const char *attribute)
{
    return wv_is_expression(kind, attribute) || strcmp(attribute, "type") == 0 ||
           strcmp(attribute, "result") == 0 || strcmp(attribute, "outputs") == 0;
}

bool wv_moves_explain(const struct wv_moves *moves, const struct wv_object *old,
                      const struct wv_object *new)
{
    if (moves->count == 0)
        return false;
    for (size_t i = 0; i < wv_kind_width(old->kind); i++) {
        if (old->kind->attributes[i].way == WV_WAY_NONE || wv_same(old->values[i], new->values[i]))
            continue;
        if (old->values[i] == NULL || !is_printed(old->kind, old->kind->attributes[i].name))
            return false;
        char *moved WV_AUTOFREE = moved_text(moves, old->values[i]);
        if (!wv_same(moved, new->values[i]))
            return false;
    }
    return true;
}
