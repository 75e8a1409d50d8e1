/* Revision files in a private folder for as long as a trial takes. Any thread. */
#ifndef WV_FOLDER_TEXT_H
#define WV_FOLDER_TEXT_H

#include "err.h"
#include "findings.h"

/* Writes them below TMPDIR; `*folder` is the caller's, for wv_folder_text_remove(). WV_IO_ERROR. */
bool wv_folder_text_make(char **folder, const struct wv_found_files *files,
                         struct wv_err *err) WV_MUST_CHECK;
/* Removes folder and files, and frees the name. NULL is fine. */
void wv_folder_text_remove(char *folder);

#endif
