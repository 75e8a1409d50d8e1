/* What a word names that stands for a schema ("models", "head", a path, a connection string). Pure;
 * any thread. */
#ifndef WV_SIDE_WORD_H
#define WV_SIDE_WORD_H

#include <stdbool.h>

enum wv_side_kind {
    WV_SIDE_MODELS,
    WV_SIDE_LIVE,     /* the project's database */
    WV_SIDE_BASE,     /* an empty one */
    WV_SIDE_TARGET,   /* of the revisions */
    WV_SIDE_FILE,     /* an absolute path of a dump, which is the name of a text then */
    WV_SIDE_DATABASE, /* a connection string */
};

enum wv_side_kind wv_side_kind(const char *word);
/* Its text comes with the request: a dump, and the models where a command prints them. */
bool wv_side_is_text(const char *word, bool models_printed);
/* It is not the project's: SQL that nobody has reviewed, or another server that takes the daemon
 * for a friend. */
bool wv_side_is_foreign(const char *word, bool models_printed);

#endif
