/* What the parts of one job's run share. Made and freed by run.c; lives as long as the job. */
#ifndef WV_STORY_H
#define WV_STORY_H

#include "known.h"
#include "ledger_read.h"
#include "ledger_step.h"
#include "plan.h"
#include "run.h"
#include "squash.h"

struct wv_story {
    const struct wv_run *run;
    const struct wv_job *job;
    struct wv_job_result *result;
    struct wv_ledger_job ledger_job;
    struct wv_ledger_look look;          /* the database as the job found it */
    struct wv_ledger_stored_list stored; /* revisions that only the ledger has */
    struct wv_squash_view view;          /* the files, and the rows, as this database sees them */
    struct wv_known known;
    struct wv_plan plan;
    bool needs_lead; /* the job stopped because another daemon leads */
    bool begun;      /* all that only looks is over: something may have been done */
    bool read_only;  /* the job stopped because the server takes no changes any more */
};

/* The rows of a step's change as lists; free both. */
void wv_story_rows(const struct wv_row_change *rows, struct wv_strlist *removed,
                   struct wv_strlist *added);

/* What is to be sent for statement `number` (from 0) of a script; the caller's own. */
bool wv_story_sql(const struct wv_story *story, const struct wv_script *script, size_t number,
                  char **sql, struct wv_err *err) WV_MUST_CHECK;

/* Writes to the history how a step ended that left no other trace. Best effort: what failed is told
 * to the client in any case. */
void wv_story_note(const struct wv_story *story, size_t index, int64_t took_us,
                   const struct wv_err *error);

#endif
