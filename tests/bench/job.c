/* A job by itself: the migrator on its own connection, without client, socket and threads. For
 * profilers, and to tell what the daemon around it adds.
 * Usage: bench_job CONF upgrade|downgrade TARGET [single] */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "run.h"

static void drop_event(void *arg, struct wv_message *message)
{
    (void)arg;
    wv_message_free(message);
}

static void ignore_change(void *arg, const struct wv_link *link)
{
    (void)arg;
    (void)link;
}

static void ignore_notice(void *arg, const char *severity, const char *text)
{
    (void)arg;
    (void)severity;
    (void)text;
}

static bool lead(struct wv_link *link, struct wv_err *err)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(10000);
    wv_link_advance(link, &wait);
    if (link->role != WV_ROLE_LEADER)
        return wv_err_set(err, WV_NOT_LEADER, "did not become leader: %s",
                          link->error.message != NULL ? link->error.message : "");
    return true;
}

static bool migrate(char **argv, struct wv_settings *settings, struct wv_err *err)
{
    struct wv_link link;
    struct wv_instance_id instance = wv_instance_id_new();
    wv_link_init(&link, wv_settings_copy(settings), &instance);
    link.changed = ignore_change;
    link.notice = ignore_notice;
    struct wv_job job = {.id = (uint64_t)getpid(),
                         .kind =
                             strcmp(argv[2], "upgrade") == 0 ? WV_JOB_UPGRADE : WV_JOB_DOWNGRADE,
                         .single_transaction = argv[4] != NULL,
                         .caller = {.uid = getuid(), .pid = getpid(), .user = wv_xstrdup("bench")}};
    wv_strlist_add(&job.targets, argv[3]);
    int64_t began = wv_clock_us();
    job.project = wv_project_load(&settings->versions, NULL);
    int64_t loaded = wv_clock_us();
    struct wv_job_result result = {0};
    bool done = lead(&link, err);
    int64_t led = wv_clock_us();
    if (done) {
        struct wv_edited edited = {0};
        struct wv_pg_wait wait = {.wake_fd = -1, .deadline = WV_NEVER};
        struct wv_run run = {.link = &link, .edited = &edited, .wait = &wait};
        run.report = (struct wv_report){.emit = drop_event, .job_id = job.id};
        wv_run_job(&run, &job, &result);
        wv_edited_clear(&edited);
        if (result.error.code != WV_OK)
            wv_err_move(err, &result.error);
        done = err->code == WV_OK;
    }
    printf("steps %zu load %.3f lead %.3f job %.3f\n", result.steps.count,
           (double)(loaded - began) / 1000, (double)(led - loaded) / 1000,
           (double)(wv_clock_us() - led) / 1000);
    wv_job_result_clear(&result);
    wv_job_clear(&job);
    wv_link_clear(&link);
    return done;
}

int main(int argc, char **argv)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_settings_set settings = {0};
    if (argc < 4)
        return 2;
    struct wv_config_options options = {.file = argv[1]};
    bool done =
        wv_config_load(&settings, &options, &err) && migrate(argv, settings.projects[0], &err);
    if (!done)
        fprintf(stderr, "bench_job: %s\n", err.message);
    wv_settings_set_free(&settings);
    return done ? 0 : 1;
}
