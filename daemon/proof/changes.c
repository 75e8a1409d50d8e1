/* See changes.h. */
#include "changes.h"

#include <string.h>

#include "strbuf.h"

static const char *const deeds[] = {
    [WV_DEED_CREATE] = "create",     [WV_DEED_DROP] = "drop",        [WV_DEED_ALTER] = "alter",
    [WV_DEED_RECREATE] = "recreate", [WV_DEED_REBUILD] = "recreate",
};

/* It goes or comes with the whole that it is part of. */
static bool goes_with_parent(const struct wv_difference *difference, const struct wv_twin *twin)
{
    const struct wv_object *object = twin->new != NULL ? twin->new : twin->old;
    if (object->parent == NULL)
        return false;
    const struct wv_twin *parent = twin->new != NULL ? wv_twin_of_new(difference, object->parent)
                                                     : wv_twin_of_old(difference, object->parent);
    return parent->deed == twin->deed &&
           (twin->deed == WV_DEED_CREATE || twin->deed == WV_DEED_DROP);
}

static void add_attributes(struct wv_found_change *change, const struct wv_twin *twin)
{
    const struct wv_change both = {twin->old, twin->new};
    if (twin->old == NULL || twin->new == NULL)
        return;
    for (const struct wv_attribute *attribute = twin->old->kind->attributes;
         attribute != NULL && attribute->name != NULL; attribute++)
        if (attribute->way != WV_WAY_NONE && wv_change_of(&both, attribute->name))
            wv_strlist_add(&change->attributes, attribute->name);
}

bool wv_find_changes(struct wv_found_changes *changes, const struct wv_difference *difference)
{
    size_t before = changes->count;
    for (size_t i = 0; i < difference->count; i++) {
        const struct wv_twin *twin = &difference->twins[i];
        if (twin->deed == WV_DEED_KEEP || goes_with_parent(difference, twin))
            continue;
        const struct wv_object *object = twin->new != NULL ? twin->new : twin->old;
        struct wv_found_change *change = wv_findings_change(changes);
        change->deed = wv_xstrdup(deeds[twin->deed]);
        change->kind = wv_xstrdup(object->kind->name);
        change->identity = wv_shown_name(object);
        if (twin->because != NULL) {
            char *name WV_AUTOFREE = wv_shown_name(twin->because->old);
            change->because = wv_xasprintf("%s %s", twin->because->old->kind->name, name);
        }
        add_attributes(change, twin);
    }
    return changes->count > before;
}

enum { SHOWN = 8 };

static const char *state_of(const struct wv_found_change *change, bool away)
{
    if (strcmp(change->deed, deeds[WV_DEED_CREATE]) == 0)
        return away ? "it lacks" : "it has";
    if (strcmp(change->deed, deeds[WV_DEED_DROP]) == 0)
        return away ? "it has" : "it lacks";
    return "it differs in";
}

char *wv_changes_text(const struct wv_found_changes *changes, bool away)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < changes->count && i < SHOWN; i++) {
        const struct wv_found_change *change = &changes->items[i];
        char *attributes WV_AUTOFREE = wv_strlist_join(&change->attributes, ", ");
        wv_strbuf_addf(&text, "%s%s %s %s%s%s", i == 0 ? "" : "; ", state_of(change, away),
                       change->kind, change->identity, attributes[0] != '\0' ? ": " : "",
                       attributes);
    }
    if (changes->count > SHOWN)
        wv_strbuf_addf(&text, "; and %zu more", changes->count - SHOWN);
    return wv_strbuf_take(&text);
}

void wv_find_statements(struct wv_findings *findings, const struct wv_ddl *ddl)
{
    for (size_t i = 0; i < ddl->count; i++) {
        const struct wv_ddl_statement *from = &ddl->statements[i];
        struct wv_found_statement *to = wv_findings_statement(findings);
        to->sql = wv_xstrdup(from->sql);
        to->alone = from->mode == WV_STATEMENT_ALONE;
        for (size_t j = 0; j < from->hazard_count; j++) {
            const struct wv_hazard *hazard = &from->hazards[j];
            wv_findings_hazard(to, wv_hazard_name(hazard->code),
                               hazard->detail != NULL ? hazard->detail
                                                      : wv_hazard_text(hazard->code));
        }
    }
}

/* The statements are a service: that they cannot be written is no reason not to tell the changes.
 */
static void tell_statements(struct wv_findings *findings, const struct wv_difference *difference)
{
    struct wv_ddl ddl WV_AUTODDL = {0};
    struct wv_err err WV_AUTOERR = {0};
    if (wv_ddl_write(&ddl, difference, false, &err))
        wv_find_statements(findings, &ddl);
    else
        wv_findings_note(findings, "no statements: %s", err.message);
}

void wv_tell_difference(struct wv_findings *findings, const struct wv_difference *difference)
{
    if (wv_find_changes(&findings->changes, difference))
        tell_statements(findings, difference);
}

void wv_note_unmodelled(struct wv_findings *findings, const struct wv_catalog *catalog,
                        const char *whose)
{
    for (size_t i = 0; i < wv_catalog_unmodelled_count(catalog); i++) {
        const struct wv_unmodelled *unmodelled = wv_catalog_unmodelled_at(catalog, i);
        wv_findings_note(findings, "not compared in %s: %s (%zu)", whose, unmodelled->what,
                         unmodelled->count);
    }
}
