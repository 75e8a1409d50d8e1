/* See data_dir.h. A template is made under another name and renamed, so it is whole or not there.
 */
#include "data_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strlist.h"

#define LOCALE "C.UTF-8"

/* A small program of the server's user. */
static bool run_as(const struct wv_run_as *as, const char *const *argv, const char *directory,
                   const struct wv_pg_wait *wait, struct wv_err *err)
{
    struct wv_child_spec spec = {
        .argv = argv, .directory = directory, .as = as, .death_signal = SIGKILL};
    return wv_child_run(&spec, NULL, wait, err);
}

static bool run_there(const char *const *argv, const char *directory,
                      const struct wv_installed *installed, const struct wv_pg_wait *wait,
                      struct wv_err *err)
{
    return run_as(wv_installed_as(installed), argv, directory, wait, err);
}

/* By root, in a folder of root's; chown(1) follows no link. */
static bool give(const char *path, const struct wv_run_as *to, const struct wv_pg_wait *wait,
                 struct wv_err *err)
{
    char *owner WV_AUTOFREE = wv_xasprintf("%u:%u", (unsigned)to->uid, (unsigned)to->gid);
    const char *const argv[] = {"/bin/chown", "-R", "-h", "-P", owner, "--", path, NULL};
    if (run_as(NULL, argv, "/", wait, err))
        return true;
    return wv_err_hint(err, "where this host or container does not know that uid, name another user"
                            " with the setting postgres_user");
}

static bool run_initdb(const struct wv_folder *folder, const struct wv_installed *installed,
                       const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *initdb WV_AUTOFREE = wv_xasprintf("%s/initdb", installed->bin_dir);
    const char *const argv[] = {initdb,
                                "-D",
                                "data",
                                "-U",
                                "postgres",
                                "--auth=trust",
                                "-E",
                                "UTF8",
                                "--locale=" LOCALE,
                                "-N",
                                "--wal-segsize=1",
                                NULL};
    return run_as(wv_installed_maker(installed), argv, folder->inner, wait, err);
}

/* From whoever made it to whom it is for: as a copy, which the first has never had a hand on. */
static bool hand_over(const struct wv_folder *folder, const struct wv_installed *installed,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *data WV_AUTOFREE = wv_xasprintf("%s/data", folder->path);
    const char *const copy[] = {"/bin/cp", "-R", "-P", "--reflink=auto", "pg/data", "data", NULL};
    return run_as(NULL, copy, folder->path, wait, err) &&
           give(data, wv_installed_as(installed), wait, err);
}

/* Another process may have been faster: its template serves as well. */
static bool make_template(const char *template, const char *base,
                          const struct wv_installed *installed, const struct wv_pg_wait *wait,
                          struct wv_err *err)
{
    struct wv_folder folder = WV_FOLDER_NONE;
    const struct wv_run_as *maker = wv_installed_maker(installed);
    bool other = maker != wv_installed_as(installed);
    if (!wv_folder_new(&folder, base, maker, wait, err))
        return false;
    bool done = run_initdb(&folder, installed, wait, err) &&
                (!other || hand_over(&folder, installed, wait, err));
    char *made WV_AUTOFREE = wv_xasprintf("%s/data", other ? folder.path : folder.inner);
    if (done && rename(made, template) != 0 && errno != EEXIST && errno != ENOTEMPTY)
        done = wv_err_set(err, WV_SERVER_FAILED, "cannot rename %s: %s", made, strerror(errno));
    wv_folder_remove(&folder);
    return done;
}

static bool copy_all(const struct wv_folder *folder, const char *template,
                     const struct wv_installed *installed, const struct wv_pg_wait *wait,
                     struct wv_err *err)
{
    const char *const copy[] = {"/bin/cp", "-a", "--reflink=auto", template, "new", NULL};
    return run_there(copy, folder->inner, installed, wait, err);
}

/* The entries of a folder of the template, as paths from there, without the one called `but`. */
static bool add_entries(struct wv_strlist *words, const char *template, const char *folder,
                        const char *but, struct wv_err *err)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", template, folder);
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, NULL);
    if (count < 0)
        return wv_err_set(err, WV_SERVER_FAILED, "cannot read %s: %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, but) != 0)
            wv_strlist_add_owned(words, wv_xasprintf("%s%s", folder, name));
        free(entries[i]);
    }
    free(entries);
    return true;
}

/* Without the files of template1, whose number is 1 in each version: all databases of a throw-away
 * server are made from template0, and nobody connects to it. That is a third of the files. */
static bool copy_needed(const struct wv_folder *folder, const char *template,
                        const struct wv_installed *installed, const struct wv_pg_wait *wait,
                        struct wv_err *err)
{
    struct wv_strlist words WV_AUTOSTRLIST = {0};
    static const char *const begin[] = {"/bin/cp", "-R", "-P", "--reflink=auto", "--parents", "-t"};
    const char *const make[] = {"/bin/mkdir", "new", NULL};
    for (size_t i = 0; i < sizeof(begin) / sizeof(begin[0]); i++)
        wv_strlist_add(&words, begin[i]);
    wv_strlist_add_owned(&words, wv_xasprintf("%s/new", folder->inner));
    if (!add_entries(&words, template, "", "base", err) ||
        !add_entries(&words, template, "base/", "1", err))
        return false;
    const char **argv WV_AUTOFREE = wv_strlist_argv(&words);
    return run_there(make, folder->inner, installed, wait, err) &&
           run_there(argv, template, installed, wait, err);
}

static bool copy_template(const struct wv_folder *folder, const char *template, bool durable,
                          const struct wv_installed *installed, const struct wv_pg_wait *wait,
                          struct wv_err *err)
{
    /* What a copy that was cut off has left is not taken for data. */
    char *made WV_AUTOFREE = wv_xasprintf("%s/new", folder->inner);
    const char *const clear[] = {"/bin/rm", "-rf", "new", NULL};
    if (access(made, F_OK) == 0 && !run_there(clear, folder->inner, installed, wait, err))
        return false;
    return durable ? copy_all(folder, template, installed, wait, err)
                   : copy_needed(folder, template, installed, wait, err);
}

static bool put_in_place(const struct wv_folder *folder, bool durable,
                         const struct wv_installed *installed, const struct wv_pg_wait *wait,
                         struct wv_err *err)
{
    char *initdb WV_AUTOFREE = wv_xasprintf("%s/initdb", installed->bin_dir);
    const char *const sync[] = {initdb, "--sync-only", "-D", "new", NULL};
    char *made WV_AUTOFREE = wv_xasprintf("%s/new", folder->inner);
    char *data WV_AUTOFREE = wv_xasprintf("%s/data", folder->inner);
    if (durable && !run_there(sync, folder->inner, installed, wait, err))
        return false;
    return rename(made, data) == 0 ||
           wv_err_set(err, WV_SERVER_FAILED, "cannot rename %s: %s", made, strerror(errno));
}

/* Data that is kept may be of a time when somebody else ran the server. */
static bool keep_owner(const struct wv_folder *folder, const struct wv_run_as *as,
                       const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *data WV_AUTOFREE = wv_xasprintf("%s/data", folder->inner);
    struct stat status;
    if (lstat(data, &status) == 0 && status.st_uid == as->uid)
        return true;
    return give(data, as, wait, err);
}

bool wv_data_dir_make(const struct wv_folder *folder, const char *base, bool durable,
                      const struct wv_installed *installed, const struct wv_pg_wait *wait,
                      struct wv_err *err)
{
    const struct wv_run_as *as = wv_installed_as(installed);
    if (wv_data_dir_major(folder) != 0)
        return as == NULL || keep_owner(folder, as, wait, err);
    char *template WV_AUTOFREE =
        as != NULL ? wv_xasprintf("%s/template-%s-" LOCALE "-%u", base, installed->version,
                                  (unsigned)as->uid)
                   : wv_xasprintf("%s/template-%s-" LOCALE, base, installed->version);
    bool there = access(template, F_OK) == 0;
    return (there || make_template(template, base, installed, wait, err)) &&
           copy_template(folder, template, durable, installed, wait, err) &&
           put_in_place(folder, durable, installed, wait, err);
}

long wv_data_dir_number(const char *data, const char *name)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", data, name);
    char text[32] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return 0;
    if (read(fd, text, sizeof(text) - 1) < 0)
        text[0] = '\0';
    close(fd);
    return strtol(text, NULL, 10);
}

int wv_data_dir_major(const struct wv_folder *folder)
{
    char *data WV_AUTOFREE = wv_xasprintf("%s/data", folder->inner);
    return (int)wv_data_dir_number(data, "PG_VERSION");
}
