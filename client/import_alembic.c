/* Alembic: a Python program (programs/import_alembic.py, built in) asks the project's own Alembic
 * for the SQL of each step and prints JSON, which is read here. Main thread; waits for the program
 * without a limit, Ctrl-C ends both. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "import.h"
#include "import_files.h"
#include "scaffold.h"
#include "value.h"

static bool start(const char *python, const char *directory, int out, pid_t *child,
                  struct wv_err *err)
{
    const struct wv_scaffold *file = &wv_import_programs[0];
    char *program WV_AUTOFREE = wv_xstrndup(file->content, file->length);
    char *const argv[] = {(char *)python, (char *)"-c", program, (char *)directory, NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        abort(); /* out of memory is all that can happen */
    if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0)
        abort();
    int failed = posix_spawnp(child, python, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed == 0)
        return true;
    wv_err_set(err, WV_IO_ERROR, "cannot run %s: %s", python, strerror(failed));
    return wv_err_hint(err, "name a Python that has Alembic with --python");
}

static json_t *read_document(int fd, pid_t child, struct wv_err *err)
{
    json_error_t where;
    json_t *document = json_loadfd(fd, 0, &where);
    close(fd);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (json_is_object(document) && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return document;
    json_decref(document);
    wv_err_set(err, WV_IO_ERROR, "Python ended without an answer (%s %d)",
               WIFSIGNALED(status) ? "signal" : "status",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    wv_err_hint(err, "what it said is above");
    return NULL;
}

static json_t *ask_alembic(const struct wv_import *import, struct wv_err *err)
{
    int ends[2];
    pid_t child;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        wv_err_set(err, WV_IO_ERROR, "cannot make a pipe: %s", strerror(errno));
        return NULL;
    }
    bool started = start(import->python, import->directory, ends[1], &child, err);
    close(ends[1]);
    if (started)
        return read_document(ends[0], child, err);
    close(ends[0]);
    return NULL;
}

static bool fail(const struct wv_import *import, const json_t *document, const char *fault,
                 struct wv_err *err)
{
    wv_err_set(err, WV_LOAD_ERROR, "Alembic cannot read the project in %s: %s", import->directory,
               fault);
    wv_err_at(err, wv_value_text(document, "file"), (int)wv_value_int(document, "line"), 0);
    return wv_err_hint(err,
                       "Alembic runs in %s; where the project needs packages that this Python "
                       "does not have, name the project's own with --python",
                       import->python);
}

static void take_texts(struct wv_strlist *list, const json_t *object, const char *key)
{
    size_t index;
    json_t *text;
    json_array_foreach(wv_value_array(object, key), index, text)
    {
        if (json_is_string(text))
            wv_strlist_add(list, json_string_value(text));
    }
}

static bool last_line_has_comment(const char *text)
{
    const char *line = strrchr(text, '\n');
    return strstr(line != NULL ? line : text, "--") != NULL;
}

/* The statements with a semicolon each, on a line of its own where a comment would swallow it. */
static char *join(const json_t *step)
{
    struct wv_strbuf sql = WV_STRBUF_INIT;
    size_t index;
    json_t *statement;
    json_array_foreach(wv_value_array(step, "statements"), index, statement)
    {
        const char *text = json_string_value(statement);
        if (text == NULL || *text == '\0')
            continue;
        wv_strbuf_adds(&sql, sql.length > 0 ? "\n" : "");
        wv_strbuf_adds(&sql, text);
        wv_strbuf_adds(&sql, last_line_has_comment(text) ? "\n;\n" : ";\n");
    }
    return wv_strbuf_take(&sql);
}

static void take_step(struct wv_import_section *section, const json_t *step, const char *path)
{
    if (!wv_value_true(step, "present"))
        return;
    const char *refusal = wv_value_text(step, "refused");
    const char *source = wv_value_text(step, "source");
    char *text = refusal != NULL ? wv_xstrdup(source != NULL ? source : "") : join(step);
    int line = (int)wv_value_int(step, "line");
    wv_import_fill(section, text, path, line);
    section->line = line;
    if (refusal != NULL)
        section->refusal = wv_xstrdup(refusal);
    else
        section->transaction = wv_value_true(step, "transaction");
}

static void take_revision(struct wv_import *import, const json_t *entry)
{
    const char *id = wv_value_text(entry, "revision");
    const char *message = wv_value_text(entry, "message");
    const char *file = wv_value_text(entry, "file");
    const char *date = wv_value_text(entry, "create_date");
    if (id == NULL || message == NULL || file == NULL)
        return;
    struct wv_import_revision *revision = wv_import_add(import, id);
    /* The id is Alembic's own in any case; what it cannot be is found by the check. */
    free(revision->id);
    revision->id = wv_xstrdup(id);
    revision->message = wv_xstrdup(message);
    revision->source = wv_xstrdup(file);
    revision->create_date = date != NULL ? wv_xstrdup(date) : NULL;
    take_texts(&revision->down, entry, "down_revision");
    take_texts(&revision->depends_on, entry, "depends_on");
    take_texts(&revision->labels, entry, "branch_labels");
    take_texts(&revision->remarks, entry, "notes");
    take_step(&revision->up, wv_value_object(entry, "up"), file);
    take_step(&revision->undo, wv_value_object(entry, "down"), file);
}

bool wv_import_alembic(struct wv_import *import, struct wv_err *err)
{
    json_t *document = ask_alembic(import, err);
    if (document == NULL)
        return false;
    const char *fault = wv_value_text(document, "fault");
    if (fault != NULL) {
        fail(import, document, fault, err);
        json_decref(document);
        return false;
    }
    const char *version = wv_value_text(document, "alembic");
    import->tool_version = wv_xstrdup(version != NULL ? version : "");
    struct wv_strlist notes WV_AUTOSTRLIST = {0};
    take_texts(&notes, document, "notes");
    for (size_t i = 0; i < notes.count; i++)
        wv_problems_add(&import->notes, "environment", "env.py", 0, "%s", notes.items[i]);
    size_t index;
    json_t *entry;
    json_array_foreach(wv_value_array(document, "revisions"), index, entry)
    {
        take_revision(import, entry);
    }
    json_decref(document);
    return true;
}
