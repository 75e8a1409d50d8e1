/* See ddl.h. */
#include "ddl.h"

#include <stdlib.h>
#include <string.h>

#include "difference.h"
#include "kind.h"
#include "quote.h"

static const char *const HAZARD_NAMES[] = {
#define X(code, name, text) name,
    WV_HAZARDS(X)
#undef X
};

static const char *const HAZARD_TEXTS[] = {
#define X(code, name, text) text,
    WV_HAZARDS(X)
#undef X
};

const char *wv_hazard_name(enum wv_hazard_code code)
{
    return HAZARD_NAMES[code];
}

const char *wv_hazard_text(enum wv_hazard_code code)
{
    return HAZARD_TEXTS[code];
}

void wv_ddl_statement_clear(struct wv_ddl_statement *statement)
{
    for (size_t i = 0; i < statement->hazard_count; i++)
        free(statement->hazards[i].detail);
    free(statement->hazards);
    free(statement->tables);
    free(statement->sql);
    *statement = (struct wv_ddl_statement){0};
}

void wv_ddl_clear(struct wv_ddl *ddl)
{
    for (size_t i = 0; i < ddl->count; i++)
        wv_ddl_statement_clear(&ddl->statements[i]);
    free(ddl->statements);
    free(ddl->lost);
    free(ddl->unwritten);
    *ddl = (struct wv_ddl){0};
}

struct wv_ddl_statement *wv_ddl_add(struct wv_ddl *ddl, const char *format, ...)
{
    va_list args;
    WV_GROW(ddl->statements, ddl->count, ddl->capacity);
    struct wv_ddl_statement *statement = &ddl->statements[ddl->count++];
    *statement = (struct wv_ddl_statement){.object = ddl->object};
    va_start(args, format);
    statement->sql = wv_xvasprintf(format, args);
    va_end(args);
    return statement;
}

static bool has_hazard(const struct wv_ddl_statement *statement, enum wv_hazard_code code,
                       const char *detail)
{
    for (size_t i = 0; i < statement->hazard_count; i++)
        if (statement->hazards[i].code == code && strcmp(statement->hazards[i].detail, detail) == 0)
            return true;
    return false;
}

void wv_ddl_hazard(struct wv_ddl_statement *statement, enum wv_hazard_code code, const char *format,
                   ...)
{
    va_list args;
    va_start(args, format);
    char *detail WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    if (has_hazard(statement, code, detail))
        return;
    statement->hazards = wv_xreallocarray(statement->hazards, statement->hazard_count + 1,
                                          sizeof(*statement->hazards));
    statement->hazards[statement->hazard_count++] = (struct wv_hazard){code, WV_STEAL(detail)};
}

void wv_ddl_refuse(struct wv_ddl *ddl, const char *format, ...)
{
    va_list args;
    if (ddl->unwritten != NULL)
        return;
    va_start(args, format);
    ddl->unwritten = wv_xvasprintf(format, args);
    va_end(args);
}

bool wv_ddl_existed(const struct wv_ddl *ddl, const struct wv_object *object)
{
    struct wv_object *old = wv_catalog_find(ddl->before, object->kind, object->identity);
    enum wv_deed deed = old == NULL ? WV_DEED_CREATE : wv_twin_of_old(ddl->difference, old)->deed;
    return deed == WV_DEED_KEEP || deed == WV_DEED_ALTER || deed == WV_DEED_DROP;
}
