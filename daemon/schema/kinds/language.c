/* Procedural languages. See kind.h. */
#include "kinds.h"
#include "lookup.h"
#include "strbuf.h"
#include "writing.h"

static const struct wv_attribute attributes[] = {
    {"is_trusted", WV_WAY_ALTER}, {"handler", WV_WAY_ALTER}, {"inline_handler", WV_WAY_ALTER},
    {"validator", WV_WAY_ALTER},  {NULL, WV_WAY_NONE},
};

static void write(struct wv_ddl *ddl, const struct wv_object *language, const char *words)
{
    static const struct {
        const char *attribute;
        const char *word;
    } functions[] = {
        {"handler", "HANDLER"}, {"inline_handler", "INLINE"}, {"validator", "VALIDATOR"}};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "%s %sLANGUAGE %s", words,
                   wv_object_is(language, "is_trusted") ? "TRUSTED " : "", language->identity);
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
        if (wv_object_get(language, functions[i].attribute) != NULL)
            wv_strbuf_addf(&text, " %s %s", functions[i].word,
                           wv_object_text(language, functions[i].attribute));
    struct wv_ddl_statement *statement = wv_ddl_add(ddl, "%s", wv_strbuf_text(&text));
    if (wv_object_is(language, "is_trusted"))
        wv_ddl_hazard(statement, WV_HAZARD_WIDENS_PRIVILEGES,
                      "who may create functions may do so in %s", language->identity);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    write(ddl, creation->object, "CREATE");
}

/* Nobody is granted one that is not trusted. */
static bool endures(const struct wv_change *change, const struct wv_object *dependant)
{
    return dependant->kind != &wv_kind_acl || wv_object_is(change->new, "is_trusted") ||
           wv_part_of_kind(change->new, &wv_kind_acl) != NULL;
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const struct wv_object *acl = wv_part_of_kind(change->old, &wv_kind_acl);
    if (acl != NULL && !endures(change, acl))
        wv_drop_privileges(ddl, acl);
    write(ddl, change->new, "CREATE OR REPLACE");
}

const struct wv_kind wv_kind_language = {
    .name = "language",
    .sql_name = "LANGUAGE",
    .rank = 30,
    .attributes = attributes,
    .create = create,
    .alter = alter,
    .endures = endures,
};
