/* A first look at the text of a settings file, for what libconfuse 3.3 does not tell: it counts the
 * line of a comment more than once, stops at the first unknown key, takes a key given twice, keeps
 * no lines, and cannot have a setting and a section of one name. */
#ifndef WV_CONFIG_SCAN_H
#define WV_CONFIG_SCAN_H

#include "err.h"
#include "strbuf.h"

/* A key as the file may have it; `section` is "" at the top. */
struct wv_config_key {
    const char *section;
    const char *name;
};

/* Where a key stands. */
struct wv_config_mark {
    char *database; /* the title of the section `database` around it; "" at the top */
    char *key;      /* "timeouts.lock"; "" for the section `database` itself */
    int line;
};

struct wv_config_marks {
    struct wv_config_mark *items;
    size_t count;
    size_t capacity;
};

struct wv_config_scan {
    const char *file;
    const struct wv_config_key *keys; /* of the top; ends with a NULL name; a section is a key
                                         whose name is the section's */
    const struct wv_config_key *daemon_keys; /* of these, what no section `database` may have */
    struct wv_config_marks *marks;
    struct wv_problems *problems;
};

/* What the parser has to call a section `database "name" { ... }`; the setting keeps its name. */
#define WV_CONFIG_SECTION "DATABASE"

/* Blanks the comments of `text` and renames its sections `database`, both in place (line ends
 * stay), notes where keys are, and reports keys that are unknown, misplaced or given twice. Returns
 * nothing: faults of syntax are left to the parser. */
void wv_config_scan(struct wv_strbuf *text, const struct wv_config_scan *request);

/* 0: it is not there. */
int wv_config_line(const struct wv_config_marks *marks, const char *database, const char *key);
void wv_config_marks_free(struct wv_config_marks *marks);

#endif
