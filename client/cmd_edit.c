/* `edit`: opens the files of revisions in the user's editor, as the user, and has the daemon check
 * all files afterwards. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "newfile.h"
#include "render.h"
#include "run.h"
#include "value.h"

static const char *find_editor(struct wv_err *err)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *editor = getenv(names[i]);
        if (editor != NULL && *editor != '\0')
            return editor;
    }
    wv_err_set(err, WV_USAGE, "there is no editor to open the file in");
    wv_err_hint(err, "set VISUAL or EDITOR, for example `export VISUAL=nano`");
    return NULL;
}

/* The editor may be a command with arguments: a shell takes it apart, and the files come after
 * it. */
static _Noreturn void become_editor(const char *editor, const json_t *files)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    (void)sigaction(SIGPIPE, &action, NULL);
    char *command = wv_xasprintf("%s \"$@\"", editor);
    size_t count = json_array_size(files);
    const char **argv = wv_xcalloc(count + 5, sizeof(*argv));
    argv[0] = "sh";
    argv[1] = "-c";
    argv[2] = command;
    argv[3] = editor;
    for (size_t i = 0; i < count; i++)
        argv[4 + i] = wv_value_text(json_array_get(files, i), "path");
    execv("/bin/sh", (char *const *)argv);
    _exit(127);
}

static bool run_editor(const char *editor, const json_t *files, struct wv_err *err)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction interrupt, quit;
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        become_editor(editor, files);
    if (child < 0)
        return wv_err_set(err, WV_IO_ERROR, "cannot start the editor: %s", strerror(errno));
    /* Ctrl-C in the editor is the editor's. */
    (void)sigaction(SIGINT, &ignore, &interrupt);
    (void)sigaction(SIGQUIT, &ignore, &quit);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    (void)sigaction(SIGINT, &interrupt, NULL);
    (void)sigaction(SIGQUIT, &quit, NULL);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFSIGNALED(status))
        wv_err_set(err, WV_IO_ERROR, "the editor `%s` was ended by signal %d", editor,
                   WTERMSIG(status));
    else
        wv_err_set(err, WV_IO_ERROR, "the editor `%s` ended with exit status %d", editor,
                   WEXITSTATUS(status));
    return wv_err_hint(err, "the files are as it left them, and have not been checked");
}

static bool check_paths(const json_t *files, struct wv_err *err)
{
    size_t index;
    const json_t *file;
    json_array_foreach(files, index, file)
    {
        const char *path = wv_value_text(file, "path");
        if (path == NULL || !wv_newfile_plausible(path))
            return wv_err_set(err, WV_INTERNAL, "wovend answered no usable path: \"%s\"",
                              path != NULL ? path : "");
        if (access(path, R_OK) != 0)
            return wv_err_set(err, WV_IO_ERROR, "cannot read %s: %s", path, strerror(errno));
    }
    if (json_array_size(files) == 0)
        return wv_err_set(err, WV_BAD_TARGET, "there is no revision to edit");
    return true;
}

/* Asks anew: the daemon closes a connection that was idle for as long as an edit takes. */
static bool check_files(struct wv_call *call, struct wv_err *err)
{
    json_t *result = NULL;
    wv_call_close(call);
    if (call->args->timeout_ms > 0)
        call->deadline = wv_clock_ms() + call->args->timeout_ms;
    if (!wv_call_open(call, err) || !wv_call_ask(call, "migrate.files", NULL, &result, err))
        return wv_err_prefix(err, "the files are edited, but not checked");
    json_t *error = json_pack("{s:s,s:s,s:s,s:O}", "code", "LOAD_ERROR", "message",
                              "the revision files have faults now", "hint",
                              "`wovenctl migrate edit` opens the file again", "problems",
                              json_object_get(result, "problems"));
    bool sound = wv_value_count(result, "problems") == 0;
    if (!sound)
        wv_proto_err_from(error, err);
    json_decref(error);
    json_decref(result);
    return sound;
}

static bool any_applied(const json_t *files)
{
    size_t index;
    const json_t *file;
    json_array_foreach(files, index, file)
    {
        if (wv_value_true(file, "is_applied"))
            return true;
    }
    return false;
}

static void render(struct wv_strbuf *text, const struct wv_call *call, const json_t *files)
{
    size_t index;
    const json_t *file;
    json_array_foreach(files, index, file)
    {
        wv_style_text(text, &call->out, WV_PLAIN, wv_value_text(file, "path"));
        wv_strbuf_addc(text, '\n');
    }
    if (call->quiet || call->json || !any_applied(files))
        return;
    struct wv_strbuf note WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&note, "note: applied already; upgrade refuses when its SQL has changed\n");
    wv_write_err(&note);
}

int wv_run_edit(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = NULL;
    const char *editor = find_editor(&err);
    if (editor == NULL)
        return wv_call_fail(call, &err);
    json_t *params = json_object();
    json_object_set_new(params, "revision", wv_proto_texts(&call->args->words));
    if (!wv_call_do(call, params, &result, &err))
        return wv_call_fail(call, &err);
    const json_t *files = wv_value_array(result, "files");
    int status = WV_EXIT_DONE;
    if (check_paths(files, &err) && run_editor(editor, files, &err) && check_files(call, &err)) {
        json_object_set_new(result, "problems", json_array());
        render(&text, call, files);
        status = wv_call_finish(call, result, &text, status);
    } else {
        status = wv_call_fail(call, &err);
    }
    json_decref(result);
    return status;
}
