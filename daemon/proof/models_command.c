/* See models_command.h. The command comes from the settings, never from a client. It runs in their
 * folder, without a shell, with an environment that has nothing of the daemon's. */
#include "models_command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "installed.h"

static const char name[] = "models_command";

enum { MOST_BYTES = 64 << 20 };

/* A name without a slash is looked for where the child's PATH says. */
static char *find_program(const char *word, struct wv_err *err)
{
    static const char *const folders[] = {"/usr/local/bin", "/usr/bin", "/bin"};
    if (strchr(word, '/') != NULL)
        return wv_xstrdup(word);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        char *path = wv_xasprintf("%s/%s", folders[i], word);
        if (access(path, X_OK) == 0)
            return path;
        free(path);
    }
    wv_err_set(err, WV_LOAD_ERROR,
               "%s: there is no program \"%s\" in /usr/local/bin, /usr/bin, /bin", name, word);
    wv_err_hint(err, "write its path, from the folder of the settings on: \".venv/bin/%s\"", word);
    return NULL;
}

static bool capture(struct wv_proof *proof, const char *program, const struct wv_run_as *as,
                    char **text, size_t *length, struct wv_err *err)
{
    const struct wv_strlist *words = &proof->settings->models_command;
    const char **argv WV_AUTOFREE = wv_xcalloc(words->count + 1, sizeof(*argv));
    struct wv_pg_wait wait = *proof->wait;
    int64_t deadline = wv_clock_ms() + proof->settings->timeouts.models_command;
    for (size_t i = 0; i < words->count; i++)
        argv[i] = i == 0 ? program : words->items[i];
    if (deadline < wait.deadline)
        wait.deadline = deadline;
    struct wv_child_spec spec = {.argv = argv,
                                 .directory = proof->settings->directory,
                                 .as = as,
                                 .death_signal = SIGKILL,
                                 .most_written = MOST_BYTES};
    wv_report_waiting(proof->report, "running %s", name);
    if (wv_child_capture(&spec, text, length, &wait, err))
        return true;
    if (err->code == WV_SERVER_FAILED)
        err->code = WV_LOAD_ERROR;
    if (err->code == WV_TIMED_OUT)
        wv_err_hint(err, "it may run for %lld s, see %s in the section timeouts",
                    (long long)(proof->settings->timeouts.models_command / 1000), name);
    return wv_err_prefix(err, "%s", name);
}

static bool run(struct wv_proof *proof, char **text, size_t *length, struct wv_err *err)
{
    struct wv_installed who = {0};
    char *program WV_AUTOFREE = find_program(proof->settings->models_command.items[0], err);
    bool done = program != NULL &&
                wv_installed_user(&who, proof->settings->postgres_user,
                                  proof->settings->state_directory, err) &&
                capture(proof, program, wv_installed_as(&who), text, length, err);
    wv_installed_clear(&who);
    return done;
}

static bool read_command(struct wv_proof *proof, struct wv_model_files *files, struct wv_err *err)
{
    struct wv_problems problems = {0};
    char *text = NULL;
    size_t length = 0;
    if (!run(proof, &text, &length, err))
        return false;
    wv_model_files_add(files, name, text, length, &problems);
    if (!wv_model_files_check(&problems, err))
        return false;
    return files->items[0].statements.count > 0 ||
           wv_err_set(err, WV_LOAD_ERROR, "%s printed no statement", name);
}

bool wv_models_read(struct wv_proof *proof, struct wv_model_files *files, struct wv_err *err)
{
    if (proof->settings->models_command.count > 0)
        return read_command(proof, files, err);
    return wv_model_files_read(files, proof->settings->models, err);
}
