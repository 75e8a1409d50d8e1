/* Order matters: watches first, then the load. What changes during the load is still in the queue
 * and leads to the next one. A version directory that was replaced by another (a link that points
 * elsewhere now, a deployment that renames) is noticed by its inode. Loop thread. Knows no
 * revision. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

static const char tag[] = "files";

enum {
    MASK = IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_MOVED_FROM |
           IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR,
    DEPTH_MAX = 32,
};

struct identity {
    dev_t device;
    ino_t inode; /* 0: not there */
};

struct wv_files {
    struct wv_strlist dirs;
    struct identity *seen; /* of each of dirs, when it was watched */
    struct wv_project *project;
    int inotify; /* -1: there is none */
    bool blind;  /* something cannot be watched */
    bool stale;
    size_t loads;
};

static struct identity identify(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return (struct identity){0};
    return (struct identity){.device = info.st_dev, .inode = info.st_ino};
}

/* File systems where others than this kernel write: statfs(2) lists the numbers. */
static bool is_remote(const char *path)
{
    static const unsigned long remote[] = {
        0x6969UL /* nfs */,      0xff534d42UL /* cifs */, 0xfe534d42UL /* smb2 */,
        0x517bUL /* smb */,      0x65735546UL /* fuse */, 0x01021997UL /* 9p */,
        0x00c36400UL /* ceph */, 0x5346414fUL /* afs */,
    };
    struct statfs info;
    if (statfs(path, &info) != 0)
        return true;
    for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++)
        if (((unsigned long)info.f_type & 0xffffffffUL) == remote[i])
            return true;
    return false;
}

static void go_blind(struct wv_files *files, const char *path, const char *why)
{
    if (!files->blind)
        wv_log(WV_LOG_INFO, tag, "%s: %s; all files are looked at for each request", path, why);
    files->blind = true;
}

static void watch_tree(struct wv_files *files, const char *path, int depth);

static void watch_entries(struct wv_files *files, const char *path, DIR *dir, int depth)
{
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN && entry->d_type != DT_DIR)
            continue;
        char *inner WV_AUTOFREE = wv_xasprintf("%s/%s", path, entry->d_name);
        if (entry->d_type == DT_DIR)
            watch_tree(files, inner, depth + 1);
        else
            go_blind(files, inner, "where this link leads is not watched");
    }
}

static void watch_tree(struct wv_files *files, const char *path, int depth)
{
    if (inotify_add_watch(files->inotify, path, MASK) < 0) {
        go_blind(files, path, strerror(errno));
        return;
    }
    DIR *dir = opendir(path);
    if (dir == NULL || depth > DEPTH_MAX)
        go_blind(files, path, dir == NULL ? strerror(errno) : "too many levels");
    else
        watch_entries(files, path, dir, depth);
    if (dir != NULL)
        closedir(dir);
}

/* Adds what is not watched yet; what is watched already costs nothing. */
static void watch_all(struct wv_files *files)
{
    files->blind = false;
    if (files->inotify < 0)
        go_blind(files, "inotify(7)", "no instance is left");
    for (size_t i = 0; i < files->dirs.count; i++) {
        const char *path = files->dirs.items[i];
        files->seen[i] = identify(path);
        if (files->inotify >= 0)
            watch_tree(files, path, 0);
        if (is_remote(path))
            go_blind(files, path, "others may write to this file system unseen");
    }
}

/* With a new descriptor, which forgets folders that are not ours any more. Not for each change:
 * closing one makes the kernel wait for all who may still look at it, a tenth of a second. */
static void watch_anew(struct wv_files *files)
{
    if (files->inotify >= 0)
        close(files->inotify);
    files->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    free(files->seen);
    files->seen = wv_xcalloc(files->dirs.count, sizeof(*files->seen));
    watch_all(files);
}

/* Empties the queue; an overflow is a change like any other. */
static bool heard_change(const struct wv_files *files)
{
    _Alignas(struct inotify_event) char events[4096];
    bool heard = false;
    while (files->inotify >= 0 && read(files->inotify, events, sizeof(events)) > 0)
        heard = true;
    return heard;
}

static bool dirs_replaced(const struct wv_files *files)
{
    for (size_t i = 0; i < files->dirs.count; i++) {
        struct identity now = identify(files->dirs.items[i]);
        if (now.device != files->seen[i].device || now.inode != files->seen[i].inode)
            return true;
    }
    return false;
}

static void load(struct wv_files *files)
{
    int64_t begin = wv_clock_ms();
    struct wv_project *old = files->project;
    size_t problems = old != NULL ? old->problems.count : 0;
    files->project = wv_project_load(&files->dirs, old);
    files->loads++;
    wv_log(WV_LOG_DEBUG, tag, "%zu revisions read in %lld ms", files->project->count,
           (long long)(wv_clock_ms() - begin));
    if (files->project->problems.count > 0 && files->project->problems.count != problems) {
        struct wv_err err WV_AUTOERR = {0};
        if (!wv_project_check(files->project, &err))
            wv_log_err(WV_LOG_WARNING, tag, &err);
    }
    wv_project_unref(old);
}

struct wv_files *wv_files_new(const struct wv_strlist *dirs)
{
    struct wv_files *files = wv_xcalloc(1, sizeof(*files));
    files->inotify = -1;
    wv_strlist_copy(&files->dirs, dirs);
    watch_anew(files);
    load(files);
    return files;
}

void wv_files_free(struct wv_files *files)
{
    if (files == NULL)
        return;
    if (files->inotify >= 0)
        close(files->inotify);
    wv_project_unref(files->project);
    wv_strlist_free(&files->dirs);
    free(files->seen);
    free(files);
}

void wv_files_set_dirs(struct wv_files *files, const struct wv_strlist *dirs)
{
    struct wv_strlist copy = {0};
    wv_strlist_copy(&copy, dirs);
    wv_strlist_move(&files->dirs, &copy);
    files->stale = true;
}

struct wv_project *wv_files_fresh(struct wv_files *files)
{
    bool changed = heard_change(files);
    if (files->stale || dirs_replaced(files))
        watch_anew(files);
    else if (changed)
        watch_all(files);
    else if (!files->blind)
        return files->project;
    files->stale = false;
    load(files);
    return files->project;
}

bool wv_files_watched(const struct wv_files *files)
{
    return !files->blind;
}

size_t wv_files_loads(const struct wv_files *files)
{
    return files->loads;
}
