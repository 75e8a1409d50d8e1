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
#include "config_value.h"
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

static void take_list(cfg_t *cfg, const char *name, struct wv_strlist *list, bool paths)
{
    for (unsigned i = 0; i < cfg_size(cfg, name); i++) {
        const char *item = cfg_getnstr(cfg, name, i);
        wv_strlist_add_owned(list, paths ? wv_config_path(loading, item) : wv_xstrdup(item));
    }
}

static void take_lists(cfg_t *cfg)
{
    struct wv_settings *settings = loading->settings;
    if (cfg_size(cfg, "versions") > 0)
        wv_strlist_free(&settings->versions);
    take_list(cfg, "versions", &settings->versions, true);
    cfg_t *access = cfg_getsec(cfg, "access");
    take_list(access, "read", &settings->access.read, false);
    take_list(access, "migrate", &settings->access.migrate, false);
    take_list(access, "admin", &settings->access.admin, false);
}

static cfg_opt_t string_option(const char *name)
{
    cfg_opt_t option = CFG_STR(name, NULL, CFGF_NONE);
    return option;
}

static void parse_text(const struct wv_strbuf *text)
{
    cfg_opt_t access_options[] = {CFG_STR_LIST("read", "{}", CFGF_NONE),
                                  CFG_STR_LIST("migrate", "{}", CFGF_NONE),
                                  CFG_STR_LIST("admin", "{}", CFGF_NONE), CFG_END()};
    cfg_opt_t timeout_options[WV_CONFIG_DURATIONS + 1] = {CFG_END()};
    cfg_opt_t limit_options[WV_CONFIG_LIMITS + 1] = {CFG_END()};
    cfg_opt_t options[WV_CONFIG_SCALARS + 5] = {CFG_END()};
    for (size_t i = 0; i < WV_CONFIG_DURATIONS; i++)
        timeout_options[i] = string_option(wv_config_durations[i].key);
    for (size_t i = 0; i < WV_CONFIG_LIMITS; i++)
        limit_options[i] =
            (cfg_opt_t)CFG_INT(wv_config_limits[i].key, wv_config_limits[i].preset, CFGF_NONE);
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++)
        options[i] = string_option(wv_config_scalars[i].key);
    options[WV_CONFIG_SCALARS] = (cfg_opt_t)CFG_STR_LIST("versions", "{}", CFGF_NONE);
    options[WV_CONFIG_SCALARS + 1] =
        (cfg_opt_t)CFG_SEC("access", access_options, CFGF_IGNORE_UNKNOWN);
    options[WV_CONFIG_SCALARS + 2] =
        (cfg_opt_t)CFG_SEC("timeouts", timeout_options, CFGF_IGNORE_UNKNOWN);
    options[WV_CONFIG_SCALARS + 3] =
        (cfg_opt_t)CFG_SEC("limits", limit_options, CFGF_IGNORE_UNKNOWN);
    cfg_t *cfg = cfg_init(options, CFGF_IGNORE_UNKNOWN);
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
    if (cfg_parse_buf(cfg, wv_strbuf_text(text)) == CFG_SUCCESS)
        take_lists(cfg);
    cfg_free(cfg);
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

static void take_file(const char *path)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!read_file(path, &text) || text.length == 0)
        return;
    wv_config_scan(&text, path, known_keys, &loading->problems);
    parse_text(&text);
}

static void take_environment(void)
{
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++) {
        const struct wv_config_scalar *scalar = &wv_config_scalars[i];
        const char *value = scalar->variable != NULL ? getenv(scalar->variable) : NULL;
        if (value == NULL)
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

static void check_folders(void)
{
    const struct wv_strlist *versions = &loading->settings->versions;
    for (size_t i = 0; i < versions->count; i++) {
        struct stat found;
        const char *path = versions->items[i];
        if (stat(path, &found) != 0)
            wv_problems_add(&loading->problems, "no_folder", loading->file, 0, "versions: %s: %s",
                            path, strerror(errno));
        else if (!S_ISDIR(found.st_mode))
            wv_problems_add(&loading->problems, "no_folder", loading->file, 0,
                            "versions: %s is no folder", path);
    }
}

bool wv_config_load(struct wv_settings **out, const struct wv_config_options *options,
                    struct wv_err *err)
{
    const char *path = options->file != NULL ? options->file : getenv("WOVEN_CONFIG");
    if (path == NULL)
        path = WV_CONFIG_DEFAULT_FILE;
    struct wv_config_run run = {.settings = wv_xcalloc(1, sizeof(struct wv_settings)),
                                .file = path,
                                .check_database = options->check_database};
    loading = &run;
    run.settings->config_path = wv_xstrdup(path);
    run.settings->directory = directory_of(path);
    wv_config_preset(&run);
    run.settings->state_directory = wv_state_dir();
    take_file(path);
    take_environment();
    take_options(options);
    check_folders();
    loading = NULL;
    if (run.problems.count == 0) {
        *out = run.settings;
        return true;
    }
    wv_settings_free(run.settings);
    wv_problems_sort(&run.problems);
    wv_err_set(err, WV_CONFIG_ERROR, "the settings have %zu fault%s", run.problems.count,
               run.problems.count == 1 ? "" : "s");
    wv_err_hint(err, "mend them and check with `wovend --check -c %s`; woven.conf(5)", path);
    err->problems = run.problems;
    return false;
}
