/* See folder.h. One more lock, on the base folder's own file, is held for the moment between the
 * making of a folder and its locking, so that no collector takes it for a leftover. */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

enum { LOOK_MS = 5, HAND_OVER_MS = 3000, REMOVE_MS = 60000 };

static bool cannot(const char *what, const char *path, struct wv_err *err)
{
    return wv_err_set(err, WV_SERVER_FAILED, "cannot %s %s: %s", what, path, strerror(errno));
}

static bool has_group(const struct wv_run_as *as, gid_t gid)
{
    for (size_t i = 0; i < as->group_count; i++) {
        if (as->groups[i] == gid)
            return true;
    }
    return as->gid == gid;
}

/* As the kernel does: the bits of the first class that the user is of count. */
static bool may_pass(const struct stat *folder, const struct wv_run_as *as)
{
    if (folder->st_uid == as->uid)
        return (folder->st_mode & S_IXUSR) != 0;
    if (has_group(as, folder->st_gid))
        return (folder->st_mode & S_IXGRP) != 0;
    return (folder->st_mode & S_IXOTH) != 0;
}

static bool lets_pass(const char *path, const struct wv_run_as *as, struct wv_err *err)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return cannot("look at", path, err);
    if (may_pass(&status, as))
        return true;
    wv_err_set(err, WV_SERVER_FAILED, "%s lets nobody else pass, and PostgreSQL runs as uid %u",
               path, (unsigned)as->uid);
    return wv_err_hint(err, "chmod o+x it, or let the setting state_directory name a folder "
                            "elsewhere, as /var/lib/woven");
}

/* What is made lets others pass where they have to, whatever our umask is. */
static bool make_parents(const char *base, const struct wv_run_as *as, struct wv_err *err)
{
    char *path WV_AUTOFREE = wv_xstrdup(base);
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool made = mkdir(path, 0755) == 0;
        if (!made && errno != EEXIST)
            return cannot("make the folder", path, err);
        if (made && as != NULL && chmod(path, 0711) != 0)
            return cannot("change the mode of", path, err);
        if (as != NULL && !lets_pass(path, as, err))
            return false;
        *slash = '/';
    }
    return true;
}

/* Whoever may write to a folder could put another in its place. One that all may write to has to be
 * sticky, as /tmp is, so that only the owner of what lies in it may. */
static bool is_ours(const char *path, bool is_parent)
{
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISDIR(status.st_mode))
        return false;
    if (is_parent)
        return (status.st_uid == geteuid() || status.st_uid == 0) &&
               ((status.st_mode & S_IWOTH) == 0 || (status.st_mode & S_ISVTX) != 0);
    return status.st_uid == geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static bool check_ours(const char *base, struct wv_err *err)
{
    char *parent WV_AUTOFREE = wv_xstrdup(base);
    *strrchr(parent, '/') = '\0';
    char *real WV_AUTOFREE = realpath(parent[0] != '\0' ? parent : "/", NULL);
    if (real != NULL && is_ours(real, true) && is_ours(base, false))
        return true;
    wv_err_set(err, WV_SERVER_FAILED, "%s, or the folder it is in, is not ours alone", base);
    return wv_err_hint(err, "both have to belong to the user that runs wovend, and nobody else may "
                            "write to them; see the setting state_directory");
}

bool wv_folder_base(const char *base, const struct wv_run_as *as, struct wv_err *err)
{
    mode_t mode = as != NULL ? 0711 : 0700;
    if (!make_parents(base, as, err))
        return false;
    if (mkdir(base, mode) == 0) {
        if (chmod(base, mode) != 0)
            return cannot("change the mode of", base, err);
    } else if (errno != EEXIST) {
        return cannot("make the folder", base, err);
    }
    return check_ours(base, err);
}

static int open_lock(const char *folder)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/lock", folder);
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* The lock of the base folder, which nobody holds for long. -1: not in time. */
static int lock_base(const char *base, const struct wv_pg_wait *wait, struct wv_err *err)
{
    int fd = open_lock(base);
    if (fd < 0) {
        cannot("open the lock in", base, err);
        return -1;
    }
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        struct wv_pg_wait look = *wait;
        int64_t next = wv_clock_ms() + LOOK_MS;
        if (next < look.deadline)
            look.deadline = next;
        enum wv_pg_idle why = wv_pg_idle_fd(-1, &look);
        if (why == WV_PG_IDLE_INTERRUPTED || wv_clock_ms() >= wait->deadline) {
            wv_child_stopped(why, "waiting for the lock of the folder of private servers", err);
            close(fd);
            return -1;
        }
    }
    return fd;
}

/* The pid is for people who look into the file. */
static void write_owner(int fd)
{
    char text[32];
    int length = snprintf(text, sizeof(text), "%d\n", (int)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)length, 0) != length)
        wv_log(WV_LOG_DEBUG, "scratch", "cannot note the owner of a folder");
}

static bool make_inner(struct wv_folder *folder, const struct wv_run_as *as, struct wv_err *err)
{
    folder->inner = wv_xasprintf("%s/pg", folder->path);
    if (mkdir(folder->inner, 0700) != 0 && errno != EEXIST)
        return cannot("make the folder", folder->inner, err);
    if (as != NULL && lchown(folder->inner, as->uid, as->gid) != 0)
        return cannot("change the owner of", folder->inner, err);
    return true;
}

/* Locks what is there by now; false with errno when somebody else holds it. */
static bool lock_folder(struct wv_folder *folder)
{
    int fd = open_lock(folder->path);
    if (fd < 0)
        return false;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int fault = errno;
        close(fd);
        errno = fault;
        return false;
    }
    write_owner(fd);
    folder->lock_fd = fd;
    return true;
}

bool wv_folder_new(struct wv_folder *out, const char *base, const struct wv_run_as *as,
                   const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_folder folder = {.path = wv_xasprintf("%s/run-XXXXXX", base), .lock_fd = -1};
    int base_fd = lock_base(base, wait, err);
    bool done = base_fd >= 0;
    if (done && mkdtemp(folder.path) == NULL)
        done = cannot("make a folder in", base, err);
    else if (done && !lock_folder(&folder))
        done = cannot("lock", folder.path, err);
    if (base_fd >= 0)
        close(base_fd);
    if (done && as != NULL && chmod(folder.path, 0711) != 0)
        done = cannot("change the mode of", folder.path, err);
    if (done && make_inner(&folder, as, err)) {
        *out = folder;
        return true;
    }
    wv_folder_remove(&folder);
    return false;
}

static bool held_by_another(const struct wv_folder *folder, struct wv_err *err)
{
    char owner[32] = "";
    int fault = errno;
    int fd = open_lock(folder->path);
    if (fd >= 0 && read(fd, owner, sizeof(owner) - 1) < 0)
        owner[0] = '\0';
    if (fd >= 0)
        close(fd);
    if (fault != EWOULDBLOCK) {
        errno = fault;
        return cannot("lock", folder->path, err);
    }
    wv_err_set(err, WV_SERVER_FAILED, "another wovend, pid %ld, uses the embedded database in %s",
               strtol(owner, NULL, 10), folder->path);
    return wv_err_hint(err, "ask that one, or end it");
}

/* One that is about to end is given some time. */
static bool lock_soon(struct wv_folder *folder, const struct wv_pg_wait *wait)
{
    int64_t until = wv_clock_ms() + HAND_OVER_MS;
    while (!lock_folder(folder)) {
        int fault = errno;
        struct wv_pg_wait look = *wait;
        look.deadline = wv_clock_ms() + LOOK_MS;
        if (fault != EWOULDBLOCK || look.deadline > until || look.deadline > wait->deadline ||
            wv_pg_idle_fd(-1, &look) == WV_PG_IDLE_INTERRUPTED) {
            errno = fault;
            return false;
        }
    }
    return true;
}

bool wv_folder_named(struct wv_folder *out, const char *base, const char *name,
                     const struct wv_run_as *as, const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_folder folder = {.path = wv_xasprintf("%s/%s", base, name), .lock_fd = -1};
    mode_t mode = as != NULL ? 0711 : 0700;
    bool done = true;
    if (mkdir(folder.path, mode) != 0 && errno != EEXIST)
        done = cannot("make the folder", folder.path, err);
    else if (chmod(folder.path, mode) != 0)
        done = cannot("change the mode of", folder.path, err);
    else if (!lock_soon(&folder, wait))
        done = held_by_another(&folder, err);
    if (done && make_inner(&folder, as, err)) {
        *out = folder;
        return true;
    }
    wv_folder_release(&folder);
    return false;
}

static int is_run(const struct dirent *entry)
{
    return strncmp(entry->d_name, "run-", 4) == 0;
}

/* Those that nobody holds; they are ours then. */
static size_t take_leftovers(const char *base, struct wv_folder **out)
{
    struct dirent **entries;
    size_t count = 0;
    int found = scandir(base, &entries, is_run, NULL);
    if (found < 0)
        return 0;
    *out = wv_xcalloc((size_t)found + 1, sizeof(**out));
    for (int i = 0; i < found; i++) {
        struct wv_folder folder = {.path = wv_xasprintf("%s/%s", base, entries[i]->d_name),
                                   .lock_fd = -1};
        folder.inner = wv_xasprintf("%s/pg", folder.path);
        if (lock_folder(&folder))
            (*out)[count++] = folder;
        else
            wv_folder_release(&folder);
        free(entries[i]);
    }
    free(entries);
    return count;
}

void wv_folder_collect(const char *base, void (*end_server)(const char *inner),
                       const struct wv_pg_wait *wait)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_folder *found WV_AUTOFREE = NULL;
    int base_fd = lock_base(base, wait, &err);
    if (base_fd < 0)
        return;
    size_t count = take_leftovers(base, &found);
    close(base_fd);
    for (size_t i = 0; i < count; i++) {
        wv_log(WV_LOG_INFO, "scratch", "removing %s, which a dead process has left", found[i].path);
        end_server(found[i].inner);
        wv_folder_remove(&found[i]);
    }
}

void wv_folder_release(struct wv_folder *folder)
{
    if (folder->lock_fd >= 0)
        close(folder->lock_fd);
    free(folder->path);
    free(folder->inner);
    *folder = (struct wv_folder)WV_FOLDER_NONE;
}

/* By rm(1), which follows no link that somebody puts in its way while it works. */
void wv_folder_remove(struct wv_folder *folder)
{
    if (folder->path != NULL && folder->lock_fd >= 0) {
        const char *const argv[] = {"/bin/rm", "-rf", "--", folder->path, NULL};
        struct wv_child_spec spec = {.argv = argv, .directory = "/", .death_signal = SIGKILL};
        struct wv_pg_wait wait = wv_pg_wait_ms(REMOVE_MS);
        struct wv_err err WV_AUTOERR = {0};
        if (!wv_child_run(&spec, NULL, &wait, &err))
            wv_log_err(WV_LOG_WARNING, "scratch", &err);
    }
    wv_folder_release(folder);
}
