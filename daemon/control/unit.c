/* See unit.h. The path of a control group is slices, then the unit, then whatever the unit makes
 * below itself. So the first part behind the slices counts: what follows is named by the process
 * and may pretend to be anything. A user's service manager is such a unit too, but which of its
 * units it is helps to know; behind the manager's name it cannot be taken for the system's. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "strbuf.h"

enum {
    FILE_BYTES = 64 * 1024,
    NAME_BYTES = 255, /* systemd's own limit */
};

/* A part of a path, not ended by NUL. */
struct part {
    const char *text;
    size_t length;
};

static bool ends_with(struct part part, const char *end)
{
    size_t length = strlen(end);
    return part.length > length && memcmp(part.text + part.length - length, end, length) == 0;
}

static bool begins_with(struct part part, const char *begin)
{
    size_t length = strlen(begin);
    return part.length >= length && memcmp(part.text, begin, length) == 0;
}

static bool is_unit(struct part part)
{
    static const char *const kinds[] = {".service", ".scope", ".socket", ".mount", ".swap"};
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.\\@";
    if (part.length > NAME_BYTES || strspn(part.text, allowed) < part.length)
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (ends_with(part, kinds[i]))
            return true;
    return false;
}

/* The first part of the path that is no slice; the path moves on behind it. ".." leads to where a
 * daemon in a control group namespace of its own sees the others. */
static struct part behind_slices(struct part *path)
{
    while (path->length > 0) {
        const char *slash = memchr(path->text, '/', path->length);
        size_t length = slash != NULL ? (size_t)(slash - path->text) : path->length;
        struct part part = {path->text, length};
        size_t taken = slash != NULL ? length + 1 : length;
        *path = (struct part){path->text + taken, path->length - taken};
        bool up = length == 2 && memcmp(part.text, "..", 2) == 0;
        if (length > 0 && !up && !ends_with(part, ".slice"))
            return part;
    }
    return (struct part){"", 0};
}

/* NULL: there is none in it. */
static char *unit_of_path(struct part path)
{
    struct part unit = behind_slices(&path);
    if (!is_unit(unit))
        return NULL;
    struct wv_strbuf text = WV_STRBUF_INIT;
    wv_strbuf_add(&text, unit.text, unit.length);
    struct part inner = behind_slices(&path);
    if (begins_with(unit, "user@") && is_unit(inner)) {
        wv_strbuf_addc(&text, '/');
        wv_strbuf_add(&text, inner.text, inner.length);
    }
    return wv_strbuf_take(&text);
}

/* "ID:CONTROLLERS:PATH": the path, when the controllers are these. */
static bool take_path(struct part line, const char *controllers, struct part *path)
{
    static const char gone[] = " (deleted)";
    const char *first = memchr(line.text, ':', line.length);
    if (first == NULL)
        return false;
    struct part rest = {first + 1, line.length - (size_t)(first + 1 - line.text)};
    size_t length = strlen(controllers);
    if (rest.length <= length || memcmp(rest.text, controllers, length) != 0 ||
        rest.text[length] != ':')
        return false;
    *path = (struct part){rest.text + length + 1, rest.length - length - 1};
    if (ends_with(*path, gone))
        path->length -= strlen(gone);
    return true;
}

static char *unit_in(const char *text, const char *controllers)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        struct part path;
        if (take_path((struct part){text, length}, controllers, &path))
            return unit_of_path(path);
        text += length + (text[length] == '\n');
    }
    return NULL;
}

/* The tree that systemd keeps for itself where control groups are of version 1, else the one there
 * is in version 2. */
char *wv_unit_parse(const char *text)
{
    char *unit = unit_in(text, "name=systemd");
    return unit != NULL ? unit : unit_in(text, "");
}

static bool read_all(int fd, struct wv_strbuf *text)
{
    char bytes[4096];
    for (;;) {
        ssize_t count = read(fd, bytes, sizeof(bytes));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0;
        if (text->length + (size_t)count > FILE_BYTES)
            return false;
        wv_strbuf_add(text, bytes, (size_t)count);
    }
}

char *wv_unit_of(const char *proc, pid_t pid, uid_t uid)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%ld/cgroup", proc, (long)pid);
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return NULL;
    /* The process may have ended and its number be somebody else's by now. */
    bool known = fstat(fd, &status) == 0 && status.st_uid == uid && read_all(fd, &text);
    close(fd);
    return known ? wv_unit_parse(wv_strbuf_text(&text)) : NULL;
}
