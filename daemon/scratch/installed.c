/* See installed.h. */
#include "installed.h"

#include <errno.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "strlist.h"

static bool has_programs(const char *folder)
{
    char *postgres WV_AUTOFREE = wv_xasprintf("%s/postgres", folder);
    char *initdb WV_AUTOFREE = wv_xasprintf("%s/initdb", folder);
    return access(postgres, X_OK) == 0 && access(initdb, X_OK) == 0;
}

/* "/usr/lib/postgresql/15/bin" is 15, as is "/usr/pgsql-15/bin"; 0 where the path does not tell. */
static int number_in(const char *folder)
{
    static const char *const before[] = {"/postgresql/", "/pgsql-"};
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
        const char *found = strstr(folder, before[i]);
        if (found != NULL)
            return (int)strtol(found + strlen(before[i]), NULL, 10);
    }
    return 0;
}

static void add_installed(struct wv_strlist *found)
{
    static const char *const places[] = {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin",
                                         "/usr/local/pgsql/bin"};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        glob_t matches = {0};
        if (glob(places[i], 0, NULL, &matches) == 0) {
            for (size_t k = 0; k < matches.gl_pathc; k++)
                wv_strlist_add(found, matches.gl_pathv[k]);
        }
        globfree(&matches);
    }
}

static void add_path(struct wv_strlist *found)
{
    const char *at = getenv("PATH");
    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, ":");
        if (*at == '/')
            wv_strlist_addn(found, at, length);
        at += length;
        at += *at == ':' ? 1 : 0;
    }
}

/* The newest folder that has the programs; of those whose path does not tell, the first. */
static const char *newest(const struct wv_strlist *folders, int major)
{
    const char *best = NULL;
    for (size_t i = 0; i < folders->count; i++) {
        const char *folder = folders->items[i];
        int number = number_in(folder);
        if ((major != 0 && number != 0 && number != major) || !has_programs(folder))
            continue;
        if (best == NULL || number > number_in(best))
            best = folder;
    }
    return best;
}

static bool not_installed(const char *bin_dir, int major, struct wv_err *err)
{
    if (bin_dir != NULL) {
        wv_err_set(err, WV_SERVER_FAILED, "there is no postgres and initdb to run in %s", bin_dir);
        return wv_err_hint(err, "see the setting postgres_bin");
    }
    if (major != 0) {
        wv_err_set(err, WV_SERVER_FAILED,
                   "the data was made by PostgreSQL %d, whose server programs are not installed",
                   major);
        return wv_err_hint(err, "install the package postgresql-%d", major);
    }
    wv_err_set(err, WV_SERVER_FAILED,
               "the server programs of PostgreSQL are not installed: there is no postgres and"
               " initdb in /usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, /usr/local/pgsql/bin or on"
               " the PATH");
    return wv_err_hint(err, "install the package postgresql (Debian, Ubuntu) or postgresql-server"
                            " (Fedora, Red Hat), or name their folder with the setting"
                            " postgres_bin");
}

static bool find_folder(char **out, const char *bin_dir, int major, struct wv_err *err)
{
    struct wv_strlist folders WV_AUTOSTRLIST = {0};
    if (bin_dir != NULL)
        wv_strlist_add(&folders, bin_dir);
    else
        add_installed(&folders);
    const char *best = newest(&folders, bin_dir != NULL ? 0 : major);
    if (best == NULL && bin_dir == NULL) {
        wv_strlist_free(&folders);
        add_path(&folders);
        best = newest(&folders, major);
    }
    if (best == NULL)
        return not_installed(bin_dir, major, err);
    *out = wv_xstrdup(best);
    return true;
}

/* "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)" */
static bool ask_version(char **version, const char *program, const struct wv_pg_wait *wait,
                        struct wv_err *err)
{
    char *text WV_AUTOFREE = NULL;
    const char *const argv[] = {program, "--version", NULL};
    struct wv_child_spec spec = {.argv = argv, .directory = "/", .death_signal = SIGKILL};
    if (!wv_child_run(&spec, &text, wait, err))
        return false;
    const char *start = strstr(text, ") ");
    size_t length = start != NULL ? strspn(start + 2, "0123456789abcdefghijklmnopqrstuvwxyz.") : 0;
    if (length == 0)
        return wv_err_set(err, WV_SERVER_FAILED, "%s does not tell its version", program);
    *version = wv_xstrndup(start + 2, length);
    return true;
}

static bool find_version(struct wv_installed *installed, const struct wv_pg_wait *wait,
                         struct wv_err *err)
{
    char *program WV_AUTOFREE = wv_xasprintf("%s/postgres", installed->bin_dir);
    return ask_version(&installed->version, program, wait, err);
}

/* A user of the host by name; the strings of the answer stay in `*buffer`. */
static bool look_up(const char *name, struct passwd *entry, char **buffer)
{
    enum { SIZE = 16384 };
    struct passwd *found = NULL;
    *buffer = wv_xmalloc(SIZE);
    return getpwnam_r(name, entry, *buffer, SIZE, &found) == 0 && found != NULL;
}

static bool take_user(struct wv_run_as *as, const char *name)
{
    struct passwd entry;
    char *buffer WV_AUTOFREE = NULL;
    if (!look_up(name, &entry, &buffer))
        return false;
    int count = 64;
    *as = (struct wv_run_as){.uid = entry.pw_uid, .gid = entry.pw_gid};
    as->groups = wv_xcalloc((size_t)count, sizeof(*as->groups));
    if (getgrouplist(name, entry.pw_gid, as->groups, &count) < 0) {
        as->groups[0] = entry.pw_gid;
        count = 1;
    }
    as->group_count = (size_t)count;
    return true;
}

/* Those that systemd gives to services with DynamicUser=, which have no name either (the Debian
 * policy leaves them alone). */
enum { FIRST_UID = 61184, UIDS = 4336 };

static bool is_taken(uid_t uid)
{
    struct passwd entry;
    struct passwd *found = NULL;
    char buffer[4096];
    char *service WV_AUTOFREE = wv_xasprintf("/run/systemd/dynamic-uid/%u", (unsigned)uid);
    int error = getpwuid_r(uid, &entry, buffer, sizeof(buffer), &found);
    return error == ERANGE || found != NULL || access(service, F_OK) == 0;
}

/* initdb asks the user database for its user; a server does not. */
static bool take_nameless(struct wv_installed *installed, const char *state_dir)
{
    unsigned start = (unsigned)(wv_hash(state_dir != NULL ? state_dir : "") % UIDS);
    for (unsigned i = 0; i < UIDS; i++) {
        uid_t uid = FIRST_UID + (start + i) % UIDS;
        if (is_taken(uid))
            continue;
        installed->as = (struct wv_run_as){.uid = uid, .gid = uid};
        return take_user(&installed->maker, "postgres") || take_user(&installed->maker, "nobody");
    }
    return false;
}

/* PostgreSQL refuses to run as root. */
static bool find_user(struct wv_installed *installed, const char *user, const char *state_dir,
                      struct wv_err *err)
{
    installed->becomes = geteuid() == 0;
    if (!installed->becomes)
        return true;
    if (user != NULL ? take_user(&installed->as, user) : take_nameless(installed, state_dir))
        return installed->as.uid != 0 ||
               wv_err_set(err, WV_SERVER_FAILED, "PostgreSQL does not run as root");
    if (user != NULL)
        wv_err_set(err, WV_SERVER_FAILED, "there is no user \"%s\" to run PostgreSQL", user);
    else
        wv_err_set(err, WV_SERVER_FAILED,
                   "there is neither a free uid to run PostgreSQL nor a user"
                   " postgres or nobody to run initdb");
    return wv_err_hint(err, "see the setting postgres_user");
}

bool wv_installed_find(struct wv_installed *out, const char *bin_dir, const char *user,
                       const char *state_dir, int major, const struct wv_pg_wait *wait,
                       struct wv_err *err)
{
    struct wv_installed found = {0};
    if (find_folder(&found.bin_dir, bin_dir, major, err) &&
        find_user(&found, user, state_dir, err) && find_version(&found, wait, err)) {
        *out = found;
        return true;
    }
    wv_installed_clear(&found);
    return false;
}

struct dump {
    char *path;
    int version; /* 15; 0: none was found */
    int newest;  /* of those that were looked at */
};

/* The programs of one folder are of one version, and the server's tells it without a wrapper. */
static bool look_for_dump(struct dump *best, const char *folder, int major,
                          const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/pg_dump", folder);
    char *server WV_AUTOFREE = wv_xasprintf("%s/postgres", folder);
    char *text WV_AUTOFREE = NULL;
    if (access(path, X_OK) != 0)
        return true;
    if (!ask_version(&text, access(server, X_OK) == 0 ? server : path, wait, err))
        return false;
    int version = (int)strtol(text, NULL, 10);
    if (version > best->newest)
        best->newest = version;
    if (version >= major && (best->version == 0 || version < best->version)) {
        free(best->path);
        best->path = WV_STEAL(path);
        best->version = version;
    }
    return true;
}

static bool no_dump(const struct dump *best, int major, struct wv_err *err)
{
    char *newest WV_AUTOFREE =
        best->newest > 0 ? wv_xasprintf(" (the newest here is %d)", best->newest) : wv_xstrdup("");
    wv_err_set(err, WV_SERVER_FAILED,
               "there is no pg_dump for PostgreSQL %d%s: install the package postgresql-client-%d",
               major, newest, major);
    return wv_err_hint(err, "or name the folder of that version's programs with the setting"
                            " postgres_bin");
}

bool wv_installed_find_dump(char **path, const char *bin_dir, int major,
                            const struct wv_pg_wait *wait, struct wv_err *err)
{
    static void (*const places[])(struct wv_strlist *) = {add_installed, add_path};
    struct dump best = {0};
    bool done = bin_dir == NULL || look_for_dump(&best, bin_dir, major, wait, err);
    for (size_t i = 0; done && best.path == NULL && i < 2; i++) {
        struct wv_strlist folders WV_AUTOSTRLIST = {0};
        places[i](&folders);
        for (size_t k = 0; done && k < folders.count; k++)
            done = look_for_dump(&best, folders.items[k], major, wait, err);
    }
    if (done && best.path == NULL)
        done = no_dump(&best, major, err);
    if (done)
        *path = WV_STEAL(best.path);
    free(best.path);
    return done;
}

const struct wv_run_as *wv_installed_as(const struct wv_installed *installed)
{
    return installed->becomes ? &installed->as : NULL;
}

const struct wv_run_as *wv_installed_maker(const struct wv_installed *installed)
{
    bool other = installed->becomes && installed->maker.groups != NULL;
    return other ? &installed->maker : wv_installed_as(installed);
}

void wv_installed_clear(struct wv_installed *installed)
{
    free(installed->bin_dir);
    free(installed->version);
    free(installed->as.groups);
    free(installed->maker.groups);
    *installed = (struct wv_installed){0};
}
