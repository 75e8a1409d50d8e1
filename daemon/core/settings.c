/* Copying and freeing of the settings value; config.c fills it. Pure, any thread. */
#include "settings.h"
#include "same.h"

#include <stdlib.h>
#include <string.h>

static void copy_access(struct wv_access *to, const struct wv_access *from)
{
    *to = (struct wv_access){0};
    wv_strlist_copy(&to->read, &from->read);
    wv_strlist_copy(&to->migrate, &from->migrate);
    wv_strlist_copy(&to->admin, &from->admin);
}

struct wv_settings *wv_settings_copy(const struct wv_settings *settings)
{
    struct wv_settings *copy = wv_xmemdup(settings, sizeof(*settings));
    copy->config_path = wv_xstrdup(settings->config_path);
    copy->directory = wv_xstrdup(settings->directory);
    copy->project = wv_xstrdup(settings->project);
    copy->database = wv_xstrdup(settings->database);
    copy->embedded = wv_xstrdup(settings->embedded);
    copy->scratch = wv_xstrdup(settings->scratch);
    copy->state_directory = wv_xstrdup(settings->state_directory);
    copy->postgres_bin = wv_xstrdup(settings->postgres_bin);
    copy->postgres_user = wv_xstrdup(settings->postgres_user);
    copy->socket = wv_xstrdup(settings->socket);
    copy->socket_group = wv_xstrdup(settings->socket_group);
    copy->versions = (struct wv_strlist){0};
    wv_strlist_copy(&copy->versions, &settings->versions);
    copy->models = wv_xstrdup(settings->models);
    copy->models_command = (struct wv_strlist){0};
    wv_strlist_copy(&copy->models_command, &settings->models_command);
    copy->ignore = (struct wv_strlist){0};
    wv_strlist_copy(&copy->ignore, &settings->ignore);
    copy->template_file = wv_xstrdup(settings->template_file);
    copy->file_template = wv_xstrdup(settings->file_template);
    copy->timezone = wv_xstrdup(settings->timezone);
    copy->version_table = wv_xstrdup(settings->version_table);
    copy->version_table_schema = wv_xstrdup(settings->version_table_schema);
    copy->ledger_schema = wv_xstrdup(settings->ledger_schema);
    copy_access(&copy->access, &settings->access);
    return copy;
}

void wv_settings_free(struct wv_settings *settings)
{
    if (settings == NULL)
        return;
    free(settings->config_path);
    free(settings->directory);
    free(settings->project);
    free(settings->database);
    free(settings->embedded);
    free(settings->scratch);
    free(settings->state_directory);
    free(settings->postgres_bin);
    free(settings->postgres_user);
    free(settings->socket);
    free(settings->socket_group);
    wv_strlist_free(&settings->versions);
    free(settings->models);
    wv_strlist_free(&settings->models_command);
    wv_strlist_free(&settings->ignore);
    free(settings->template_file);
    free(settings->file_template);
    free(settings->timezone);
    free(settings->version_table);
    free(settings->version_table_schema);
    free(settings->ledger_schema);
    wv_strlist_free(&settings->access.read);
    wv_strlist_free(&settings->access.migrate);
    wv_strlist_free(&settings->access.admin);
    free(settings);
}

static bool same_list(const struct wv_strlist *left, const struct wv_strlist *right)
{
    bool equal = left->count == right->count;
    for (size_t i = 0; equal && i < left->count; i++)
        equal = strcmp(left->items[i], right->items[i]) == 0;
    return equal;
}

static bool same_files(const struct wv_settings *left, const struct wv_settings *right)
{
    return same_list(&left->versions, &right->versions) && wv_same(left->models, right->models) &&
           same_list(&left->models_command, &right->models_command) &&
           same_list(&left->ignore, &right->ignore) &&
           wv_same(left->template_file, right->template_file) &&
           wv_same(left->file_template, right->file_template) &&
           left->slug_length == right->slug_length && wv_same(left->timezone, right->timezone);
}

static bool same_servers(const struct wv_settings *left, const struct wv_settings *right)
{
    return wv_same(left->scratch, right->scratch) &&
           wv_same(left->state_directory, right->state_directory) &&
           wv_same(left->postgres_bin, right->postgres_bin) &&
           wv_same(left->postgres_user, right->postgres_user);
}

static bool same_database(const struct wv_settings *left, const struct wv_settings *right)
{
    return wv_same(left->project, right->project) && wv_same(left->database, right->database) &&
           wv_same(left->version_table, right->version_table) &&
           wv_same(left->version_table_schema, right->version_table_schema) &&
           wv_same(left->ledger_schema, right->ledger_schema) && left->may_lead == right->may_lead;
}

static bool same_access(const struct wv_access *left, const struct wv_access *right)
{
    return same_list(&left->read, &right->read) && same_list(&left->migrate, &right->migrate) &&
           same_list(&left->admin, &right->admin);
}

bool wv_settings_same_project(const struct wv_settings *left, const struct wv_settings *right)
{
    const struct wv_timeouts *one = &left->timeouts;
    const struct wv_timeouts *other = &right->timeouts;
    return same_files(left, right) && same_database(left, right) && same_servers(left, right) &&
           same_access(&left->access, &right->access) && one->connect == other->connect &&
           one->lock == other->lock && one->lock_total == other->lock_total &&
           one->statement == other->statement && one->grace == other->grace &&
           left->limits.jobs == right->limits.jobs;
}

void wv_settings_set_add(struct wv_settings_set *set, struct wv_settings *settings)
{
    WV_GROW(set->projects, set->count, set->capacity);
    set->projects[set->count++] = settings;
}

void wv_settings_set_free(struct wv_settings_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        wv_settings_free(set->projects[i]);
    free(set->projects);
    wv_settings_free(set->daemon);
    *set = (struct wv_settings_set){0};
}
