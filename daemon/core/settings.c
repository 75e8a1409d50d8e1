/* Copying and freeing of the settings value; config.c fills it. Pure, any thread. */
#include "settings.h"

#include <stdlib.h>

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
