/* Quoting for SQL text (PostgreSQL manual, 4.1 "Lexical Structure"), with
 * standard_conforming_strings on. Pure, any thread; results are the caller's own. */
#ifndef WV_QUOTE_H
#define WV_QUOTE_H

#include "strlist.h"

char *wv_quote_ident(const char *name);
/* "schema"."name", or "name" alone when `schema` is "". */
char *wv_quote_name(const char *schema, const char *name);
/* Safe whatever the server's string settings: with backslashes it becomes an E'' string. */
char *wv_quote_literal(const char *text);
/* ARRAY['a', 'b']::text[] */
char *wv_quote_array(const struct wv_strlist *list);

#endif
