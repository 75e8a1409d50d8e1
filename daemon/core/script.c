/* The part of revision_file.h that gives the SQL of a revision, from its file or as stored. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "file_read.h"
#include "revision_parse.h"

void wv_script_free(struct wv_script *script)
{
    free(script->path);
    free(script->text);
    wv_statements_free(&script->statements);
    *script = (struct wv_script){0};
}

void wv_revision_sql_free(struct wv_revision_sql *sql)
{
    wv_script_free(&sql->up);
    wv_script_free(&sql->down);
    *sql = (struct wv_revision_sql){0};
}

static size_t trimmed_end(const char *text, size_t begin, size_t end)
{
    while (end > begin && strchr(" \t\r\n\f\v", text[end - 1]) != NULL)
        end--;
    return end;
}

/* Moves the section's statements into a script, over a copy of the section's text. */
static struct wv_script script_of(struct wv_parse *parse, struct wv_section *section,
                                  const char *path)
{
    size_t end = trimmed_end(parse->text, section->begin, section->end);
    struct wv_script script = {.path = wv_xstrdup(path),
                               .text =
                                   wv_xstrndup(parse->text + section->begin, end - section->begin),
                               .statements = section->statements,
                               .transaction = section->options.transaction,
                               .lock_timeout_ms = section->options.lock_timeout_ms,
                               .statement_timeout_ms = section->options.statement_timeout_ms,
                               .line = section->line};
    section->statements = (struct wv_statements){0};
    for (size_t i = 0; i < script.statements.count; i++) {
        struct wv_statement *statement = &script.statements.items[i];
        statement->text = script.text + (statement->text - (parse->text + section->begin));
    }
    return script;
}

static bool changed(const struct wv_revision *revision, struct wv_problems *found,
                    struct wv_err *err)
{
    wv_err_set(err, WV_FILE_CHANGED, "the file of revision %s has changed since it was loaded",
               revision->id);
    wv_err_at(err, revision->path, 0, 0);
    err->problems = *found;
    *found = (struct wv_problems){0};
    return wv_err_hint(err, "run the command again: it then starts from the file as it is now");
}

static bool parse_text(struct wv_revision_sql *out, const struct wv_revision *revision, char *text,
                       size_t length, struct wv_err *err)
{
    struct wv_problems found = {0};
    struct wv_parse parse;
    unsigned char sum[WV_CHECKSUM_SIZE];
    wv_parse_init(&parse, revision->path, text, wv_text_normalise(text, length), &found);
    wv_text_check(parse.text, parse.length, &parse.faults);
    parse.wants_statements = true;
    parse.checksum = wv_checksum_new();
    wv_checksum_begin(parse.checksum);
    wv_parse_file(&parse);
    wv_checksum_end(parse.checksum, sum);
    wv_checksum_free(parse.checksum);
    bool same = found.count == 0 && memcmp(sum, revision->checksum, sizeof(sum)) == 0;
    if (same) {
        struct wv_revision_sql sql = {.has_down = parse.sections[WV_SECTION_DOWN].present};
        sql.up = script_of(&parse, &parse.sections[WV_SECTION_UP], revision->path);
        if (sql.has_down)
            sql.down = script_of(&parse, &parse.sections[WV_SECTION_DOWN], revision->path);
        *out = sql;
    }
    wv_parse_free(&parse);
    return same ? true : changed(revision, &found, err);
}

bool wv_revision_read_sql(struct wv_revision_sql *out, const struct wv_revision *revision,
                          struct wv_err *err)
{
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    struct wv_problems none = {0};
    size_t length;
    int error = wv_file_read(AT_FDCWD, revision->path, &buffer, &length, &stamp);
    bool done;
    if (error == 0) {
        done = parse_text(out, revision, buffer.data, length, err);
    } else if (error == ENOENT || error == EFBIG) {
        done = changed(revision, &none, err);
    } else {
        done = wv_err_set(err, WV_IO_ERROR, "cannot read the file of revision %s: %s", revision->id,
                          strerror(error));
        wv_err_at(err, revision->path, 0, 0);
    }
    wv_file_buffer_free(&buffer);
    return done;
}

bool wv_script_parse_text(struct wv_script *out, const char *text, size_t length,
                          struct wv_err *err)
{
    struct wv_problems found = {0};
    struct wv_parse parse;
    char *copy WV_AUTOFREE = wv_xmalloc(length + 1);
    memcpy(copy, text, length);
    wv_parse_init(&parse, NULL, copy, wv_text_normalise(copy, length), &found);
    wv_text_check(parse.text, parse.length, &parse.faults);
    parse.wants_statements = true;
    wv_parse_stored(&parse);
    bool done = found.count == 0;
    if (done) {
        *out = script_of(&parse, &parse.sections[WV_SECTION_UP], NULL);
    } else {
        wv_err_set(err, WV_LOAD_ERROR, "the stored SQL cannot be run");
        err->problems = found;
    }
    wv_parse_free(&parse);
    return done;
}
