/* The two threads' making and joining, and what migrator.h tells of settings. Main thread. */
#include <pthread.h>
#include <stdlib.h>

#include "migrator.h"
#include "pg.h"
#include "watcher.h"
#include "worker.h"

struct wv_threads {
    pthread_t migrator;
    pthread_t watcher;
    pthread_t proof;
    wv_proof_body *proof_main;
    struct wv_worker_options worker_options;
    struct wv_watcher_options watcher_options;
    struct wv_worker_options proof_options;
};

static void *migrator_body(void *arg)
{
    wv_worker_main(arg);
    return NULL;
}

static void *watcher_body(void *arg)
{
    wv_watcher_main(arg);
    return NULL;
}

static void *proof_body(void *arg)
{
    struct wv_threads *threads = arg;
    threads->proof_main(&threads->proof_options);
    return NULL;
}

static void start(pthread_t *thread, const char *name, void *(*body)(void *arg), void *arg)
{
    if (pthread_create(thread, NULL, body, arg) != 0) {
        wv_log(WV_LOG_ERROR, "main", "no thread can be made");
        abort();
    }
    pthread_setname_np(*thread, name);
}

struct wv_threads *wv_threads_start(const struct wv_settings *settings,
                                    const struct wv_mailboxes *boxes, wv_proof_body *proof)
{
    struct wv_threads *threads = wv_xcalloc(1, sizeof(*threads));
    struct wv_instance_id instance = wv_instance_id_new();
    threads->worker_options = (struct wv_worker_options){.settings = wv_settings_copy(settings),
                                                         .instance = instance,
                                                         .inbox = boxes->to_migrator,
                                                         .outbox = boxes->to_loop,
                                                         .watcher = boxes->to_watcher};
    threads->watcher_options = (struct wv_watcher_options){.settings = wv_settings_copy(settings),
                                                           .instance = instance,
                                                           .inbox = boxes->to_watcher,
                                                           .outbox = boxes->to_loop};
    start(&threads->migrator, "wv-migrator", migrator_body, &threads->worker_options);
    start(&threads->watcher, "wv-watcher", watcher_body, &threads->watcher_options);
    threads->proof_main = proof;
    if (threads->proof_main == NULL)
        return threads;
    threads->proof_options = (struct wv_worker_options){
        .settings = wv_settings_copy(settings), .inbox = boxes->to_proof, .outbox = boxes->to_loop};
    start(&threads->proof, "wv-proof", proof_body, threads);
    return threads;
}

void wv_threads_join(struct wv_threads *threads)
{
    pthread_join(threads->migrator, NULL);
    pthread_join(threads->watcher, NULL);
    if (threads->proof_main != NULL)
        pthread_join(threads->proof, NULL);
    free(threads);
}

bool wv_migrator_check_database(const char *database, struct wv_err *err)
{
    return wv_pg_conninfo_check(database, err);
}

bool wv_migrator_has_password(const char *database)
{
    return wv_pg_conninfo_has_password(database);
}
