/* One request that is asked of several projects at once: each answers in its own time, and the
 * client gets one answer when all have. Loop thread. Refuses to know what is asked. */
#ifndef WV_GATHER_H
#define WV_GATHER_H

#include "control_parts.h"
#include "verbs.h"

/* Runs the request's verb at each desk whose project its caller may ask; takes the request over.
 * The answer is {"projects":[...]} in the order of the settings: what each project answers, or
 * {"project","error"}. */
void wv_gather(struct wv_control *control, struct wv_request *request);

/* The answer of one project, which is taken over. For request.c. */
void wv_gather_take(struct wv_gather *gather, size_t slot, json_t *result);
void wv_gather_fail(struct wv_gather *gather, size_t slot, const struct wv_err *err);

#endif
