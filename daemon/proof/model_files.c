/* See model_files.h. */
#include "model_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_read.h"
#include "strlist.h"

void wv_model_files_free(struct wv_model_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].text);
        wv_statements_free(&files->items[i].statements);
    }
    free(files->items);
    *files = (struct wv_model_files){0};
}

/* Names that begin with a dot are left out, as they are among the revisions. */
static bool list_folder(const char *folder, struct wv_strlist *names, struct wv_err *err)
{
    DIR *stream = opendir(folder);
    if (stream == NULL)
        return wv_err_set(err, WV_IO_ERROR, "cannot read the models in %s: %s", folder,
                          strerror(errno));
    const struct dirent *item;
    while (errno = 0, (item = readdir(stream)) != NULL)
        if (item->d_name[0] != '.')
            wv_strlist_add_owned(names, wv_xasprintf("%s/%s", folder, item->d_name));
    int error = errno;
    (void)closedir(stream);
    if (error != 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot read the models in %s: %s", folder,
                          strerror(error));
    wv_strlist_sort(names);
    return true;
}

static bool is_sql(const char *path)
{
    size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".sql") == 0;
}

enum { DEPTH_MAX = 32 };

static bool find_files(const char *folder, int depth, struct wv_strlist *paths, struct wv_err *err)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    if (depth > DEPTH_MAX)
        return wv_err_set(err, WV_IO_ERROR, "the folders of the models are too deep at %s", folder);
    if (!list_folder(folder, &names, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        struct stat status;
        const char *path = names.items[i];
        if (stat(path, &status) != 0)
            return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(errno));
        if (S_ISDIR(status.st_mode) && !find_files(path, depth + 1, paths, err))
            return false;
        if (S_ISREG(status.st_mode) && is_sql(path))
            wv_strlist_add(paths, path);
    }
    return true;
}

static bool is_psqls(const struct wv_token *token, bool is_dump)
{
    return token->kind == WV_TOKEN_BACKSLASH &&
           (strncmp(token->text, "\\restrict ", 10) == 0 ||
            strncmp(token->text, "\\unrestrict ", 12) == 0 ||
            (is_dump && strncmp(token->text, "\\connect ", 9) == 0));
}

/* What pg_dump writes for psql alone becomes blank lines, so that line numbers stay. Models may be
 * dumps too, of one database. */
static void blank_lines(char *text, size_t length, bool is_dump)
{
    struct wv_lexer lexer;
    struct wv_token token;
    wv_lexer_init(&lexer, text, length);
    while (wv_lexer_next(&lexer, &token)) {
        if (!is_psqls(&token, is_dump))
            continue;
        size_t at = (size_t)(token.text - text);
        const char *end = memchr(text + at, '\n', length - at);
        memset(text + at, ' ', end != NULL ? (size_t)(end - text) - at : length - at);
        wv_lexer_jump(&lexer, at);
    }
}

void wv_model_files_add(struct wv_model_files *files, const char *path, char *text, size_t length,
                        struct wv_problems *problems)
{
    struct wv_faults faults;
    struct wv_place start = WV_PLACE_START;
    WV_GROW(files->items, files->count, files->capacity);
    struct wv_model_file *file = &files->items[files->count++];
    *file = (struct wv_model_file){.path = wv_xstrdup(path), .text = text};
    length = wv_text_normalise(text, length);
    file->length = length;
    blank_lines(text, length, false);
    wv_faults_init(&faults, problems, path, text, start);
    wv_text_check(text, length, &faults);
    wv_split(text, length, start, &file->statements, &faults);
}

void wv_model_files_add_dump(struct wv_model_files *files, const char *path, char *text,
                             size_t length, struct wv_problems *problems)
{
    blank_lines(text, length, true);
    wv_model_files_add(files, path, text, length, problems);
}

static bool read_file(struct wv_model_files *files, const char *path, struct wv_problems *problems,
                      struct wv_err *err)
{
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    size_t length;
    int error = wv_file_read(AT_FDCWD, path, &buffer, &length, &stamp);
    if (error != 0) {
        wv_file_buffer_free(&buffer);
        if (error == EFBIG)
            return wv_err_set(err, WV_LIMIT_EXCEEDED, "%s is longer than %d bytes", path,
                              WV_REVISION_SIZE_MAX);
        return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(error));
    }
    wv_model_files_add(files, path, wv_xmemdup(buffer.data, length), length, problems);
    wv_file_buffer_free(&buffer);
    return true;
}

static bool hint_models(struct wv_err *err)
{
    return wv_err_hint(err, "`models` in the settings names their folder; `wovenctl migrate dump "
                            "live --directory FOLDER` writes the schema of the database there, and "
                            "with `head` instead of `live` that of the revisions");
}

static bool none_found(const char *folder, struct wv_err *err)
{
    wv_err_set(err, WV_LOAD_ERROR,
               "there are no models: no file in %s ends in .sql and has a statement", folder);
    return hint_models(err);
}

/* What to do about a fault of this kind, which the first has; NULL: it says so itself. */
static const char *hint_of(const char *kind)
{
    static const char *const hints[][2] = {
        {"copy_stdin", "rows are not part of a schema: of a dump only pg_dump --schema-only"},
        {"transaction_control", "each statement of models is run by itself, in an order that "
                                "works: leave these out"},
        {"meta_command", "all files of the models are loaded, in an order that works: leave what "
                         "is for psql alone out"},
        {"invalid_utf8", "the files have to be UTF-8: iconv -t UTF-8"},
        {"nul_byte", "models are text in UTF-8"},
    };
    for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
        if (strcmp(kind, hints[i][0]) == 0)
            return hints[i][1];
    return NULL;
}

bool wv_model_files_check(struct wv_problems *problems, struct wv_err *err)
{
    if (problems->count == 0)
        return true;
    wv_problems_sort(problems);
    wv_err_set(err, WV_LOAD_ERROR, "the models cannot be read");
    const char *hint = hint_of(problems->items[0].kind);
    err->problems = *problems;
    *problems = (struct wv_problems){0};
    return hint != NULL ? wv_err_hint(err, "%s", hint) : false;
}

bool wv_model_files_read(struct wv_model_files *files, const char *folder, struct wv_err *err)
{
    struct wv_strlist paths WV_AUTOSTRLIST = {0};
    struct wv_problems problems = {0};
    if (access(folder, F_OK) != 0) {
        wv_err_set(err, WV_LOAD_ERROR, "there are no models: %s: %s", folder, strerror(errno));
        return hint_models(err);
    }
    if (!find_files(folder, 0, &paths, err))
        return false;
    if (paths.count == 0)
        return none_found(folder, err);
    size_t statements = 0;
    for (size_t i = 0; i < paths.count; i++) {
        if (!read_file(files, paths.items[i], &problems, err)) {
            wv_problems_free(&problems);
            return false;
        }
        statements += files->items[i].statements.count;
    }
    if (statements == 0 && problems.count == 0)
        return none_found(folder, err);
    return wv_model_files_check(&problems, err);
}
