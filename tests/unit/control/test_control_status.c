/* Questions about the schema: states, plans, histories, new files, reloads. The test plays the
 * watcher. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "rig.h"

static const char *const nothing[] = {NULL};
static const char *const at_a1[] = {"a1", NULL};
static const char *const at_c3[] = {"c3", NULL};
static const char *const at_strange[] = {"zz", NULL};

static void send_call(struct client *client, const char *method, const char *params)
{
    char *line WV_AUTOFREE = wv_xasprintf(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}\n", method, params);
    client_send(client, line);
}

/* The result, borrowed from *line, which is the caller's own. */
static const json_t *ask(struct rig *rig, struct client *client, const char *method,
                         const char *params, const char *const *rows, json_t **line)
{
    send_call(client, method, params);
    rig_answer(rig, rows);
    *line = client_read(client);
    return json_object_get(*line, "result");
}

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static size_t count(const json_t *object, const char *key)
{
    return json_array_size(json_object_get(object, key));
}

static void expect_state(struct rig *rig, struct client *client, const char *const *rows,
                         const char *word, size_t pending)
{
    json_t *line;
    const json_t *status = ask(rig, client, "migrate.status", "{}", rows, &line);
    assert_string_equal(text(status, "state"), word);
    assert_int_equal(count(status, "pending"), pending);
    json_decref(line);
}

static void states_are_told_apart(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    expect_state(rig, &client, nothing, "empty", 3);
    expect_state(rig, &client, at_a1, "behind", 2);
    expect_state(rig, &client, at_c3, "at-head", 0);
    expect_state(rig, &client, at_strange, "diverged", 3);
    expect_state(rig, &client, NULL, "unreachable", 0);
    client_close(&client);
}

/* Answers with one row that only the ledger knows, which follows `down`. */
static void answer_ahead(struct rig *rig, const char *down)
{
    struct wv_message *ask_message = rig_take(rig->to_watcher, WV_MSG_ASK);
    struct wv_message *message = wv_message_new(WV_MSG_ANSWER);
    struct wv_db_state *look = &message->answer.state;
    message->answer.question = ask_message->ask.question;
    assert_non_null(ask_message->ask.project);
    wv_message_free(ask_message);
    look->reachable = true;
    wv_strlist_add(&look->rows, "d4");
    struct wv_ledger_revision *unknown = wv_ledger_revisions_add(&look->unknown);
    unknown->id = wv_xstrdup("d4");
    unknown->message = wv_xstrdup("From the future");
    wv_strlist_add(&unknown->down, down);
    wv_mailbox_put(rig->from_threads, message);
}

static void a_database_ahead_is_understood(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    send_call(&client, "migrate.status", "{}");
    answer_ahead(rig, "c3");
    json_t *line = client_read(&client);
    const json_t *status = json_object_get(line, "result");
    assert_string_equal(text(status, "state"), "ahead");
    assert_int_equal(count(status, "ahead"), 1);
    assert_int_equal(count(status, "pending"), 0);
    const json_t *messages = json_object_get(status, "messages");
    assert_string_equal(text(messages, "d4"), "From the future");
    assert_string_equal(text(messages, "c3"), "Revision c3");
    json_decref(line);
    send_call(&client, "migrate.status", "{}");
    answer_ahead(rig, "b2");
    line = client_read(&client);
    status = json_object_get(line, "result");
    assert_string_equal(text(status, "state"), "diverged");
    assert_int_equal(count(status, "pending"), 1);
    json_decref(line);
    send_call(&client, "migrate.plan", "{\"direction\":\"downgrade\",\"target\":\"b2\"}");
    answer_ahead(rig, "c3");
    line = client_read(&client);
    const json_t *plan = json_object_get(line, "result");
    assert_int_equal(count(plan, "steps"), 2);
    assert_string_equal(text(json_array_get(json_object_get(plan, "steps"), 0), "message"),
                        "From the future");
    json_decref(line);
    send_call(&client, "migrate.current", "{}");
    answer_ahead(rig, "c3");
    line = client_read(&client);
    const json_t *list = json_object_get(json_object_get(line, "result"), "revisions");
    assert_string_equal(text(json_array_get(list, 0), "revision"), "d4");
    assert_true(json_is_null(json_object_get(json_array_get(list, 0), "path")));
    json_decref(line);
    client_close(&client);
}

static void no_answer_gives_the_last_picture_with_its_age(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    expect_state(rig, &client, at_a1, "behind", 2);
    send_call(&client, "migrate.status", "{}");
    struct wv_message *late = rig_take(rig->to_watcher, WV_MSG_ASK);
    json_t *line = client_read(&client);
    const json_t *status = json_object_get(line, "result");
    assert_string_equal(text(status, "state"), "behind");
    assert_true(json_is_true(json_object_get(status, "stale")));
    assert_true(json_integer_value(json_object_get(status, "age_ms")) >= 2900);
    json_decref(line);
    rig_role(rig, WV_ROLE_UNREACHABLE);
    send_call(&client, "migrate.status", "{}"); /* the watcher is busy with the first question */
    line = client_read(&client);
    status = json_object_get(line, "result");
    assert_string_equal(text(status, "state"), "unreachable");
    assert_null(json_object_get(status, "stale"));
    const json_t *database = json_object_get(status, "database");
    assert_string_equal(text(json_object_get(database, "error"), "code"), "DATABASE_UNREACHABLE");
    assert_non_null(json_object_get(database, "since"));
    json_decref(line);
    wv_message_free(late);
    client_close(&client);
}

static void many_questions_are_one(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    for (int i = 0; i < 10; i++)
        send_call(&client, "migrate.status", "{}");
    json_decref(client_call(&client, "daemon.ping", NULL));
    rig_answer(rig, at_a1); /* the first one's */
    json_t *line = client_read(&client);
    assert_string_equal(text(json_object_get(line, "result"), "state"), "behind");
    json_decref(line);
    rig_answer(rig, at_c3); /* all others', who came later */
    for (int i = 0; i < 9; i++) {
        line = client_read(&client);
        assert_string_equal(text(json_object_get(line, "result"), "state"), "at-head");
        json_decref(line);
    }
    assert_true(rig_is_quiet(rig->to_watcher));
    client_close(&client);
}

static void plans_come_from_database_or_request(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *line;
    const json_t *plan = ask(rig, &client, "migrate.plan", "{\"target\":\"head\"}", at_a1, &line);
    assert_int_equal(count(plan, "steps"), 2);
    assert_string_equal(text(json_array_get(json_object_get(plan, "steps"), 0), "revision"), "b2");
    json_decref(line);
    line = client_call(&client, "migrate.plan",
                       "{\"direction\":\"downgrade\",\"target\":\"base\",\"from\":\"b2\"}");
    plan = json_object_get(line, "result");
    assert_int_equal(count(plan, "steps"), 2);
    assert_int_equal(count(plan, "heads_after"), 0);
    json_decref(line);
    ask(rig, &client, "migrate.plan", "{\"target\":\"head\"}", NULL, &line);
    assert_string_equal(error_word(line), "DATABASE_UNREACHABLE");
    json_decref(line);
    client_close(&client);
}

static void history_needs_no_database(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *line;
    const json_t *result = ask(rig, &client, "migrate.history", "{}", at_a1, &line);
    const json_t *list = json_object_get(result, "revisions");
    assert_int_equal(json_array_size(list), 3);
    assert_string_equal(text(json_array_get(list, 0), "revision"), "c3");
    assert_true(json_is_true(json_object_get(json_array_get(list, 2), "is_current")));
    assert_int_equal(count(json_array_get(list, 2), "next"), 1);
    assert_true(json_is_false(json_object_get(json_array_get(list, 1), "is_applied")));
    json_decref(line);
    rig_role(rig, WV_ROLE_UNREACHABLE);
    line = client_call(&client, "daemon.ping", NULL);
    json_decref(line);
    static const char *const methods[][2] = {{"migrate.history", "{}"},
                                             {"migrate.heads", "{}"},
                                             {"migrate.branches", "{}"},
                                             {"migrate.show", "{\"revision\":\"c3\"}"}};
    for (size_t i = 0; i < 4; i++) {
        line = client_call(&client, methods[i][0], methods[i][1]);
        list = json_object_get(json_object_get(line, "result"), "revisions");
        assert_non_null(list);
        if (i != 2)
            assert_true(json_is_null(json_object_get(json_array_get(list, 0), "is_current")));
        json_decref(line);
    }
    assert_true(rig_is_quiet(rig->to_watcher));
    client_close(&client);
}

static void show_has_the_text(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *line;
    const json_t *result =
        ask(rig, &client, "migrate.show", "{\"revision\":[\"a1\",\"head\"]}", at_a1, &line);
    const json_t *list = json_object_get(result, "revisions");
    assert_int_equal(json_array_size(list), 2);
    assert_non_null(strstr(text(json_array_get(list, 0), "sql"), "-- woven:down"));
    json_decref(line);
    ask(rig, &client, "migrate.show", "{\"revision\":\"nope\"}", at_a1, &line);
    assert_string_equal(error_word(line), "REVISION_NOT_FOUND");
    json_decref(line);
    client_close(&client);
}

static void new_files_are_seen_at_once(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    expect_state(rig, &client, at_c3, "at-head", 0);
    rig_write(rig, "d4", "c3");
    expect_state(rig, &client, at_c3, "behind", 1);
    char *path WV_AUTOFREE = wv_xasprintf("%s/versions/d4.sql", rig->folder);
    unlink(path);
    expect_state(rig, &client, at_c3, "at-head", 0);
    client_close(&client);
}

static void a_new_revision_is_proposed(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *line =
        client_call(&client, "migrate.revision", "{\"message\":\"Add x\",\"rev_id\":\"d4\"}");
    const json_t *result = json_object_get(line, "result");
    char *path WV_AUTOFREE = wv_xasprintf("%s/versions/d4_add_x.sql", rig->folder);
    assert_string_equal(text(result, "path"), path);
    assert_non_null(strstr(text(result, "content"), "-- down_revision: c3\n"));
    assert_int_not_equal(access(path, F_OK), 0);
    json_decref(line);
    line = client_call(&client, "migrate.revision", "{\"head\":\"a1\"}");
    assert_string_equal(error_word(line), "NOT_A_HEAD");
    json_decref(line);
    line = client_call(&client, "migrate.revision", "{\"version_path\":\"/etc\"}");
    assert_string_equal(error_word(line), "INVALID_PARAMS");
    json_decref(line);
    line = client_call(&client, "migrate.revision", "{\"rev_id\":\"a@b\"}");
    assert_string_equal(error_word(line), "INVALID_PARAMS");
    json_decref(line);
    client_close(&client);
}

static void a_reload_reaches_all_or_changes_nothing(void **state)
{
    struct rig *rig = *state;
    rig->refuse_reload = true;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *line = client_call(&client, "daemon.reload", NULL);
    assert_string_equal(error_word(line), "CONFIG_ERROR");
    json_decref(line);
    assert_int_equal(wv_mailbox_count(rig->to_migrator), 0);
    rig->refuse_reload = false;
    rig->next_settings = wv_settings_copy(rig->settings);
    free(rig->next_settings->socket);
    rig->next_settings->socket = wv_xstrdup("/elsewhere");
    rig->next_settings->limits.clients = 1;
    rig->next_settings->timeouts.lock = 77;
    line = client_call(&client, "daemon.reload", NULL);
    const json_t *result = json_object_get(line, "result");
    assert_true(json_is_true(json_object_get(result, "reloaded")));
    assert_int_equal(json_integer_value(json_object_get(result, "revisions")), 3);
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(result, "restart_needed"), 0)), "socket");
    json_decref(line);
    wv_message_free(rig_take(rig->to_migrator, WV_MSG_SETTINGS));
    wv_message_free(rig_take(rig->to_watcher, WV_MSG_SETTINGS));
    struct client second = client_open(rig);
    line = client_read(&second);
    assert_string_equal(error_word(line), "LIMIT_EXCEEDED");
    json_decref(line);
    /* What is the same for a project does not reach its threads. */
    json_decref(client_call(&client, "daemon.reload", NULL));
    assert_true(rig_is_quiet(rig->to_migrator) && rig_is_quiet(rig->to_watcher));
    client_close(&client);
    client_close(&second);
}

static void the_daemon_tells_of_itself(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    rig_role(rig, WV_ROLE_LEADER);
    struct client client = client_open(rig);
    json_decref(client_call(&client, "daemon.ping", NULL));
    json_t *line = client_call(&client, "daemon.status", NULL);
    const json_t *result = json_object_get(line, "result");
    assert_string_equal(text(result, "role"), "leader");
    assert_string_equal(text(json_object_get(result, "leader"), "host"), "here");
    assert_int_equal(json_integer_value(json_object_get(result, "clients")), 1);
    const json_t *files = json_object_get(result, "files");
    assert_int_equal(json_integer_value(json_object_get(files, "revisions")), 3);
    json_decref(line);
    client_close(&client);
}

static int notify_receiver(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char name[64];
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    snprintf(name, sizeof(name), "@wv_control_%d", (int)getpid());
    strcpy(address.sun_path + 1, name + 1);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

/* Reads until a message begins with `wanted`. */
static void expect_notified(int fd, const char *wanted)
{
    char message[256];
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    do {
        if (poll(&poller, 1, 10000) != 1)
            fail_msg("nobody said %s", wanted);
        ssize_t length = recv(fd, message, sizeof(message) - 1, 0);
        message[length > 0 ? length : 0] = '\0';
    } while (strncmp(message, wanted, strlen(wanted)) != 0);
}

static void the_service_manager_is_told(void **state)
{
    struct rig *rig = *state;
    int fd = notify_receiver();
    setenv("WATCHDOG_USEC", "100000", 1);
    rig_start(rig);
    expect_notified(fd, "READY=1");
    rig_role(rig, WV_ROLE_LEADER);
    expect_notified(fd, "STATUS=leader");
    expect_notified(fd, "WATCHDOG=1");
    expect_notified(fd, "WATCHDOG=1");
    rig_signal(SIGHUP);
    expect_notified(fd, "RELOADING=1\nMONOTONIC_USEC=");
    expect_notified(fd, "READY=1");
    char *socket_path WV_AUTOFREE = wv_xstrdup(rig->settings->socket);
    rig_stop(rig);
    expect_notified(fd, "STOPPING=1");
    assert_int_not_equal(access(socket_path, F_OK), 0);
    close(fd);
}

#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

/* What was asked before a client came may be the past by now. */
static void a_look_that_began_before_a_wait_does_not_end_it(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client early = client_open(rig);
    struct client late = client_open(rig);
    send_call(&early, "migrate.wait", "{\"target\":\"c3\"}");
    json_decref(client_call(&early, "daemon.ping", "{}"));
    send_call(&late, "migrate.wait", "{\"target\":\"c3\"}");
    json_decref(client_call(&late, "daemon.ping", "{}"));
    rig_answer(rig, at_c3);
    json_t *line = client_read(&early);
    assert_int_equal(count(json_object_get(line, "result"), "current"), 1);
    json_decref(line);
    rig_answer(rig, at_a1);
    json_decref(client_event(&late, "waiting"));
    client_close(&early);
    client_close(&late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(states_are_told_apart),
        RIG_TEST(a_database_ahead_is_understood),
        RIG_TEST(no_answer_gives_the_last_picture_with_its_age),
        RIG_TEST(many_questions_are_one),
        RIG_TEST(plans_come_from_database_or_request),
        RIG_TEST(history_needs_no_database),
        RIG_TEST(show_has_the_text),
        RIG_TEST(new_files_are_seen_at_once),
        RIG_TEST(a_new_revision_is_proposed),
        RIG_TEST(a_reload_reaches_all_or_changes_nothing),
        RIG_TEST(a_look_that_began_before_a_wait_does_not_end_it),
        RIG_TEST(the_daemon_tells_of_itself),
        RIG_TEST(the_service_manager_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
