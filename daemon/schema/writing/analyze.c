/* See analyze.h. */
#include "analyze.h"

#include <string.h>

#include "inheritance.h"
#include "kinds.h"
#include "strbuf.h"
#include "writing.h"

/* Statistics of foreign tables, also as heirs, are of rows that another server would have to send.
 */
static bool is_remote(const struct wv_object *table)
{
    return table->kind == &wv_kind_foreign_table ||
           (table->kind == &wv_kind_table && wv_has_foreign_heirs(table));
}

static void add(struct wv_ddl *ddl, const struct wv_object *table, const struct wv_object *column)
{
    for (size_t i = 0; i < ddl->lost_count; i++)
        if (ddl->lost[i].table == table && ddl->lost[i].column == column)
            return;
    WV_GROW(ddl->lost, ddl->lost_count, ddl->lost_capacity);
    ddl->lost[ddl->lost_count++] = (struct wv_lost_statistics){table, column};
}

void wv_lose_all_statistics(struct wv_ddl *ddl, const struct wv_object *relation)
{
    if (!ddl->is_plain && !is_remote(relation))
        add(ddl, relation, NULL);
}

void wv_lose_statistics(struct wv_ddl *ddl, const struct wv_object *table,
                        const struct wv_object *column)
{
    if (!ddl->is_plain && wv_ddl_holds_rows(ddl, table) && !is_remote(table))
        add(ddl, table, column);
}

/* A list's first, or behind a name: a bracket after a blank holds parameters. */
static bool is_of_expression(const char *bracket)
{
    return bracket[-1] != ' ' || bracket[-2] == ',';
}

bool wv_has_expressions(const char *definition)
{
    size_t depth = 0;
    char quote = '\0';
    for (const char *at = strchr(definition, '('); at != NULL && *at != '\0'; at++) {
        if (quote != '\0') {
            quote = *at == quote ? '\0' : quote;
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '(') {
            if (depth == 1 && is_of_expression(at))
                return true;
            depth++;
        } else if (*at == ')' && --depth == 0) {
            return false;
        }
    }
    return false;
}

void wv_gather_lost(struct wv_ddl *out, const struct wv_ddl *from)
{
    for (size_t i = 0; i < from->lost_count; i++)
        add(out, from->lost[i].table, from->lost[i].column);
}

/* Is more computed of the column than what is known of it alone? That, ANALYZE of columns leaves
 * out. */
static bool is_computed_with(const struct wv_object *column)
{
    for (size_t i = 0; i < column->needed_by_count; i++) {
        const struct wv_object *user = column->needed_by[i].object;
        if (user->kind == &wv_kind_statistics ||
            (user->kind == &wv_kind_index &&
             wv_has_expressions(wv_object_text(user, "definition"))))
            return true;
    }
    return false;
}

static bool is_lost_whole(const struct wv_ddl *ddl, const struct wv_object *table)
{
    for (size_t i = 0; i < ddl->lost_count; i++)
        if (ddl->lost[i].table == table &&
            (ddl->lost[i].column == NULL || is_computed_with(ddl->lost[i].column)))
            return true;
    return false;
}

static bool is_first(const struct wv_ddl *ddl, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (ddl->lost[i].table == ddl->lost[index].table)
            return false;
    return true;
}

/* A partitioned table is looked at with its partitions. */
static bool is_done_with_whole(const struct wv_ddl *ddl, const struct wv_object *table)
{
    const char *name = table->kind == &wv_kind_table ? wv_object_get(table, "partition_of") : NULL;
    const struct wv_object *whole =
        name == NULL ? NULL : wv_catalog_find(ddl->after, &wv_kind_table, name);
    return whole != NULL && (is_lost_whole(ddl, whole) || is_done_with_whole(ddl, whole));
}

static void write_columns(const struct wv_ddl *ddl, const struct wv_object *table,
                          struct wv_strbuf *out)
{
    for (size_t i = 0; i < ddl->lost_count; i++)
        if (ddl->lost[i].table == table)
            wv_strbuf_addf(out, "%s%s", out->length > 0 ? ", " : " (", ddl->lost[i].column->quoted);
    wv_strbuf_adds(out, ")");
}

void wv_write_analyze(struct wv_ddl *ddl)
{
    enum wv_statement_mode mode =
        ddl->count > 0 ? ddl->statements[ddl->count - 1].mode : WV_STATEMENT_IN_TRANSACTION;
    for (size_t i = 0; i < ddl->lost_count; i++) {
        const struct wv_object *table = ddl->lost[i].table;
        struct wv_strbuf columns WV_AUTOSTRBUF = WV_STRBUF_INIT;
        if (!is_first(ddl, i) || is_done_with_whole(ddl, table))
            continue;
        if (!is_lost_whole(ddl, table))
            write_columns(ddl, table, &columns);
        ddl->object = table;
        struct wv_ddl_statement *statement =
            wv_ddl_add(ddl, "ANALYZE %s%s", table->identity, wv_strbuf_text(&columns));
        statement->turn = WV_TURN_ANALYZE;
        statement->mode = mode;
        wv_ddl_hazard(statement, WV_HAZARD_LOCK, "SHARE UPDATE EXCLUSIVE on %s", table->identity);
    }
    ddl->object = NULL;
}
