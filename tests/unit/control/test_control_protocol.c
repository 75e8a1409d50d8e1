/* The protocol on a real socket, without a database: envelopes, parameters, each limit of
 * docs/protocol.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "rig.h"
#include "verbs.h"

#define PING "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"daemon.ping\"}\n"

static void expect_error(struct client *client, const char *line, const char *word)
{
    client_send(client, line);
    json_t *answer = client_read(client);
    if (strcmp(error_word(answer), word) != 0)
        fail_msg("%s: %s", line, error_word(answer));
    json_decref(answer);
}

static void expect_ping(struct client *client)
{
    json_t *answer = client_call(client, "daemon.ping", NULL);
    json_t *result = json_object_get(answer, "result");
    assert_string_equal(json_string_value(json_object_get(result, "service")), "wovend");
    assert_int_equal(json_integer_value(json_object_get(result, "pid")), getpid());
    json_decref(answer);
}

/* The reason, then the end of the stream. */
static void expect_end(struct client *client, const char *word)
{
    json_t *answer = client_read(client);
    assert_string_equal(error_word(answer), word);
    assert_true(json_is_null(json_object_get(answer, "id")));
    json_decref(answer);
    assert_null(client_read(client));
}

static void faults_are_answered_and_the_session_goes_on(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    expect_error(&client, "hello\n", "PARSE_ERROR");
    expect_error(&client, "{\"jsonrpc\":\"2.0\",\"id\":1\n", "PARSE_ERROR");
    expect_error(&client, "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]\n", "PARSE_ERROR");
    expect_error(&client, "{\"a\":1,\"a\":1}\n", "PARSE_ERROR");
    expect_error(&client, "[]\n", "INVALID_REQUEST");
    expect_error(&client, "{\"id\":1,\"method\":\"daemon.ping\"}\n", "INVALID_REQUEST");
    expect_error(&client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n", "INVALID_REQUEST");
    expect_error(&client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no.such\"}\n",
                 "METHOD_NOT_FOUND");
    expect_ping(&client);
    client_close(&client);
}

static void expect_params(struct client *client, const char *method, const char *params,
                          const char *named)
{
    json_t *answer = client_call(client, method, params);
    const json_t *error = json_object_get(answer, "error");
    assert_int_equal(json_integer_value(json_object_get(error, "code")), -32602);
    if (strstr(json_string_value(json_object_get(error, "message")), named) == NULL)
        fail_msg("%s does not name %s", json_string_value(json_object_get(error, "message")),
                 named);
    json_decref(answer);
}

static void parameters_are_checked_by_name(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    expect_params(&client, "daemon.ping", "{\"x\":1}", "\"x\"");
    expect_params(&client, "daemon.ping", "[1]", "by name");
    expect_params(&client, "migrate.upgrade", "{}", "\"target\" is missing");
    expect_params(&client, "migrate.upgrade", "{\"target\":[]}", "\"target\" is empty");
    expect_params(&client, "migrate.upgrade", "{\"target\":[1]}", "\"target\"");
    expect_params(&client, "migrate.upgrade", "{\"target\":\"head\",\"wait_ms\":-1}",
                  "\"wait_ms\"");
    expect_params(&client, "migrate.upgrade", "{\"target\":\"head\",\"wait_ms\":1.5}",
                  "\"wait_ms\"");
    expect_params(&client, "migrate.history", "{\"range\":null}", "\"range\"");
    expect_params(&client, "migrate.plan", "{\"target\":\"a1\",\"direction\":\"left\"}", "left");
    expect_params(&client, "migrate.downgrade", "{\"target\":[\"a1\",\"b2\"]}", "one target");
    assert_int_equal(wv_mailbox_count(rig->to_migrator), 0);
    client_close(&client);
}

static void a_notification_is_not_answered(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    client_send(&client, "{\"jsonrpc\":\"2.0\",\"method\":\"daemon.ping\"}\n");
    client_send(&client, "{\"jsonrpc\":\"2.0\",\"method\":\"migrate.upgrade\"}\n" PING);
    json_t *answer = client_read(&client);
    assert_int_equal(json_integer_value(json_object_get(answer, "id")), 2);
    json_decref(answer);
    client_close(&client);
}

static void bytes_may_come_in_any_pieces(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    for (const char *p = PING; *p != '\0'; p++) {
        char one[2] = {*p, '\0'};
        client_send(&client, one);
    }
    json_decref(client_read(&client));
    client_send(&client, PING PING PING);
    for (int i = 0; i < 3; i++) {
        json_t *answer = client_read(&client);
        assert_non_null(json_object_get(answer, "result"));
        json_decref(answer);
    }
    client_close(&client);
}

static void a_client_that_says_no_more_gets_its_answers(void **state)
{
    struct rig *rig = *state;
    static const char *const rows[] = {"c3", NULL};
    rig_start(rig);
    struct client client = client_open(rig);
    client_send(&client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"migrate.status\"}\n" PING);
    shutdown(client.fd, SHUT_WR);
    json_decref(client_read(&client));
    rig_answer(rig, rows);
    json_t *answer = client_read(&client);
    assert_non_null(json_object_get(answer, "result"));
    json_decref(answer);
    assert_null(client_read(&client));
    client_close(&client);
}

static void a_long_line_ends_the_session(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    char *line = wv_xmalloc(300 * 1024);
    int room = 64 * 1024 - (int)strlen(PING);
    /* Exactly the limit is taken: blanks are JSON's own. */
    snprintf(line, 300 * 1024, "%*s%s", room + 1, "", PING);
    client_send(&client, line);
    json_decref(client_read(&client));
    memset(line, ' ', 300 * 1024 - 1);
    line[300 * 1024 - 1] = '\0';
    client_send(&client, line);
    expect_end(&client, "LIMIT_EXCEEDED");
    free(line);
    client_close(&client);
    struct client other = client_open(rig);
    expect_ping(&other);
    client_close(&other);
}

static void only_so_many_requests_are_in_flight(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    struct client other = client_open(rig);
    for (int i = 0; i < 16; i++)
        client_send(&client, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"migrate.watch\"}\n");
    client_send(&client, PING);
    assert_true(client_silent(&client));
    client_send(&other, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"migrate.upgrade\",\"params\":"
                        "{\"target\":\"head\",\"progress\":false}}\n");
    rig_result(rig, rig_take_job(rig), WV_OUTCOME_NOTHING);
    int answers = 0;
    bool pinged = false;
    while (!pinged) {
        json_t *line = client_read(&client);
        pinged = json_integer_value(json_object_get(line, "id")) == 2;
        answers += json_integer_value(json_object_get(line, "id")) == 9;
        json_decref(line);
    }
    assert_int_equal(answers, 16);
    client_close(&client);
    client_close(&other);
}

static void who_does_not_read_is_dropped_with_a_reason(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client slow = client_open(rig);
    struct client other = client_open(rig);
    client_send(&slow, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"migrate.watch\"}\n");
    client_send(&other, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"migrate.upgrade\",\"params\":"
                        "{\"target\":\"head\",\"progress\":false}}\n");
    uint64_t job = rig_take_job(rig);
    char *text = wv_xmalloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    for (int i = 0; i < 40; i++)
        rig_event(rig, job, WV_EVENT_NOTICE, text);
    free(text);
    rig_result(rig, job, WV_OUTCOME_NOTHING);
    json_decref(client_read(&other));
    expect_ping(&other);
    json_t *line = client_read(&slow);
    int notices = 0;
    while (json_object_get(line, "method") != NULL) {
        json_decref(line);
        line = client_read(&slow);
        notices++;
    }
    assert_string_equal(error_word(line), "LAGGING");
    assert_true(notices < 40);
    json_decref(line);
    assert_null(client_read(&slow));
    client_close(&slow);
    client_close(&other);
}

/* What was asked for is sent whole, however large; only then the next line is read. */
static void large_answers_are_not_lagging(void **state)
{
    struct rig *rig = *state;
    enum { COMMENT = 3 * 1024 * 1024 };
    char *path WV_AUTOFREE = wv_xasprintf("%s/versions/a1.sql", rig->folder);
    FILE *file = fopen(path, "a");
    assert_non_null(file);
    fprintf(file, "-- %*s\n", COMMENT, "x");
    fclose(file);
    rig_start(rig);
    rig_role(rig, WV_ROLE_UNREACHABLE); /* answered without a question to the database */
    struct client client = client_open(rig);
    expect_ping(&client);
    for (int i = 0; i < 3; i++)
        client_send(&client, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"migrate.show\","
                             "\"params\":{\"revision\":\"a1\"}}\n");
    for (int i = 0; i < 3; i++) {
        json_t *answer = client_read(&client);
        const json_t *list = json_object_get(json_object_get(answer, "result"), "revisions");
        const json_t *sql = json_object_get(json_array_get(list, 0), "sql");
        assert_true(json_string_length(sql) > COMMENT);
        json_decref(answer);
    }
    client_close(&client);
}

/* The client's socket is made before descriptors run out, so that only the daemon lacks one. */
static void without_descriptors_clients_wait(void **state)
{
    struct rig *rig = *state;
    struct rlimit old;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct client client = {.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    rig_start(rig);
    wv_frame_init(&client.frame, WV_FRAME_RESPONSE_LIMIT);
    struct client other = client_open(rig);
    expect_ping(&other);
    int next = dup(client.fd);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    struct rlimit few = {.rlim_cur = (rlim_t)next, .rlim_max = old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    strcpy(address.sun_path, rig->settings->socket);
    assert_int_equal(connect(client.fd, (struct sockaddr *)&address, sizeof(address)), 0);
    client_send(&client, PING);
    assert_true(client_silent(&client));
    expect_ping(&other);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    json_t *answer = client_read(&client);
    assert_non_null(json_object_get(answer, "result"));
    json_decref(answer);
    client_close(&client);
    client_close(&other);
}

static void silence_ends_a_session_waiting_does_not(void **state)
{
    struct rig *rig = *state;
    rig->settings->timeouts.idle = 200;
    rig_start(rig);
    struct client silent = client_open(rig);
    struct client waiting = client_open(rig);
    struct client dripping = client_open(rig);
    client_send(&waiting, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"migrate.watch\"}\n");
    for (int i = 0; i < 6; i++) {
        client_send(&dripping, " ");
        assert_true(client_silent(&waiting));
    }
    expect_end(&silent, "LIMIT_EXCEEDED");
    expect_end(&dripping, "LIMIT_EXCEEDED");
    assert_true(client_silent(&waiting));
    client_close(&silent);
    client_close(&waiting);
    client_close(&dripping);
}

static void only_so_many_clients(void **state)
{
    struct rig *rig = *state;
    rig->settings->limits.clients = 2;
    rig_start(rig);
    struct client one = client_open(rig);
    struct client two = client_open(rig);
    expect_ping(&one);
    expect_ping(&two);
    struct client three = client_open(rig);
    expect_end(&three, "LIMIT_EXCEEDED");
    client_close(&one);
    expect_ping(&two);
    struct client four = client_open(rig);
    expect_ping(&four);
    client_close(&two);
    client_close(&three);
    client_close(&four);
}

/* As another user, for this thread alone; needs root. */
static struct client open_as(struct rig *rig, uid_t uid)
{
    assert_int_equal(syscall(SYS_setresuid, -1, uid, -1), 0);
    struct client client = client_open(rig);
    assert_int_equal(syscall(SYS_setresuid, -1, 0, -1), 0);
    return client;
}

static void only_so_many_clients_of_one_user(void **state)
{
    struct rig *rig = *state;
    if (geteuid() != 0) {
        print_message("SKIPPED %s: only root can connect as other users\n", __func__);
        skip();
    }
    rig->settings->limits.clients_per_uid = 1;
    rig_start(rig);
    struct client one = open_as(rig, 65534);
    expect_ping(&one);
    struct client two = open_as(rig, 65534);
    expect_end(&two, "LIMIT_EXCEEDED");
    struct client three = open_as(rig, 12345);
    struct client four = client_open(rig);
    struct client five = client_open(rig);
    expect_ping(&three);
    expect_ping(&four);
    expect_ping(&five);
    client_close(&one);
    client_close(&two);
    client_close(&three);
    client_close(&four);
    client_close(&five);
}

static void who_may_do_what(void **state)
{
    struct rig *rig = *state;
    if (geteuid() != 0) {
        print_message("SKIPPED %s: only root can connect as other users\n", __func__);
        skip();
    }
    rig_start(rig);
    struct client client = open_as(rig, 65534);
    expect_ping(&client);
    json_t *answer = client_call(&client, "migrate.upgrade", "{\"target\":\"head\"}");
    assert_string_equal(error_word(answer), "ACCESS_DENIED");
    json_decref(answer);
    answer = client_call(&client, "daemon.reload", NULL);
    assert_string_equal(error_word(answer), "ACCESS_DENIED");
    json_decref(answer);
    assert_int_equal(wv_mailbox_count(rig->to_migrator), 0);
    client_close(&client);
}

static void two_hundred_clients_at_once(void **state)
{
    struct rig *rig = *state;
    enum { MANY = 200 };
    static struct client clients[MANY];
    rig_start(rig);
    for (int i = 0; i < MANY; i++)
        clients[i] = client_open(rig);
    for (int i = 0; i < MANY; i++)
        client_send(&clients[i], PING);
    for (int i = MANY - 1; i >= 0; i--) {
        json_t *answer = client_read(&clients[i]);
        assert_non_null(json_object_get(answer, "result"));
        json_decref(answer);
        client_close(&clients[i]);
    }
}

static void the_methods_describe_themselves(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    json_t *answer = client_call(&client, "rpc.discover", NULL);
    const json_t *result = json_object_get(answer, "result");
    assert_int_equal(json_integer_value(json_object_get(result, "protocol")), 1);
    const json_t *methods = json_object_get(result, "methods");
    assert_int_equal(json_array_size(methods), wv_verb_count);
    const json_t *first = json_array_get(methods, 0);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "rpc.discover");
    json_decref(answer);
    client_close(&client);
}

#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(faults_are_answered_and_the_session_goes_on),
        RIG_TEST(parameters_are_checked_by_name),
        RIG_TEST(a_notification_is_not_answered),
        RIG_TEST(bytes_may_come_in_any_pieces),
        RIG_TEST(a_client_that_says_no_more_gets_its_answers),
        RIG_TEST(a_long_line_ends_the_session),
        RIG_TEST(only_so_many_requests_are_in_flight),
        RIG_TEST(who_does_not_read_is_dropped_with_a_reason),
        RIG_TEST(large_answers_are_not_lagging),
        RIG_TEST(without_descriptors_clients_wait),
        RIG_TEST(silence_ends_a_session_waiting_does_not),
        RIG_TEST(only_so_many_clients),
        RIG_TEST(only_so_many_clients_of_one_user),
        RIG_TEST(who_may_do_what),
        RIG_TEST(two_hundred_clients_at_once),
        RIG_TEST(the_methods_describe_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
