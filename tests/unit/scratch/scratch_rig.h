/* What the tests of private servers share: a state folder of their own, and looking at processes
 * and folders from outside. */
#ifndef WV_SCRATCH_RIG_H
#define WV_SCRATCH_RIG_H

#include <sys/types.h>

#include "pg_rig.h"
#include "scratch.h"
#include "server.h"

/* Made once for the program, removed at its end; every user may pass through it. */
const char *state_dir(void);
int make_state_dir(void **state);
int remove_state_dir(void **state);

/* A minute from now: initdb takes its time under a sanitizer's load. */
struct wv_pg_wait patient(void);

/* How many paths match a pattern below the state folder. */
size_t count_paths(const char *pattern);
/* Waits until a process that need not be our child is gone. */
void wait_gone(pid_t pid);

struct wv_pg *connect_to(const char *conninfo);
/* The pid of the server behind a connection: the parent of its backend. */
pid_t postmaster_of(struct wv_pg *pg);

#endif
