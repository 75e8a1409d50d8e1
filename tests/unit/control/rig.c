/* See rig.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "log.h"
#include "rig.h"
#include "usock.h"

enum { PATIENCE_MS = 10000, MOMENT_MS = 150 };

static char *inside(const struct rig *rig, const char *name)
{
    return wv_xasprintf("%s/%s", rig->folder, name);
}

void rig_write(const struct rig *rig, const char *revision, const char *down)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/versions/%s.sql", rig->folder, revision);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file,
            "-- message: Revision %s\n-- revision: %s\n-- down_revision: %s\n-- branch_labels:\n"
            "-- depends_on:\n-- create_date: 2026-01-14T09:12:00Z\n\n-- woven:up\nSELECT 1;\n\n"
            "-- woven:down\nSELECT 2;\n",
            revision, revision, down);
    fclose(file);
}

static struct wv_settings *make_settings(const struct rig *rig)
{
    struct wv_settings *settings = wv_xcalloc(1, sizeof(*settings));
    settings->directory = wv_xstrdup(rig->folder);
    settings->config_path = inside(rig, "woven.conf");
    settings->project = wv_xstrdup("woven");
    settings->database = wv_xstrdup("");
    settings->socket = inside(rig, "s");
    settings->socket_mode = 0666;
    wv_strlist_add_owned(&settings->versions, inside(rig, "versions"));
    settings->models = inside(rig, "models");
    settings->template_file = inside(rig, "script.sql.in");
    settings->file_template = wv_xstrdup("{rev}_{slug}");
    settings->slug_length = 40;
    settings->timezone = wv_xstrdup("UTC");
    settings->version_table = wv_xstrdup("alembic_version");
    settings->version_table_schema = wv_xstrdup("");
    settings->ledger_schema = wv_xstrdup("woven");
    settings->log_level = WV_LOG_ERROR;
    settings->timeouts.grace = 60000;
    settings->timeouts.idle = 60000;
    settings->limits = (struct wv_limits){.clients = 300, .clients_per_uid = 300, .jobs = 4};
    return settings;
}

int rig_set_up(void **state)
{
    struct rig *rig = wv_xcalloc(1, sizeof(*rig));
    wv_log_init(getenv("RIG_LOG") != NULL ? WV_LOG_DEBUG : WV_LOG_ERROR);
    strcpy(rig->folder, "/tmp/wv_control_XXXXXX");
    if (mkdtemp(rig->folder) == NULL || chmod(rig->folder, 0755) != 0)
        return -1;
    char *versions WV_AUTOFREE = inside(rig, "versions");
    if (mkdir(versions, 0755) != 0)
        return -1;
    rig->settings = make_settings(rig);
    *state = rig;
    rig_write(rig, "a1", "");
    rig_write(rig, "b2", "a1");
    rig_write(rig, "c3", "b2");
    return 0;
}

static void empty_folder(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *inner WV_AUTOFREE = wv_xasprintf("%s/%s", path, entry->d_name);
        if (unlink(inner) != 0)
            empty_folder(inner);
    }
    if (dir != NULL)
        closedir(dir);
    rmdir(path);
}

int rig_tear_down(void **state)
{
    struct rig *rig = *state;
    if (rig->control != NULL)
        rig_stop(rig);
    empty_folder(rig->folder);
    wv_settings_free(rig->settings);
    wv_settings_free(rig->next_settings);
    free(rig);
    return 0;
}

/* A configuration of one project. */
static struct wv_settings_set set_of(const struct wv_settings *settings)
{
    struct wv_settings_set set = {.daemon = wv_settings_copy(settings)};
    wv_settings_set_add(&set, wv_settings_copy(settings));
    return set;
}

static bool reload(void *context, struct wv_settings_set *settings, struct wv_err *err)
{
    struct rig *rig = context;
    if (rig->refuse_reload)
        return wv_err_set(err, WV_CONFIG_ERROR, "woven.conf:3: no such option");
    *settings = set_of(rig->next_settings != NULL ? rig->next_settings : rig->settings);
    return true;
}

/* The threads are the test itself. */
static struct wv_threads *start(void *context, const struct wv_settings *settings,
                                const struct wv_mailboxes *boxes)
{
    struct rig *rig = context;
    (void)settings;
    rig->to_migrator = boxes->to_migrator;
    rig->to_watcher = boxes->to_watcher;
    rig->to_proof = boxes->to_proof;
    rig->from_threads = boxes->to_loop;
    return NULL;
}

static void join(void *context, struct wv_threads *threads)
{
    (void)context;
    (void)threads;
}

static void *run(void *arg)
{
    wv_control_run(arg);
    return NULL;
}

void rig_start(struct rig *rig)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_settings_set settings = set_of(rig->settings);
    struct wv_control_options options = {
        .settings = &settings,
        .listen_fd = -1,
        .hooks = {.reload = reload, .start = start, .join = join, .context = rig}};
    rig->control = wv_control_new(&options, &err);
    wv_settings_set_free(&settings);
    if (rig->control == NULL)
        fail_msg("%s", err.message);
    pthread_create(&rig->thread, NULL, run, rig->control);
}

void rig_signal(int number)
{
    kill(getpid(), number);
}

static struct wv_message *take_any(struct wv_mailbox *box)
{
    struct pollfd fd = {.fd = wv_mailbox_fd(box), .events = POLLIN};
    return poll(&fd, 1, PATIENCE_MS) == 1 ? wv_mailbox_take(box) : NULL;
}

static void play_until_stop(struct rig *rig, struct wv_mailbox *box, enum wv_thread thread)
{
    bool stopped = false;
    while (!stopped) {
        struct wv_message *message = take_any(box);
        if (message == NULL)
            abort(); /* in a teardown, where an assertion would hide the test's own */
        stopped = message->kind == WV_MSG_STOP;
        wv_message_free(message);
    }
    struct wv_message *message = wv_message_new(WV_MSG_EXITED);
    message->thread = thread;
    wv_mailbox_put(rig->from_threads, message);
}

void rig_stop(struct rig *rig)
{
    rig_signal(SIGTERM);
    play_until_stop(rig, rig->to_migrator, WV_THREAD_MIGRATOR);
    play_until_stop(rig, rig->to_proof, WV_THREAD_PROOF);
    play_until_stop(rig, rig->to_watcher, WV_THREAD_WATCHER);
    pthread_join(rig->thread, NULL);
    wv_control_free(rig->control);
    rig->control = NULL;
}

struct wv_message *rig_take(struct wv_mailbox *box, enum wv_message_kind kind)
{
    struct wv_message *message = take_any(box);
    while (message != NULL && message->kind == WV_MSG_SELF && kind != WV_MSG_SELF) {
        wv_message_free(message);
        message = take_any(box);
    }
    assert_non_null(message);
    assert_int_equal(message->kind, kind);
    return message;
}

bool rig_is_quiet(struct wv_mailbox *box)
{
    wv_message_free(wv_mailbox_take_kind(box, WV_MSG_SELF));
    return wv_mailbox_count(box) == 0;
}

void rig_answer(struct rig *rig, const char *const *rows)
{
    struct wv_message *ask = rig_take(rig->to_watcher, WV_MSG_ASK);
    struct wv_message *message = wv_message_new(WV_MSG_ANSWER);
    struct wv_db_state *state = &message->answer.state;
    message->answer.question = ask->ask.question;
    wv_message_free(ask);
    state->reachable = rows != NULL;
    if (rows == NULL)
        wv_err_set(&state->error, WV_DATABASE_UNREACHABLE, "the server is away");
    while (rows != NULL && *rows != NULL)
        wv_strlist_add(&state->rows, *rows++);
    state->database = wv_xstrdup("app");
    state->server_version = 150020;
    wv_mailbox_put(rig->from_threads, message);
}

void rig_role(struct rig *rig, enum wv_role role)
{
    struct wv_message *message = wv_message_new(WV_MSG_ROLE);
    message->role.role = role;
    message->role.backend_pid = 77;
    message->role.retry_ms = 500;
    if (role == WV_ROLE_UNREACHABLE)
        wv_err_set(&message->role.error, WV_DATABASE_UNREACHABLE, "the server is away");
    if (role == WV_ROLE_LEADER)
        message->role.leader.host = wv_xstrdup("here");
    wv_mailbox_put(rig->from_threads, message);
}

uint64_t rig_take_job(struct rig *rig)
{
    struct wv_message *message = rig_take(rig->to_migrator, WV_MSG_JOB);
    uint64_t id = message->job.id;
    assert_non_null(message->job.project);
    wv_message_free(message);
    return id;
}

void rig_event(struct rig *rig, uint64_t job, enum wv_job_event_kind kind, const char *text)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB_EVENT);
    message->event.job_id = job;
    message->event.kind = kind;
    message->event.text = wv_xstrdup(text);
    message->event.number = 1;
    message->event.total = 3;
    message->event.file = wv_xstrdup("versions/a1.sql");
    message->event.line = 9;
    message->event.took_us = 1500000;
    wv_mailbox_put(rig->from_threads, message);
}

void rig_planned(struct rig *rig, uint64_t job)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB_EVENT);
    message->event.job_id = job;
    message->event.kind = WV_EVENT_PLANNED;
    wv_step_values_add(&message->event.steps, "a1", "Revision a1", true);
    wv_step_values_add(&message->event.steps, "b2", "Revision b2", true);
    wv_mailbox_put(rig->from_threads, message);
}

void rig_result(struct rig *rig, uint64_t job, enum wv_outcome outcome)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB_RESULT);
    message->result.job_id = job;
    message->result.outcome = outcome;
    wv_strlist_add(&message->result.heads_after, "b2");
    if (outcome == WV_OUTCOME_CANCELLED)
        wv_err_set(&message->result.error, WV_CANCELLED, "cancelled");
    if (outcome == WV_OUTCOME_FAILED)
        wv_err_set(&message->result.error, WV_SQL_ERROR, "relation exists");
    wv_mailbox_put(rig->from_threads, message);
}

struct client client_open(const struct rig *rig)
{
    struct wv_err err WV_AUTOERR = {0};
    struct client client = {.fd = -1};
    if (!wv_usock_connect(rig->settings->socket, wv_clock_ms() + PATIENCE_MS, &client.fd, &err))
        fail_msg("%s", err.message);
    wv_frame_init(&client.frame, WV_FRAME_RESPONSE_LIMIT);
    return client;
}

void client_close(struct client *client)
{
    close(client->fd);
    wv_frame_free(&client->frame);
    client->fd = -1;
}

void client_send(struct client *client, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t sent = send(client->fd, text, length, MSG_NOSIGNAL);
        if (sent < 0)
            return; /* closed on us: the reading side tells why */
        text += sent;
        length -= (size_t)sent;
    }
}

json_t *client_read(struct client *client)
{
    const char *line;
    size_t length;
    while (wv_frame_next(&client->frame, &line, &length) != WV_FRAME_LINE) {
        char bytes[65536];
        struct pollfd fd = {.fd = client->fd, .events = POLLIN};
        if (poll(&fd, 1, PATIENCE_MS) != 1)
            fail_msg("the daemon says nothing");
        ssize_t count = recv(client->fd, bytes, sizeof(bytes), 0);
        if (count <= 0)
            return NULL;
        wv_frame_feed(&client->frame, bytes, (size_t)count);
    }
    json_t *value = json_loadb(line, length, 0, NULL);
    assert_non_null(value);
    return value;
}

bool client_silent(struct client *client)
{
    struct pollfd fd = {.fd = client->fd, .events = POLLIN};
    return wv_frame_pending(&client->frame) == 0 && poll(&fd, 1, MOMENT_MS) == 0;
}

json_t *client_call(struct client *client, const char *method, const char *params)
{
    char *line WV_AUTOFREE =
        wv_xasprintf("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}\n", method,
                     params != NULL ? params : "{}");
    client_send(client, line);
    json_t *answer = client_read(client);
    while (answer != NULL && json_object_get(answer, "method") != NULL) {
        json_decref(answer);
        answer = client_read(client);
    }
    assert_non_null(answer);
    return answer;
}

const char *error_word(const json_t *answer)
{
    const json_t *error = json_object_get(answer, "error");
    const char *word = json_string_value(json_object_get(json_object_get(error, "data"), "code"));
    return word != NULL ? word : "none";
}

json_t *client_event(struct client *client, const char *event)
{
    json_t *line = client_read(client);
    json_t *params = json_incref(json_object_get(line, "params"));
    assert_non_null(params);
    assert_string_equal(json_string_value(json_object_get(line, "method")), "job");
    assert_string_equal(json_string_value(json_object_get(params, "event")), event);
    json_decref(line);
    return params;
}
