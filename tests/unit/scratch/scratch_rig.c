#include "cmocka_all.h"

#include <ftw.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch_rig.h"

static char *folder;

const char *state_dir(void)
{
    return folder;
}

int make_state_dir(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    folder = wv_xasprintf("%s/woven-scratch-test-XXXXXX", base != NULL ? base : "/tmp");
    return mkdtemp(folder) == NULL || chmod(folder, 0755) != 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

int remove_state_dir(void **state)
{
    (void)state;
    int failed = nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(WV_STEAL(folder));
    return failed;
}

struct wv_pg_wait patient(void)
{
    return wv_pg_wait_ms(60000);
}

size_t count_paths(const char *pattern)
{
    char *full WV_AUTOFREE = wv_xasprintf("%s/%s", folder, pattern);
    glob_t matches = {0};
    size_t count = glob(full, 0, NULL, &matches) == 0 ? matches.gl_pathc : 0;
    globfree(&matches);
    return count;
}

void wait_gone(pid_t pid)
{
    int fd = pidfd_open(pid, 0);
    if (fd < 0)
        return;
    struct pollfd end = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&end, 1, 20000), 1);
    close(fd);
}

struct wv_pg *connect_to(const char *conninfo)
{
    struct wv_pg *pg;
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_pg_connect(
                    &pg, &(struct wv_pg_options){.database = conninfo, .application_name = "test"},
                    &wait, &err),
                &err);
    return pg;
}

pid_t postmaster_of(struct wv_pg *pg)
{
    char path[64];
    int parent = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", wv_pg_facts(pg)->backend_pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%*d (%*[^)]) %*c %d", &parent), 1);
    fclose(file);
    return parent;
}
