/* See rows_read.h. The catalogs are asked once, the tables a hundred at a time. */
#include "rows_read.h"

#include <stdlib.h>
#include <string.h>

#include "rows_insert.h"
#include "strbuf.h"

static const char tables_sql[] =
    "WITH RECURSIVE " WV_ROWS_ABOVE
    "SELECT c.oid, format('%I.%I', n.nspname, c.relname), pg_relation_filenode(c.oid),"
    "       " WV_ROWS_PARENTS ", (SELECT string_agg(format('%I.%I', m.nspname, p.relname), E'\\n'"
    "                                               ORDER BY w.step)"
    "   FROM pg_partition_ancestors(c.oid) WITH ORDINALITY w (oid, step)"
    "   JOIN pg_class p ON p.oid = w.oid JOIN pg_namespace m ON m.oid = p.relnamespace"
    "  WHERE p.oid <> c.oid),"
    "       row_security_active(c.oid) AND pg_has_role(c.relowner, 'USAGE')"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE " WV_ROWS_TABLES " ORDER BY 2";

enum table_field { T_OID, T_NAME, T_FILE, T_PARENTS, T_WHOLES, T_HIDES, T_FIELDS };

/* The form of a column is its type with all that it is made of: of a composite type, a domain or a
 * range how that is defined. The text of a value names other things where the type refers to such
 * (regclass), and what a multirange is of not all versions tell. */
static const char columns_sql[] =
    "WITH RECURSIVE made_of (type, part) AS ("
    " SELECT DISTINCT a.atttypid, a.atttypid FROM pg_attribute a JOIN pg_class c"
    "     ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  WHERE a.attnum > 0 AND NOT a.attisdropped AND " WV_ROWS_TABLES " UNION"
    " SELECT m.type, u.part FROM made_of m JOIN pg_type t ON t.oid = m.part CROSS JOIN LATERAL ("
    "     SELECT t.typelem AS part WHERE t.typelem <> 0"
    "     UNION ALL SELECT t.typbasetype WHERE t.typbasetype <> 0"
    "     UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid"
    "     UNION ALL SELECT f.atttypid FROM pg_attribute f WHERE f.attrelid = t.typrelid"
    "           AND f.attnum > 0 AND NOT f.attisdropped) u),"
    " forms (type, is_readable, text) AS ("
    " SELECT m.type, bool_and(t.typtype <> 'm' AND NOT (t.typnamespace = 'pg_catalog'::regnamespace"
    "                         AND t.typname ~ '^_?reg')),"
    "        string_agg(format('%s: %s', t.oid::regtype, CASE t.typtype"
    "            WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)"
    "            WHEN 'r' THEN (SELECT r.rngsubtype::regtype::text FROM pg_range r"
    "                            WHERE r.rngtypid = t.oid)"
    "            ELSE (SELECT string_agg(format_type(f.atttypid, f.atttypmod), ', '"
    "                                    ORDER BY f.attnum)"
    "                    FROM pg_attribute f WHERE f.attrelid = t.typrelid AND f.attnum > 0"
    "                     AND NOT f.attisdropped) END), '; ' ORDER BY t.oid::regtype::text)"
    "        FILTER (WHERE t.typtype IN ('c', 'd', 'r'))"
    "   FROM made_of m JOIN pg_type t ON t.oid = m.part GROUP BY m.type)"
    "SELECT c.oid, a.attnum, quote_ident(a.attname), CASE WHEN f.is_readable THEN"
    "       concat_ws('; ', format_type(a.atttypid, a.atttypmod), f.text) ELSE '' END"
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    "   AND a.attgenerated = ''"
    "  JOIN forms f ON f.type = a.atttypid"
    " WHERE " WV_ROWS_TABLES " ORDER BY format('%I.%I', n.nspname, c.relname), a.attnum";

enum column_field { C_OID, C_NUMBER, C_NAME, C_FORM, C_FIELDS };

enum { TABLES_AT_ONCE = 100 };

void wv_counted_table_clear(struct wv_counted_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->columns[i].number);
        free(table->columns[i].name);
        free(table->columns[i].form);
    }
    free(table->columns);
    free(table->oid);
    free(table->name);
    free(table->file);
    wv_strlist_free(&table->names);
    wv_strlist_free(&table->wholes);
    *table = (struct wv_counted_table){0};
}

void wv_rows_clear(struct wv_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        wv_counted_table_clear(&rows->tables[i]);
    free(rows->tables);
    wv_strlist_free(&rows->uncounted);
    *rows = (struct wv_rows){0};
}

struct wv_counted_column *wv_counted_column_add(struct wv_counted_table *table, const char *number,
                                                const char *name, const char *form)
{
    WV_GROW(table->columns, table->count, table->capacity);
    struct wv_counted_column *column = &table->columns[table->count++];
    *column = (struct wv_counted_column){
        .number = wv_xstrdup(number), .name = wv_xstrdup(name), .form = wv_xstrdup(form)};
    return column;
}

static bool read_tables(struct wv_rows *rows, struct wv_room *room, const char *const *params,
                        struct wv_err *err)
{
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    if (!wv_pg_query(room->pg, tables_sql, WV_ROWS_PARAMS, params, T_FIELDS, &found,
                     room->proof->wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(found); i++) {
        WV_GROW(rows->tables, rows->count, rows->capacity);
        struct wv_counted_table *table = &rows->tables[rows->count++];
        *table = (struct wv_counted_table){.oid = wv_xstrdup(wv_pg_text(found, i, T_OID)),
                                           .name = wv_xstrdup(wv_pg_text(found, i, T_NAME)),
                                           .file = wv_xstrdup(wv_pg_text(found, i, T_FILE)),
                                           .hides_rows = wv_pg_bool(found, i, T_HIDES)};
        wv_rows_names(&table->names, table->name, wv_pg_text(found, i, T_PARENTS));
        wv_rows_names(&table->wholes, table->name, wv_pg_text(found, i, T_WHOLES));
    }
    return true;
}

/* In the order of the tables, which are read already. */
static bool read_columns(struct wv_rows *rows, struct wv_room *room, const char *const *params,
                         struct wv_err *err)
{
    struct wv_pg_result *found WV_AUTORESULT = NULL;
    size_t at = 0;
    if (!wv_pg_query(room->pg, columns_sql, WV_ROWS_PARAMS, params, C_FIELDS, &found,
                     room->proof->wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(found); i++) {
        const char *oid = wv_pg_text(found, i, C_OID);
        while (at < rows->count && strcmp(rows->tables[at].oid, oid) != 0)
            at++;
        if (at == rows->count)
            break;
        wv_counted_column_add(&rows->tables[at], wv_pg_text(found, i, C_NUMBER),
                              wv_pg_text(found, i, C_NAME), wv_pg_text(found, i, C_FORM));
    }
    return true;
}

/* Rows of: the table, its column (-1: the rows themselves), how many, the digest. Not by a cast to
 * text, which may be a function of the schema's own. */
static void ask_table(struct wv_strbuf *sql, const struct wv_counted_table *table, size_t number)
{
    wv_strbuf_addf(sql, "%sSELECT %zu, -1, count(*), 0::bigint FROM ONLY %s",
                   sql->length > 0 ? " UNION ALL " : "", number, table->name);
    if (table->count == 0)
        return;
    wv_strbuf_addf(sql,
                   " UNION ALL SELECT %zu, v.number, count(v.value),"
                   " coalesce(sum(hashtext(v.value)::bigint), 0)::bigint"
                   " FROM ONLY %s AS r, LATERAL (VALUES ",
                   number, table->name);
    for (size_t i = 0; i < table->count; i++)
        wv_strbuf_addf(sql,
                       "%s(%zu, CASE pg_catalog.num_nonnulls(r.%s)"
                       " WHEN 1 THEN pg_catalog.format('%%s', r.%s) END COLLATE \"C\")",
                       i > 0 ? ", " : "", i, table->columns[i].name, table->columns[i].name);
    wv_strbuf_adds(sql, ") AS v (number, value) GROUP BY v.number");
}

/* Of a table that hides rows from its owner they are seen while it does not, in a transaction that
 * leaves it as it is. */
static bool ask_all(const struct wv_counted_table *tables, size_t count,
                    struct wv_pg_result **counts, struct wv_room *room, struct wv_err *err)
{
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf shown WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        ask_table(&sql, &tables[i], i);
        if (tables[i].hides_rows)
            wv_strbuf_addf(&shown, ";\nALTER TABLE %s NO FORCE ROW LEVEL SECURITY", tables[i].name);
    }
    if (shown.length == 0)
        return wv_pg_query(room->pg, wv_strbuf_text(&sql), 0, NULL, 4, counts, room->proof->wait,
                           err);
    char *begin WV_AUTOFREE = wv_xasprintf("BEGIN%s", wv_strbuf_text(&shown));
    return wv_pg_exec(room->pg, begin, room->proof->wait, err) &&
           wv_pg_query(room->pg, wv_strbuf_text(&sql), 0, NULL, 4, counts, room->proof->wait,
                       err) &&
           wv_pg_exec(room->pg, "ROLLBACK", room->proof->wait, err);
}

static bool count_some(struct wv_rows *rows, size_t first, size_t count, struct wv_room *room,
                       struct wv_err *err)
{
    struct wv_pg_result *counts WV_AUTORESULT = NULL;
    if (!ask_all(&rows->tables[first], count, &counts, room, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(counts); i++) {
        struct wv_counted_table *table = &rows->tables[first + (size_t)wv_pg_int(counts, i, 0)];
        int64_t column = wv_pg_int(counts, i, 1);
        if (column < 0) {
            table->rows = wv_pg_int(counts, i, 2);
            continue;
        }
        table->columns[column].values = wv_pg_int(counts, i, 2);
        table->columns[column].digest = wv_pg_int(counts, i, 3);
    }
    return true;
}

bool wv_rows_read(struct wv_rows *rows, struct wv_room *room, struct wv_err *err)
{
    const char *params[WV_ROWS_PARAMS];
    wv_rows_params(room, params);
    if (!wv_room_connect(room, err) || !read_tables(rows, room, params, err) ||
        !read_columns(rows, room, params, err))
        return false;
    for (size_t first = 0; first < rows->count; first += TABLES_AT_ONCE) {
        size_t left = rows->count - first;
        size_t count = left < TABLES_AT_ONCE ? left : TABLES_AT_ONCE;
        if (!count_some(rows, first, count, room, err))
            return false;
    }
    return true;
}

const struct wv_counted_table *wv_rows_find(const struct wv_rows *rows, const char *oid)
{
    for (size_t i = 0; i < rows->count; i++)
        if (strcmp(rows->tables[i].oid, oid) == 0)
            return &rows->tables[i];
    return NULL;
}

struct wv_counted_column *wv_counted_column_find(const struct wv_counted_table *table,
                                                 const char *number)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->columns[i].number, number) == 0)
            return &table->columns[i];
    return NULL;
}
