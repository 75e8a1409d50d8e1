/* A ledger in a database of its own, for the tests of the ledger. */
#ifndef WV_LEDGER_RIG_H
#define WV_LEDGER_RIG_H

#include "ledger_journal.h"
#include "ledger_read.h"
#include "ledger_step.h"
#include "pg_rig.h"

struct rig {
    struct wv_pg *pg;
    struct wv_ledger *ledger;
    struct wv_ledger_job job;
    struct wv_ledger_look look;
    struct wv_pg_batch *batch;
    struct wv_pg_batch_failure failure;
    struct wv_err err;
    char *database;
};

struct wv_pg *connected_to(const char *database);
/* A new database without a ledger; one with a ledger that this session leads. */
struct rig *rig_bare(void);
struct rig *rig_new(void);
void rig_free(struct rig *rig);
void prepare(struct rig *rig);
/* rig->look, renewed. */
const struct wv_ledger_look *look(struct rig *rig);
/* Looks, and compares the version table's rows with `rows` (blanks between). */
void check_rows(struct rig *rig, const char *rows);

void begin(struct rig *rig);
bool end(struct rig *rig);
/* Queues one step up from `from` (NULL: a base) to `to`, which runs `sql` under the tag number + 1.
 */
bool queue_up(struct rig *rig, size_t number, const char *from, const char *to, const char *sql,
              bool last) WV_MUST_CHECK;
/* The same as a batch of its own, that succeeds, or fails with `code`. */
void step_up(struct rig *rig, const char *from, const char *to, const char *sql);
void fail_up(struct rig *rig, const char *from, const char *to, const char *sql,
             enum wv_err_code code);

#endif
