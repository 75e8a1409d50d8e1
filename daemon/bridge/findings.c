/* See findings.h. Pure, any thread. */
#include "findings.h"

#include <stdlib.h>

struct wv_found_change *wv_findings_change(struct wv_found_changes *changes)
{
    WV_GROW(changes->items, changes->count, changes->capacity);
    struct wv_found_change *change = &changes->items[changes->count++];
    *change = (struct wv_found_change){0};
    return change;
}

struct wv_found_statement *wv_findings_statement(struct wv_findings *findings)
{
    struct wv_found_statements *all = &findings->statements;
    WV_GROW(all->items, all->count, all->capacity);
    struct wv_found_statement *statement = &all->items[all->count++];
    *statement = (struct wv_found_statement){0};
    return statement;
}

void wv_findings_hazard(struct wv_found_statement *statement, const char *code, const char *text)
{
    WV_GROW(statement->hazards, statement->hazard_count, statement->hazard_capacity);
    statement->hazards[statement->hazard_count++] =
        (struct wv_found_hazard){wv_xstrdup(code), wv_xstrdup(text)};
}

struct wv_found_trial *wv_findings_trial(struct wv_findings *findings)
{
    struct wv_found_trials *trials = &findings->trials;
    WV_GROW(trials->items, trials->count, trials->capacity);
    struct wv_found_trial *trial = &trials->items[trials->count++];
    *trial = (struct wv_found_trial){0};
    return trial;
}

struct wv_found_rename *wv_findings_rename(struct wv_findings *findings)
{
    struct wv_found_renames *renames = &findings->likely_renames;
    WV_GROW(renames->items, renames->count, renames->capacity);
    struct wv_found_rename *rename = &renames->items[renames->count++];
    *rename = (struct wv_found_rename){0};
    return rename;
}

struct wv_found_file *wv_findings_file(struct wv_found_files *files)
{
    WV_GROW(files->items, files->count, files->capacity);
    struct wv_found_file *file = &files->items[files->count++];
    *file = (struct wv_found_file){0};
    return file;
}

void wv_findings_note(struct wv_findings *findings, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *note WV_AUTOFREE = wv_xvasprintf(format, args);
    va_end(args);
    if (!wv_strlist_has(&findings->notes, note))
        wv_strlist_add(&findings->notes, note);
}

void wv_found_changes_clear(struct wv_found_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        struct wv_found_change *change = &changes->items[i];
        free(change->deed);
        free(change->kind);
        free(change->identity);
        free(change->because);
        wv_strlist_free(&change->attributes);
    }
    free(changes->items);
    *changes = (struct wv_found_changes){0};
}

static void statement_clear(struct wv_found_statement *statement)
{
    free(statement->sql);
    for (size_t i = 0; i < statement->hazard_count; i++) {
        free(statement->hazards[i].code);
        free(statement->hazards[i].text);
    }
    free(statement->hazards);
}

void wv_found_files_clear(struct wv_found_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].revision);
        free(files->items[i].path);
        free(files->items[i].content);
        wv_strlist_free(&files->items[i].down);
    }
    free(files->items);
    *files = (struct wv_found_files){0};
}

static void trials_clear(struct wv_found_trials *trials)
{
    for (size_t i = 0; i < trials->count; i++) {
        free(trials->items[i].revision);
        free(trials->items[i].message);
        free(trials->items[i].fault);
        wv_err_clear(&trials->items[i].error);
        wv_found_changes_clear(&trials->items[i].changes);
    }
    free(trials->items);
}

static void renames_clear(struct wv_found_renames *renames)
{
    for (size_t i = 0; i < renames->count; i++) {
        free(renames->items[i].kind);
        free(renames->items[i].from);
        free(renames->items[i].to);
    }
    free(renames->items);
}

void wv_findings_free(struct wv_findings *findings)
{
    if (findings == NULL)
        return;
    renames_clear(&findings->likely_renames);
    wv_found_changes_clear(&findings->changes);
    for (size_t i = 0; i < findings->statements.count; i++)
        statement_clear(&findings->statements.items[i]);
    free(findings->statements.items);
    trials_clear(&findings->trials);
    wv_found_files_clear(&findings->files);
    wv_strlist_free(&findings->heads);
    free(findings->unproven);
    wv_strlist_free(&findings->rows_uncounted);
    wv_strlist_free(&findings->notes);
    free(findings);
}
