/* See type_change.h. By the casts that PostgreSQL has (its manual, CREATE CAST and the chapter on
 * type conversion), and by what they do to values, which no catalog tells. */
#include "type_change.h"

#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "xalloc.h"

/* "numeric(8,2)", "timestamp(3) without time zone", "integer[]", taken apart. */
struct type {
    char *name; /* without brackets */
    long numbers[2];
    int number_count;
    bool is_array;
};

static void take_numbers(struct type *type, char *open)
{
    char *end = open;
    for (; type->number_count < 2 && (*end == '(' || *end == ','); type->number_count++)
        type->numbers[type->number_count] = strtol(end + 1, &end, 10);
    if (*end == ')')
        memmove(open, end + 1, strlen(end + 1) + 1);
}

/* What a domain is made of is what its values are. */
static const char *undress(const struct wv_catalog *catalog, const char *name)
{
    const struct wv_object *domain;
    while ((domain = wv_catalog_find(catalog, &wv_kind_domain, name)) != NULL)
        name = wv_object_text(domain, "type");
    return name;
}

static void take_apart(struct type *type, const char *name)
{
    *type = (struct type){.name = wv_xstrdup(name)};
    size_t length = strlen(type->name);
    type->is_array = length > 2 && strcmp(type->name + length - 2, "[]") == 0;
    if (type->is_array)
        type->name[length - 2] = '\0';
    char *open = strchr(type->name, '(');
    if (open != NULL && strchr(type->name, '"') == NULL)
        take_numbers(type, open);
}

static void read_type(struct type *type, const struct wv_catalog *catalog, const char *name)
{
    take_apart(type, undress(catalog, name));
}

static bool is_named(const struct type *type, const char *name)
{
    return strcmp(type->name, name) == 0;
}

static bool is_text(const struct type *type)
{
    return is_named(type, "text") || is_named(type, "character varying") ||
           is_named(type, "character");
}

/* How many decimal digits its values have at most, and how many bits an exact integer in it. */
static const struct number {
    const char *name;
    long digits;
    long bits;
    bool is_integer;
} NUMBERS[] = {
    {"smallint", 5, 15, true}, {"integer", 10, 31, true}, {"bigint", 19, 63, true},
    {"numeric", 0, 0, false},  {"real", 0, 24, false},    {"double precision", 0, 53, false},
};

static const struct number *number_of(const struct type *type)
{
    for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(NUMBERS[0]); i++)
        if (is_named(type, NUMBERS[i].name))
            return &NUMBERS[i];
    return NULL;
}

bool wv_is_akin(const char *from, const char *to)
{
    struct type old;
    struct type new;
    take_apart(&old, from);
    take_apart(&new, to);
    bool is_akin =
        strcmp(from, to) == 0 || (!old.is_array && !new.is_array &&
                                  ((is_text(&old) && is_text(&new)) ||
                                   (number_of(&old) != NULL && number_of(&new) != NULL)));
    free(old.name);
    free(new.name);
    return is_akin;
}

static const struct wv_type_change HARMLESS = {.is_assigned = true};
static const struct wv_type_change FREE = {.is_free = true, .is_assigned = true};
static const struct wv_type_change REFUSING = {.is_assigned = true, .may_fail = true};
static const struct wv_type_change LOSING = {
    .is_assigned = true, .may_fail = true, .may_lose = true};

static const struct wv_type_change ZONED = {.is_assigned = true, .may_lose = true, .by_zone = true};

/* From one numeric to another; none of both has bounds that are not said. */
static struct wv_type_change change_numeric(const struct type *from, const struct type *to)
{
    if (to->number_count == 0)
        return FREE;
    if (from->number_count == 0 || to->numbers[1] < from->numbers[1])
        return LOSING;
    if (to->numbers[0] - to->numbers[1] < from->numbers[0] - from->numbers[1])
        return REFUSING;
    return (struct wv_type_change){.is_free = to->numbers[1] == from->numbers[1],
                                   .is_assigned = true};
}

static struct wv_type_change change_number(const struct type *from, const struct type *to,
                                           const struct number *old, const struct number *new)
{
    bool from_numeric = is_named(from, "numeric");
    if (from_numeric && is_named(to, "numeric"))
        return change_numeric(from, to);
    if (from_numeric && new->is_integer)
        return from->number_count > 0 && from->numbers[1] <= 0 ? REFUSING : LOSING;
    if (is_named(to, "numeric") && old->is_integer) {
        bool fits = to->number_count == 0 || to->numbers[0] - to->numbers[1] >= old->digits;
        return to->number_count > 0 && to->numbers[1] < 0 ? LOSING : fits ? HARMLESS : REFUSING;
    }
    if (from_numeric || is_named(to, "numeric"))
        return LOSING;
    if (old->is_integer && new->is_integer)
        return new->bits >= old->bits ? HARMLESS : REFUSING;
    return new->bits >= old->bits && !new->is_integer ? HARMLESS : LOSING;
}

/* Strings are refused when they are too long, but for the blanks at their ends. */
static struct wv_type_change change_text(const struct type *from, const struct type *to)
{
    bool is_bounded = to->number_count > 0;
    bool fits = !is_bounded || (from->number_count > 0 && to->numbers[0] >= from->numbers[0]);
    bool is_padded = is_named(from, "character") || is_named(to, "character");
    if (!fits)
        return REFUSING;
    return (struct wv_type_change){.is_free = !is_padded, .is_assigned = true};
}

/* The same type with another length or precision. */
static struct wv_type_change change_modifier(const struct type *from, const struct type *to)
{
    bool is_wider =
        to->number_count == 0 || (from->number_count > 0 && to->numbers[0] >= from->numbers[0]);
    if (is_named(from, "bit"))
        return REFUSING;
    if (is_wider)
        return FREE;
    return is_named(from, "bit varying") ? REFUSING : LOSING;
}

/* Other casts that are done in an assignment. */
static const struct {
    const char *from;
    const char *to;
    const struct wv_type_change *what;
} CASTS[] = {
    {"date", "timestamp without time zone", &HARMLESS},
    {"date", "timestamp with time zone", &HARMLESS},
    {"timestamp without time zone", "timestamp with time zone", &ZONED},
    {"timestamp without time zone", "date", &LOSING},
    {"timestamp without time zone", "time without time zone", &LOSING},
    {"timestamp with time zone", "timestamp without time zone", &ZONED},
    {"timestamp with time zone", "date", &ZONED},
    {"timestamp with time zone", "time without time zone", &ZONED},
    {"timestamp with time zone", "time with time zone", &LOSING},
    {"time without time zone", "time with time zone", &HARMLESS},
    {"time without time zone", "interval", &HARMLESS},
    {"time with time zone", "time without time zone", &LOSING},
    {"interval", "time without time zone", &LOSING},
    {"json", "jsonb", &LOSING},
    {"jsonb", "json", &HARMLESS},
    {"cidr", "inet", &FREE},
    {"inet", "cidr", &LOSING},
    {"macaddr", "macaddr8", &HARMLESS},
    {"macaddr8", "macaddr", &REFUSING},
    {"bit", "bit varying", &REFUSING},
    {"bit varying", "bit", &REFUSING},
    {"money", "numeric", &LOSING},
    {"numeric", "money", &LOSING},
};

/* Casts that have to be asked for, but for those that read text. */
static const struct {
    const char *from;
    const char *to;
} EXPLICIT_CASTS[] = {
    {"boolean", "integer"},  {"integer", "boolean"},  {"bit", "integer"},
    {"bit", "bigint"},       {"integer", "bit"},      {"bigint", "bit"},
    {"\"char\"", "integer"}, {"integer", "\"char\""}, {"jsonb", "boolean"},
    {"jsonb", "smallint"},   {"jsonb", "integer"},    {"jsonb", "bigint"},
    {"jsonb", "numeric"},    {"jsonb", "real"},       {"jsonb", "double precision"},
};

static bool is_shape(const struct type *type)
{
    static const char *const names[] = {"point", "lseg", "path", "box", "polygon", "circle"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (is_named(type, names[i]))
            return true;
    return false;
}

/* Of an extension, whose casts nobody has read? Only the server's own types have no schema here. */
static bool is_foreign(const struct wv_catalog *catalog, const struct type *type)
{
    const struct wv_kind *const kinds[] = {&wv_kind_enum,       &wv_kind_composite_type,
                                           &wv_kind_range_type, &wv_kind_base_type,
                                           &wv_kind_table,      &wv_kind_view};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (wv_catalog_find(catalog, kinds[i], type->name) != NULL)
            return false;
    return strchr(type->name, '.') != NULL;
}

static bool has_cast(const struct wv_ddl *ddl, const struct type *from, const struct type *to)
{
    if (from->is_array != to->is_array)
        return is_text(from) && !from->is_array;
    for (size_t i = 0; i < sizeof(EXPLICIT_CASTS) / sizeof(EXPLICIT_CASTS[0]); i++)
        if (is_named(from, EXPLICIT_CASTS[i].from) && is_named(to, EXPLICIT_CASTS[i].to))
            return true;
    char *made WV_AUTOFREE = wv_xasprintf("(%s AS %s)", from->name, to->name);
    return is_text(from) || (is_shape(from) && is_shape(to)) || is_foreign(ddl->before, from) ||
           is_foreign(ddl->after, to) || wv_catalog_find(ddl->before, &wv_kind_cast, made) != NULL;
}

static struct wv_type_change change_by_cast(const struct type *from, const struct type *to)
{
    for (size_t i = 0; i < sizeof(CASTS) / sizeof(CASTS[0]); i++)
        if (is_named(from, CASTS[i].from) && is_named(to, CASTS[i].to))
            return to->number_count > 0 && CASTS[i].what == &HARMLESS ? LOSING : *CASTS[i].what;
    return (struct wv_type_change){.may_fail = true, .may_lose = true};
}

/* Text is read as the new type: what is none is refused, and nothing of these is cut. */
static bool is_read_whole(const struct wv_ddl *ddl, const struct type *to)
{
    static const char *const names[] = {"smallint", "integer", "bigint", "uuid", "boolean", "inet"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (is_named(to, names[i]))
            return true;
    return wv_catalog_find(ddl->after, &wv_kind_enum, to->name) != NULL;
}

static struct wv_type_change change_value(const struct wv_ddl *ddl, const struct type *from,
                                          const struct type *to)
{
    const struct number *old = number_of(from);
    const struct number *new = number_of(to);
    if (is_text(from) && is_text(to))
        return change_text(from, to);
    if (is_text(to)) /* anything is printed */
        return to->number_count > 0 ? REFUSING : HARMLESS;
    if (old != NULL && new != NULL && (old != new || is_named(from, "numeric")))
        return change_number(from, to, old, new);
    if (is_named(from, to->name))
        return change_modifier(from, to);
    if ((is_text(from) && is_read_whole(ddl, to)) ||
        (wv_catalog_find(ddl->before, &wv_kind_enum, from->name) != NULL &&
         wv_catalog_find(ddl->after, &wv_kind_enum, to->name) != NULL))
        return (struct wv_type_change){.may_fail = true};
    return change_by_cast(from, to);
}

struct wv_type_change wv_type_change_find(const struct wv_ddl *ddl, const char *from,
                                          const char *to)
{
    struct type old;
    struct type new;
    struct wv_type_change change;
    read_type(&old, ddl->before, from);
    read_type(&new, ddl->after, to);
    if (old.is_array == new.is_array)
        change = change_value(ddl, &old, &new);
    else if (is_text(&new) && !new.is_array)
        change = new.number_count > 0 ? REFUSING : HARMLESS;
    else
        change = (struct wv_type_change){.may_fail = true, .may_lose = true};
    change.has_cast = has_cast(ddl, &old, &new);
    if (old.is_array)
        change.is_free = false;
    if (undress(ddl->after, to) != to && strcmp(from, to) != 0) {
        change.is_free = false; /* the domain is asked about each value */
        change.may_fail = true;
    }
    free(old.name);
    free(new.name);
    return change;
}
