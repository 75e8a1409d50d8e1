/* Steps that run in transactions, pipelined: while the server works on one the next is on its way.
 * Each step's version rows and history are in its own transaction. Migrator thread. */
#ifndef WV_STEPS_H
#define WV_STEPS_H

#include "story.h"

/* Runs the plan's steps [first, end), trying a step again when it could not get a lock. False: what
 * the failed step did is rolled back, the steps before it are committed, `err` names file and line,
 * and the history has a row about it. */
bool wv_steps_run(struct wv_story *story, size_t first, size_t end,
                  struct wv_err *err) WV_MUST_CHECK;

#endif
