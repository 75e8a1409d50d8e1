/* Revision files in a private folder for as long as a trial takes. Any thread. */
#ifndef WV_FOLDER_TEXT_H
#define WV_FOLDER_TEXT_H

#include "findings.h"
#include "folder.h"

/* Writes them into folder->inner, below `state_dir`, where what dead daemons have left is removed
 * first. The caller ends it by wv_folder_remove(), also after a failure; `folder` is
 * WV_FOLDER_NONE before. WV_IO_ERROR; what wv_folder_new() answers. */
bool wv_folder_text_make(struct wv_folder *folder, const char *state_dir,
                         const struct wv_found_files *files, const struct wv_pg_wait *wait,
                         struct wv_err *err) WV_MUST_CHECK;

#endif
