/* What joins the objects: forms of others, members of extensions, needs. */
#include "inspect_parts.h"
#include "query.h"

struct ends {
    struct wv_place_key from;
    struct wv_place_key to;
};

static struct ends ends_at(const struct wv_pg_result *result, size_t row)
{
    return (struct ends){{(uint32_t)wv_pg_int(result, row, 0), (uint32_t)wv_pg_int(result, row, 1),
                          (int32_t)wv_pg_int(result, row, 2)},
                         {(uint32_t)wv_pg_int(result, row, 3), (uint32_t)wv_pg_int(result, row, 4),
                          (int32_t)wv_pg_int(result, row, 5)}};
}

static bool read_aliases(struct wv_reading *reading, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_reading_ask(reading, "alias", 6, &result, err))
        return false;
    for (size_t row = 0; row < wv_pg_rows(result); row++) {
        struct ends ends = ends_at(result, row);
        wv_catalog_alias(reading->catalog, ends.from, ends.to);
    }
    return true;
}

static bool read_members(struct wv_reading *reading, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_reading_ask(reading, "member", 6, &result, err))
        return false;
    for (size_t row = 0; row < wv_pg_rows(result); row++) {
        struct ends ends = ends_at(result, row);
        wv_catalog_member(reading->catalog, ends.from, ends.to);
    }
    return true;
}

/* pg_depend.deptype (manual, 53.18): a partition's copy goes with each of what it is a copy of. */
static enum wv_need_kind need_kind(const char *type)
{
    switch (type[0]) {
    case 'a':
    case 'x':
        return WV_NEED_AUTO;
    case 'i':
    case 'P':
    case 'S':
        return WV_NEED_INTERNAL;
    default:
        return WV_NEED_NORMAL;
    }
}

static bool read_needs(struct wv_reading *reading, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_reading_ask(reading, "depend", 7, &result, err))
        return false;
    for (size_t row = 0; row < wv_pg_rows(result); row++) {
        struct ends ends = ends_at(result, row);
        wv_catalog_depend(reading->catalog, ends.from, ends.to,
                          need_kind(wv_pg_text(result, row, 6)));
    }
    return true;
}

static bool read_unmodelled(struct wv_reading *reading, struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_reading_ask(reading, "unmodelled", 2, &result, err))
        return false;
    for (size_t row = 0; row < wv_pg_rows(result); row++)
        wv_catalog_unmodelled(reading->catalog, wv_pg_text(result, row, 0),
                              (size_t)wv_pg_int(result, row, 1));
    return true;
}

bool wv_reading_edges(struct wv_reading *reading, struct wv_err *err)
{
    return read_aliases(reading, err) && read_members(reading, err) && read_needs(reading, err) &&
           read_unmodelled(reading, err);
}
