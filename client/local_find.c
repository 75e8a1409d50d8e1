/* Finding the project of the current folder, and the places of its daemon; see local.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "hash.h"
#include "local.h"
#include "state_dir.h"

/* The length of "/0123456789abcdef.sock". */
enum { SOCKET_NAME_LENGTH = 22 };

static char *existing(const char *folder, const char *name)
{
    char *path = wv_xasprintf("%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
    if (access(path, F_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static bool is_top(const char *folder)
{
    char *git WV_AUTOFREE = existing(folder, ".git");
    return git != NULL || strcmp(folder, "/") == 0;
}

/* Without links; NULL: none. */
static char *search(void)
{
    char *folder WV_AUTOFREE = getcwd(NULL, 0);
    while (folder != NULL) {
        char *conf WV_AUTOFREE = existing(folder, "woven.conf");
        if (conf == NULL)
            conf = existing(folder, "migrations/woven.conf");
        if (conf != NULL)
            return realpath(conf, NULL);
        if (is_top(folder))
            return NULL;
        char *slash = strrchr(folder, '/');
        slash[slash == folder ? 1 : 0] = '\0';
    }
    return NULL;
}

static bool is_only_ours(const char *path, const char *conf, struct wv_err *err)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot look at %s: %s", path, strerror(errno));
    bool ours = found.st_uid == geteuid() || found.st_uid == 0;
    if (ours && (found.st_mode & S_IWOTH) == 0)
        return true;
    wv_err_set(err, WV_ACCESS_DENIED, "no private wovend is started for %s: %s%s", conf,
               strcmp(path, conf) == 0 ? "it " : "its folder ",
               ours ? "may be written by everybody" : "belongs to another user");
    return wv_err_hint(err, "start `wovend -c %s` by hand if you trust it", conf);
}

/* Its settings say what the daemon runs and where, and models and revisions beside it are run: only
 * what we or root wrote is obeyed. */
static bool is_trusted(const char *conf, struct wv_err *err)
{
    char *folder WV_AUTOFREE = wv_xstrdup(conf);
    char *slash = strrchr(folder, '/');
    slash[slash == folder ? 1 : 0] = '\0';
    return is_only_ours(conf, conf, err) && is_only_ours(folder, conf, err);
}

static bool is_private(const char *folder)
{
    struct stat found;
    return lstat(folder, &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid() &&
           (found.st_mode & 0077) == 0;
}

static bool fits(const char *folder)
{
    size_t limit = sizeof(((struct sockaddr_un *)NULL)->sun_path);
    return strlen(folder) + SOCKET_NAME_LENGTH < limit;
}

/* $XDG_RUNTIME_DIR/woven, else /tmp/woven-UID; the caller's own, NULL: not ours. */
static char *runtime_dir(struct wv_err *err)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    char *folder = NULL;
    if (runtime != NULL && *runtime == '/' && is_private(runtime))
        folder = wv_xasprintf("%s/woven", runtime);
    if (folder == NULL || !fits(folder)) {
        free(folder);
        folder = wv_xasprintf("/tmp/woven-%ld", (long)geteuid());
    }
    int fault = mkdir(folder, 0700) != 0 ? errno : 0;
    if (is_private(folder))
        return folder;
    if (fault != 0 && fault != EEXIST)
        wv_err_set(err, WV_IO_ERROR, "cannot make the folder %s: %s", folder, strerror(fault));
    else
        wv_err_set(err, WV_ACCESS_DENIED, "%s, the place for a private socket, is somebody else's",
                   folder);
    wv_err_hint(err, "set XDG_RUNTIME_DIR to a folder of yours with mode 0700");
    free(folder);
    return NULL;
}

/* "wovend-shop-0123456789abcdef.log": the name of the project's folder is for people. */
static char *log_path(const char *conf, uint64_t number)
{
    const char *state = getenv("WOVEN_STATE_DIRECTORY");
    char *folder WV_AUTOFREE = state != NULL && *state == '/' ? wv_xstrdup(state) : wv_state_dir();
    char *project WV_AUTOFREE = wv_xstrdup(conf);
    *strrchr(project, '/') = '\0';
    const char *name = strrchr(project, '/');
    return wv_xasprintf("%s/wovend-%s-%016" PRIx64 ".log", folder, name != NULL ? name + 1 : "root",
                        number);
}

enum wv_local_found wv_local_find(struct wv_local *out, struct wv_err *err)
{
    char *conf WV_AUTOFREE = search();
    if (conf == NULL || strncmp(conf, "/etc/", 5) == 0)
        return WV_LOCAL_NONE;
    char *folder WV_AUTOFREE = is_trusted(conf, err) ? runtime_dir(err) : NULL;
    if (folder == NULL)
        return WV_LOCAL_FAILED;
    uint64_t number = wv_hash(conf);
    *out = (struct wv_local){.socket = wv_xasprintf("%s/%016" PRIx64 ".sock", folder, number),
                             .lock = wv_xasprintf("%s/%016" PRIx64 ".lock", folder, number),
                             .log = log_path(conf, number)};
    out->conf = WV_STEAL(conf);
    return WV_LOCAL_FOUND;
}

void wv_local_clear(struct wv_local *local)
{
    free(local->conf);
    free(local->socket);
    free(local->lock);
    free(local->log);
    *local = (struct wv_local){0};
}
