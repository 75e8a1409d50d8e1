/* Publications. See kind.h. */
#include "ddl.h"
#include "difference.h"
#include "kinds.h"
#include "lookup.h"
#include "partition.h"
#include "quote.h"
#include "strbuf.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"all_tables", WV_WAY_RECREATE},     {"operations", WV_WAY_ALTER}, {"via_root", WV_WAY_ALTER},
    {"generated_columns", WV_WAY_ALTER}, {NULL, WV_WAY_NONE},
};

static void write_options(struct wv_strbuf *out, const struct wv_object *publication)
{
    char *operations WV_AUTOFREE = wv_quote_literal(wv_object_text(publication, "operations"));
    const char *generated = wv_object_get(publication, "generated_columns");
    wv_strbuf_addf(out, "(publish = %s, publish_via_partition_root = %s", operations,
                   wv_object_is(publication, "via_root") ? "true" : "false");
    if (generated != NULL)
        wv_strbuf_addf(out, ", publish_generated_columns = %s", generated);
    wv_strbuf_addc(out, ')');
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *publication = creation->object;
    bool has_all = wv_object_is(publication, "all_tables");
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "CREATE PUBLICATION %s%s WITH ", publication->identity,
                   has_all ? " FOR ALL TABLES" : "");
    write_options(&text, publication);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    if (has_all)
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS,
                      "UPDATE and DELETE on tables without a replica identity");
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    write_options(&text, change->new);
    wv_ddl_hazard(wv_ddl_add(ddl, "ALTER PUBLICATION %s SET %s", change->new->identity,
                             wv_strbuf_text(&text)),
                  WV_HAZARD_BREAKS_READERS, "subscribers of %s, which get other changes",
                  change->new->identity);
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    wv_ddl_hazard(wv_ddl_add(ddl, "DROP PUBLICATION %s", old->identity), WV_HAZARD_BREAKS_READERS,
                  "subscribers of %s", old->identity);
}

/* Of a partitioned table it has neither lists of columns nor row filters unless what it publishes
 * is the whole's: they go before it ceases to be so. */
static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    const struct wv_object *table = dependant->kind == &wv_kind_publication_table
                                        ? wv_need_of_kind(dependant, &wv_kind_table)
                                        : NULL;
    return table == NULL || !wv_is_partitioned(table) || !wv_change_of(change, "via_root") ||
           wv_object_is(change->new, "via_root") ||
           (wv_object_get(dependant, "columns") == NULL &&
            wv_object_get(dependant, "filter") == NULL);
}

const struct wv_kind wv_kind_publication = {
    .name = "publication",
    .sql_name = "PUBLICATION",
    .rank = 125,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .drop = drop,
    .endures = endures,
};
