/* See config_sections.h. A section starts as a copy of the top level, and its own values go over
 * that; lines are those that the scan has noted, because libconfuse keeps none. */
#include "config_sections.h"

#include <stdlib.h>
#include <string.h>

bool wv_config_has_sections(const struct wv_config_sections *sections)
{
    return sections->cfg != NULL && cfg_size(sections->cfg, WV_CONFIG_SECTION) > 0;
}

static void take_list(struct wv_config_run *run, cfg_t *level, const char *name,
                      struct wv_strlist *list, bool paths)
{
    if (cfg_size(level, name) > 0)
        wv_strlist_free(list);
    for (unsigned i = 0; i < cfg_size(level, name); i++) {
        const char *item = cfg_getnstr(level, name, i);
        wv_strlist_add_owned(list, paths ? wv_config_path(run, item) : wv_xstrdup(item));
    }
}

void wv_config_take_lists(struct wv_config_run *run, cfg_t *level)
{
    struct wv_settings *settings = run->settings;
    cfg_t *access = cfg_getsec(level, "access");
    take_list(run, level, "versions", &settings->versions, true);
    take_list(run, level, "models_command", &settings->models_command, false);
    take_list(run, level, "ignore", &settings->ignore, false);
    take_list(run, access, "read", &settings->access.read, false);
    take_list(run, access, "migrate", &settings->access.migrate, false);
    take_list(run, access, "admin", &settings->access.admin, false);
}

/* The models come from a folder or from a command, which a level says anew for itself. */
void wv_config_check_models(struct wv_config_run *run, const struct wv_config_marks *marks,
                            const char *title)
{
    int folder = wv_config_line(marks, title, "models");
    int command = wv_config_line(marks, title, "models_command");
    const struct wv_strlist *words = &run->settings->models_command;
    if (folder != 0 && command != 0)
        wv_problems_add(&run->problems, "bad_setting", run->file, command,
                        "models_command: models is set as well, at line %d; keep one", folder);
    else if (folder != 0)
        wv_strlist_free(&run->settings->models_command);
    else if (command != 0 && (words->count == 0 || words->items[0][0] == '\0'))
        wv_problems_add(&run->problems, "bad_setting", run->file, command,
                        "models_command: names no program");
}

static int line_of(const struct wv_config_marks *marks, const char *title, const char *section,
                   const char *key)
{
    char *full WV_AUTOFREE = wv_xasprintf("%s.%s", section, key);
    return wv_config_line(marks, title, full);
}

/* What the section says itself goes over what the run's settings have of the top level. Of two
 * sections with one title, which is a fault already, libconfuse keeps the later one's values. */
static void take_values(struct wv_config_run *run, cfg_t *section,
                        const struct wv_config_marks *marks)
{
    const char *title = cfg_title(section);
    cfg_t *timeouts = cfg_getsec(section, "timeouts");
    cfg_t *limits = cfg_getsec(section, "limits");
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++) {
        const char *key = wv_config_scalars[i].key;
        int line = wv_config_line(marks, title, key);
        if (line != 0 && cfg_getstr(section, key) != NULL)
            wv_config_set_scalar(run, key, cfg_getstr(section, key), line);
    }
    for (size_t i = 0; i < WV_CONFIG_DURATIONS; i++) {
        const char *key = wv_config_durations[i].key;
        int line = line_of(marks, title, "timeouts", key);
        if (line != 0 && cfg_getstr(timeouts, key) != NULL)
            wv_config_set_duration(run, key, cfg_getstr(timeouts, key), line);
    }
    for (size_t i = 0; i < WV_CONFIG_LIMITS; i++) {
        const char *key = wv_config_limits[i].key;
        int line = line_of(marks, title, "limits", key);
        if (line != 0)
            wv_config_set_limit(run, key, cfg_getint(limits, key), line);
    }
    wv_config_take_lists(run, section);
    wv_config_check_models(run, marks, title);
    if (wv_config_line(marks, title, "ignore") != 0)
        wv_config_check_ignore(run, wv_config_line(marks, title, "ignore"));
}

static struct wv_settings *make_project(struct wv_config_run *run, cfg_t *section,
                                        const struct wv_config_marks *marks)
{
    struct wv_settings *top = run->settings;
    const char *title = cfg_title(section);
    run->settings = wv_settings_copy(top);
    if (wv_config_line(marks, title, "project") == 0)
        wv_config_set_scalar(run, "project", title, wv_config_line(marks, title, ""));
    take_values(run, section, marks);
    struct wv_settings *made = run->settings;
    run->settings = top;
    return made;
}

/* Beside sections the top level is a project when it names one or its database; else it is only
 * what sections have in common. */
static bool top_is_project(const struct wv_config_sections *sections)
{
    return !wv_config_has_sections(sections) ||
           wv_config_line(sections->marks, "", "database") != 0 ||
           wv_config_line(sections->marks, "", "project") != 0;
}

static void refuse_options(struct wv_config_run *run, const struct wv_config_options *options)
{
    const char *const given[][2] = {{"--project", options->project},
                                    {"--database", options->database},
                                    {"WOVEN_DATABASE", getenv("WOVEN_DATABASE")}};
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++)
        if (given[i][1] != NULL)
            wv_problems_add(&run->problems, "bad_setting", given[i][0], 0,
                            "is for the project of the top level, and %s has sections database"
                            " only; say it there",
                            run->file);
}

static void check_pair(struct wv_config_run *run, const struct wv_settings *one, int one_line,
                       const struct wv_settings *other, int other_line)
{
    char *first WV_AUTOFREE =
        one_line > 0 ? wv_xasprintf("at line %d", one_line) : wv_xstrdup("at the top level");
    if (strcmp(one->project, other->project) == 0)
        wv_problems_add(&run->problems, "duplicate_project", run->file, other_line,
                        "there is a project \"%s\" already, %s", other->project, first);
    else if (strcmp(one->database, other->database) == 0 &&
             strcmp(one->database, "embedded") != 0 && /* is a server of each project's own */
             strcmp(one->version_table, other->version_table) == 0 &&
             strcmp(one->version_table_schema, other->version_table_schema) == 0)
        wv_problems_add(&run->problems, "shared_table", run->file, other_line,
                        "project \"%s\" has the same version table \"%s\" in the same database as"
                        " project \"%s\", %s: give one of them a version_table or a"
                        " version_table_schema of its own",
                        other->project, other->version_table, one->project, first);
}

/* Where a project comes from. */
static int line_of_project(const struct wv_config_marks *marks, const char *title)
{
    int line = wv_config_line(marks, title, "project");
    return line != 0 ? line : wv_config_line(marks, title, "");
}

static void check_pairs(struct wv_config_run *run, const struct wv_config_sections *sections,
                        const struct wv_settings_set *set, bool with_top)
{
    int *lines WV_AUTOFREE = wv_xcalloc(set->count + 1, sizeof(*lines));
    for (size_t i = 0; i < set->count; i++) {
        bool top = with_top && i == 0;
        unsigned number = (unsigned)(i - (with_top ? 1 : 0));
        const char *title =
            top ? "" : cfg_title(cfg_getnsec(sections->cfg, WV_CONFIG_SECTION, number));
        lines[i] = line_of_project(sections->marks, title);
        for (size_t j = 0; j < i; j++)
            check_pair(run, set->projects[j], lines[j], set->projects[i], lines[i]);
    }
}

void wv_config_take_sections(struct wv_config_run *run, const struct wv_config_sections *sections,
                             const struct wv_config_options *options, struct wv_settings_set *set)
{
    bool with_top = top_is_project(sections);
    if (with_top)
        wv_settings_set_add(set, wv_settings_copy(run->settings));
    else
        refuse_options(run, options);
    if (sections->cfg == NULL)
        return;
    for (unsigned i = 0; i < cfg_size(sections->cfg, WV_CONFIG_SECTION); i++)
        wv_settings_set_add(set, make_project(run, cfg_getnsec(sections->cfg, WV_CONFIG_SECTION, i),
                                              sections->marks));
    check_pairs(run, sections, set, with_top);
}
