/* A plan as SQL for psql (`upgrade --sql`): the steps and the bookkeeping that wovend itself would
 * do, to be read, reviewed, and run by somebody else. Reads the revision files; asks no server. */
#ifndef WV_OFFLINE_H
#define WV_OFFLINE_H

#include "plan.h"
#include "project.h"
#include "settings.h"
#include "strbuf.h"

/* Whether the script makes the version table: it starts from the empty database and adds rows. */
bool wv_offline_creates_table(const struct wv_plan *plan, const struct wv_plan_request *request);

/* Appends the script. Each step checks first that the version table holds the rows that it takes
 * away, so that a script which went on after an error does no harm. WV_IRREVERSIBLE for a step down
 * without a section; errors of reading a file. */
bool wv_offline_write(const struct wv_plan *plan, const struct wv_plan_request *request,
                      const struct wv_project *project, const struct wv_settings *settings,
                      struct wv_strbuf *out, struct wv_err *err) WV_MUST_CHECK;

#endif
