/* Settings from libconfuse's syntax, the environment and the options. Main thread. Knows no
 * database and no socket: whether libpq likes a connection string is asked through the options. */
#include "config.h"

#include <confuse.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "config_scan.h"
#include "duration.h"
#include "file_name.h"
#include "strbuf.h"
#include "zone.h"

static const struct wv_config_key known_keys[] = {
    {"", "project"},
    {"", "database"},
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
    {"", "limits"},
    {"limits", "clients"},
    {"limits", "clients_per_uid"},
    {"limits", "jobs"},
    {NULL, NULL},
};

/* One run of loading: where values go and faults are gathered. libconfuse's callbacks carry no
 * argument, and only the main thread loads, so the run is found here. */
struct loading {
    struct wv_settings *settings;
    const char *file;
    struct wv_problems problems;
    bool (*check_database)(const char *database, struct wv_err *err);
};

static struct loading *loading;

static void fault(int line, const char *key, const char *text)
{
    wv_problems_add(&loading->problems, "bad_setting", line > 0 ? loading->file : NULL, line,
                    "%s: %s", key, text);
}

static char *absolute(const char *path)
{
    if (*path == '/')
        return wv_xstrdup(path);
    const char *directory = loading->settings->directory;
    return wv_xasprintf("%s/%s", strcmp(directory, "/") == 0 ? "" : directory, path);
}

static void replace(char **slot, char *value)
{
    free(*slot);
    *slot = value;
}

/* A setting's text goes into the value, or a fault is noted. `line` 0: not from the file. */
static void set_project(const char *text, int line)
{
    size_t length = strlen(text);
    if (length == 0 || length > 63)
        fault(line, "project", "needs 1 to 63 bytes");
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || *p == 0x7f) {
            fault(line, "project", "may not hold blanks or control characters");
            break;
        }
    }
    replace(&loading->settings->project, wv_xstrdup(text));
}

static void set_database(const char *text, int line)
{
    struct wv_err err WV_AUTOERR = {0};
    if (loading->check_database != NULL && !loading->check_database(text, &err))
        fault(line, "database", err.message);
    replace(&loading->settings->database, wv_xstrdup(text));
}

static void set_socket(const char *text, int line)
{
    char *path = absolute(text);
    size_t limit = sizeof(((struct sockaddr_un *)NULL)->sun_path);
    if (*text == '\0')
        fault(line, "socket", "needs a path");
    else if (strlen(path) >= limit)
        fault(line, "socket", "the path is longer than the 107 bytes a Unix socket can have");
    replace(&loading->settings->socket, path);
}

static void set_socket_mode(const char *text, int line)
{
    char *end;
    unsigned long mode = strtoul(text, &end, 8);
    if (*text == '\0' || *end != '\0' || mode > 0777)
        fault(line, "socket_mode", "needs an octal mode such as \"0660\"");
    else
        loading->settings->socket_mode = (mode_t)mode;
}

static void set_socket_group(const char *text, int line)
{
    if (*text == '\0')
        return;
    if (getgrnam(text) == NULL)
        fault(line, "socket_group", "there is no such group on this host");
    replace(&loading->settings->socket_group, wv_xstrdup(text));
}

static void set_models(const char *text, int line)
{
    (void)line;
    replace(&loading->settings->models, absolute(text));
}

static void set_template(const char *text, int line)
{
    (void)line;
    replace(&loading->settings->template_file, absolute(text));
}

static void set_file_template(const char *text, int line)
{
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_file_name_check(text, &err))
        fault(line, "file_template", err.message);
    replace(&loading->settings->file_template, wv_xstrdup(text));
}

static void set_slug_length(const char *text, int line)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < 1 || number > WV_SLUG_LIMIT)
        fault(line, "truncate_slug_length", "needs a number from 1 to 100");
    else
        loading->settings->slug_length = (size_t)number;
}

static void set_timezone(const char *text, int line)
{
    struct wv_err err WV_AUTOERR = {0};
    int offset;
    if (!wv_zone_offset(text, time(NULL), &offset, &err))
        fault(line, "timezone", err.message);
    replace(&loading->settings->timezone, wv_xstrdup(text));
}

static void set_name(char **slot, const char *key, const char *text, int line, bool may_be_empty)
{
    /* PostgreSQL cuts identifiers at 63 bytes (manual, 4.1.1): a cut name would be another one. */
    if (strlen(text) > 63 || (*text == '\0' && !may_be_empty))
        fault(line, key, "needs 1 to 63 bytes");
    replace(slot, wv_xstrdup(text));
}

static void set_version_table(const char *text, int line)
{
    set_name(&loading->settings->version_table, "version_table", text, line, false);
}

static void set_version_table_schema(const char *text, int line)
{
    set_name(&loading->settings->version_table_schema, "version_table_schema", text, line, true);
}

static void set_ledger_schema(const char *text, int line)
{
    set_name(&loading->settings->ledger_schema, "ledger_schema", text, line, false);
}

static void set_leader(const char *text, int line)
{
    loading->settings->may_lead = strcmp(text, "auto") == 0;
    if (!loading->settings->may_lead && strcmp(text, "never") != 0)
        fault(line, "leader", "needs \"auto\" or \"never\"");
}

static void set_log_level(const char *text, int line)
{
    if (!wv_log_level_from(text, &loading->settings->log_level))
        fault(line, "log_level", "needs error, warning, notice, info or debug");
}

/* The settings with one text each, in one table for the file, the environment and the options. */
static const struct scalar {
    const char *key;
    const char *preset; /* NULL: stays unset */
    const char *variable;
    void (*set)(const char *text, int line);
} scalars[] = {
    {"project", "woven", "WOVEN_PROJECT", set_project},
    {"database", "", "WOVEN_DATABASE", set_database},
    {"socket", "/run/woven/wovend.sock", "WOVEN_SOCKET", set_socket},
    {"socket_mode", "0660", NULL, set_socket_mode},
    {"socket_group", NULL, NULL, set_socket_group},
    {"models", "models", NULL, set_models},
    {"template", "script.sql.in", NULL, set_template},
    {"file_template", WV_FILE_TEMPLATE_DEFAULT, NULL, set_file_template},
    {"truncate_slug_length", "40", NULL, set_slug_length},
    {"timezone", "UTC", NULL, set_timezone},
    {"version_table", "alembic_version", NULL, set_version_table},
    {"version_table_schema", "", NULL, set_version_table_schema},
    {"ledger_schema", "woven", NULL, set_ledger_schema},
    {"leader", "auto", NULL, set_leader},
    {"log_level", "info", "WOVEN_LOG_LEVEL", set_log_level},
};

enum { SCALARS = sizeof(scalars) / sizeof(scalars[0]) };

static const struct duration_key {
    const char *key;
    size_t slot;
    int64_t preset;
    int64_t least;
} durations[] = {
    {"connect", offsetof(struct wv_timeouts, connect), 5000, 100},
    {"lock", offsetof(struct wv_timeouts, lock), 2000, 1},
    {"lock_total", offsetof(struct wv_timeouts, lock_total), 60000, 0},
    {"statement", offsetof(struct wv_timeouts, statement), 0, 0},
    {"grace", offsetof(struct wv_timeouts, grace), 30000, 0},
    {"idle", offsetof(struct wv_timeouts, idle), 600000, 0},
};

enum { DURATIONS = sizeof(durations) / sizeof(durations[0]) };

static const struct limit_key {
    const char *key;
    size_t slot;
    int preset;
} limits[] = {
    {"clients", offsetof(struct wv_limits, clients), 1024},
    {"clients_per_uid", offsetof(struct wv_limits, clients_per_uid), 512},
    {"jobs", offsetof(struct wv_limits, jobs), 256},
};

enum { LIMITS = sizeof(limits) / sizeof(limits[0]) };

static int64_t *duration_slot(const struct duration_key *key)
{
    return (int64_t *)(void *)((char *)&loading->settings->timeouts + key->slot);
}

static int *limit_slot(const struct limit_key *key)
{
    return (int *)(void *)((char *)&loading->settings->limits + key->slot);
}

static int take_scalar(cfg_t *cfg, cfg_opt_t *opt)
{
    for (size_t i = 0; i < SCALARS; i++)
        if (strcmp(scalars[i].key, cfg_opt_name(opt)) == 0)
            scalars[i].set(cfg_opt_getnstr(opt, 0), cfg->line);
    return 0;
}

static int take_duration(cfg_t *cfg, cfg_opt_t *opt)
{
    for (size_t i = 0; i < DURATIONS; i++) {
        const struct duration_key *key = &durations[i];
        if (strcmp(key->key, cfg_opt_name(opt)) != 0)
            continue;
        int64_t value;
        if (!wv_duration_parse(cfg_opt_getnstr(opt, 0), &value))
            fault(cfg->line, key->key, "needs a duration such as \"2s\", \"500ms\" or \"5min\"");
        else if (value < key->least)
            fault(cfg->line, key->key, "is too short");
        else
            *duration_slot(key) = value;
    }
    return 0;
}

static int take_limit(cfg_t *cfg, cfg_opt_t *opt)
{
    for (size_t i = 0; i < LIMITS; i++) {
        const struct limit_key *key = &limits[i];
        if (strcmp(key->key, cfg_opt_name(opt)) != 0)
            continue;
        long value = cfg_opt_getnint(opt, 0);
        if (value < 1 || value > 65536)
            fault(cfg->line, key->key, "needs a number from 1 to 65536");
        else
            *limit_slot(key) = (int)value;
    }
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
        wv_strlist_add_owned(list, paths ? absolute(item) : wv_xstrdup(item));
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
    cfg_opt_t timeout_options[DURATIONS + 1] = {CFG_END()};
    cfg_opt_t limit_options[LIMITS + 1] = {CFG_END()};
    cfg_opt_t options[SCALARS + 5] = {CFG_END()};
    for (size_t i = 0; i < DURATIONS; i++)
        timeout_options[i] = string_option(durations[i].key);
    for (size_t i = 0; i < LIMITS; i++)
        limit_options[i] = (cfg_opt_t)CFG_INT(limits[i].key, limits[i].preset, CFGF_NONE);
    for (size_t i = 0; i < SCALARS; i++)
        options[i] = string_option(scalars[i].key);
    options[SCALARS] = (cfg_opt_t)CFG_STR_LIST("versions", "{}", CFGF_NONE);
    options[SCALARS + 1] = (cfg_opt_t)CFG_SEC("access", access_options, CFGF_IGNORE_UNKNOWN);
    options[SCALARS + 2] = (cfg_opt_t)CFG_SEC("timeouts", timeout_options, CFGF_IGNORE_UNKNOWN);
    options[SCALARS + 3] = (cfg_opt_t)CFG_SEC("limits", limit_options, CFGF_IGNORE_UNKNOWN);
    cfg_t *cfg = cfg_init(options, CFGF_IGNORE_UNKNOWN);
    cfg_set_error_function(cfg, report_syntax);
    for (size_t i = 0; i < SCALARS; i++)
        cfg_set_validate_func(cfg, scalars[i].key, take_scalar);
    for (size_t i = 0; i < DURATIONS; i++) {
        char *path WV_AUTOFREE = wv_xasprintf("timeouts|%s", durations[i].key);
        cfg_set_validate_func(cfg, path, take_duration);
    }
    for (size_t i = 0; i < LIMITS; i++) {
        char *path WV_AUTOFREE = wv_xasprintf("limits|%s", limits[i].key);
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

static void preset(void)
{
    for (size_t i = 0; i < SCALARS; i++)
        if (scalars[i].preset != NULL)
            scalars[i].set(scalars[i].preset, 0);
    for (size_t i = 0; i < DURATIONS; i++)
        *duration_slot(&durations[i]) = durations[i].preset;
    for (size_t i = 0; i < LIMITS; i++)
        *limit_slot(&limits[i]) = limits[i].preset;
    wv_strlist_add_owned(&loading->settings->versions, absolute("versions"));
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
    for (size_t i = 0; i < SCALARS; i++) {
        const char *value = scalars[i].variable != NULL ? getenv(scalars[i].variable) : NULL;
        if (value != NULL)
            scalars[i].set(value, 0);
    }
}

static void take_options(const struct wv_config_options *options)
{
    if (options->database != NULL)
        set_database(options->database, 0);
    if (options->socket != NULL)
        set_socket(options->socket, 0);
    if (options->project != NULL)
        set_project(options->project, 0);
    if (options->log_level != NULL)
        set_log_level(options->log_level, 0);
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
    struct loading run = {.settings = wv_xcalloc(1, sizeof(struct wv_settings)),
                          .file = path,
                          .check_database = options->check_database};
    loading = &run;
    run.settings->config_path = wv_xstrdup(path);
    run.settings->directory = directory_of(path);
    preset();
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
