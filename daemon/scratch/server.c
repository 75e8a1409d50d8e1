/* See server.h. The story of a start: programs, folder, leftovers, data, process, answer. */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data_dir.h"
#include "former.h"
#include "keeper.h"
#include "log.h"
#include "socket_place.h"
#include "strlist.h"

enum {
    LOOK_MS = 5, /* between two looks at a server that starts */
    STOP_MS = 30000,
};

struct wv_server {
    char *name; /* NULL: throw-away */
    char *base;
    struct wv_folder folder;
    struct wv_installed installed;
    struct wv_keeper *keeper;
    char *socket_place;
    int log_fd;
};

/* What a throw-away server does without, and what schemas of some size want. */
static const char *const scratch_settings[] = {
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "autovacuum=off",
    "jit=off",
    "shared_buffers=32MB",
    "max_connections=40",
    "max_locks_per_transaction=1024",
    "wal_level=logical",
    "max_wal_senders=4",
    "max_logical_replication_workers=0", /* nobody subscribes from here */
    "max_wal_size=1GB",
    /* In the data directory, which goes with it also when it was killed; /dev/shm keeps them. */
    "dynamic_shared_memory_type=mmap",
};

static char *base_of(const char *state_dir)
{
    return wv_xasprintf("%s/postgres", state_dir);
}

static void end_leftover(const char *inner)
{
    wv_former_end(inner, SIGQUIT);
    wv_socket_place_remove(inner);
}

/* --- preparing --- */

static bool open_folder(struct wv_server *server, const struct wv_run_as *as,
                        const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (server->name == NULL)
        return wv_folder_new(&server->folder, server->base, as, wait, err);
    if (!wv_folder_named(&server->folder, server->base, server->name, as, wait, err))
        return false;
    wv_former_end(server->folder.inner, SIGINT);
    return true;
}

/* The log is opened by us: the server's user need not be able to write where it lies. What the run
 * before said is kept beside it. */
static bool open_log(struct wv_server *server, struct wv_err *err)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/log", server->folder.path);
    char *before WV_AUTOFREE = wv_xasprintf("%s/log.1", server->folder.path);
    (void)rename(path, before);
    server->log_fd =
        open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (server->log_fd >= 0)
        return true;
    return wv_err_set(err, WV_SERVER_FAILED, "cannot write %s: %s", path, strerror(errno));
}

/* Data that is there needs the programs of its version, unless the settings name some. */
static bool fit_programs(struct wv_server *server, const struct wv_server_options *options,
                         const struct wv_pg_wait *wait, struct wv_err *err)
{
    int major = wv_data_dir_major(&server->folder);
    if (major == 0 || major == (int)strtol(server->installed.version, NULL, 10))
        return true;
    wv_installed_clear(&server->installed);
    return wv_installed_find(&server->installed, options->bin_dir, options->user,
                             options->state_dir, major, wait, err);
}

static bool prepare(struct wv_server *server, const struct wv_server_options *options,
                    const struct wv_pg_wait *wait, struct wv_err *err)
{
    if (!wv_installed_find(&server->installed, options->bin_dir, options->user, options->state_dir,
                           0, wait, err))
        return false;
    const struct wv_run_as *as = wv_installed_as(&server->installed);
    if (!wv_folder_base(server->base, as, err))
        return false;
    wv_folder_collect(server->base, end_leftover, wait);
    if (!open_folder(server, as, wait, err) || !fit_programs(server, options, wait, err) ||
        !wv_data_dir_make(&server->folder, server->base, server->name != NULL, &server->installed,
                          wait, err) ||
        !open_log(server, err))
        return false;
    server->socket_place = wv_socket_place(server->folder.inner);
    wv_socket_place_remove(server->folder.inner);
    return wv_socket_place_make(server->socket_place, server->folder.inner,
                                wv_installed_as(&server->installed), err);
}

/* --- running --- */

static void add_setting(struct wv_strlist *argv, const char *setting)
{
    wv_strlist_add(argv, "-c");
    wv_strlist_add(argv, setting);
}

/* unix_socket_directories is a list: a path with a comma or a blank is quoted. */
static void add_socket_place(struct wv_strlist *argv, const char *place)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&text, "unix_socket_directories=\"");
    for (const char *p = place; *p != '\0'; p++) {
        if (*p == '"')
            wv_strbuf_addc(&text, '"');
        wv_strbuf_addc(&text, *p);
    }
    wv_strbuf_addc(&text, '"');
    add_setting(argv, wv_strbuf_text(&text));
}

static void make_argv(const struct wv_server *server, struct wv_strlist *argv)
{
    wv_strlist_add_owned(argv, wv_xasprintf("%s/postgres", server->installed.bin_dir));
    wv_strlist_add(argv, "-D");
    wv_strlist_add(argv, "data");
    add_setting(argv, "listen_addresses=");
    add_setting(argv, "port=5432");
    add_setting(argv, "unix_socket_permissions=0700");
    add_socket_place(argv, server->socket_place);
    for (size_t i = 0; server->name == NULL && i < sizeof(scratch_settings) / sizeof(char *); i++)
        add_setting(argv, scratch_settings[i]);
}

static bool launch(struct wv_server *server, struct wv_err *err)
{
    struct wv_strlist words WV_AUTOSTRLIST = {0};
    make_argv(server, &words);
    const char **argv WV_AUTOFREE = wv_strlist_argv(&words);
    int stop_signal = server->name != NULL ? SIGINT : SIGQUIT;
    struct wv_child_spec spec = {.argv = argv,
                                 .directory = server->folder.inner,
                                 .as = wv_installed_as(&server->installed),
                                 .death_signal = stop_signal};
    server->keeper = wv_keeper_start(&spec, server->log_fd, stop_signal, STOP_MS, err);
    return server->keeper != NULL;
}

/* The eighth line of the pid file says "ready" once connections are taken (pg_ctl waits for the
 * same); the first has to be our child's. */
static bool says_ready(const struct wv_server *server)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/data/postmaster.pid", server->folder.inner);
    char text[4096] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (got <= 0 || strtol(text, NULL, 10) != (long)wv_keeper_pid(server->keeper))
        return false;
    const char *line = text;
    for (int number = 1; number < 8 && line != NULL; number++) {
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return line != NULL && strncmp(line, "ready", 5) == 0;
}

static bool await_ready(struct wv_server *server, const struct wv_pg_wait *wait, struct wv_err *err)
{
    while (!says_ready(server)) {
        struct wv_pg_wait look = *wait;
        int64_t next = wv_clock_ms() + LOOK_MS;
        if (next < look.deadline)
            look.deadline = next;
        switch (wv_pg_idle_fd(wv_keeper_end_fd(server->keeper), &look)) {
        case WV_PG_IDLE_NOTIFIED:
            wv_err_set(err, WV_SERVER_FAILED, "PostgreSQL ended while it started");
            return wv_server_explain(server, err);
        case WV_PG_IDLE_INTERRUPTED:
            return wv_child_stopped(WV_PG_IDLE_INTERRUPTED, "starting PostgreSQL", err);
        default:
            break;
        }
        if (wv_clock_ms() >= wait->deadline) {
            wv_child_stopped(WV_PG_IDLE_DEADLINE, "starting PostgreSQL", err);
            return wv_server_explain(server, err);
        }
    }
    return true;
}

bool wv_server_start(struct wv_server **out, const struct wv_server_options *options,
                     const struct wv_pg_wait *wait, struct wv_err *err)
{
    int64_t begin = wv_clock_ms();
    struct wv_server *server = wv_xcalloc(1, sizeof(*server));
    *server = (struct wv_server){.name = wv_xstrdup(options->name),
                                 .base = base_of(options->state_dir),
                                 .folder = WV_FOLDER_NONE,
                                 .log_fd = -1};
    if (!prepare(server, options, wait, err) || !launch(server, err) ||
        !await_ready(server, wait, err)) {
        wv_server_stop(server);
        if (err->code == WV_CANCELLED)
            return wv_err_set(err, WV_CANCELLED,
                              "cancelled while a private PostgreSQL was started");
        return wv_err_prefix(err, "cannot start a private PostgreSQL");
    }
    wv_log(WV_LOG_INFO, "scratch", "PostgreSQL %s runs in %s, pid %d, after %lld ms",
           server->installed.version, server->folder.path, (int)wv_keeper_pid(server->keeper),
           (long long)(wv_clock_ms() - begin));
    *out = server;
    return true;
}

void wv_server_stop(struct wv_server *server)
{
    if (server == NULL)
        return;
    if (server->keeper != NULL)
        wv_keeper_stop(server->keeper);
    if (server->log_fd >= 0)
        close(server->log_fd);
    if (server->folder.inner != NULL)
        wv_socket_place_remove(server->folder.inner);
    if (server->name == NULL)
        wv_folder_remove(&server->folder);
    else
        wv_folder_release(&server->folder);
    wv_installed_clear(&server->installed);
    free(server->socket_place);
    free(server->base);
    free(server->name);
    free(server);
}

/* --- talking about it --- */

/* Complete, so that no PG* variable of our environment has a say. */
static char *conninfo_at(const char *place, const char *database)
{
    static const char *const fixed[][2] = {{"port", "5432"},
                                           {"user", "postgres"},
                                           {"hostaddr", ""},
                                           {"options", ""},
                                           {"requirepeer", ""},
                                           {"gssencmode", "disable"},
                                           {"channel_binding", "prefer"},
                                           {"target_session_attrs", "any"}};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_pg_conninfo_add(&text, "host", place);
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        wv_pg_conninfo_add(&text, fixed[i][0], fixed[i][1]);
    wv_pg_conninfo_add(&text, "dbname", database);
    return wv_strbuf_take(&text);
}

char *wv_server_conninfo(const struct wv_server *server, const char *database)
{
    return conninfo_at(server->socket_place, database);
}

char *wv_server_kept_conninfo(const char *state_dir, const char *name, const char *database)
{
    char *inner WV_AUTOFREE = wv_xasprintf("%s/postgres/%s/pg", state_dir, name);
    char *place WV_AUTOFREE = wv_socket_place(inner);
    return conninfo_at(place, database);
}

int wv_server_end_fd(const struct wv_server *server)
{
    return wv_keeper_end_fd(server->keeper);
}

bool wv_server_runs(const struct wv_server *server)
{
    struct pollfd end = {.fd = wv_server_end_fd(server), .events = POLLIN};
    return poll(&end, 1, 0) == 0;
}

bool wv_server_explain(const struct wv_server *server, struct wv_err *err)
{
    if (err->detail == NULL)
        err->detail = wv_child_last_lines(server->log_fd);
    return false;
}
