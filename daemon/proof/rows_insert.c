/* See rows_insert.h. Foreign keys and triggers are switched off where we may; a row that a
 * constraint refuses is tried with other values, a bounded number of times. */
#include "rows_insert.h"

#include <stdlib.h>
#include <string.h>

#include "quote.h"
#include "row_values.h"
#include "strbuf.h"
#include "told.h"

static const char columns_sql[] =
    "WITH RECURSIVE " WV_ROWS_ABOVE ", base (type, at) AS ("
    " SELECT t.oid, t.oid FROM pg_type t"
    " UNION ALL"
    " SELECT b.type, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.at"
    "  WHERE t.typtype = 'd'),"
    " checks (type, texts) AS ("
    " SELECT b.type, string_agg(pg_get_constraintdef(k.oid), ' ')"
    "   FROM base b JOIN pg_constraint k ON k.contypid = b.at GROUP BY b.type),"
    " keyed (\"table\", number) AS ("
    " SELECT conrelid, unnest(conkey) FROM pg_constraint WHERE contype = 'f'"
    " UNION SELECT confrelid, unnest(confkey) FROM pg_constraint WHERE contype = 'f'),"
    " bounded (\"table\", name) AS ("
    " SELECT i.inhrelid, k.attname FROM pg_inherits i"
    "   JOIN pg_partitioned_table p ON p.partrelid = i.inhparent"
    "   JOIN pg_attribute k ON k.attrelid = p.partrelid"
    "    AND (k.attnum = ANY (p.partattrs) OR 0 = ANY (p.partattrs)))"
    "SELECT c.oid, format('%I.%I', n.nspname, c.relname), quote_ident(a.attname), t.typname,"
    "       t.typcategory, t.typtype,"
    "       (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid"
    "         ORDER BY e.enumsortorder LIMIT 1),"
    "       (SELECT count(*) FROM pg_attribute f WHERE t.typrelid <> 0 AND f.attrelid = t.typrelid"
    "           AND f.attnum > 0 AND NOT f.attisdropped),"
    "       CASE WHEN t.typname = 'bit' THEN a.atttypmod END, a.attnotnull OR d.typnotnull,"
    "       a.atthasdef OR a.attidentity <> '',"
    "       concat_ws(' ', (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY k.oid)"
    "                         FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'"
    "                          AND a.attnum = ANY (k.conkey)),"
    "                 (SELECT h.texts FROM checks h WHERE h.type = a.atttypid),"
    "                 CASE WHEN (c.oid, a.attname) IN (SELECT b.\"table\", b.name FROM bounded b)"
    "                      THEN pg_get_expr(c.relpartbound, c.oid) END),"
    "       (c.oid, a.attnum) IN (SELECT k.\"table\", k.number FROM keyed k), " WV_ROWS_PARENTS
    "  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    "  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    "   AND a.attgenerated = ''"
    "  LEFT JOIN pg_type d ON d.oid = a.atttypid"
    "  LEFT JOIN base b ON b.type = a.atttypid"
    "   AND (SELECT y.typtype FROM pg_type y WHERE y.oid = b.at) <> 'd'"
    "  LEFT JOIN pg_type t ON t.oid = b.at"
    " WHERE " WV_ROWS_TABLES " ORDER BY c.oid, a.attnum";

enum field {
    F_OID,
    F_TABLE,
    F_COLUMN,
    F_TYPE,
    F_CATEGORY,
    F_SORT,
    F_LABEL,
    F_FIELDS,
    F_BITS,
    F_NOT_NULL,
    F_DEFAULT,
    F_CONDITIONS,
    F_IN_KEY,
    F_PARENTS,
    FIELDS
};

enum { MOST_VALUES = 12 };

/* Which columns are left to their defaults, and which to NULL, where they have or allow it. */
enum style { ALL_VALUES, WITH_DEFAULTS, WITH_NULLS, STYLES };

struct column {
    const char *name;
    bool may_be_null;
    bool has_default;
    struct wv_strlist values;
};

struct table {
    const char *name;
    struct wv_strlist names; /* its own, and of what it is a partition or an heir of */
    struct column *columns;
    size_t count;
    size_t most_values;
};

void wv_rows_params(const struct wv_room *room, const char *params[WV_ROWS_PARAMS])
{
    const struct wv_settings *settings = room->proof->settings;
    params[0] = settings->ledger_schema;
    params[1] = settings->version_table;
    params[2] = settings->version_table_schema;
}

void wv_rows_names(struct wv_strlist *names, const char *own, const char *parents)
{
    wv_strlist_add(names, own);
    for (const char *at = parents; *at != '\0'; at += strcspn(at, "\n"), at += *at != '\0')
        wv_strlist_addn(names, at, strcspn(at, "\n"));
}

static char first_of(const struct wv_pg_result *result, size_t row, enum field field)
{
    return wv_pg_text(result, row, field)[0];
}

static void read_column(struct table *table, const struct wv_pg_result *result, size_t row,
                        enum wv_row_values values)
{
    bool is_alike = values == WV_VALUES_ALIKE || wv_pg_bool(result, row, F_IN_KEY);
    struct column *column = &table->columns[table->count++];
    *column = (struct column){.name = wv_pg_text(result, row, F_COLUMN),
                              .may_be_null = !wv_pg_bool(result, row, F_NOT_NULL),
                              .has_default = wv_pg_bool(result, row, F_DEFAULT)};
    wv_row_values(&column->values,
                  &(struct wv_row_column){.type = wv_pg_text(result, row, F_TYPE),
                                          .category = first_of(result, row, F_CATEGORY),
                                          .sort = first_of(result, row, F_SORT),
                                          .label = wv_pg_value(result, row, F_LABEL),
                                          .fields = (int)wv_pg_int(result, row, F_FIELDS),
                                          .bits = (int)wv_pg_int(result, row, F_BITS),
                                          .conditions = wv_pg_text(result, row, F_CONDITIONS),
                                          .number = is_alike ? 0 : (int)table->count});
    if (column->values.count > table->most_values)
        table->most_values = column->values.count;
}

static bool is_of(const struct wv_pg_result *result, size_t row, const char *oid)
{
    return row < wv_pg_rows(result) && strcmp(wv_pg_text(result, row, F_OID), oid) == 0;
}

/* Returns the row after the table's last one. */
static size_t read_table(struct table *table, const struct wv_pg_result *result, size_t row,
                         enum wv_row_values values)
{
    const char *oid = wv_pg_text(result, row, F_OID);
    size_t end = row;
    while (is_of(result, end, oid))
        end++;
    *table = (struct table){.name = wv_pg_text(result, row, F_TABLE),
                            .columns = wv_xcalloc(end - row, sizeof(*table->columns))};
    wv_rows_names(&table->names, table->name, wv_pg_text(result, row, F_PARENTS));
    for (; row < end; row++)
        if (wv_pg_value(result, row, F_COLUMN) != NULL)
            read_column(table, result, row, values);
    return end;
}

static void table_clear(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        wv_strlist_free(&table->columns[i].values);
    wv_strlist_free(&table->names);
    free(table->columns);
}

static char *value_of(const struct column *column, enum style style, size_t number)
{
    if (style != ALL_VALUES && column->has_default)
        return wv_xstrdup("DEFAULT");
    if (style == WITH_NULLS && column->may_be_null)
        return wv_xstrdup("NULL");
    size_t last = column->values.count - 1;
    return wv_quote_literal(column->values.items[number < last ? number : last]);
}

static char *statement(const struct table *table, enum style style, size_t number)
{
    struct wv_strbuf names WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf values WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (table->count == 0)
        return wv_xasprintf("INSERT INTO %s DEFAULT VALUES", table->name);
    for (size_t i = 0; i < table->count; i++) {
        char *value WV_AUTOFREE = value_of(&table->columns[i], style, number);
        wv_strbuf_addf(&names, "%s%s", i > 0 ? ", " : "", table->columns[i].name);
        wv_strbuf_addf(&values, "%s%s", i > 0 ? ", " : "", value);
    }
    return wv_xasprintf("INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE VALUES (%s)", table->name,
                        wv_strbuf_text(&names), wv_strbuf_text(&values));
}

/* What the statement itself is to blame for goes to `*refused`. */
static bool try_row(struct wv_room *room, const char *sql, bool *refused, struct wv_err *err)
{
    struct wv_err why WV_AUTOERR = {0};
    *refused = false;
    if (wv_pg_run(room->pg, sql, room->proof->wait, &why))
        return true;
    *refused = why.code == WV_SQL_ERROR || why.code == WV_LOCK_TIMEOUT;
    if (!*refused)
        wv_err_move(err, &why);
    return *refused;
}

static size_t most_of(size_t values)
{
    return values < MOST_VALUES ? values : MOST_VALUES;
}

/* Of what is NULL it would not be seen that it is lost: each column gets what it takes. */
static bool fill_nulls(struct wv_room *room, const struct table *table, struct wv_err *err)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        bool refused = column->may_be_null;
        for (size_t number = 0; refused && number < most_of(column->values.count); number++) {
            char *value WV_AUTOFREE = wv_quote_literal(column->values.items[number]);
            char *sql WV_AUTOFREE = wv_xasprintf("UPDATE ONLY %s SET %s = %s WHERE %s IS NULL",
                                                 table->name, column->name, value, column->name);
            if (!try_row(room, sql, &refused, err))
                return false;
        }
    }
    return true;
}

/* Values rather than NULL. */
static bool fill_table(struct wv_room *room, const struct table *table, struct wv_err *err)
{
    size_t most = most_of(table->most_values);
    bool refused = true;
    for (enum style style = ALL_VALUES; refused && style < STYLES; style++)
        for (size_t number = 0; refused && (number == 0 || number < most); number++) {
            char *sql WV_AUTOFREE = statement(table, style, number);
            if (!try_row(room, sql, &refused, err))
                return false;
            if (!refused && style == WITH_NULLS && !fill_nulls(room, table, err))
                return false;
        }
    return true;
}

/* Only superusers may, and only they may go back; without it the values still fit each other in
 * most schemas. */
static bool switch_checks(struct wv_room *room, const char *sql, struct wv_err *err)
{
    bool refused;
    return try_row(room, sql, &refused, err);
}

bool wv_rows_insert(struct wv_room *room, enum wv_row_values values,
                    const struct wv_strlist *spared, struct wv_err *err)
{
    struct wv_pg_result *columns WV_AUTORESULT = NULL;
    const char *params[WV_ROWS_PARAMS];
    bool done = true;
    wv_rows_params(room, params);
    if (!switch_checks(room, "SET session_replication_role = replica", err) ||
        !wv_pg_query(room->pg, columns_sql, WV_ROWS_PARAMS, params, FIELDS, &columns,
                     room->proof->wait, err))
        return false;
    for (size_t row = 0; row < wv_pg_rows(columns) && done;) {
        struct table table;
        row = read_table(&table, columns, row, values);
        if (!wv_told_has(spared, &table.names))
            done = fill_table(room, &table, err);
        table_clear(&table);
    }
    return done && switch_checks(room, "RESET session_replication_role", err);
}
