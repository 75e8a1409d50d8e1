/* See revision_parse.h. Walks the tokens once: comments go to the header or open sections, all else
 * goes to the splitter and the checksum. */
#include "revision_parse.h"

void wv_parse_init(struct wv_parse *parse, const char *path, const char *text, size_t length,
                   struct wv_problems *problems)
{
    *parse = (struct wv_parse){.text = text, .length = length, .place = WV_PLACE_START};
    wv_faults_init(&parse->faults, problems, path, text, parse->place);
    wv_lexer_init(&parse->lexer, text, length);
    wv_splitter_init(&parse->splitter, text, length, &parse->faults);
}

void wv_parse_free(struct wv_parse *parse)
{
    for (size_t i = 0; i < WV_SECTIONS; i++)
        wv_statements_free(&parse->sections[i].statements);
}

static size_t offset_of(const struct wv_parse *parse, const char *at)
{
    return (size_t)(at - parse->text);
}

static void take_statement(struct wv_parse *parse, struct wv_statement *statement)
{
    struct wv_section *section = parse->section;
    if (section == NULL)
        return;
    if ((statement->flags & WV_STATEMENT_NO_TRANSACTION) != 0 && section->options.transaction)
        wv_faults_add(&parse->faults, offset_of(parse, statement->text), "needs_transaction_off",
                      "this statement cannot run inside a transaction block: put it in a section "
                      "with transaction=off (`-- woven:%s transaction=off`)",
                      section == &parse->sections[WV_SECTION_UP] ? "up" : "down");
    section->count++;
    if (!parse->wants_statements)
        return;
    wv_place_advance(&parse->place, parse->text, offset_of(parse, statement->text));
    statement->line = parse->place.line;
    statement->column = parse->place.column;
    struct wv_statements *list = &section->statements;
    WV_GROW(list->items, list->count, list->capacity);
    list->items[list->count++] = *statement;
}

static void close_section(struct wv_parse *parse, size_t end)
{
    struct wv_statement statement;
    if (wv_splitter_finish(&parse->splitter, &statement))
        take_statement(parse, &statement);
    if (parse->section != NULL)
        parse->section->end = end;
    parse->section = NULL;
}

static bool begins_its_line(const struct wv_parse *parse, const struct wv_token *comment)
{
    const char *at = comment->text;
    while (at > parse->text && (at[-1] == ' ' || at[-1] == '\t'))
        at--;
    return at == parse->text || at[-1] == '\n';
}

static void open_section(struct wv_parse *parse, struct wv_section *section, size_t begin, int line)
{
    section->present = true;
    section->begin = begin;
    section->line = line;
    parse->section = section;
    if (parse->checksum == NULL)
        return;
    char opening[WV_MARKER_CANONICAL];
    wv_marker_canonical(section == &parse->sections[WV_SECTION_DOWN], &section->options, opening);
    wv_checksum_section(parse->checksum, opening);
}

static void take_marker(struct wv_parse *parse, const struct wv_token *comment)
{
    size_t at = offset_of(parse, comment->text);
    if (!begins_its_line(parse, comment)) {
        wv_faults_add(&parse->faults, at, "bad_marker",
                      "a section marker must be the first thing of its line");
        return;
    }
    close_section(parse, at);
    parse->any_marker = true;
    bool down;
    struct wv_section_options options;
    if (!wv_marker_parse(comment, parse->text, &down, &options, &parse->faults))
        return;
    struct wv_section *section = &parse->sections[down ? WV_SECTION_DOWN : WV_SECTION_UP];
    if (section->present) {
        wv_faults_add(&parse->faults, at, "duplicate_section",
                      "a second woven:%s; the first is in line %d", down ? "down" : "up",
                      section->line);
        return;
    }
    wv_place_advance(&parse->place, parse->text, at);
    section->options = options;
    open_section(parse, section, at, parse->place.line);
}

static void take_comment(struct wv_parse *parse, const struct wv_token *comment)
{
    if (wv_marker_is(comment)) {
        take_marker(parse, comment);
    } else if (!parse->any_marker) {
        wv_place_advance(&parse->place, parse->text, offset_of(parse, comment->text));
        wv_header_take(&parse->header, comment, parse->text, parse->place.line, &parse->faults);
    }
}

static void take_sql(struct wv_parse *parse, const struct wv_token *token)
{
    struct wv_statement statement;
    if (parse->checksum != NULL)
        wv_checksum_token(parse->checksum, token);
    if (wv_splitter_push(&parse->splitter, &parse->lexer, token, &statement))
        take_statement(parse, &statement);
}

void wv_parse_file(struct wv_parse *parse)
{
    struct wv_token token;
    while (wv_lexer_next(&parse->lexer, &token)) {
        if (token.kind == WV_TOKEN_LINE_COMMENT) {
            take_comment(parse, &token);
        } else if (parse->any_marker || token.kind == WV_TOKEN_BLOCK_COMMENT) {
            take_sql(parse, &token);
        } else if (!parse->text_outside) {
            parse->text_outside = true;
            wv_faults_add(&parse->faults, offset_of(parse, token.text), "text_outside_section",
                          "SQL before the first section: it begins with a line `-- woven:up`");
        }
    }
    close_section(parse, parse->length);
    if (!parse->sections[WV_SECTION_UP].present)
        wv_faults_add(&parse->faults, 0, "missing_up",
                      "there is no section `-- woven:up` (an empty one does nothing)");
}

void wv_parse_stored(struct wv_parse *parse)
{
    struct wv_token token;
    struct wv_section *section = &parse->sections[WV_SECTION_UP];
    section->options = (struct wv_section_options)WV_SECTION_DEFAULTS;
    bool any = wv_lexer_next(&parse->lexer, &token);
    bool down;
    if (any && token.kind == WV_TOKEN_LINE_COMMENT && wv_marker_is(&token) &&
        wv_marker_parse(&token, parse->text, &down, &section->options, &parse->faults))
        any = wv_lexer_next(&parse->lexer, &token);
    open_section(parse, section, 0, 1);
    for (; any; any = wv_lexer_next(&parse->lexer, &token))
        take_sql(parse, &token);
    close_section(parse, parse->length);
}
