/* The daemons of a project as the ledger shows them to each other. Nothing here fails because the
 * ledger does not exist yet: nothing is written then, and the list is empty. Any thread, as its
 * ledger. */
#ifndef WV_LEDGER_INSTANCE_H
#define WV_LEDGER_INSTANCE_H

#include "instance.h"
#include "ledger.h"

/* A daemon that was not seen for so long is not shown, and in the end thrown away (milliseconds),
 * unless it led last. */
enum { WV_LEDGER_INSTANCE_MS = 90000, WV_LEDGER_INSTANCE_KEEP_MS = 3600000 };

/* Shows this daemon as `self` says: role, version, heads and doing; the rest is known here. */
bool wv_ledger_instance_show(struct wv_ledger *ledger, struct wv_pg *pg,
                             const struct wv_instance *self, const struct wv_pg_wait *wait,
                             struct wv_err *err) WV_MUST_CHECK;
/* Takes it away: it stops. */
bool wv_ledger_instance_hide(struct wv_ledger *ledger, struct wv_pg *pg,
                             const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
/* Those that were seen lately, by host and pid. */
bool wv_ledger_instance_list(struct wv_ledger *ledger, struct wv_pg *pg,
                             struct wv_instances *instances, const struct wv_pg_wait *wait,
                             struct wv_err *err) WV_MUST_CHECK;

#endif
