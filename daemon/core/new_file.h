/* Where a new revision's file goes and what it is called, by the settings. Any thread; writes
 * nothing. */
#ifndef WV_NEW_FILE_H
#define WV_NEW_FILE_H

#include "project.h"
#include "settings.h"

struct wv_new_file {
    char id[WV_ID_MAX + 1];
    char *path; /* absolute */
    char *date; /* create_date */
};

/* A given id when it may be one, or a fresh one for NULL. WV_INVALID_PARAMS. */
bool wv_new_file_id(struct wv_new_file *file, const char *id, struct wv_err *err) WV_MUST_CHECK;
/* Fills path and date (anew): in `wanted`, which has to be below a version directory, or, for NULL,
 * in the version directory that holds the file of revision `beside` (NULL: the first one). */
bool wv_new_file_place(struct wv_new_file *file, const struct wv_settings *settings,
                       const struct wv_project *project, const char *message, const char *beside,
                       const char *wanted, struct wv_err *err) WV_MUST_CHECK;
void wv_new_file_free(struct wv_new_file *file);

#endif
