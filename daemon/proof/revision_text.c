/* See revision_text.h. */
#include "revision_text.h"

#include <stdlib.h>
#include <string.h>

#include "draft.h"
#include "new_file.h"
#include "strbuf.h"
#include "template.h"

void wv_section_text_clear(struct wv_section_text *section)
{
    free(section->text);
    wv_told_clear(&section->told);
    *section = (struct wv_section_text){0};
}

/* A comment ends with its line, so that what is said has to fit on one. */
static void add_hazard(struct wv_strbuf *text, const struct wv_hazard *hazard)
{
    char *detail WV_AUTOFREE =
        wv_template_line(hazard->detail != NULL ? hazard->detail : wv_hazard_text(hazard->code));
    wv_strbuf_addf(text, "-- hazard: %s: %s\n", wv_hazard_name(hazard->code), detail);
}

void wv_section_text_make(struct wv_section_text *out, const struct wv_ddl *ddl,
                          const struct wv_segment *segment)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const size_t first = segment->first;
    const size_t count = segment->count;
    *out = (struct wv_section_text){.in_transaction = segment->mode == WV_STATEMENT_IN_TRANSACTION};
    if (count == 0)
        wv_strbuf_adds(&text, "-- Nothing has to be undone.\n");
    for (size_t i = first; i < first + count; i++) {
        const struct wv_ddl_statement *statement = &ddl->statements[i];
        if (i > first)
            wv_strbuf_addc(&text, '\n');
        for (size_t j = 0; j < statement->hazard_count; j++)
            add_hazard(&text, &statement->hazards[j]);
        wv_told_add(&out->told, statement);
        wv_strbuf_addf(&text, "%s;\n", statement->sql);
        /* What comes after new enum values may use them, and can so after their commit only. */
        bool is_cut =
            i + 1 < first + count && statement->commits_after && !statement[1].commits_after;
        out->in_transaction &= statement->mode == WV_STATEMENT_IN_TRANSACTION && !is_cut;
    }
    out->text = wv_strbuf_take(&text);
}

void wv_section_text_uncheck(struct wv_section_text *section)
{
    char *text WV_AUTOFREE = section->text;
    bool is_local = section->in_transaction;
    section->text = wv_xasprintf("-- A function below names in its body what is not there.\n"
                                 "SET %scheck_function_bodies = off;\n\n%s%s",
                                 is_local ? "LOCAL " : "", text,
                                 is_local ? "" : "\nRESET check_function_bodies;\n");
}

void wv_section_text_of_renames(struct wv_section_text *out, const struct wv_strlist *statements)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < statements->count; i++)
        wv_strbuf_addf(&text, "%s-- hazard: %s: %s\n%s;\n", i > 0 ? "\n" : "",
                       wv_hazard_name(WV_HAZARD_BREAKS_READERS),
                       wv_hazard_text(WV_HAZARD_BREAKS_READERS), statements->items[i]);
    *out = (struct wv_section_text){.in_transaction = true};
    out->text = wv_strbuf_take(&text);
}

void wv_section_text_offer(struct wv_section_text *section, const struct wv_found_renames *renames)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (size_t i = 0; i < renames->count; i++) {
        const struct wv_found_rename *rename = &renames->items[i];
        char *line WV_AUTOFREE =
            wv_xasprintf("%s %s may have become %s: --rename %s:%s would keep it", rename->kind,
                         rename->from, rename->to, rename->from, rename->to);
        char *safe WV_AUTOFREE = wv_template_line(line);
        wv_strbuf_addf(&text, "-- rename? %s\n", safe);
    }
    wv_strbuf_adds(&text, section->text);
    free(section->text);
    section->text = wv_strbuf_take(&text);
}

/* The line that marks a section, from its first byte; NULL: there is none. */
static const char *marker_of(const char *text, const char *marker)
{
    size_t length = strlen(marker);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n"), line += *line != '\0')
        if (strncmp(line, marker, length) == 0 && strchr(" \t\r\n", line[length]) != NULL)
            return line;
    return NULL;
}

/* Appends the marker's line with what the section needs, then the statements. */
static void add_section(struct wv_strbuf *out, const char *marker,
                        const struct wv_section_text *section)
{
    size_t length = strcspn(marker, "\n");
    char *line WV_AUTOFREE = wv_xstrndup(marker, length);
    wv_strbuf_adds(out, line);
    if (!section->in_transaction && strstr(line, "transaction=") == NULL)
        wv_strbuf_adds(out, " transaction=off");
    wv_strbuf_addf(out, "\n%s", section->text);
}

static const char *behind_line(const char *line)
{
    const char *end = line + strcspn(line, "\n");
    return *end != '\0' ? end + 1 : end;
}

/* What the template has in its sections comes behind ours. Without a down text there is no down
 * section: the revision is irreversible. */
static char *fill(const char *text, const struct wv_revision_part *part)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *up = marker_of(text, "-- woven:up");
    const char *down = marker_of(text, "-- woven:down");
    const char *after_up = behind_line(up);
    wv_strbuf_add(&out, text, (size_t)(up - text));
    add_section(&out, up, &part->up);
    if (down != NULL)
        wv_strbuf_add(&out, after_up, (size_t)(down - after_up));
    if (part->down.text == NULL)
        return wv_strbuf_take(&out);
    if (down == NULL)
        wv_strbuf_adds(&out, "\n");
    add_section(&out, down != NULL ? down : "-- woven:down", &part->down);
    if (part->up.told.losses.count > 0)
        wv_strbuf_adds(&out, "-- What the up section loses does not come back.\n");
    wv_strbuf_adds(&out, down != NULL ? behind_line(down) : after_up);
    return wv_strbuf_take(&out);
}

static char *message_of(const struct wv_job *job, size_t index, size_t count)
{
    const char *message = job->wish->message;
    return count == 1 ? wv_xstrdup(message)
                      : wv_xasprintf("%s (%zu of %zu)", message, index + 1, count);
}

static bool make_file(struct wv_found_file *out, const struct wv_job *job,
                      const struct wv_settings *settings, const struct wv_draft *draft,
                      const char *id, const char *message, const struct wv_revision_part *part,
                      struct wv_err *err)
{
    struct wv_new_file file = {0};
    char *template WV_AUTOFREE = NULL;
    char *text WV_AUTOFREE = NULL;
    const char *beside = draft->down.count > 0 ? draft->down.items[0] : NULL;
    struct wv_template_values values = {.message = message,
                                        .down = &draft->down,
                                        .labels = &draft->labels,
                                        .depends_on = &draft->depends_on};
    bool done = wv_new_file_id(&file, id, err) &&
                wv_new_file_place(&file, settings, job->project, message, beside,
                                  job->wish->version_path, err) &&
                wv_template_read(&template, settings->template_file, err);
    values.revision = file.id;
    values.create_date = file.date;
    done = done && wv_template_render(&text, template, settings->template_file, &values, err);
    if (done && marker_of(text, "-- woven:up") == NULL)
        done = wv_err_set(err, WV_CONFIG_ERROR, "%s has no line `-- woven:up` to write below",
                          settings->template_file);
    if (done) {
        out->revision = wv_xstrdup(file.id);
        out->path = wv_xstrdup(file.path);
        out->content = fill(text, part);
        wv_strlist_copy(&out->down, &draft->down);
    }
    wv_new_file_free(&file);
    return done;
}

/* The first of the files: the wish against the graph. */
static bool draft_first(struct wv_draft *draft, const struct wv_job *job, struct wv_err *err)
{
    const struct wv_wish *wish = job->wish;
    const struct wv_project *project = job->project;
    const struct wv_project *all = project->whole != NULL ? project->whole : project;
    if (wish->rev_id != NULL && wv_project_find(all, wish->rev_id) != NULL)
        return wv_err_set(err, WV_LOAD_ERROR, "there is a revision %s already", wish->rev_id);
    struct wv_draft_request request = {.id = wish->rev_id != NULL ? wish->rev_id : "new",
                                       .heads = &wish->heads,
                                       .depends_on = &wish->depends_on,
                                       .labels = &wish->labels,
                                       .splice = wish->splice};
    return wv_draft_make(project->graph, &request, draft, err);
}

bool wv_revision_files_check(const struct wv_job *job, struct wv_err *err)
{
    struct wv_draft draft = {0};
    bool done = draft_first(&draft, job, err);
    wv_draft_free(&draft);
    return done;
}

bool wv_revision_files(struct wv_found_files *files, const struct wv_job *job,
                       const struct wv_settings *settings, const struct wv_revision_part *parts,
                       size_t count, struct wv_err *err)
{
    struct wv_draft draft = {0};
    if (!draft_first(&draft, job, err))
        return false;
    bool done = true;
    for (size_t i = 0; i < count && done; i++) {
        char *message WV_AUTOFREE = message_of(job, i, count);
        struct wv_found_file file = {0};
        done = make_file(&file, job, settings, &draft, i == 0 ? job->wish->rev_id : NULL, message,
                         &parts[i], err);
        if (!done)
            break;
        *wv_findings_file(files) = file;
        wv_draft_free(&draft);
        draft = (struct wv_draft){0};
        wv_strlist_add(&draft.down, file.revision);
    }
    wv_draft_free(&draft);
    return done;
}

void wv_revision_files_remark(struct wv_found_files *files, const char *remark)
{
    char *line WV_AUTOFREE = wv_template_line(remark);
    for (size_t i = 0; i < files->count; i++) {
        char *content = wv_xasprintf("-- Not proven: %s\n%s", line, files->items[i].content);
        free(files->items[i].content);
        files->items[i].content = content;
    }
}
