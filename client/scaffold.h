/* Files that are embedded at build: those of a new project, from templates/, and the programs that
 * commands run, from programs/. */
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

/* import_alembic.py. */
extern const struct wv_scaffold wv_import_programs[];
extern const size_t wv_import_programs_count;

#endif
