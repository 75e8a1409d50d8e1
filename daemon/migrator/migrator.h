/* The threads that speak to PostgreSQL, and what the settings mean to them. The migrator owns
 * the work connection, on which the project's lock is held and the steps run; the watcher owns a
 * second one, for looks at the ledger and at what blocks a running statement. */
#ifndef WV_MIGRATOR_H
#define WV_MIGRATOR_H

#include "mailbox.h"
#include "settings.h"
#include "worker.h"

struct wv_threads;

/* The body of the proof thread, which is a folder above this one. */
typedef void wv_proof_body(const struct wv_worker_options *options);

/* The threads of one project. `settings` is copied, the mailboxes are borrowed until
 * wv_threads_join(). `proof` NULL: there is no such thread. Signals must be blocked by the caller
 * while it makes the threads, which inherit the mask. */
struct wv_threads *wv_threads_start(const struct wv_settings *settings,
                                    const struct wv_mailboxes *boxes, wv_proof_body *proof);
/* Each thread ends after WV_MSG_STOP, with WV_MSG_EXITED as its last message. Waits for all,
 * frees. */
void wv_threads_join(struct wv_threads *threads);

/* Whether libpq understands a connection string (WV_CONFIG_ERROR, which does not repeat it), and
 * whether one has a password. */
bool wv_migrator_check_database(const char *database, struct wv_err *err) WV_MUST_CHECK;
bool wv_migrator_has_password(const char *database);

#endif
