/* The statements of a difference and the order in which they have to run: a graph whose vertices
 * are single deeds (drop, make, alter one object) and whose edges say what has to be done first.
 * Internal to the folder; ddl_write.c tells the story. */
#ifndef WV_DEEDS_H
#define WV_DEEDS_H

#include "ddl.h"
#include "difference.h"

enum wv_vertex_kind {
    WV_VERTEX_DROP,
    WV_VERTEX_MAKE,
    WV_VERTEX_ALTER,
    WV_VERTEX_ASIDE, /* the old one gives its name up to the new one, and is dropped later */
    WV_VERTEX_PARK,  /* a column becomes text, until its type has been made anew */
};

struct wv_vertex {
    enum wv_vertex_kind kind;
    struct wv_twin *twin;
    struct wv_vertex *host;  /* whose statement does this one too (a column's table); else itself */
    struct wv_vertex *guest; /* the next of those that the same host does */
    struct wv_vertex *last_guest; /* of a host: the end of that list */
    struct wv_vertex **before;    /* what has to be done first, by the edges of its own object */
    size_t before_count;
    size_t before_capacity;
    struct wv_vertex **after; /* the reverse */
    size_t after_count;
    size_t after_capacity;
    struct wv_ddl ddl;      /* its statements; of hosts only */
    struct wv_vertex *stub; /* that begins it, so that a circle can wait for that; NULL: none */
    bool is_stub;
    /* While ordering: how many are left to be done before; runs something of these alone; what
     * it is put off to. */
    size_t waits_for;
    bool after_alone;
    bool is_behind; /* waits for something to be set aside */
    bool makes_way; /* that, or what is behind it, waits for this one */
    int delay;
    unsigned seen; /* by which search, so that none has to be cleaned up after */
};

struct wv_deeds {
    const struct wv_difference *difference;
    struct wv_vertex *vertices;
    size_t count;
    struct wv_vertex **of_old; /* DROP, ALTER or PARK, by twin; NULL: none */
    struct wv_vertex **of_new; /* MAKE or ALTER */
    struct wv_vertex **aside;  /* ASIDE */
    unsigned searches;
};

void wv_deeds_build(struct wv_deeds *deeds, const struct wv_difference *difference);
void wv_deeds_clear(struct wv_deeds *deeds);
#define WV_AUTODEEDS __attribute__((cleanup(wv_deeds_clear)))

/* `first` has to be done before `second`; either may be NULL. */
void wv_deeds_edge(struct wv_vertex *first, struct wv_vertex *second);
/* The statement of `whole` does `part` too. */
void wv_deeds_join(struct wv_vertex *whole, struct wv_vertex *part);

/* Is the old one dropped, whatever comes after it? */
bool wv_deed_drops(enum wv_deed deed);

/* The vertex that drops, parks or alters an object of the old schema; that makes or alters one of
 * the new. NULL: there is none, or no object. */
struct wv_vertex *wv_deeds_of_old(const struct wv_deeds *deeds, const struct wv_object *old);
struct wv_vertex *wv_deeds_of_new(const struct wv_deeds *deeds, const struct wv_object *new);

/* The change of an object's owner, as a drop or as another of the two. */
struct wv_handover {
    struct wv_vertex *old;
    struct wv_vertex *new;
};

/* Either object may be NULL. */
struct wv_handover wv_handover_of(const struct wv_deeds *deeds, const struct wv_object *old,
                                  const struct wv_object *new);

/* Does one have to wait for the other through something else: is there a way from `from` on to
 * `to`, or backwards? */
bool wv_deeds_is_roundabout(struct wv_deeds *deeds, struct wv_vertex *from, struct wv_vertex *to,
                            bool backwards);

/* Marks all that has to wait for `from`, directly or through others; is the vertex among what was
 * marked last? */
void wv_deeds_mark_later(struct wv_deeds *deeds, struct wv_vertex *from);
bool wv_deeds_is_later(const struct wv_deeds *deeds, const struct wv_vertex *vertex);

/* From all that is behind on: what waits for it is so as well; backwards: what it waits for makes
 * way. */
void wv_deeds_find_ways(struct wv_deeds *deeds, bool backwards);

/* Lets the statement of a whole do the deeds of its parts, where that makes no circle. */
void wv_deeds_host(struct wv_deeds *deeds);

/* Sets what each host waits for, and answers how many hosts there are. When no more can be done:
 * one of those that still wait and are on a circle. */
size_t wv_deeds_count_waits(struct wv_deeds *deeds);
struct wv_vertex *wv_deeds_on_circle(struct wv_deeds *deeds);

/* What goes with a change of owner, of one twin: privileges, and sequences that belong to tables.
 */
void wv_deeds_owner(struct wv_deeds *deeds, size_t index);

/* Drops before the new one of a twin what would be in its way, and makes all that is new before
 * its default privileges. */
void wv_deeds_make_room(struct wv_deeds *deeds, size_t index);

/* Drops before a trigger or constraint is made what has its name on the table or one of its heirs.
 */
void wv_deeds_drop_namesakes(struct wv_deeds *deeds, const struct wv_object *new);

/* Drops a routine before one is made that its calls could mean; when all other edges are there. */
void wv_deeds_tell_overloads_apart(struct wv_deeds *deeds);

/* The server prints what is joined by the places of its columns, and lets ON CONFLICT lean on all
 * of them: what has a query is made once the columns of its tables that go are gone, unless they
 * wait for it. When all other edges are there. */
void wv_deeds_settle_columns(struct wv_deeds *deeds);

/* Who gives a name up goes before who takes it. */
void wv_deeds_hand_names_over(struct wv_deeds *deeds);

/* A time in which a table stands by itself: it begins when the table leaves a parent or is
 * detached, and ends when it joins one or is attached. */
struct wv_span {
    const struct wv_deeds *deeds;
    struct wv_vertex *begin; /* NULL: it was so before */
    struct wv_vertex *end;   /* NULL: it stays so */
    bool (*concerns)(const struct wv_object *part);
    /* Has what is done to the part its place behind the end? NULL: nothing has. */
    bool (*comes_after)(const struct wv_span *span, const struct wv_vertex *vertex,
                        const struct wv_object *part);
};

/* Lets all that is done to the parts that are concerned, however deep, be done in that time: those
 * of a table as it was, and as it will be. Either may be NULL. */
void wv_deeds_enclose(const struct wv_span *span, const struct wv_object *old,
                      const struct wv_object *new);

/* Detaches partitions before, and attaches them after, what is done to them and to their wholes. */
void wv_deeds_partitions(struct wv_deeds *deeds);

/* The same for what a table inherits from. */
void wv_deeds_inheritance(struct wv_deeds *deeds);

/* Copies the rows of a table that is rebuilt when the new one has its partitions, and makes what
 * leans on the new one after that. What calls the old one by its name goes before that is set
 * aside: said when it is known whose statements drop what. */
void wv_deeds_rebuild_tables(struct wv_deeds *deeds);
void wv_deeds_set_aside(struct wv_deeds *deeds);

/* Options that hang on the columns of a table come after all that is done to those, and go before
 * it. */
void wv_deeds_table_options(struct wv_deeds *deeds);

/* Begins by a stub what is on a circle and can be begun so, until there is none or none can. */
void wv_deeds_break_circles(struct wv_deeds *deeds);

/* Writes the statements of each host. WV_SCHEMA_UNWRITTEN names what has none. */
bool wv_deeds_write(struct wv_deeds *deeds, bool is_plain, struct wv_err *err) WV_MUST_CHECK;

/* The hosts in an order that keeps every edge: `*out` has room for deeds->count. WV_SCHEMA_CYCLE
 * names the path when there is none. */
bool wv_deeds_order(struct wv_deeds *deeds, struct wv_vertex **out, size_t *count,
                    struct wv_err *err) WV_MUST_CHECK;

/* Adds to the script what has to be told to the planner after the statements of these. */
void wv_deeds_analyze(struct wv_ddl *out, struct wv_vertex *const *ordered, size_t count);

/* The object that the vertex is about, as it is on the vertex' side of the change. */
const struct wv_object *wv_vertex_object(const struct wv_vertex *vertex);

#endif
