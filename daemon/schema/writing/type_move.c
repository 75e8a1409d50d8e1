/* See type_move.h. */
#include "type_move.h"

#include <stdlib.h>
#include <string.h>

#include "inheritance.h"
#include "kinds.h"
#include "list.h"
#include "partition_copy.h"
#include "quote.h"
#include "rebuild.h"
#include "rebuilt_table.h"
#include "strbuf.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_conversion AS_IT_IS = {WV_CARRIED_AS_IT_IS,
                                              {.is_free = true, .is_assigned = true}};

static void merge(struct wv_conversion *into, const struct wv_conversion *other)
{
    if (other->how > into->how)
        into->how = other->how;
    into->what.is_free = into->what.is_free && other->what.is_free;
    into->what.may_fail = into->what.may_fail || other->what.may_fail;
    into->what.may_lose = into->what.may_lose || other->what.may_lose;
}

static struct wv_conversion carry_type(const struct wv_ddl *ddl, struct wv_twin *type);

static bool is_made_anew(const struct wv_twin *twin)
{
    return twin->deed == WV_DEED_REBUILD || twin->deed == WV_DEED_RECREATE;
}

/* What is rebuilt of all that the values of a column, a type, an attribute are made of. */
static struct wv_conversion carry_needs(const struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_conversion found = AS_IT_IS;
    for (size_t i = 0; i < old->need_count; i++) {
        const struct wv_object *needed = old->needs[i].object;
        struct wv_twin *twin = wv_twin_of_old(ddl->difference, needed);
        bool is_type =
            needed->kind == &wv_kind_table || (needed->kind->traits & WV_KIND_OF_VALUES) != 0;
        if (!is_made_anew(twin) || !is_type)
            continue;
        struct wv_conversion other = carry_type(ddl, twin);
        merge(&found, &other);
    }
    return found;
}

/* Its checks are asked about each value. */
static struct wv_conversion carry_domain(const struct wv_ddl *ddl, const struct wv_twin *domain)
{
    struct wv_conversion found = carry_needs(ddl, domain->old);
    if (found.how == WV_CARRIED_AS_IT_IS) {
        found.what = wv_type_change_find(ddl, domain->old->identity, domain->new->identity);
        found.how = found.what.is_assigned ? WV_CARRIED_BY_ITSELF : WV_CARRIED_BY_TEXT;
    }
    found.what.is_free = false;
    found.what.may_fail = true;
    return found;
}

static struct wv_conversion carry_range(const struct wv_ddl *ddl, const struct wv_twin *range)
{
    struct wv_conversion found = carry_needs(ddl, range->old);
    const struct wv_conversion by_text = {WV_CARRIED_BY_TEXT, {.may_fail = true}};
    if (found.how > WV_CARRIED_BY_TEXT)
        found.how = WV_CARRIED_BY_NOTHING;
    merge(&found, &by_text);
    found.what.may_lose =
        found.what.may_lose || wv_type_change_find(ddl, wv_object_text(range->old, "subtype"),
                                                   wv_object_text(range->new, "subtype"))
                                   .may_lose;
    return found;
}

/* What an assignment rounds off, no text does. */
static bool is_to_be_cast(const struct wv_conversion *attribute)
{
    return attribute->how == WV_CARRIED_BY_CAST ||
           (attribute->how == WV_CARRIED_BY_ITSELF && attribute->what.may_lose);
}

/* A composite type's attributes, or a table's columns. */
static bool is_attribute(const struct wv_object *part)
{
    return part->kind == &wv_kind_composite_attribute || part->kind == &wv_kind_column;
}

static int order_attributes(const void *a, const void *b)
{
    long left = wv_object_position(*(const struct wv_object *const *)a);
    long right = wv_object_position(*(const struct wv_object *const *)b);
    return (left > right) - (left < right);
}

/* In their order. The caller's own. */
static const struct wv_object **attributes_of(const struct wv_object *type, size_t *count)
{
    const struct wv_object **found = wv_xcalloc(type->part_count + 1, sizeof(*found));
    *count = 0;
    for (size_t i = 0; i < type->part_count; i++)
        if (is_attribute(type->parts[i]))
            found[(*count)++] = type->parts[i];
    qsort(found, *count, sizeof(*found), order_attributes);
    return found;
}

static bool has_other_attributes(const struct wv_twin *type)
{
    size_t olds;
    size_t news;
    const struct wv_object **old WV_AUTOFREE = attributes_of(type->old, &olds);
    const struct wv_object **new WV_AUTOFREE = attributes_of(type->new, &news);
    for (size_t i = 0; i < olds && i < news; i++)
        if (strcmp(old[i]->name, new[i]->name) != 0)
            return true;
    return olds != news;
}

/* A row is printed as its attributes in their order. */
static struct wv_conversion carry_composite(const struct wv_ddl *ddl, const struct wv_twin *type)
{
    struct wv_conversion found = {WV_CARRIED_BY_TEXT, {.may_fail = true}};
    if (has_other_attributes(type))
        found.how = WV_CARRIED_BY_FUNCTION;
    for (size_t i = 0; i < type->old->part_count; i++) {
        const struct wv_object *part = type->old->parts[i];
        if (!is_attribute(part))
            continue;
        const struct wv_object *new = wv_catalog_find(ddl->after, part->kind, part->identity);
        struct wv_conversion other = {.what = {.may_lose = true}};
        if (new != NULL)
            other = wv_conversion_find(ddl, part, new);
        if (is_to_be_cast(&other))
            other.how = WV_CARRIED_BY_FUNCTION;
        merge(&found, &other);
    }
    return found;
}

static struct wv_conversion carry_values(const struct wv_ddl *ddl, const struct wv_twin *type)
{
    if (type->old->kind == &wv_kind_collation)
        return AS_IT_IS;
    if (type->old->kind == &wv_kind_domain)
        return carry_domain(ddl, type);
    if (type->old->kind == &wv_kind_range_type)
        return carry_range(ddl, type);
    if (type->old->kind == &wv_kind_composite_type || type->old->kind == &wv_kind_table)
        return carry_composite(ddl, type);
    return (struct wv_conversion){WV_CARRIED_BY_TEXT, {.may_fail = true}};
}

/* Found out once: types may be made of others many times over. */
static struct wv_conversion carry_type(const struct wv_ddl *ddl, struct wv_twin *type)
{
    if (type->conversion == NULL) {
        struct wv_conversion found = carry_values(ddl, type);
        type->conversion = wv_xmemdup(&found, sizeof(found));
    }
    return *type->conversion;
}

/* Or an array of one. */
static bool is_enum(const struct wv_catalog *catalog, const struct wv_object *user)
{
    const char *type = wv_object_text(user, "type");
    char *element WV_AUTOFREE = wv_xstrndup(type, strcspn(type, "["));
    return wv_catalog_find(catalog, &wv_kind_enum, element) != NULL;
}

/* Types that few others have a cast to or from but by way of text. */
static bool has_only_text_casts(const struct wv_object *user)
{
    const char *type = wv_object_text(user, "type");
    return strcmp(type, "uuid") == 0 || strcmp(type, "json") == 0 || strcmp(type, "jsonb") == 0;
}

/* By a cast that is written. */
bool wv_is_cast_asked(const struct wv_conversion *conversion)
{
    return conversion->how == WV_CARRIED_BY_TEXT || conversion->how == WV_CARRIED_BY_CAST;
}

static bool needs_rebuilt(const struct wv_ddl *ddl, const struct wv_object *new)
{
    for (size_t i = 0; i < new->need_count; i++)
        if (is_made_anew(wv_twin_of_new(ddl->difference, new->needs[i].object)))
            return true;
    return false;
}

struct wv_conversion wv_conversion_find(const struct wv_ddl *ddl, const struct wv_object *old,
                                        const struct wv_object *new)
{
    const char *from = wv_object_text(old, "type");
    const char *to = wv_object_text(new, "type");
    struct wv_conversion carried = carry_needs(ddl, old);
    if (strcmp(from, to) == 0)
        return carried;
    struct wv_conversion found = {.what = wv_type_change_find(ddl, from, to)};
    bool by_text = (is_enum(ddl->before, old) && is_enum(ddl->after, new)) ||
                   has_only_text_casts(old) != has_only_text_casts(new) || !found.what.has_cast;
    found.how = found.what.is_assigned ? WV_CARRIED_BY_ITSELF
                : by_text              ? WV_CARRIED_BY_TEXT
                                       : WV_CARRIED_BY_CAST;
    if (carried.how > WV_CARRIED_BY_ITSELF && needs_rebuilt(ddl, new))
        return carried;
    return found;
}

/* "::text::public.e" behind the value. */
void wv_write_cast(struct wv_strbuf *out, const struct wv_conversion *conversion, const char *type)
{
    if (wv_is_cast_asked(conversion))
        wv_strbuf_addf(out, "%s::%s", conversion->how == WV_CARRIED_BY_TEXT ? "::text" : "", type);
}

bool wv_follows_parent(const struct wv_ddl *ddl, const struct wv_change *column)
{
    const struct wv_object *giver = wv_inherited_from(ddl->before, column->old);
    return wv_inherited_from(ddl->after, column->new) != NULL && giver != NULL &&
           wv_rebuilt_table(ddl->difference, giver) == NULL &&
           !wv_is_attached(ddl, column->new->parent);
}

void wv_refuse_lost_values(struct wv_ddl *ddl, const struct wv_object *column,
                           const struct wv_conversion *conversion)
{
    if (conversion->how == WV_CARRIED_BY_NOTHING)
        wv_ddl_refuse(ddl,
                      "nothing carries the values of %s.%s over while their attributes change and "
                      "a type that they are made of cannot be there twice: change one after the "
                      "other",
                      column->parent->identity, column->quoted);
}

void wv_tell_conversion(struct wv_ddl_statement *statement, const struct wv_object *column,
                        const struct wv_type_change *change)
{
    const char *type = wv_object_text(column, "type");
    if (column->parent->kind == &wv_kind_foreign_table)
        return;
    if (change->may_fail)
        wv_ddl_hazard(statement, WV_HAZARD_MAY_FAIL, "values that are no %s", type);
    if (change->may_lose)
        wv_ddl_hazard(statement, WV_HAZARD_DATA_LOSS,
                      "what %s does not hold of the values of %s.%s%s", type,
                      column->parent->identity, column->quoted,
                      change->by_zone ? ", which are taken in the session's TimeZone" : "");
}

void wv_write_carried(struct wv_ddl *ddl, struct wv_strbuf *out, const struct wv_change *column)
{
    struct wv_conversion conversion = wv_conversion_find(ddl, column->old, column->new);
    wv_refuse_lost_values(ddl, column->new, &conversion);
    wv_strbuf_adds(out, column->old->quoted);
    wv_write_cast(out, &conversion, wv_object_text(column->new, "type"));
}

void wv_tell_carried(const struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                     const struct wv_change *column)
{
    struct wv_conversion conversion = wv_conversion_find(ddl, column->old, column->new);
    wv_tell_conversion(statement, column->new, &conversion.what);
}

/* "(public.c_old AS public.c)" */
static char *cast_of(const struct wv_ddl *ddl, const struct wv_twin *type)
{
    char *aside WV_AUTOFREE = wv_name_at_drop(ddl->difference, type->old);
    return wv_xasprintf("(%s AS %s)", aside, type->new->identity);
}

static bool is_carried_by_function(const struct wv_ddl *ddl, struct wv_twin *type)
{
    return type->deed == WV_DEED_REBUILD && wv_is_in_use(ddl->difference, type->old) &&
           carry_type(ddl, type).how == WV_CARRIED_BY_FUNCTION;
}

static void write_attribute(const struct wv_ddl *ddl, struct wv_strbuf *out,
                            const struct wv_object *new)
{
    const struct wv_object *old = wv_catalog_find(ddl->before, new->kind, new->identity);
    const char *type = wv_object_text(new, "type");
    wv_strbuf_adds(out, out->length > 0 ? ", " : "SELECT ");
    if (old == NULL) {
        wv_strbuf_addf(out, "NULL::%s", type);
        return;
    }
    struct wv_conversion conversion = wv_conversion_find(ddl, old, new);
    wv_strbuf_addf(out, "($1).%s", new->quoted);
    wv_write_cast(out, &conversion, type);
}

/* What a SELECT returns is assigned: what does not fit is refused, not cut off. */
void wv_write_conversion(struct wv_ddl *ddl, const struct wv_object *type)
{
    struct wv_twin *twin = wv_twin_of_new(ddl->difference, type);
    if (!is_carried_by_function(ddl, twin))
        return;
    struct wv_strbuf body WV_AUTOSTRBUF = WV_STRBUF_INIT;
    size_t count;
    const struct wv_object **attributes WV_AUTOFREE = attributes_of(type, &count);
    for (size_t i = 0; i < count; i++)
        write_attribute(ddl, &body, attributes[i]);
    char *aside WV_AUTOFREE = wv_name_at_drop(ddl->difference, twin->old);
    char *cast WV_AUTOFREE = cast_of(ddl, twin);
    char *literal WV_AUTOFREE = wv_quote_literal(wv_strbuf_text(&body));
    wv_ddl_add(ddl, "CREATE FUNCTION %s(%s) RETURNS %s\n    LANGUAGE sql IMMUTABLE STRICT\nAS %s",
               aside, aside, type->identity, literal);
    wv_ddl_add(ddl, "CREATE CAST %s WITH FUNCTION %s(%s) AS ASSIGNMENT", cast, aside, aside);
}

void wv_drop_conversion(struct wv_ddl *ddl, const struct wv_object *old)
{
    struct wv_twin *twin = wv_twin_of_old(ddl->difference, old);
    if (!is_carried_by_function(ddl, twin))
        return;
    char *aside WV_AUTOFREE = wv_name_at_drop(ddl->difference, old);
    char *cast WV_AUTOFREE = cast_of(ddl, twin);
    wv_ddl_add(ddl, "DROP CAST %s", cast);
    wv_ddl_add(ddl, "DROP FUNCTION %s(%s)", aside, aside);
}
