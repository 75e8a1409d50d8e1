/* Data directories: initdb runs once for each version and locale, everything else is a copy. Any
 * thread. */
#ifndef WV_DATA_DIR_H
#define WV_DATA_DIR_H

#include "folder.h"
#include "installed.h"

/* Makes folder->inner/data when it is not there (else it is given to who runs the server now):
 * encoding UTF8, locale C.UTF-8, superuser "postgres", access to whoever can reach the socket. The
 * template is kept in `base`; several processes may make it at once. `durable`: what was copied is
 * on the disk on return; else it has no template1. WV_SERVER_FAILED with what initdb said;
 * WV_CANCELLED, WV_TIMED_OUT. */
bool wv_data_dir_make(const struct wv_folder *folder, const char *base, bool durable,
                      const struct wv_installed *installed, const struct wv_pg_wait *wait,
                      struct wv_err *err) WV_MUST_CHECK;

/* The major version that made the data of folder->inner; 0: there is none. */
int wv_data_dir_major(const struct wv_folder *folder);

/* The number with which a file of the server's in the folder `data` begins; 0: none. */
long wv_data_dir_number(const char *data, const char *name);

#endif
