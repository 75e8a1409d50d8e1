/* See config_value.h. Knows neither file nor environment, and no database: whether libpq likes a
 * connection string is asked through the run. */
#include "config_value.h"

#include <grp.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "duration.h"
#include "file_name.h"
#include "log.h"
#include "zone.h"

static void fault(struct wv_config_run *run, int line, const char *key, const char *text)
{
    if (line > 0)
        wv_problems_add(&run->problems, "bad_setting", run->file, line, "%s: %s", key, text);
    else
        wv_problems_add(&run->problems, "bad_setting", run->source, 0, "%s: %s", key, text);
}

char *wv_config_path(const struct wv_config_run *run, const char *path)
{
    if (*path == '/')
        return wv_xstrdup(path);
    const char *directory = run->settings->directory;
    return wv_xasprintf("%s/%s", strcmp(directory, "/") == 0 ? "" : directory, path);
}

static void replace(char **slot, char *value)
{
    free(*slot);
    *slot = value;
}

/* A setting's text goes into the value, or a fault is noted. `line` 0: not from the file. */
static void set_project(struct wv_config_run *run, const char *text, int line)
{
    size_t length = strlen(text);
    if (length == 0 || length > 63)
        fault(run, line, "project", "needs 1 to 63 bytes");
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p <= ' ' || *p == 0x7f) {
            fault(run, line, "project", "may not hold blanks or control characters");
            break;
        }
    }
    replace(&run->settings->project, wv_xstrdup(text));
}

static void check_conninfo(struct wv_config_run *run, const char *key, const char *text, int line)
{
    struct wv_err err WV_AUTOERR = {0};
    if (run->check_database != NULL && !run->check_database(text, &err))
        fault(run, line, key, err.message);
}

static void set_database(struct wv_config_run *run, const char *text, int line)
{
    if (strcmp(text, "embedded") != 0)
        check_conninfo(run, "database", text, line);
    replace(&run->settings->database, wv_xstrdup(text));
}

static void set_scratch(struct wv_config_run *run, const char *text, int line)
{
    if (*text == '\0')
        fault(run, line, "scratch", "needs \"off\", \"embedded\" or a connection string");
    else if (strcmp(text, "off") != 0 && strcmp(text, "embedded") != 0)
        check_conninfo(run, "scratch", text, line);
    replace(&run->settings->scratch, wv_xstrdup(text));
}

static void set_state_directory(struct wv_config_run *run, const char *text, int line)
{
    (void)line;
    if (*text != '\0')
        replace(&run->settings->state_directory, wv_config_path(run, text));
}

static void set_postgres_bin(struct wv_config_run *run, const char *text, int line)
{
    (void)line;
    replace(&run->settings->postgres_bin, *text != '\0' ? wv_config_path(run, text) : NULL);
}

static void set_postgres_user(struct wv_config_run *run, const char *text, int line)
{
    (void)line;
    replace(&run->settings->postgres_user, *text != '\0' ? wv_xstrdup(text) : NULL);
}

static void set_socket(struct wv_config_run *run, const char *text, int line)
{
    char *path = wv_config_path(run, text);
    size_t limit = sizeof(((struct sockaddr_un *)NULL)->sun_path);
    if (*text == '\0')
        fault(run, line, "socket", "needs a path");
    else if (strlen(path) >= limit)
        fault(run, line, "socket", "the path is longer than the 107 bytes a Unix socket can have");
    replace(&run->settings->socket, path);
}

static void set_socket_mode(struct wv_config_run *run, const char *text, int line)
{
    char *end;
    unsigned long mode = strtoul(text, &end, 8);
    if (*text == '\0' || *end != '\0' || mode > 0777)
        fault(run, line, "socket_mode", "needs an octal mode such as \"0660\"");
    else
        run->settings->socket_mode = (mode_t)mode;
}

static void set_socket_group(struct wv_config_run *run, const char *text, int line)
{
    if (*text == '\0')
        return;
    if (getgrnam(text) == NULL)
        fault(run, line, "socket_group", "there is no such group on this host");
    replace(&run->settings->socket_group, wv_xstrdup(text));
}

static void set_models(struct wv_config_run *run, const char *text, int line)
{
    (void)line;
    replace(&run->settings->models, wv_config_path(run, text));
}

void wv_config_check_ignore(struct wv_config_run *run, int line)
{
    const struct wv_strlist *ignore = &run->settings->ignore;
    for (size_t i = 0; i < ignore->count && run->check_ignore != NULL; i++) {
        struct wv_err err WV_AUTOERR = {0};
        if (!run->check_ignore(ignore->items[i], &err))
            wv_problems_add(&run->problems, "bad_setting", run->file, line, "ignore: %s",
                            err.message);
    }
}

static void set_template(struct wv_config_run *run, const char *text, int line)
{
    (void)line;
    replace(&run->settings->template_file, wv_config_path(run, text));
}

static void set_file_template(struct wv_config_run *run, const char *text, int line)
{
    struct wv_err err WV_AUTOERR = {0};
    if (!wv_file_name_check(text, &err))
        fault(run, line, "file_template", err.message);
    replace(&run->settings->file_template, wv_xstrdup(text));
}

static void set_slug_length(struct wv_config_run *run, const char *text, int line)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < 1 || number > WV_SLUG_LIMIT)
        fault(run, line, "truncate_slug_length", "needs a number from 1 to 100");
    else
        run->settings->slug_length = (size_t)number;
}

static void set_timezone(struct wv_config_run *run, const char *text, int line)
{
    struct wv_err err WV_AUTOERR = {0};
    int offset;
    if (!wv_zone_offset(text, time(NULL), &offset, &err))
        fault(run, line, "timezone", err.message);
    replace(&run->settings->timezone, wv_xstrdup(text));
}

static void set_name(struct wv_config_run *run, char **slot, const char *key, const char *text,
                     int line, bool may_be_empty)
{
    /* PostgreSQL cuts identifiers at 63 bytes (manual, 4.1.1): a cut name would be another one. */
    if (strlen(text) > 63 || (*text == '\0' && !may_be_empty))
        fault(run, line, key, "needs 1 to 63 bytes");
    replace(slot, wv_xstrdup(text));
}

static void set_version_table(struct wv_config_run *run, const char *text, int line)
{
    set_name(run, &run->settings->version_table, "version_table", text, line, false);
}

static void set_version_table_schema(struct wv_config_run *run, const char *text, int line)
{
    set_name(run, &run->settings->version_table_schema, "version_table_schema", text, line, true);
}

static void set_ledger_schema(struct wv_config_run *run, const char *text, int line)
{
    set_name(run, &run->settings->ledger_schema, "ledger_schema", text, line, false);
}

static void set_leader(struct wv_config_run *run, const char *text, int line)
{
    run->settings->may_lead = strcmp(text, "auto") == 0;
    if (!run->settings->may_lead && strcmp(text, "never") != 0)
        fault(run, line, "leader", "needs \"auto\" or \"never\"");
}

static void set_log_level(struct wv_config_run *run, const char *text, int line)
{
    if (!wv_log_level_from(text, &run->settings->log_level))
        fault(run, line, "log_level", "needs error, warning, notice, info or debug");
}

/* The settings with one text each, in one table for the file, the environment and the options. */
const struct wv_config_scalar wv_config_scalars[WV_CONFIG_SCALARS] = {
    {"project", "woven", "WOVEN_PROJECT", set_project},
    {"database", "", "WOVEN_DATABASE", set_database},
    {"scratch", "off", "WOVEN_SCRATCH", set_scratch},
    {"state_directory", NULL, "WOVEN_STATE_DIRECTORY", set_state_directory},
    {"postgres_bin", NULL, NULL, set_postgres_bin},
    {"postgres_user", NULL, NULL, set_postgres_user},
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

const struct wv_config_duration wv_config_durations[WV_CONFIG_DURATIONS] = {
    {"connect", offsetof(struct wv_timeouts, connect), 5000, 100},
    {"lock", offsetof(struct wv_timeouts, lock), 2000, 1},
    {"lock_total", offsetof(struct wv_timeouts, lock_total), 60000, 0},
    {"statement", offsetof(struct wv_timeouts, statement), 0, 0},
    {"grace", offsetof(struct wv_timeouts, grace), 30000, 0},
    {"idle", offsetof(struct wv_timeouts, idle), 600000, 0},
    {"idle_exit", offsetof(struct wv_timeouts, idle_exit), 0, 0},
};

const struct wv_config_limit wv_config_limits[WV_CONFIG_LIMITS] = {
    {"clients", offsetof(struct wv_limits, clients), 4096},
    {"clients_per_uid", offsetof(struct wv_limits, clients_per_uid), 2048},
    {"jobs", offsetof(struct wv_limits, jobs), 1024},
};

void wv_config_set_scalar(struct wv_config_run *run, const char *key, const char *text, int line)
{
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++)
        if (strcmp(wv_config_scalars[i].key, key) == 0)
            wv_config_scalars[i].set(run, text, line);
}

static int64_t *duration_slot(struct wv_config_run *run, const struct wv_config_duration *duration)
{
    return (int64_t *)(void *)((char *)&run->settings->timeouts + duration->slot);
}

static int *limit_slot(struct wv_config_run *run, const struct wv_config_limit *limit)
{
    return (int *)(void *)((char *)&run->settings->limits + limit->slot);
}

void wv_config_set_duration(struct wv_config_run *run, const char *key, const char *text, int line)
{
    for (size_t i = 0; i < WV_CONFIG_DURATIONS; i++) {
        const struct wv_config_duration *duration = &wv_config_durations[i];
        if (strcmp(duration->key, key) != 0)
            continue;
        int64_t value;
        if (!wv_duration_parse(text, &value))
            fault(run, line, key,
                  "needs a duration such as \"2s\", \"500ms\" or \"5min\", of 24 days at most");
        else if (value < duration->least)
            fault(run, line, key, "is too short");
        else
            *duration_slot(run, duration) = value;
    }
}

void wv_config_set_limit(struct wv_config_run *run, const char *key, long value, int line)
{
    for (size_t i = 0; i < WV_CONFIG_LIMITS; i++) {
        const struct wv_config_limit *limit = &wv_config_limits[i];
        if (strcmp(limit->key, key) != 0)
            continue;
        if (value < 1 || value > 65536)
            fault(run, line, key, "needs a number from 1 to 65536");
        else
            *limit_slot(run, limit) = (int)value;
    }
}

void wv_config_preset(struct wv_config_run *run)
{
    for (size_t i = 0; i < WV_CONFIG_SCALARS; i++)
        if (wv_config_scalars[i].preset != NULL)
            wv_config_scalars[i].set(run, wv_config_scalars[i].preset, 0);
    for (size_t i = 0; i < WV_CONFIG_DURATIONS; i++)
        *duration_slot(run, &wv_config_durations[i]) = wv_config_durations[i].preset;
    for (size_t i = 0; i < WV_CONFIG_LIMITS; i++)
        *limit_slot(run, &wv_config_limits[i]) = wv_config_limits[i].preset;
    wv_strlist_add_owned(&run->settings->versions, wv_config_path(run, "versions"));
}
