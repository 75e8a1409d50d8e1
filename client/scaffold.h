/* The files of a new project, embedded at build from templates/. */
#ifndef WV_SCAFFOLD_H
#define WV_SCAFFOLD_H

#include <stddef.h>

struct wv_scaffold {
    const char *name;
    const char *content;
    size_t length;
};

/* In the order in which they are written. */
extern const struct wv_scaffold wv_scaffold[];
extern const size_t wv_scaffold_count;

#endif
