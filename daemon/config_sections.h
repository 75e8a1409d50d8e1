/* From the parsed file to the projects: which there are, what each has of its own and what it has
 * of the top level. For config.c. Main thread, or the loop's at a reload. */
#ifndef WV_CONFIG_SECTIONS_H
#define WV_CONFIG_SECTIONS_H

#include <confuse.h>

#include "config.h"
#include "config_scan.h"
#include "config_value.h"

struct wv_config_sections {
    cfg_t *cfg; /* NULL: the file could not be read */
    const struct wv_config_marks *marks;
};

bool wv_config_has_sections(const struct wv_config_sections *sections);

/* The lists of one level into the settings of the run; a list that the level does not have stays.
 */
void wv_config_take_lists(struct wv_config_run *run, cfg_t *level);

/* Notes the faults of the level's models (title "": the top level), after its lists were taken. */
void wv_config_check_models(struct wv_config_run *run, const struct wv_config_marks *marks,
                            const char *title);

/* Adds to `set` the top level, when it is a project of its own, and each section. The run's
 * settings are those of the top level, complete. Notes faults in the run. */
void wv_config_take_sections(struct wv_config_run *run, const struct wv_config_sections *sections,
                             const struct wv_config_options *options, struct wv_settings_set *set);

#endif
