/* Settings from libconfuse's syntax, the environment and the options, each over the one before.
 * Main thread. What a good value is, config_value.c knows. */
#include "config.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_scan.h"
#include "config_sections.h"
#include "config_value.h"
#include "file_read.h"
#include "state_dir.h"
#include "strbuf.h"

static const struct wv_config_key known_keys[] = {
    {"", "project"},
    {"", "database"},
    {"", "scratch"},
    {"", "state_directory"},
    {"", "postgres_bin"},
    {"", "postgres_user"},
    {"", "socket"},
    {"", "socket_mode"},
    {"", "socket_group"},
    {"", "versions"},
    {"", "models"},
    {"", "models_command"},
    {"", "ignore"},
    {"", "template"},
    {"", "file_template"},
    {"", "truncate_slug_length"},
    {"", "timezone"},
    {"", "version_table"},
    {"", "version_table_schema"},
    {"", "ledger_schema"},
    {"", "leader"},
    {"", "log_level"},
    {"", "access"},
    {"access", "read"},
    {"access", "migrate"},
    {"access", "admin"},
    {"", "timeouts"},
    {"timeouts", "connect"},
    {"timeouts", "lock"},
    {"timeouts", "lock_total"},
    {"timeouts", "statement"},
    {"timeouts", "grace"},
    {"timeouts", "idle"},
    {"timeouts", "idle_exit"},
    {"", "limits"},
    {"limits", "clients"},
    {"limits", "clients_per_uid"},
    {"limits", "jobs"},
    {NULL, NULL},
};

/* No project's: a section `database` cannot have them. */
static const struct wv_config_key daemon_keys[] = {
    {"", "socket"},        {"", "socket_mode"},           {"", "socket_group"},
    {"", "log_level"},     {"timeouts", "idle"},          {"timeouts", "idle_exit"},
    {"limits", "clients"}, {"limits", "clients_per_uid"}, {NULL, NULL},
};

/* libconfuse's callbacks carry no argument, and only the main thread loads, so the run is found
 * here. */
static struct wv_config_run *loading;

static int take_scalar(cfg_t *cfg, cfg_opt_t *opt)
{
    wv_config_set_scalar(loading, cfg_opt_name(opt), cfg_opt_getnstr(opt, 0), cfg->line);
    return 0;
}

static int take_duration(cfg_t *cfg, cfg_opt_t *opt)
{
    wv_config_set_duration(loading, cfg_opt_name(opt), cfg_opt_getnstr(opt, 0), cfg->line);
    return 0;
}

static int take_limit(cfg_t *cfg, cfg_opt_t *opt)
{
    wv_config_set_limit(loading, cfg_opt_name(opt), cfg_opt_getnint(opt, 0), cfg->line);
    return 0;
}

static void report_syntax(cfg_t *cfg, const char *format, va_list args) WV_PRINTF(2, 0);

static void report_syntax(cfg_t *cfg, const char *format, va_list args)
{
    char *text WV_AUTOFREE = wv_xvasprintf(format, args);
    wv_problems_add(&loading->problems, "syntax", loading->file, cfg->line, "%s", text);
}

static cfg_opt_t string_option(const char *name)
{
    cfg_opt_t option = CFG_STR(name, NULL, CFGF_NONE);
    return option;
}

/* Of one level: versions, models_command, ignore, access, timeouts, limits. */
enum { LISTS_AND_SECTIONS = 6 };

/* The options of one level, of the top or of a section `database`. libconfuse copies them. */
struct level {
    cfg_opt_t access[4];
    cfg_opt_t timeouts[WV_CONFIG_DURATIONS + 1];
    cfg_opt_t limits[WV_CONFIG_LIMITS + 1];
    cfg_opt_t options[WV_CONFIG_SCALARS + LISTS_AND_SECTIONS + 2];
};

static void describe_level(struct level *level)
{
    *level = (struct level){.access = {CFG_STR_LIST("read", "{}", CFGF_NONE),
                                       CFG_STR_LIST("migrate", "{}", CFGF_NONE),
                                       CFG_STR_LIST("admin", "{}", CFGF_NONE), CFG_END()}};
    for (size_t i = 0; i < WV_CONFIG_DURATIONS; i++)
        level->timeouts[i] = string_option(wv_config_durations[i].key);
    for (size_t i = 0; i < WV_CONFIG_LIMITS; i++)
        level->limits[i] =
            (cfg_opt_t)CFG_INT(wv_config_limits[i].key, wv_config_limits[i].preset, CFGF_NONE);
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++)
        level->options[i] = string_option(wv_config_scalars[i].key);
    cfg_opt_t *more = level->options + WV_CONFIG_SCALARS;
    more[0] = (cfg_opt_t)CFG_STR_LIST("versions", "{}", CFGF_NONE);
    more[1] = (cfg_opt_t)CFG_STR_LIST("ignore", "{}", CFGF_NONE);
    more[2] = (cfg_opt_t)CFG_SEC("access", level->access, CFGF_IGNORE_UNKNOWN);
    more[3] = (cfg_opt_t)CFG_SEC("timeouts", level->timeouts, CFGF_IGNORE_UNKNOWN);
    more[4] = (cfg_opt_t)CFG_SEC("limits", level->limits, CFGF_IGNORE_UNKNOWN);
    more[5] = (cfg_opt_t)CFG_STR_LIST("models_command", "{}", CFGF_NONE);
}

static void set_callbacks(cfg_t *cfg)
{
    cfg_set_error_function(cfg, report_syntax);
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++)
        cfg_set_validate_func(cfg, wv_config_scalars[i].key, take_scalar);
    for (size_t i = 0; i < WV_CONFIG_DURATIONS; i++) {
        char *path WV_AUTOFREE = wv_xasprintf("timeouts|%s", wv_config_durations[i].key);
        cfg_set_validate_func(cfg, path, take_duration);
    }
    for (size_t i = 0; i < WV_CONFIG_LIMITS; i++) {
        char *path WV_AUTOFREE = wv_xasprintf("limits|%s", wv_config_limits[i].key);
        cfg_set_validate_func(cfg, path, take_limit);
    }
}

/* The top level's values are in the settings then, the sections' are in what is returned. NULL:
 * faults of syntax. */
static cfg_t *parse_text(const struct wv_strbuf *text)
{
    struct level top;
    struct level section;
    describe_level(&top);
    describe_level(&section);
    top.options[WV_CONFIG_SCALARS + LISTS_AND_SECTIONS] = (cfg_opt_t)CFG_SEC(
        WV_CONFIG_SECTION, section.options, CFGF_MULTI | CFGF_TITLE | CFGF_IGNORE_UNKNOWN);
    cfg_t *cfg = cfg_init(top.options, CFGF_IGNORE_UNKNOWN);
    set_callbacks(cfg);
    if (cfg_parse_buf(cfg, wv_strbuf_text(text)) != CFG_SUCCESS) {
        cfg_free(cfg);
        return NULL;
    }
    wv_config_take_lists(loading, cfg);
    return cfg;
}

static bool read_file(const char *path, struct wv_strbuf *text)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        wv_problems_add(&loading->problems, "no_file", path, 0, "cannot be read: %s",
                        strerror(errno));
        return false;
    }
    char chunk[4096];
    size_t got;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        wv_strbuf_add(text, chunk, got);
    bool complete = ferror(file) == 0;
    if (!complete)
        wv_problems_add(&loading->problems, "no_file", path, 0, "cannot be read");
    else if (memchr(wv_strbuf_text(text), '\0', text->length) != NULL) {
        wv_problems_add(&loading->problems, "syntax", path, 0, "holds a NUL byte");
        complete = false;
    }
    fclose(file);
    return complete;
}

/* The folder that relative paths start from. */
static char *directory_of(const char *path)
{
    char *real WV_AUTOFREE = realpath(path, NULL);
    char *copy = wv_xstrdup(real != NULL ? real : path);
    char *slash = strrchr(copy, '/');
    if (slash == NULL) {
        free(copy);
        return wv_xstrdup(".");
    }
    slash[slash == copy ? 1 : 0] = '\0';
    return copy;
}

static cfg_t *take_file(const char *path, struct wv_config_marks *marks)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!read_file(path, &text) || text.length == 0)
        return NULL;
    wv_config_scan(&text, &(struct wv_config_scan){.file = path,
                                                   .keys = known_keys,
                                                   .daemon_keys = daemon_keys,
                                                   .marks = marks,
                                                   .problems = &loading->problems});
    return parse_text(&text);
}

/* WOVEN_PROJECT also chooses among several projects in wovenctl: it renames none of them. */
static void take_environment(const struct wv_config_sections *sections)
{
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++) {
        const struct wv_config_scalar *scalar = &wv_config_scalars[i];
        const char *value = scalar->variable != NULL ? getenv(scalar->variable) : NULL;
        if (value == NULL ||
            (wv_config_has_sections(sections) && strcmp(scalar->key, "project") == 0))
            continue;
        loading->source = scalar->variable;
        scalar->set(loading, value, 0);
    }
}

static void take_options(const struct wv_config_options *options)
{
    const struct {
        const char *key;
        const char *option;
        const char *value;
    } given[] = {
        {"database", "--database", options->database},
        {"socket", "--socket", options->socket},
        {"project", "--project", options->project},
        {"log_level", "--log-level", options->log_level},
    };
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        loading->source = given[i].option;
        if (given[i].value != NULL)
            wv_config_set_scalar(loading, given[i].key, given[i].value, 0);
    }
    loading->source = "--idle-exit";
    if (options->idle_exit != NULL)
        wv_config_set_duration(loading, "idle_exit", options->idle_exit, 0);
}

/* Once each, however many projects have it. */
static void check_folder(const char *path, struct wv_strlist *seen)
{
    struct stat found;
    if (wv_strlist_has(seen, path))
        return;
    wv_strlist_add(seen, path);
    if (stat(path, &found) != 0)
        wv_problems_add(&loading->problems, "no_folder", loading->file, 0, "versions: %s: %s", path,
                        strerror(errno));
    else if (!S_ISDIR(found.st_mode))
        wv_problems_add(&loading->problems, "no_folder", loading->file, 0,
                        "versions: %s is no folder", path);
}

static void check_folders(const struct wv_settings_set *set)
{
    struct wv_strlist seen WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < set->count; i++)
        for (size_t j = 0; j < set->projects[i]->versions.count; j++)
            check_folder(set->projects[i]->versions.items[j], &seen);
}

/* From the top level, which `loading` has, and the sections to the projects. */
static void make_projects(const struct wv_config_options *options, struct wv_settings_set *set)
{
    struct wv_config_marks marks = {0};
    cfg_t *cfg = take_file(loading->file, &marks);
    loading->settings->config_is_empty = marks.count == 0;
    wv_config_check_ignore(loading, wv_config_line(&marks, "", "ignore"));
    wv_config_check_models(loading, &marks, "");
    struct wv_config_sections sections = {.cfg = cfg, .marks = &marks};
    take_environment(&sections);
    take_options(options);
    wv_config_take_sections(loading, &sections, options, set);
    check_folders(set);
    wv_config_marks_free(&marks);
    if (cfg != NULL)
        cfg_free(cfg);
}

bool wv_config_load(struct wv_settings_set *out, const struct wv_config_options *options,
                    struct wv_err *err)
{
    const char *path = options->file != NULL ? options->file : getenv("WOVEN_CONFIG");
    if (path == NULL)
        path = WV_CONFIG_DEFAULT_FILE;
    struct wv_settings_set set = {.daemon = wv_xcalloc(1, sizeof(struct wv_settings))};
    struct wv_config_run run = {.settings = set.daemon,
                                .file = path,
                                .check_database = options->check_database,
                                .check_ignore = options->check_ignore};
    loading = &run;
    run.settings->config_path = wv_xstrdup(path);
    run.settings->config_stamp = wv_file_stamp_at(path);
    run.settings->directory = directory_of(path);
    wv_config_preset(&run);
    run.settings->state_directory = wv_state_dir();
    make_projects(options, &set);
    loading = NULL;
    if (run.problems.count == 0) {
        *out = set;
        return true;
    }
    wv_settings_set_free(&set);
    wv_problems_sort(&run.problems);
    wv_err_set(err, WV_CONFIG_ERROR, "the settings have %zu fault%s", run.problems.count,
               run.problems.count == 1 ? "" : "s");
    wv_err_hint(err, "mend them and check with `wovend --check -c %s`; woven.conf(5)", path);
    err->problems = run.problems;
    return false;
}
