/* What kind of statement the splitter has under way, as far as words tell. Internal to the
 * splitter: all functions read its state. */
#ifndef WV_STATEMENT_CLASS_H
#define WV_STATEMENT_CLASS_H

#include "splitter.h"

/* Remembers what the token tells. Call it before the token becomes the previous one. */
void wv_class_note(struct wv_splitter *splitter, const struct wv_token *token);

/* False for a statement that does not begin with a word: it has no keyword. */
bool wv_class_has_keyword(const struct wv_splitter *splitter);
bool wv_class_makes_routine(const struct wv_splitter *splitter);
bool wv_class_controls_transaction(const struct wv_splitter *splitter);
/* COPY from standard input or to standard output. */
bool wv_class_copies_stream(const struct wv_splitter *splitter);
/* enum wv_statement_flag */
unsigned wv_class_flags(const struct wv_splitter *splitter);

#endif
