/* A first look at the text of a settings file, for what libconfuse 3.3 does not tell: it counts the
 * line of a comment more than once, stops at the first unknown key and takes a key given twice. */
#ifndef WV_CONFIG_SCAN_H
#define WV_CONFIG_SCAN_H

#include "err.h"
#include "strbuf.h"

/* A key as the file may have it; `section` is "" at the top. */
struct wv_config_key {
    const char *section;
    const char *name;
};

/* Blanks the comments of `text` in place (line ends stay) and reports keys that are unknown or
 * given twice. `keys` ends with a NULL name; a section is a key whose name is the section's.
 * Returns nothing: faults of syntax are left to the parser. */
void wv_config_scan(struct wv_strbuf *text, const char *file, const struct wv_config_key *keys,
                    struct wv_problems *problems);

#endif
