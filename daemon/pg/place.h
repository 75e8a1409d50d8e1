/* From what the server says about the place of an error to line and column of the file. Pure. */
#ifndef WV_PLACE_H
#define WV_PLACE_H

#include <stdbool.h>

/* The server's hints; all zero when it gave none. Positions count characters from 1 (manual, "Error
 * and Notice Message Fields": P, p, q, W). */
struct wv_pg_position {
    int position;          /* in the statement that was sent; 0 unknown */
    int internal_position; /* in `internal_query`; 0 unknown */
    char *internal_query;  /* text of a statement inside a function body; NULL: none */
    char *context;         /* the call stack, innermost first; NULL: none */
};

/* `statement` is the text as sent and stands at `line`:`column` (from 1, in characters) of its
 * file. Writes the best known place, at worst the statement's own beginning:
 * - the position in the statement;
 * - else the internal query, when its text stands in the statement (a DO block, a function body);
 *   of several such places the one on the line that the context names;
 * - else, for a DO block, the line of its body that the context names. */
void wv_pg_error_place(const char *statement, int line, int column,
                       const struct wv_pg_position *position, int *out_line, int *out_column);

void wv_pg_position_clear(struct wv_pg_position *position);

#endif
