/* See app.h. The order of start: settings, socket and files, threads, loop; of stop: loop, threads,
 * socket. Nothing here knows a verb or a step. */
#include "app.h"

#include <signal.h>
#include <unistd.h>

#include "control.h"
#include "log.h"
#include "migrator.h"
#include "proof_worker.h"

/* What the threads meet in. */
struct mailboxes {
    struct wv_mailbox *to_migrator;
    struct wv_mailbox *to_watcher;
    struct wv_mailbox *to_proof;
    struct wv_mailbox *to_loop;
};

bool wv_app_has_password(const char *database)
{
    return wv_migrator_has_password(database);
}

static bool load_settings(const struct wv_config_options *options, struct wv_settings **settings,
                          struct wv_err *err)
{
    struct wv_config_options full = *options;
    full.check_database = wv_migrator_check_database;
    return wv_config_load(settings, &full, err);
}

/* Faults of files do not stop the daemon, which must be there to be asked about them; they are what
 * `--check` is for. */
bool wv_app_check(const struct wv_config_options *options, struct wv_err *err)
{
    struct wv_settings *settings;
    if (!load_settings(options, &settings, err))
        return false;
    struct wv_project *project = wv_project_load(&settings->versions, NULL);
    bool sound = wv_project_check(project, err);
    wv_project_unref(project);
    wv_settings_free(settings);
    return sound;
}

static bool reload(void *context, struct wv_settings **settings, struct wv_err *err)
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
static struct wv_threads *start_threads(const struct wv_settings *settings,
                                        const struct mailboxes *boxes)
{
    sigset_t before;
    block_signals(&before);
    struct wv_threads *threads =
        wv_threads_start(&(struct wv_threads_options){.settings = settings,
                                                      .to_migrator = boxes->to_migrator,
                                                      .to_watcher = boxes->to_watcher,
                                                      .to_proof = boxes->to_proof,
                                                      .to_loop = boxes->to_loop,
                                                      .proof = wv_proof_main});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return threads;
}

static bool serve(const struct wv_config_options *options, const struct wv_settings *settings,
                  const struct mailboxes *boxes, struct wv_err *err)
{
    struct wv_control *control =
        wv_control_new(&(struct wv_control_options){.settings = settings,
                                                    .listen_fd = -1,
                                                    .hooks = {reload, (void *)options},
                                                    .to_migrator = boxes->to_migrator,
                                                    .to_watcher = boxes->to_watcher,
                                                    .to_proof = boxes->to_proof,
                                                    .from_threads = boxes->to_loop},
                       err);
    if (control == NULL)
        return false;
    struct wv_threads *threads = start_threads(settings, boxes);
    wv_control_run(control);
    block_signals(NULL); /* one more must not end the process in the middle of its clean end */
    wv_threads_join(threads);
    wv_control_free(control);
    return true;
}

bool wv_app_run(const struct wv_config_options *options, struct wv_err *err)
{
    struct wv_settings *settings;
    if (!load_settings(options, &settings, err))
        return false;
    wv_log_set_level(settings->log_level);
    wv_log(WV_LOG_INFO, "main", "wovend " WV_VERSION " starts for project %s, pid %d",
           settings->project, (int)getpid());
    struct mailboxes boxes = {
        .to_migrator = wv_mailbox_new((size_t)settings->limits.jobs),
        .to_watcher = wv_mailbox_new(1024),
        .to_proof = wv_mailbox_new((size_t)settings->limits.jobs),
        .to_loop = wv_mailbox_new(1024),
    };
    bool done = serve(options, settings, &boxes, err);
    wv_mailbox_free(boxes.to_migrator);
    wv_mailbox_free(boxes.to_watcher);
    wv_mailbox_free(boxes.to_proof);
    wv_mailbox_free(boxes.to_loop);
    wv_settings_free(settings);
    if (done)
        wv_log(WV_LOG_INFO, "main", "wovend has ended");
    return done;
}
