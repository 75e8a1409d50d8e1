/* See app.h. The order of start: settings, socket and files, threads, loop; of stop: loop, threads,
 * socket. Nothing here knows a verb or a step. */
#include "app.h"

#include <signal.h>
#include <unistd.h>

#include "control.h"
#include "log.h"
#include "migrator.h"
#include "proof_worker.h"

bool wv_app_has_password(const char *database)
{
    return wv_migrator_has_password(database);
}

static bool load_settings(const struct wv_config_options *options, struct wv_settings_set *settings,
                          struct wv_err *err)
{
    struct wv_config_options full = *options;
    full.check_database = wv_migrator_check_database;
    full.check_ignore = wv_proof_check_ignore;
    return wv_config_load(settings, &full, err);
}

/* The faults of all projects come out together; what else an error says is the first one's. */
static void check_files(const struct wv_settings *settings, struct wv_err *err)
{
    struct wv_err faults WV_AUTOERR = {0};
    struct wv_project *project = wv_project_load(&settings->versions, NULL);
    bool sound = wv_project_check(project, &faults);
    wv_project_unref(project);
    if (sound)
        return;
    if (err->code == WV_OK)
        wv_err_move(err, &faults);
    else
        wv_problems_append(&err->problems, &faults.problems);
}

/* Faults of files do not stop the daemon, which must be there to be asked about them; they are what
 * `--check` is for. */
bool wv_app_check(const struct wv_config_options *options, struct wv_err *err)
{
    struct wv_settings_set settings;
    if (!load_settings(options, &settings, err))
        return false;
    for (size_t i = 0; i < settings.count; i++)
        check_files(settings.projects[i], err);
    wv_settings_set_free(&settings);
    return err->code == WV_OK;
}

static bool reload(void *context, struct wv_settings_set *settings, struct wv_err *err)
{
    return load_settings(context, settings, err);
}

static void block_signals(sigset_t *before)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, before);
}

/* Signals belong to the loop: they are blocked while threads are made, so that all but the loop's
 * inherit a mask that keeps them out. */
static struct wv_threads *start_threads(void *context, const struct wv_settings *settings,
                                        const struct wv_mailboxes *boxes)
{
    sigset_t before;
    (void)context;
    block_signals(&before);
    struct wv_threads *threads = wv_threads_start(settings, boxes, wv_proof_main);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return threads;
}

static void join_threads(void *context, struct wv_threads *threads)
{
    (void)context;
    wv_threads_join(threads);
}

static void log_start(const struct wv_settings_set *settings)
{
    struct wv_strlist names WV_AUTOSTRLIST = {0};
    for (size_t i = 0; i < settings->count; i++)
        wv_strlist_add(&names, settings->projects[i]->project);
    char *text WV_AUTOFREE = wv_strlist_join(&names, ", ");
    wv_log(WV_LOG_INFO, "main", "wovend " WV_VERSION " starts for project%s %s, pid %d",
           settings->count > 1 ? "s" : "", text, (int)getpid());
}

bool wv_app_run(const struct wv_config_options *options, struct wv_err *err)
{
    struct wv_settings_set settings;
    if (!load_settings(options, &settings, err))
        return false;
    wv_log_set_level(settings.daemon->log_level);
    log_start(&settings);
    struct wv_control *control = wv_control_new(
        &(struct wv_control_options){
            .settings = &settings,
            .listen_fd = -1,
            .hooks = {reload, start_threads, join_threads, (void *)options},
        },
        err);
    wv_settings_set_free(&settings);
    if (control == NULL)
        return false;
    wv_control_run(control);
    block_signals(NULL); /* one more must not end the process in the middle of its clean end */
    wv_control_free(control);
    wv_log(WV_LOG_INFO, "main", "wovend has ended");
    return true;
}
