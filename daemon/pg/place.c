/* See place.h. Pure: text in, line and column out. It knows quotes and comments of SQL only as far
 * as finding the body of a DO block needs it. */
#include "place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "xalloc.h"

struct place {
    int line;
    int column;
};

/* The place `length` bytes into `text`, which stands at `from`. */
static struct place advance(struct place from, const char *text, size_t length)
{
    struct place at = from;
    for (size_t i = 0; i < length && text[i] != '\0'; i++) {
        if (text[i] == '\n') {
            at.line++;
            at.column = 1;
        } else if (((unsigned char)text[i] & 0xC0) != 0x80) {
            at.column++; /* bytes that continue a character do not count */
        }
    }
    return at;
}

/* Bytes before the character number `position` (from 1). */
static size_t offset_of(const char *text, int position)
{
    size_t offset = 0;
    for (int count = 1; count < position && text[offset] != '\0'; count++) {
        offset++;
        while (((unsigned char)text[offset] & 0xC0) == 0x80)
            offset++;
    }
    return offset;
}

/* `blanked`: a blank of the query stands for any character. */
static bool matches(const char *text, const char *query, bool blanked)
{
    for (; *query != '\0'; text++, query++) {
        if (*text == '\0' || (*text != *query && !(blanked && *query == ' ')))
            return false;
    }
    return true;
}

/* Past a comment that begins at `text`, else `text`. */
static const char *skip_comment(const char *text)
{
    if (text[0] == '-' && text[1] == '-') {
        const char *end = strchr(text, '\n');
        return end != NULL ? end : text + strlen(text);
    }
    if (text[0] == '/' && text[1] == '*') {
        const char *end = strstr(text + 2, "*/");
        return end != NULL ? end + 2 : text + strlen(text);
    }
    return text;
}

/* The first character of the body of a DO block: after $tag$ or after a quote. NULL: none. */
static const char *do_body(const char *statement)
{
    const char *at = statement;
    while (*at != '\0') {
        const char *after = skip_comment(at);
        if (after != at) {
            at = after;
        } else if (*at == '\'') {
            return at + 1;
        } else if (*at == '$') {
            const char *end = strchr(at + 1, '$');
            return end != NULL ? end + 1 : NULL;
        } else {
            at++;
        }
    }
    return NULL;
}

/* The line of a DO block's body that the call stack names; 0: none. The words around it are
 * translated by the server, the name is not. */
static int do_line(const char *context)
{
    static const char name[] = "inline_code_block";
    const char *found = context != NULL ? strstr(context, name) : NULL;
    if (found == NULL)
        return 0;
    found += strlen(name);
    found += strcspn(found, "0123456789\n");
    long line = strtol(found, NULL, 10);
    return line > 0 && line <= INT_MAX ? (int)line : 0;
}

static const char *start_of_line(const char *body, int line)
{
    for (; line > 1; line--) {
        const char *end = strchr(body, '\n');
        if (end == NULL)
            return NULL;
        body = end + 1;
    }
    return body;
}

/* Where the context says that the DO block was; NULL: nowhere. */
static const char *do_place(const char *statement, const struct wv_pg_position *position)
{
    int line = do_line(position->context);
    const char *body = line > 0 ? do_body(statement) : NULL;
    const char *start = body != NULL ? start_of_line(body, line) : NULL;
    if (start == NULL || line == 1)
        return start;
    return start + strspn(start, " \t\r");
}

enum match { EXACT, BLANKED, PERFORM, MATCH_COUNT };

/* Does the internal query stand at `text`? On success *at is the place of its byte `offset`.
 * PL/pgSQL puts blanks where an INTO clause stood, and says SELECT for PERFORM, which is one letter
 * longer. */
static bool stands_at(const char *text, const char *query, size_t offset, enum match how,
                      const char **at)
{
    const size_t verb = strlen("SELECT");
    if (how != PERFORM) {
        *at = text + offset;
        return matches(text, query, how == BLANKED);
    }
    *at = offset < verb ? text : text + offset + 1;
    return strncasecmp(text, "PERFORM", verb + 1) == 0 && strncmp(query, "SELECT", verb) == 0 &&
           matches(text + verb + 1, query + verb, false);
}

/* The place of the internal position in the statement: the first one at or after `from`, else the
 * first one at all; NULL: the query does not stand there. */
static const char *find_query(const char *statement, const struct wv_pg_position *position,
                              const char *from, enum match how)
{
    const char *query = position->internal_query;
    size_t offset = offset_of(query, position->internal_position);
    const char *found = NULL;
    const char *place = NULL;
    if (query[0] == '\0' || query[0] == ' ')
        return NULL;
    for (const char *text = statement; *text != '\0'; text++) {
        if (stands_at(text, query, offset, how, &place) &&
            (found == NULL || (found < from && place >= from)))
            found = place;
    }
    return found;
}

void wv_pg_error_place(const char *statement, int line, int column,
                       const struct wv_pg_position *position, int *out_line, int *out_column)
{
    const char *at = statement;
    const char *in_do = do_place(statement, position);
    if (position->position > 0) {
        at = statement + offset_of(statement, position->position);
    } else if (in_do != NULL) {
        at = in_do;
    }
    const char *found = NULL;
    if (position->position == 0 && position->internal_query != NULL) {
        for (enum match how = EXACT; how < MATCH_COUNT && found == NULL; how++)
            found = find_query(statement, position, in_do != NULL ? in_do : statement, how);
    }
    if (found != NULL)
        at = found;
    struct place place = advance((struct place){line, column}, statement, (size_t)(at - statement));
    *out_line = place.line;
    *out_column = place.column;
}

void wv_pg_position_clear(struct wv_pg_position *position)
{
    free(position->internal_query);
    free(position->context);
    *position = (struct wv_pg_position){0};
}
