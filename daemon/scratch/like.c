/* See like.h. */
#include "like.h"

#include <stdlib.h>
#include <string.h>

#include "quote.h"
#include "shared.h"

/* Columns that came with 15, 16 and 17 are read by name, so that one statement fits all. */
static const char database_sql[] =
    "SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,"
    " j->>'datlocprovider', coalesce(j->>'datlocale', j->>'daticulocale'), j->>'daticurules'"
    " FROM pg_catalog.pg_database d, pg_catalog.to_jsonb(d) j"
    " WHERE d.datname = pg_catalog.current_database()";

static const char names_sql[] =
    "SELECT ARRAY(SELECT extname::text FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'"
    " ORDER BY 1),"
    " ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY 1),"
    " ARRAY(SELECT spcname::text FROM pg_catalog.pg_tablespace WHERE spcname !~ '^pg_' ORDER BY 1)";

static const char missing_sql[] =
    "SELECT ARRAY(SELECT x FROM unnest($1::text[]) x"
    " EXCEPT SELECT name FROM pg_catalog.pg_available_extensions ORDER BY 1),"
    " ARRAY(SELECT x FROM unnest($2::text[]) x"
    " EXCEPT SELECT rolname FROM pg_catalog.pg_roles ORDER BY 1),"
    " ARRAY(SELECT x FROM unnest($3::text[]) x"
    " EXCEPT SELECT spcname FROM pg_catalog.pg_tablespace ORDER BY 1)";

static void take_names(struct wv_scratch_like *like, const struct wv_pg_result *result)
{
    wv_pg_array_parse(wv_pg_text(result, 0, 0), &like->extensions);
    wv_pg_array_parse(wv_pg_text(result, 0, 1), &like->roles);
    wv_pg_array_parse(wv_pg_text(result, 0, 2), &like->tablespaces);
}

bool wv_scratch_like_read(struct wv_scratch_like *out, struct wv_pg *pg,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_pg_result *database WV_AUTORESULT = NULL;
    struct wv_pg_result *names WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, database_sql, 0, NULL, 6, &database, wait, err) ||
        !wv_pg_query_row(pg, names_sql, 0, NULL, 3, &names, wait, err))
        return false;
    const char *provider = wv_pg_value(database, 0, 3);
    *out = (struct wv_scratch_like){
        .encoding = wv_xstrdup(wv_pg_value(database, 0, 0)),
        .collate = wv_xstrdup(wv_pg_value(database, 0, 1)),
        .ctype = wv_xstrdup(wv_pg_value(database, 0, 2)),
        .provider = provider != NULL ? provider[0] : 'c',
        .locale = wv_xstrdup(wv_pg_value(database, 0, 4)),
        .icu_rules = wv_xstrdup(wv_pg_value(database, 0, 5)),
        .system = wv_shared_system(pg, wait),
    };
    take_names(out, names);
    return true;
}

void wv_scratch_like_clear(struct wv_scratch_like *like)
{
    free(like->encoding);
    free(like->collate);
    free(like->ctype);
    free(like->locale);
    free(like->icu_rules);
    free(like->system);
    wv_strlist_free(&like->extensions);
    wv_strlist_free(&like->roles);
    wv_strlist_free(&like->tablespaces);
    *like = (struct wv_scratch_like){0};
}

static void add_option(struct wv_strbuf *sql, const char *name, const char *value)
{
    if (value == NULL)
        return;
    char *literal WV_AUTOFREE = wv_quote_literal(value);
    wv_strbuf_addf(sql, " %s %s", name, literal);
}

static void add_provider(struct wv_strbuf *sql, const struct wv_scratch_like *like)
{
    switch (like->provider) {
    case 'i':
        wv_strbuf_adds(sql, " LOCALE_PROVIDER icu");
        add_option(sql, "ICU_LOCALE", like->locale);
        add_option(sql, "ICU_RULES", like->icu_rules);
        return;
    case 'b':
        wv_strbuf_adds(sql, " LOCALE_PROVIDER builtin");
        add_option(sql, "BUILTIN_LOCALE", like->locale);
        return;
    case 'c':
        wv_strbuf_adds(sql, " LOCALE_PROVIDER libc");
        return;
    default:
        return;
    }
}

char *wv_scratch_like_sql(const struct wv_scratch_like *like, const char *database,
                          int server_version)
{
    struct wv_strbuf sql WV_AUTOSTRBUF = WV_STRBUF_INIT;
    char *name WV_AUTOFREE = wv_quote_ident(database);
    wv_strbuf_addf(&sql, "CREATE DATABASE %s TEMPLATE template0", name);
    add_option(&sql, "ENCODING", like->encoding);
    add_option(&sql, "LC_COLLATE", like->collate);
    add_option(&sql, "LC_CTYPE", like->ctype);
    if (server_version >= 150000)
        add_provider(&sql, like);
    return wv_strbuf_take(&sql);
}

bool wv_scratch_like_missing(const struct wv_scratch_like *like, struct wv_pg *pg,
                             struct wv_scratch_like *missing, const struct wv_pg_wait *wait,
                             struct wv_err *err)
{
    char *extensions WV_AUTOFREE = wv_pg_array(&like->extensions);
    char *roles WV_AUTOFREE = wv_pg_array(&like->roles);
    char *tablespaces WV_AUTOFREE = wv_pg_array(&like->tablespaces);
    const char *params[] = {extensions, roles, tablespaces};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, missing_sql, 3, params, 3, &result, wait, err))
        return false;
    *missing = (struct wv_scratch_like){0};
    take_names(missing, result);
    return true;
}
