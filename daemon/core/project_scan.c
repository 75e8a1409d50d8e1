/* See project_scan.h. One buffer and one checksum serve all files; names are opened relative to
 * their version directory. Knows nothing of the graph. Any thread; blocks on the disk. */
#include "project_scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file_read.h"

enum { SETTLED_NS = 1000000000 };

struct directory_id {
    dev_t device;
    ino_t inode;
};

struct scan {
    struct wv_project *project;
    size_t capacity;
    const struct wv_revision **known; /* of the previous snapshot, by path */
    size_t known_count;
    struct wv_checksum *checksum;
    struct wv_file_buffer buffer;
    struct directory_id *visited;
    size_t visited_count;
    size_t visited_capacity;
    int64_t now_ns;
    /* the version directory under way */
    const char *root;
    int root_fd;
    struct wv_strlist pending; /* its sub-folders, relative; "" is itself */
};

struct entry {
    char *name;
    unsigned char type;
};

struct entries {
    struct entry *items;
    size_t count;
    size_t capacity;
};

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    return strcmp(a->name, b->name);
}

static int compare_paths(const void *left, const void *right)
{
    const struct wv_revision *const *a = left;
    const struct wv_revision *const *b = right;
    return strcmp((*a)->path, (*b)->path);
}

static int compare_to_path(const void *path, const void *item)
{
    const struct wv_revision *const *revision = item;
    return strcmp(path, (*revision)->path);
}

static void report(struct scan *scan, const char *kind, const char *path, int error)
{
    wv_problems_add(&scan->project->problems, kind, path, 0, "cannot read it: %s", strerror(error));
}

static char *join(const char *folder, const char *name)
{
    return folder[0] == '\0' ? wv_xstrdup(name) : wv_xasprintf("%s/%s", folder, name);
}

static void add(struct scan *scan, const struct wv_revision *revision)
{
    struct wv_project *project = scan->project;
    WV_GROW(project->revisions, project->count, scan->capacity);
    project->revisions[project->count++] = *revision;
}

/* Takes the revision over from the previous snapshot when its file is the same still. */
static bool take_known(struct scan *scan, const char *name, const char *path)
{
    struct stat status;
    if (scan->known_count == 0)
        return false;
    const struct wv_revision **known =
        bsearch(path, scan->known, scan->known_count, sizeof(scan->known[0]), compare_to_path);
    if (known == NULL || fstatat(scan->root_fd, name, &status, 0) != 0)
        return false;
    struct wv_file_stamp stamp = wv_file_stamp_of(&status);
    if (!wv_file_stamp_equal(&stamp, &(*known)->stamp))
        return false;
    struct wv_revision copy;
    wv_revision_copy(&copy, *known);
    add(scan, &copy);
    return true;
}

/* A stamp younger than the clock's grain may hide a later write: it is not kept. */
static bool is_settled(const struct scan *scan, const struct wv_file_stamp *stamp)
{
    return stamp->mtime_ns < scan->now_ns - SETTLED_NS &&
           stamp->ctime_ns < scan->now_ns - SETTLED_NS;
}

static void take_file(struct scan *scan, const char *name)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", scan->root, name);
    if (take_known(scan, name, path))
        return;
    size_t length;
    struct wv_file_stamp stamp;
    int error = wv_file_read(scan->root_fd, name, &scan->buffer, &length, &stamp);
    if (error != 0) {
        report(scan, "unreadable_file", path, error);
        return;
    }
    struct wv_revision revision = {0};
    if (wv_revision_parse(&revision, path, scan->buffer.data, length, scan->checksum,
                          &scan->project->problems) &&
        is_settled(scan, &stamp))
        revision.stamp = stamp;
    if (revision.id != NULL)
        add(scan, &revision);
}

static bool is_sql(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".sql") == 0;
}

static void take_entry(struct scan *scan, const char *folder, const struct entry *entry)
{
    char *name WV_AUTOFREE = join(folder, entry->name);
    unsigned char type = entry->type;
    if (type == DT_LNK || type == DT_UNKNOWN) {
        struct stat status;
        bool known = fstatat(scan->root_fd, name, &status, 0) == 0;
        type = !known || S_ISREG(status.st_mode) ? DT_REG
               : S_ISDIR(status.st_mode)         ? DT_DIR
                                                 : DT_UNKNOWN;
    }
    if (type == DT_DIR)
        wv_strlist_add(&scan->pending, name);
    else if (type == DT_REG && is_sql(entry->name))
        take_file(scan, name);
}

/* False when the directory was read before: it is a link to it, or named twice. */
static bool first_visit(struct scan *scan, int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return true;
    for (size_t i = 0; i < scan->visited_count; i++)
        if (scan->visited[i].device == status.st_dev && scan->visited[i].inode == status.st_ino)
            return false;
    WV_GROW(scan->visited, scan->visited_count, scan->visited_capacity);
    scan->visited[scan->visited_count++] = (struct directory_id){status.st_dev, status.st_ino};
    return true;
}

/* 0 or an errno. Sorted, so that nothing depends on the order on disk. */
static int read_entries(DIR *stream, struct entries *entries)
{
    const struct dirent *item;
    while (errno = 0, (item = readdir(stream)) != NULL) {
        if (item->d_name[0] == '.')
            continue;
        WV_GROW(entries->items, entries->count, entries->capacity);
        entries->items[entries->count++] = (struct entry){wv_xstrdup(item->d_name), item->d_type};
    }
    int error = errno;
    if (entries->count > 1)
        qsort(entries->items, entries->count, sizeof(entries->items[0]), compare_entries);
    return error;
}

static int walk_folder(struct scan *scan, const char *folder)
{
    int fd =
        openat(scan->root_fd, folder[0] == '\0' ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    DIR *stream = fdopendir(fd);
    if (stream == NULL) {
        int error = errno;
        (void)close(fd);
        return error;
    }
    struct entries entries = {0};
    int error = first_visit(scan, fd) ? read_entries(stream, &entries) : 0;
    (void)closedir(stream);
    for (size_t i = 0; i < entries.count; i++) {
        take_entry(scan, folder, &entries.items[i]);
        free(entries.items[i].name);
    }
    free(entries.items);
    return error;
}

static void scan_root(struct scan *scan, const char *dir)
{
    size_t length = strlen(dir);
    while (length > 1 && dir[length - 1] == '/')
        length--;
    char *root WV_AUTOFREE = wv_xstrndup(dir, length);
    scan->root = root;
    scan->root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (scan->root_fd < 0) {
        report(scan, "unreadable_directory", root, errno);
        return;
    }
    wv_strlist_add(&scan->pending, "");
    for (size_t i = 0; i < scan->pending.count; i++) {
        char *folder WV_AUTOFREE = wv_xstrdup(scan->pending.items[i]);
        int error = walk_folder(scan, folder);
        char *path WV_AUTOFREE = folder[0] == '\0' ? wv_xstrdup(root) : join(root, folder);
        if (error != 0)
            report(scan, "unreadable_directory", path, error);
    }
    wv_strlist_free(&scan->pending);
    (void)close(scan->root_fd);
}

static void index_previous(struct scan *scan, const struct wv_project *previous)
{
    if (previous == NULL || previous->count == 0)
        return;
    scan->known = wv_xreallocarray(NULL, previous->count, sizeof(scan->known[0]));
    scan->known_count = previous->count;
    for (size_t i = 0; i < previous->count; i++)
        scan->known[i] = &previous->revisions[i];
    qsort(scan->known, scan->known_count, sizeof(scan->known[0]), compare_paths);
}

void wv_project_scan(struct wv_project *project, const struct wv_project *previous)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    struct scan scan = {.project = project,
                        .checksum = wv_checksum_new(),
                        .now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec};
    index_previous(&scan, previous);
    for (size_t i = 0; i < project->dirs.count; i++)
        scan_root(&scan, project->dirs.items[i]);
    free(scan.known);
    free(scan.visited);
    wv_file_buffer_free(&scan.buffer);
    wv_checksum_free(scan.checksum);
}
