/* Functions and procedures. See kind.h. */
#include <stdlib.h>
#include <string.h>

#include "kinds.h"
#include "lookup.h"
#include "quote.h"
#include "rebuild.h"
#include "writing.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"kind", WV_WAY_RECREATE},
    {"arguments", WV_WAY_ALTER},
    {"argument_names", WV_WAY_NONE},
    {"default_count", WV_WAY_NONE},
    {"result", WV_WAY_RECREATE},
    {"outputs", WV_WAY_RECREATE},
    {"language", WV_WAY_ALTER},
    {"body", WV_WAY_ALTER},
    {"library", WV_WAY_ALTER},
    {"sql_body", WV_WAY_ALTER},
    {"volatility", WV_WAY_ALTER},
    {"is_strict", WV_WAY_ALTER},
    {"is_security_definer", WV_WAY_ALTER},
    {"is_leakproof", WV_WAY_ALTER},
    {"parallel", WV_WAY_ALTER},
    {"cost", WV_WAY_ALTER},
    {"rows", WV_WAY_ALTER},
    {"support", WV_WAY_ALTER},
    {"settings", WV_WAY_ALTER},
    {"transforms", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static const char *const expressions[] = {"arguments", "sql_body", NULL};

/* Would the quote end the body before its end? Its first sign may be the body's last one. */
static bool ends_early(const char *body, const char *quote)
{
    char *text WV_AUTOFREE = wv_xasprintf("%s%s", body, quote);
    return strstr(text, quote) < text + strlen(body);
}

/* A dollar quote that the body does not hold. */
static char *quote_for(const char *body)
{
    char *quote = wv_xstrdup("$$");
    for (int i = 0; ends_early(body, quote); i++) {
        free(quote);
        quote = i == 0 ? wv_xstrdup("$body$") : wv_xasprintf("$body%d$", i);
    }
    return quote;
}

static void write_body(struct wv_strbuf *out, const struct wv_object *routine)
{
    const char *library = wv_object_get(routine, "library");
    const char *sql_body = wv_object_get(routine, "sql_body");
    const char *body = wv_object_text(routine, "body");
    if (sql_body != NULL) {
        wv_strbuf_addf(out, "\n%s", sql_body);
        return;
    }
    char *quote WV_AUTOFREE = quote_for(body);
    wv_strbuf_adds(out, "\nAS ");
    if (library != NULL) {
        char *literal WV_AUTOFREE = wv_quote_literal(library);
        wv_strbuf_addf(out, "%s, ", literal);
    }
    wv_strbuf_addf(out, "%s%s%s", quote, body, quote);
}

/* What is as usual is not said. */
static void write_traits(struct wv_strbuf *out, const struct wv_object *routine)
{
    const char *language = wv_object_text(routine, "language");
    bool is_native = strcmp(language, "c") == 0 || strcmp(language, "internal") == 0;
    const char *rows = wv_object_get(routine, "rows");
    if (strcmp(wv_object_text(routine, "kind"), "WINDOW") == 0)
        wv_strbuf_adds(out, " WINDOW");
    if (strcmp(wv_object_text(routine, "volatility"), "VOLATILE") != 0)
        wv_strbuf_addf(out, " %s", wv_object_text(routine, "volatility"));
    if (wv_object_is(routine, "is_strict"))
        wv_strbuf_adds(out, " STRICT");
    if (wv_object_is(routine, "is_security_definer"))
        wv_strbuf_adds(out, " SECURITY DEFINER");
    if (wv_object_is(routine, "is_leakproof"))
        wv_strbuf_adds(out, " LEAKPROOF");
    if (strcmp(wv_object_text(routine, "parallel"), "UNSAFE") != 0)
        wv_strbuf_addf(out, " PARALLEL %s", wv_object_text(routine, "parallel"));
    if (strcmp(wv_object_text(routine, "kind"), "PROCEDURE") != 0 &&
        strcmp(wv_object_text(routine, "cost"), is_native ? "1" : "100") != 0)
        wv_strbuf_addf(out, " COST %s", wv_object_text(routine, "cost"));
    if (rows != NULL && strcmp(rows, "1000") != 0)
        wv_strbuf_addf(out, " ROWS %s", rows);
    if (wv_object_get(routine, "support") != NULL)
        wv_strbuf_addf(out, " SUPPORT %s", wv_object_text(routine, "support"));
    if (wv_object_get(routine, "settings") != NULL)
        wv_strbuf_addf(out, "\n    %s", wv_object_text(routine, "settings"));
}

static void write(struct wv_ddl *ddl, const struct wv_object *routine, const char *words)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    bool is_procedure = strcmp(wv_object_text(routine, "kind"), "PROCEDURE") == 0;
    char *schema WV_AUTOFREE = wv_quoted_schema(routine);
    wv_strbuf_addf(&text, "%s %s %s.%s(%s)", words, is_procedure ? "PROCEDURE" : "FUNCTION", schema,
                   routine->quoted, wv_object_text(routine, "arguments"));
    if (wv_object_get(routine, "result") != NULL)
        wv_strbuf_addf(&text, " RETURNS %s", wv_object_text(routine, "result"));
    wv_strbuf_addf(&text, "\n    LANGUAGE %s", wv_object_text(routine, "language"));
    if (wv_object_get(routine, "transforms") != NULL)
        wv_strbuf_addf(&text, " TRANSFORM %s", wv_object_text(routine, "transforms"));
    write_traits(&text, routine);
    write_body(&text, routine);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    const struct wv_object *old = wv_catalog_find(ddl->before, routine->kind, routine->identity);
    if (wv_object_is(routine, "is_security_definer") &&
        (old == NULL || !wv_object_is(old, "is_security_definer")))
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES,
                      "who may run %s does it with its owner's privileges", routine->identity);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, "CREATE");
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    write(ddl, change->new, "CREATE OR REPLACE");
}

static void drop(struct wv_ddl *ddl, const struct wv_object *old)
{
    char *name WV_AUTOFREE = wv_name_at_drop(ddl->difference, old);
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "DROP ROUTINE %s", name);
    wv_ddl_hazard(statement, WV_HAZARD_UNTRACKED, "%s", old->identity);
    if (wv_catalog_find(ddl->after, old->kind, old->identity) == NULL)
        wv_ddl_hazard(statement, WV_HAZARD_BREAKS_READERS, "%s", old->identity);
}

/* OR REPLACE keeps the result and the names of arguments, and takes no default away (PostgreSQL
 * manual, CREATE FUNCTION). */
static enum wv_way way(const struct wv_change *change)
{
    long old_defaults = strtol(wv_object_text(change->old, "default_count"), NULL, 10);
    long new_defaults = strtol(wv_object_text(change->new, "default_count"), NULL, 10);
    bool had_names = wv_object_get(change->old, "argument_names") != NULL;
    if (wv_change_of(change, "kind") || wv_change_of(change, "result") ||
        wv_change_of(change, "outputs") || (had_names && wv_change_of(change, "argument_names")) ||
        new_defaults < old_defaults)
        return WV_WAY_RECREATE;
    return WV_WAY_ALTER;
}

/* One that is replaced does not depend on an extension any more (its own record of that goes). */
static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    (void)change;
    return dependant->kind != &wv_kind_extension_dependency;
}

const struct wv_kind wv_kind_routine = {
    .name = "routine",
    .sql_name = "ROUTINE",
    .rank = 70,
    .traits = WV_KIND_ROUTINE,
    .attributes = attributes,
    .expressions = expressions,
    .create = create,
    .alter = alter,
    .drop = drop,
    .way = way,
    .endures = endures,
    .set_aside = wv_rename_aside,
};
