/* See texts.h. */
#include "texts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory_text.h"
#include "models_command.h"

/* The archives of pg_dump begin in this way. */
static bool check_plain(int text, const char *path, struct wv_err *err)
{
    char begin[5];
    if (pread(text, begin, sizeof(begin), 0) != (ssize_t)sizeof(begin) ||
        memcmp(begin, "PGDMP", sizeof(begin)) != 0)
        return true;
    wv_err_set(err, WV_LOAD_ERROR, "%s is an archive of pg_dump, and no SQL", path);
    return wv_err_hint(err,
                       "make a plain dump (pg_dump --schema-only), or SQL of this one: "
                       "pg_restore --schema-only --file=dump.sql %s",
                       path);
}

static bool read_file(const char *path, int *text, struct wv_err *err)
{
    bool more;
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(errno));
    int made = wv_memory_text_new(err);
    bool done = made >= 0 && wv_memory_text_copy(made, from, path, &more, err) &&
                check_plain(made, path, err) && wv_memory_text_seal(made, err);
    close(from);
    if (done)
        *text = made;
    else if (made >= 0)
        close(made);
    return done;
}

static bool ends_in_sql(const char *word)
{
    size_t length = strlen(word);
    return length > 4 && strcmp(word + length - 4, ".sql") == 0;
}

/* Also when there is no such file: it is told as missing, not as an unknown revision. */
static bool looks_like_path(const char *word)
{
    return word[0] == '/' || strncmp(word, "./", 2) == 0 || strncmp(word, "../", 3) == 0 ||
           ends_in_sql(word);
}

/* Other words with a slash are paths where there is a file: a label of revisions may have one too.
 */
static char *path_of(const char *word)
{
    if (strchr(word, '=') != NULL || strstr(word, "://") != NULL)
        return NULL;
    bool likely = looks_like_path(word);
    char *real = likely || strchr(word, '/') != NULL ? realpath(word, NULL) : NULL;
    return real != NULL || !likely ? real : wv_xstrdup(word);
}

static bool get(struct wv_call *call, char **side, int *text, struct wv_err *err)
{
    char *path = path_of(*side);
    if (path == NULL)
        return strcmp(*side, "models") != 0 || wv_models_command(call, text, err);
    bool done = read_file(*side, text, err);
    free(*side);
    *side = path;
    return done;
}

bool wv_texts_get(struct wv_call *call, struct wv_strlist *sides, struct wv_err *err)
{
    for (size_t i = 0; i < sides->count; i++) {
        int text = -1;
        if (!get(call, &sides->items[i], &text, err))
            return false;
        if (text >= 0)
            call->texts[call->text_count++] = text;
    }
    return true;
}
