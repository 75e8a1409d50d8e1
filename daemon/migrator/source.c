/* See source.h. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

enum { STATEMENT_SHOWN = 4096 }; /* bytes of a statement that an error repeats */

/* The file is gone: the ledger kept what was executed. */
static bool read_from_ledger(struct wv_source *source, const struct wv_story *story,
                             const struct wv_step *step, struct wv_err *err)
{
    const struct wv_ledger_stored *stored =
        &story->stored.items[wv_known_extra(&story->known, step->node)];
    if (step->up)
        return wv_err_set(err, WV_REVISION_NOT_FOUND, "revision %s is in no file", step->id);
    if (stored->down_sql == NULL)
        return wv_err_set(err, WV_IRREVERSIBLE,
                          "revision %s cannot be taken back: it has no down section", step->id);
    if (!wv_script_parse_text(&source->sql.down, stored->down_sql, strlen(stored->down_sql), err))
        return wv_err_prefix(err, "the SQL that the ledger has of revision %s", step->id);
    source->sql.has_down = true;
    source->script = &source->sql.down;
    source->message = wv_xstrdup(stored->message);
    return true;
}

bool wv_source_read(struct wv_source *source, const struct wv_story *story,
                    const struct wv_step *step, struct wv_err *err)
{
    *source = (struct wv_source){.file = wv_known_file(&story->known, step->node)};
    if (source->file == NULL)
        return read_from_ledger(source, story, step, err);
    if (!wv_revision_read_sql(&source->sql, source->file, err))
        return false;
    wv_checksum_hex(source->file->checksum, source->checksum);
    source->message = wv_xstrdup(source->file->message);
    source->script = step->up ? &source->sql.up : &source->sql.down;
    return true;
}

void wv_source_free(struct wv_source *source)
{
    wv_revision_sql_free(&source->sql);
    free(source->message);
    *source = (struct wv_source){0};
}

struct wv_ledger_record wv_source_record(const struct wv_source *source, const struct wv_step *step)
{
    struct wv_ledger_record record = {.id = step->id, .message = source->message};
    if (source->file == NULL)
        return record;
    record.down = &source->file->down;
    record.depends_on = &source->file->depends_on;
    record.labels = &source->file->labels;
    record.checksum = source->checksum;
    record.up_sql = source->sql.up.text;
    record.down_sql = source->sql.has_down ? source->sql.down.text : NULL;
    return record;
}

bool wv_source_in_transaction(const struct wv_story *story, const struct wv_step *step)
{
    const struct wv_revision *file = wv_known_file(&story->known, step->node);
    if (file != NULL)
        return step->up ? file->up_transaction : file->down_transaction;
    const char *sql = story->stored.items[wv_known_extra(&story->known, step->node)].down_sql;
    struct wv_script script = {0};
    struct wv_err ignored WV_AUTOERR = {0};
    if (sql == NULL || !wv_script_parse_text(&script, sql, strlen(sql), &ignored))
        return true; /* reading it for the step reports why */
    bool inside = script.transaction;
    wv_script_free(&script);
    return inside;
}

void wv_source_place_error(const struct wv_source *source, const struct wv_step *step, size_t index,
                           const struct wv_pg_position *position, struct wv_err *err)
{
    const struct wv_statement *statement = &source->script->statements.items[index];
    char *text WV_AUTOFREE = wv_xstrndup(statement->text, statement->length);
    int line = statement->line;
    int column = statement->column;
    wv_pg_error_place(text, statement->line, statement->column, position, &line, &column);
    wv_err_at(err, source->script->path, line, column);
    free(err->statement);
    err->statement = statement->length <= STATEMENT_SHOWN
                         ? WV_STEAL(text)
                         : wv_xasprintf("%.*s...", STATEMENT_SHOWN, statement->text);
    free(err->revision);
    err->revision = wv_xstrdup(step->id);
}
