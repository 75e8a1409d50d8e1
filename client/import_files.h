/* Files of another tool: listing a folder, reading text, and small words about names. */
#ifndef WV_IMPORT_FILES_H
#define WV_IMPORT_FILES_H

#include "import.h"
#include "strbuf.h"

/* The names in DIR that end in `suffix`, in byte order; with `deep` also those in sub-folders, as
 * "folder/name". Hidden ones are left out. */
bool wv_import_list(const char *directory, const char *suffix, bool deep, struct wv_strlist *names,
                    struct wv_err *err) WV_MUST_CHECK;

/* The file's text, without a byte order mark, with LF alone. NULL, and a problem, when it cannot be
 * read, is no UTF-8 or is larger than 64 MB. */
char *wv_import_read(struct wv_import *import, const char *path);

/* DIR/name, the caller's. */
char *wv_import_path(const struct wv_import *import, const char *name);

/* How many digits `text` begins with. */
size_t wv_import_digits(const char *text);
/* Compares two numbers of any length, given as digits. */
int wv_import_compare_numbers(const char *a, size_t a_length, const char *b, size_t b_length);
/* "add_users-table" to "add users table". */
char *wv_import_words(const char *name, size_t length);
/* Orders revisions; as for qsort(). */
void wv_import_sort(struct wv_import *import, int (*compare)(const struct wv_import_revision *a,
                                                             const struct wv_import_revision *b));

/* One line of a text, without its line end; not NUL-terminated. */
struct wv_import_line {
    const char *text;
    size_t length;
    int number; /* 1-based */
};

/* The next line; start from all zero with `text` set to the text. */
bool wv_import_next_line(struct wv_import_line *line);
/* What follows `--` and the blanks after it when the line is a comment (blanks before it are
 * allowed only with `indented`); false when it is none. */
bool wv_import_comment(const struct wv_import_line *line, bool indented,
                       struct wv_import_line *text);
/* Whether the line begins with the words of `words`, in any case, one or more blanks between them,
 * and a word ends there; moves past them and the blanks that follow. */
bool wv_import_take_words(struct wv_import_line *line, const char *words);

#endif
