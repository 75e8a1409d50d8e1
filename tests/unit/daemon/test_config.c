/* Unit tests of the settings: presets, the order of sources, every fault at once with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"

struct folder {
    char path[64];
    char file[96];
};

static int make_folder(void **state)
{
    struct folder *folder = calloc(1, sizeof(*folder));
    snprintf(folder->path, sizeof(folder->path), "/tmp/wv-config-XXXXXX");
    if (mkdtemp(folder->path) == NULL)
        return -1;
    char versions[96];
    snprintf(versions, sizeof(versions), "%s/versions", folder->path);
    if (mkdir(versions, 0755) != 0)
        return -1;
    snprintf(folder->file, sizeof(folder->file), "%s/woven.conf", folder->path);
    *state = folder;
    return 0;
}

static int drop_folder(void **state)
{
    struct folder *folder = *state;
    char versions[96];
    snprintf(versions, sizeof(versions), "%s/versions", folder->path);
    unlink(folder->file);
    rmdir(versions);
    int failed = rmdir(folder->path);
    free(folder);
    return failed;
}

static void write_file(const struct folder *folder, const char *text)
{
    FILE *file = fopen(folder->file, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct wv_settings *load(const struct folder *folder, struct wv_err *err)
{
    struct wv_config_options options = {.file = folder->file};
    struct wv_settings *settings = NULL;
    if (!wv_config_load(&settings, &options, err))
        return NULL;
    return settings;
}

static void presets_hold_without_keys(void **state)
{
    struct wv_err err WV_AUTOERR = {0};
    write_file(*state, "# nothing\n");
    struct wv_settings *settings = load(*state, &err);
    assert_non_null(settings);
    assert_string_equal(settings->project, "woven");
    assert_string_equal(settings->version_table, "alembic_version");
    assert_int_equal(settings->socket_mode, 0660);
    assert_int_equal(settings->timeouts.lock, 2000);
    assert_int_equal(settings->versions.count, 1);
    assert_true(settings->may_lead);
    assert_string_equal(settings->file_template, "{rev}_{slug}");
    assert_int_equal(settings->slug_length, 40);
    assert_string_equal(settings->timezone, "UTC");
    assert_string_equal(settings->scratch, "off");
    assert_null(settings->postgres_bin);
    assert_null(settings->postgres_user);
    assert_int_equal(settings->state_directory[0], '/');
    wv_settings_free(settings);
}

static void values_are_taken(void **state)
{
    struct wv_err err WV_AUTOERR = {0};
    write_file(*state, "project = \"a//b#c\" # a comment\n"
                       "// another\n"
                       "database = \"postgresql://host/db\"\n"
                       "/* two\n lines */ socket_mode = 0600\n"
                       "versions = {\"versions\", \"versions\"}\n"
                       "leader = never\n"
                       "file_template = \"{year}/{rev}-{slug}\" timezone = local\n"
                       "truncate_slug_length = 12\n"
                       "access { migrate = {\"deploy\", \"@dba\"} }\n"
                       "timeouts { lock = \"700ms\" grace = 0 }\n"
                       "limits { clients = 7 }\n");
    struct wv_settings *settings = load(*state, &err);
    assert_non_null(settings);
    assert_string_equal(settings->project, "a//b#c");
    assert_string_equal(settings->database, "postgresql://host/db");
    assert_int_equal(settings->socket_mode, 0600);
    assert_int_equal(settings->versions.count, 2);
    assert_false(settings->may_lead);
    assert_string_equal(settings->file_template, "{year}/{rev}-{slug}");
    assert_int_equal(settings->slug_length, 12);
    assert_string_equal(settings->timezone, "local");
    assert_string_equal(settings->access.migrate.items[1], "@dba");
    assert_int_equal(settings->timeouts.lock, 700);
    assert_int_equal(settings->timeouts.grace, 0);
    assert_int_equal(settings->limits.clients, 7);
    struct wv_settings *copy = wv_settings_copy(settings);
    wv_settings_free(settings);
    assert_string_equal(copy->access.migrate.items[0], "deploy");
    wv_settings_free(copy);
}

static void private_servers_are_taken(void **state)
{
    const struct folder *folder = *state;
    struct wv_err err WV_AUTOERR = {0};
    write_file(folder, "database = embedded\nscratch = embedded\nstate_directory = \"data\"\n"
                       "postgres_bin = \"/opt/pg/bin\"\npostgres_user = \"db\"\n");
    struct wv_settings *settings = load(folder, &err);
    assert_non_null(settings);
    assert_string_equal(settings->database, "embedded");
    assert_string_equal(settings->scratch, "embedded");
    assert_string_equal(settings->state_directory + strlen(folder->path), "/data");
    assert_string_equal(settings->postgres_bin, "/opt/pg/bin");
    assert_string_equal(settings->postgres_user, "db");
    wv_settings_free(settings);
}

/* A service's folder, else the user's; root has its own. */
static void state_has_its_place(void **state)
{
    struct wv_err err WV_AUTOERR = {0};
    write_file(*state, "");
    setenv("STATE_DIRECTORY", "/srv/a:/srv/b", 1);
    struct wv_settings *settings = load(*state, &err);
    assert_string_equal(settings->state_directory, "/srv/a");
    wv_settings_free(settings);
    unsetenv("STATE_DIRECTORY");
    setenv("XDG_STATE_HOME", "/srv/xdg", 1);
    settings = load(*state, &err);
    assert_string_equal(settings->state_directory,
                        geteuid() == 0 ? "/var/lib/woven" : "/srv/xdg/woven");
    wv_settings_free(settings);
    setenv("WOVEN_STATE_DIRECTORY", "/srv/asked", 1);
    settings = load(*state, &err);
    assert_string_equal(settings->state_directory, "/srv/asked");
    wv_settings_free(settings);
    unsetenv("XDG_STATE_HOME");
    unsetenv("WOVEN_STATE_DIRECTORY");
}

static bool dislike(const char *database, struct wv_err *err)
{
    if (strcmp(database, "bad") != 0)
        return true;
    return wv_err_set(err, WV_CONFIG_ERROR, "cannot be read");
}

static void every_fault_is_reported_with_its_line(void **state)
{
    const struct folder *folder = *state;
    write_file(folder, "# line one\n"
                       "# line two\n"
                       "project = \"\"\n"
                       "colour = \"blue\"\n"
                       "database = \"bad\"\n"
                       "timeouts { lock = \"0\"\n"
                       "  nap = \"1s\" }\n"
                       "project = \"twice\"\n"
                       "socket_mode = \"0999\"\n"
                       "log_level = \"loud\"\n"
                       "versions = {\"nowhere\"}\n"
                       "file_template = \"{slug}\"\n"
                       "truncate_slug_length = 0\n"
                       "timezone = \"Nowhere/Land\"\n");
    struct wv_config_options options = {.file = folder->file, .check_database = dislike};
    struct wv_settings *settings = NULL;
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_config_load(&settings, &options, &err));
    assert_null(settings);
    assert_int_equal(err.code, WV_CONFIG_ERROR);
    const struct {
        int line;
        const char *part;
    } faults[] = {
        {0, "nowhere"},    {3, "project"},        {4, "colour"},       {5, "database"},
        {6, "lock"},       {7, "timeouts.nap"},   {8, "set twice"},    {9, "socket_mode"},
        {10, "log_level"}, {12, "file_template"}, {13, "slug_length"}, {14, "Nowhere/Land"},
    };
    assert_int_equal(err.problems.count, sizeof(faults) / sizeof(faults[0]));
    for (size_t i = 0; i < err.problems.count; i++) {
        assert_int_equal(err.problems.items[i].line, faults[i].line);
        assert_non_null(strstr(err.problems.items[i].message, faults[i].part));
        assert_string_equal(err.problems.items[i].file, folder->file);
    }
}

static void syntax_and_missing_files_are_faults(void **state)
{
    const struct folder *folder = *state;
    struct wv_err err WV_AUTOERR = {0};
    write_file(folder, "project = \"a\"\n\n= 3\n");
    assert_null(load(folder, &err));
    assert_int_equal(err.problems.items[0].line, 3);
    unlink(folder->file);
    struct wv_err missing WV_AUTOERR = {0};
    assert_null(load(folder, &missing));
    assert_string_equal(missing.problems.items[0].kind, "no_file");
}

static void environment_and_options_come_over_the_file(void **state)
{
    const struct folder *folder = *state;
    write_file(folder, "project = \"file\"\nsocket = \"file.sock\"\n");
    setenv("WOVEN_PROJECT", "variable", 1);
    setenv("WOVEN_SOCKET", "/run/variable.sock", 1);
    struct wv_config_options options = {.file = folder->file, .project = "option"};
    struct wv_settings *settings = NULL;
    struct wv_err err WV_AUTOERR = {0};
    assert_true(wv_config_load(&settings, &options, &err));
    unsetenv("WOVEN_PROJECT");
    unsetenv("WOVEN_SOCKET");
    assert_string_equal(settings->project, "option");
    assert_string_equal(settings->socket, "/run/variable.sock");
    wv_settings_free(settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(presets_hold_without_keys, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(values_are_taken, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(private_servers_are_taken, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(state_has_its_place, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(every_fault_is_reported_with_its_line, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(syntax_and_missing_files_are_faults, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(environment_and_options_come_over_the_file, make_folder,
                                        drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
