/* See revision_file.h. Puts header, sections and checksum together into a value. Touches no disk:
 * the text is given. */
#include "revision_file.h"

#include <stdlib.h>
#include <string.h>

#include "file_name.h"
#include "revision_parse.h"

void wv_revision_copy(struct wv_revision *to, const struct wv_revision *from)
{
    *to = *from;
    to->id = wv_xstrdup(from->id);
    to->message = wv_xstrdup(from->message);
    to->create_date = wv_xstrdup(from->create_date);
    to->path = wv_xstrdup(from->path);
    to->down = to->depends_on = to->labels = to->replaces = (struct wv_strlist){0};
    wv_strlist_copy(&to->down, &from->down);
    wv_strlist_copy(&to->depends_on, &from->depends_on);
    wv_strlist_copy(&to->labels, &from->labels);
    wv_strlist_copy(&to->replaces, &from->replaces);
}

void wv_revision_free(struct wv_revision *revision)
{
    free(revision->id);
    free(revision->message);
    free(revision->create_date);
    free(revision->path);
    wv_strlist_free(&revision->down);
    wv_strlist_free(&revision->depends_on);
    wv_strlist_free(&revision->labels);
    wv_strlist_free(&revision->replaces);
    *revision = (struct wv_revision){0};
}

/* A file with SQL of another kind: it says nowhere that it is a revision. */
static bool is_foreign(const struct wv_parse *parse, const char *path)
{
    return !parse->any_marker && parse->header.lines[WV_HEADER_REVISION].value == NULL &&
           !wv_file_name_plausible(path);
}

static void fill(struct wv_revision *revision, struct wv_parse *parse, const char *path)
{
    const struct wv_section *up = &parse->sections[WV_SECTION_UP];
    const struct wv_section *down = &parse->sections[WV_SECTION_DOWN];
    wv_header_finish(&parse->header, path, parse->text, revision, &parse->faults);
    revision->path = wv_xstrdup(path);
    revision->has_down = down->present;
    revision->up_transaction = !up->present || up->options.transaction;
    revision->down_transaction = !down->present || down->options.transaction;
    revision->up_statements = up->count;
    revision->down_statements = down->count;
}

bool wv_revision_parse(struct wv_revision *out, const char *path, char *text, size_t length,
                       struct wv_checksum *checksum, struct wv_problems *problems)
{
    struct wv_problems found = {0};
    struct wv_revision revision = {0};
    struct wv_parse parse;
    length = wv_text_normalise(text, length);
    wv_parse_init(&parse, path, text, length, &found);
    wv_text_check(text, length, &parse.faults);
    parse.checksum = checksum;
    wv_checksum_begin(checksum);
    wv_parse_file(&parse);
    wv_checksum_end(checksum, revision.checksum);
    fill(&revision, &parse, path);
    bool done = found.count == 0;
    if (done || revision.id != NULL)
        *out = revision;
    else
        wv_revision_free(&revision);
    if (!done && is_foreign(&parse, path))
        wv_problems_free(&found);
    wv_problems_move(problems, &found);
    wv_parse_free(&parse);
    return done;
}
