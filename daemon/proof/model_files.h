/* The models on disk: every *.sql below the folder, in the order of their paths, cut into
 * statements. Asks no server. Any thread; blocks on the disk. */
#ifndef WV_MODEL_FILES_H
#define WV_MODEL_FILES_H

#include "err.h"
#include "splitter.h"

struct wv_model_file {
    char *path;
    char *text;
    size_t length;
    struct wv_statements statements; /* point into text */
};

struct wv_model_files {
    struct wv_model_file *items;
    size_t count;
    size_t capacity;
};

/* Moves the faults into an error; true: there are none. */
bool wv_model_files_check(struct wv_problems *problems, struct wv_err *err) WV_MUST_CHECK;
/* WV_LOAD_ERROR with all faults of all files; also when there is no file at all: an empty folder is
 * rather a wrong setting than the wish to drop everything. WV_IO_ERROR. */
bool wv_model_files_read(struct wv_model_files *files, const char *folder,
                         struct wv_err *err) WV_MUST_CHECK;
/* One file, wherever it is; `text`, `length` bytes, is taken over. Faults go to `problems`. */
void wv_model_files_add(struct wv_model_files *files, const char *path, char *text, size_t length,
                        struct wv_problems *problems);
/* The same with what pg_dump writes: what only psql understands in it is left out. */
void wv_model_files_add_dump(struct wv_model_files *files, const char *path, char *text,
                             size_t length, struct wv_problems *problems);
void wv_model_files_free(struct wv_model_files *files);
#define WV_AUTOMODELFILES __attribute__((cleanup(wv_model_files_free)))

#endif
