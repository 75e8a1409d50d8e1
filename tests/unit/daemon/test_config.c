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

/* The only project. */
static struct wv_settings *load_with(const struct wv_config_options *options, struct wv_err *err)
{
    struct wv_settings_set set = {0};
    if (!wv_config_load(&set, options, err))
        return NULL;
    assert_int_equal(set.count, 1);
    struct wv_settings *settings = WV_STEAL(set.projects[0]);
    wv_settings_set_free(&set);
    return settings;
}

static struct wv_settings *load(const struct folder *folder, struct wv_err *err)
{
    struct wv_config_options options = {.file = folder->file};
    return load_with(&options, err);
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
    struct wv_err err WV_AUTOERR = {0};
    assert_null(load_with(&options, &err));
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
    struct wv_err err WV_AUTOERR = {0};
    struct wv_settings *settings = load_with(&options, &err);
    assert_non_null(settings);
    unsetenv("WOVEN_PROJECT");
    unsetenv("WOVEN_SOCKET");
    assert_string_equal(settings->project, "option");
    assert_string_equal(settings->socket, "/run/variable.sock");
    wv_settings_free(settings);
}

static void sections_are_projects_that_inherit(void **state)
{
    const struct folder *folder = *state;
    struct wv_err err WV_AUTOERR = {0};
    write_file(folder, "database \"crm\" { # before what it inherits\n"
                       "    database = \"dbname=crm\" leader = never\n"
                       "    timeouts { lock = \"3s\" }\n"
                       "    access { migrate = {\"crm\"} }\n"
                       "}\n"
                       "timeouts { lock = \"700ms\" connect = \"9s\" }\n"
                       "access { migrate = {\"deploy\"} admin = {\"root\"} }\n"
                       "log_level = debug\n"
                       "database shop\n{ versions = {\".\"} limits { jobs = 3 }\n"
                       "  project = \"The_Shop\" database = \"dbname=shop\" }\n");
    struct wv_config_options options = {.file = folder->file};
    struct wv_settings_set set = {0};
    assert_true(wv_config_load(&set, &options, &err));
    assert_int_equal(set.count, 2);
    const struct wv_settings *crm = set.projects[0];
    const struct wv_settings *shop = set.projects[1];
    assert_string_equal(crm->project, "crm");
    assert_string_equal(crm->database, "dbname=crm");
    assert_false(crm->may_lead);
    assert_int_equal(crm->timeouts.lock, 3000);
    assert_int_equal(crm->timeouts.connect, 9000);
    assert_string_equal(crm->access.migrate.items[0], "crm");
    assert_string_equal(crm->access.admin.items[0], "root");
    assert_non_null(strstr(crm->versions.items[0], "/versions"));
    assert_string_equal(shop->project, "The_Shop");
    assert_true(shop->may_lead);
    assert_int_equal(shop->timeouts.lock, 700);
    assert_int_equal(shop->limits.jobs, 3);
    assert_int_equal(shop->versions.count, 1);
    assert_null(strstr(shop->versions.items[0], "/versions"));
    assert_string_equal(shop->access.migrate.items[0], "deploy");
    assert_int_equal(set.daemon->log_level, WV_LOG_DEBUG);
    assert_int_equal(set.daemon->timeouts.lock, 700);
    assert_true(wv_settings_same_project(crm, crm));
    assert_false(wv_settings_same_project(crm, shop));
    wv_settings_set_free(&set);
}

static size_t count_projects(const struct folder *folder, const char *text, const char *first)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_config_options options = {.file = folder->file};
    struct wv_settings_set set = {0};
    write_file(folder, text);
    assert_true(wv_config_load(&set, &options, &err));
    size_t count = set.count;
    assert_string_equal(set.projects[0]->project, first);
    wv_settings_set_free(&set);
    return count;
}

static void the_top_level_is_a_project_when_it_names_one(void **state)
{
    static const char crm[] = "database \"crm\" { version_table = \"crm\" }\n";
    char *named WV_AUTOFREE = wv_xasprintf("%sproject = \"a\"\n", crm);
    char *placed WV_AUTOFREE = wv_xasprintf("%sdatabase = \"dbname=a\"\n", crm);
    assert_int_equal(count_projects(*state, crm, "crm"), 1);
    assert_int_equal(count_projects(*state, named, "a"), 2);
    assert_int_equal(count_projects(*state, placed, "woven"), 2);
    /* The variable is wovenctl's choice among several, and renames none. */
    setenv("WOVEN_PROJECT", "other", 1);
    assert_int_equal(count_projects(*state, placed, "woven"), 2);
    unsetenv("WOVEN_PROJECT");
}

struct fault {
    int line;
    const char *part;
};

static void expect_faults(const struct folder *folder, const struct wv_config_options *options,
                          const struct fault *faults, size_t count)
{
    struct wv_settings_set set = {0};
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_config_load(&set, options, &err));
    for (size_t i = 0; i < err.problems.count && i < count; i++) {
        if (strstr(err.problems.items[i].message, faults[i].part) == NULL)
            fail_msg("\"%s\" instead of \"%s\"", err.problems.items[i].message, faults[i].part);
        assert_int_equal(err.problems.items[i].line, faults[i].line);
        if (faults[i].line > 0)
            assert_string_equal(err.problems.items[i].file, folder->file);
    }
    assert_int_equal(err.problems.count, count);
}

static void faults_of_sections_have_their_lines(void **state)
{
    const struct folder *folder = *state;
    struct wv_config_options options = {.file = folder->file, .check_database = dislike};
    write_file(folder, "database \"a\" {\n"
                       "  database = \"bad\"\n"
                       "  socket = \"s\"\n"
                       "  colour = \"blue\"\n"
                       "  timeouts { lock = \"0\"\n"
                       "    idle = \"1s\" }\n"
                       "  version_table = \"x\"\n"
                       "  version_table = \"y\" }\n"
                       "database \"b c\" { version_table = \"b\" }\n"
                       "database \"d\" { project = \"a\" }\n"
                       "database \"e\" { version_table = \"b\" }\n"
                       "database \"f\" { }\n"
                       "database \"f\" { leader = \"no\" version_table = \"f\" }\n");
    static const struct fault faults[] = {
        {2, "database: cannot be read"},
        {3, "\"socket\" is the whole daemon's"},
        {4, "unknown key \"colour\""},
        {5, "lock: is too short"},
        {6, "\"timeouts.idle\" is the whole daemon's"},
        {8, "\"version_table\" is set twice"},
        {9, "project: may not hold blanks"},
        {10, "there is a project \"a\" already, at line 1"},
        {11, "the same version table \"b\" in the same database as project \"b c\", at line 9"},
        {13, "leader: needs"},
        {13, "there is a section database \"f\" already, at line 12"},
    };
    expect_faults(folder, &options, faults, sizeof(faults) / sizeof(faults[0]));
}

static void options_need_a_project_of_the_top_level(void **state)
{
    const struct folder *folder = *state;
    struct wv_config_options options = {.file = folder->file, .database = "dbname=x"};
    static const struct fault faults[] = {{0, "sections database only"}};
    write_file(folder, "database \"a\" { }\n");
    expect_faults(folder, &options, faults, 1);
    write_file(folder, "database { }\n");
    static const struct fault nameless[] = {{1, "needs a name"}, {1, ""}};
    options.database = NULL;
    expect_faults(folder, &options, nameless, 2);
}

/* What the parser alone would take, or take for something else. */
static void odd_sections_are_faults(void **state)
{
    const struct folder *folder = *state;
    struct wv_config_options options = {.file = folder->file};
    static const struct {
        const char *text;
        struct fault fault;
    } odd[] = {
        {"database \"a\" {\n timeouts { lock = \"1s\" }\n", {3, "database is not closed"}},
        {"database \"a\" {\n timeouts { lock = \"1s\"", {2, "timeouts is not closed"}},
        {"database \"a\\\"b\" { }\n", {1, "may not hold quotes"}},
        {"\ndatabase \"${HOME}\" { project = \"a\" }\n", {2, "may not hold quotes"}},
        {"project = \"a\"\nDATABASE \"a\" { }\n", {2, "unknown key \"DATABASE\""}},
        {"project = \"a\"\nDATABASE = \"a\"\n", {2, "unknown key \"DATABASE\""}},
        {"project = \"a\" timeouts {\n database \"b\" { }\n}\n", {2, "at the top level only"}},
        {"database a {\n database b { }\n}\n", {2, "at the top level only"}},
        {"project = \"a\"\n\ndatabase", {3, ""}},
        {"project = \"a\"\n\ndatabase \"b", {3, ""}},
    };
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        struct wv_settings_set set = {0};
        struct wv_err err WV_AUTOERR = {0};
        bool found = false;
        write_file(folder, odd[i].text);
        if (wv_config_load(&set, &options, &err))
            fail_msg("taken: %s", odd[i].text);
        for (size_t j = 0; j < err.problems.count; j++)
            found = found || (err.problems.items[j].line == odd[i].fault.line &&
                              strstr(err.problems.items[j].message, odd[i].fault.part) != NULL);
        if (!found)
            fail_msg("%s: %s at line %d", odd[i].text, err.problems.items[0].message,
                     err.problems.items[0].line);
    }
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
        cmocka_unit_test_setup_teardown(sections_are_projects_that_inherit, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(the_top_level_is_a_project_when_it_names_one, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(faults_of_sections_have_their_lines, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(options_need_a_project_of_the_top_level, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(odd_sections_are_faults, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
