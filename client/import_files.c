/* See import_files.h. Reads files and folders with the caller's rights; knows no tool. */
#include "import_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20, FOLDERS_MAX = 16 };

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length > strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static bool list_folder(const char *directory, const char *prefix, const char *suffix, int deep,
                        struct wv_strlist *names, struct wv_err *err)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", directory, prefix);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return wv_err_set(err, WV_IO_ERROR, "cannot read the folder %s: %s",
                          *prefix != '\0' ? path : directory, strerror(errno));
    bool ok = true;
    for (struct dirent *entry; ok && (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        char *name WV_AUTOFREE = wv_xasprintf("%s%s", prefix, entry->d_name);
        char *full WV_AUTOFREE = wv_xasprintf("%s/%s", directory, name);
        char *below WV_AUTOFREE = wv_xasprintf("%s/", name);
        struct stat info;
        if (stat(full, &info) != 0)
            continue;
        if (S_ISREG(info.st_mode) && ends_with(name, suffix))
            wv_strlist_add(names, name);
        else if (S_ISDIR(info.st_mode) && deep > 0)
            ok = list_folder(directory, below, suffix, deep - 1, names, err);
    }
    closedir(folder);
    return ok;
}

bool wv_import_list(const char *directory, const char *suffix, bool deep, struct wv_strlist *names,
                    struct wv_err *err)
{
    struct wv_strlist found WV_AUTOSTRLIST = {0};
    if (!list_folder(directory, "", suffix, deep ? FOLDERS_MAX : 0, &found, err))
        return false;
    wv_strlist_sort(&found);
    wv_strlist_move(names, &found);
    return true;
}

static bool read_whole(const char *path, struct wv_strbuf *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    char block[65536];
    ssize_t count;
    while ((count = read(fd, block, sizeof(block))) > 0 && text->length <= FILE_MAX)
        wv_strbuf_add(text, block, (size_t)count);
    int saved = count < 0 ? errno : text->length > FILE_MAX ? EFBIG : 0;
    close(fd);
    errno = saved;
    return saved == 0;
}

/* Drops the byte order mark and the CR of each CRLF; lines keep their numbers. */
static void normalise(char *text)
{
    const char *from = strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
    char *to = text;
    for (; *from != '\0'; from++)
        if (from[0] != '\r' || from[1] != '\n')
            *to++ = *from;
    *to = '\0';
}

char *wv_import_read(struct wv_import *import, const char *path)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!read_whole(path, &text)) {
        wv_problems_add(&import->problems, "unreadable", path, 0, "cannot be read: %s",
                        strerror(errno));
        return NULL;
    }
    const char *bytes = wv_strbuf_text(&text);
    json_t *checked = json_stringn(bytes, text.length);
    bool good = checked != NULL && memchr(bytes, '\0', text.length) == NULL;
    json_decref(checked);
    if (!good) {
        wv_problems_add(&import->problems, "invalid_utf8", path, 0,
                        "is not UTF-8 text: convert it first (iconv -t UTF-8)");
        return NULL;
    }
    char *whole = wv_strbuf_take(&text);
    normalise(whole);
    return whole;
}

char *wv_import_path(const struct wv_import *import, const char *name)
{
    size_t length = strlen(import->directory);
    bool slash = length > 0 && import->directory[length - 1] == '/';
    return wv_xasprintf("%s%s%s", import->directory, slash ? "" : "/", name);
}

size_t wv_import_digits(const char *text)
{
    return strspn(text, "0123456789");
}

int wv_import_compare_numbers(const char *a, size_t a_length, const char *b, size_t b_length)
{
    while (a_length > 0 && *a == '0') {
        a++;
        a_length--;
    }
    while (b_length > 0 && *b == '0') {
        b++;
        b_length--;
    }
    if (a_length != b_length)
        return a_length < b_length ? -1 : 1;
    return a_length > 0 ? memcmp(a, b, a_length) : 0;
}

char *wv_import_words(const char *name, size_t length)
{
    struct wv_strbuf words = WV_STRBUF_INIT;
    for (size_t i = 0; i < length; i++) {
        bool blank = strchr("_- .", name[i]) != NULL;
        if (!blank)
            wv_strbuf_addc(&words, name[i]);
        else if (words.length > 0 && words.data[words.length - 1] != ' ')
            wv_strbuf_addc(&words, ' ');
    }
    if (words.length > 0 && words.data[words.length - 1] == ' ')
        words.data[--words.length] = '\0';
    return wv_strbuf_take(&words);
}

void wv_import_sort(struct wv_import *import, int (*compare)(const struct wv_import_revision *a,
                                                             const struct wv_import_revision *b))
{
    /* Insertion: stable, and the files mostly come in order by name. */
    for (size_t i = 1; i < import->count; i++) {
        struct wv_import_revision one = import->items[i];
        size_t at = i;
        for (; at > 0 && compare(&import->items[at - 1], &one) > 0; at--)
            import->items[at] = import->items[at - 1];
        import->items[at] = one;
    }
}

bool wv_import_next_line(struct wv_import_line *line)
{
    if (line->number > 0) {
        line->text += line->length;
        if (*line->text == '\n')
            line->text++;
    }
    if (*line->text == '\0')
        return false;
    line->length = strcspn(line->text, "\n");
    line->number++;
    return true;
}

static void skip_blanks(struct wv_import_line *line)
{
    while (line->length > 0 && (*line->text == ' ' || *line->text == '\t')) {
        line->text++;
        line->length--;
    }
}

bool wv_import_comment(const struct wv_import_line *line, bool indented,
                       struct wv_import_line *text)
{
    *text = *line;
    if (indented)
        skip_blanks(text);
    if (text->length < 2 || strncmp(text->text, "--", 2) != 0)
        return false;
    text->text += 2;
    text->length -= 2;
    skip_blanks(text);
    return true;
}

bool wv_import_take_words(struct wv_import_line *line, const char *words)
{
    struct wv_import_line rest = *line;
    while (*words != '\0') {
        size_t length = strcspn(words, " ");
        if (rest.length < length || strncasecmp(rest.text, words, length) != 0)
            return false;
        rest.text += length;
        rest.length -= length;
        if (rest.length > 0 && *rest.text != ' ' && *rest.text != '\t')
            return false;
        skip_blanks(&rest);
        words += length;
        words += *words == ' ';
    }
    *line = rest;
    return true;
}
