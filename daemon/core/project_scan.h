/* Walks the version directories and parses what has changed. Internal to project.c. */
#ifndef WV_PROJECT_SCAN_H
#define WV_PROJECT_SCAN_H

#include "project.h"

/* Fills revisions (unsorted) and problems of `project` from its dirs. A revision whose file has
 * faults is there too when its id is known, so that the graph sees it; its stamp is all zero. */
void wv_project_scan(struct wv_project *project, const struct wv_project *previous);

#endif
