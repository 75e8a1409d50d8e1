/* Questions of one request each (verify, the history) and the jobs that accept edited files. The
 * test plays the watcher and the migrator. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

static void send_call(struct client *client, int id, const char *method, const char *params)
{
    char *line WV_AUTOFREE = wv_xasprintf(
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":%s}\n", id, method, params);
    client_send(client, line);
}

static struct wv_message *found_for(const struct wv_message *lookup)
{
    struct wv_message *found = wv_message_new(WV_MSG_FOUND);
    found->found.question = lookup->lookup.question;
    return found;
}

static void add_entry(struct wv_message *found, int64_t id, const char *revision,
                      const char *outcome, const char *said)
{
    struct wv_log_entry *entry = wv_log_page_add(&found->found.log);
    *entry = (struct wv_log_entry){.id = id,
                                   .revision = wv_xstrdup(revision),
                                   .message = wv_xstrdup("as recorded"),
                                   .kind = wv_xstrdup("up"),
                                   .command = wv_xstrdup(""),
                                   .outcome = wv_xstrdup(outcome),
                                   .started_at = wv_xstrdup("then"),
                                   .took_us = 1500000,
                                   .text = wv_xstrdup(said),
                                   .sqlstate = wv_xstrdup(""),
                                   .user = wv_xstrdup("ann"),
                                   .unit = wv_xstrdup("app.service"),
                                   .uid = 5,
                                   .pid = 6,
                                   .host = wv_xstrdup("h"),
                                   .version = wv_xstrdup("1"),
                                   .tag = wv_xstrdup(""),
                                   .job = 7};
}

static void parameters_reach_the_watcher(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    send_call(&client, 1, "migrate.log",
              "{\"limit\":3,\"before\":9,\"revision\":\"a\",\"since\":\"2h\",\"failed\":true}");
    struct wv_message *lookup = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    assert_int_equal(lookup->lookup.what, WV_LOOKUP_LOG);
    assert_int_equal(lookup->lookup.filter.limit, 3);
    assert_int_equal(lookup->lookup.filter.before, 9);
    assert_string_equal(lookup->lookup.filter.revision, "a");
    assert_string_equal(lookup->lookup.filter.since, "2h");
    assert_true(lookup->lookup.filter.failed);
    wv_message_free(lookup);
    send_call(&client, 2, "migrate.log", "{}");
    lookup = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    assert_int_equal(lookup->lookup.filter.limit, 50);
    assert_null(lookup->lookup.filter.revision);
    wv_message_free(lookup);
    send_call(&client, 3, "migrate.verify", "{\"diff\":true}");
    lookup = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    assert_int_equal(lookup->lookup.what, WV_LOOKUP_VERIFY);
    assert_true(lookup->lookup.with_diff);
    assert_int_equal(lookup->lookup.project->count, 3);
    wv_message_free(lookup);
    client_close(&client);
}

static void answers_find_their_requests(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    send_call(&client, 1, "migrate.log", "{}");
    send_call(&client, 2, "migrate.verify", "{}");
    struct wv_message *log = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    struct wv_message *verify = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    struct wv_message *found = found_for(verify);
    wv_strlist_add(&found->found.verdict.unknown, "zz");
    wv_mailbox_put(rig->from_threads, found);
    wv_mailbox_put(rig->from_threads, found_for(verify)); /* nobody waits for a second one */
    json_t *line = client_read(&client);
    assert_int_equal(json_integer_value(json_object_get(line, "id")), 2);
    const json_t *result = json_object_get(line, "result");
    assert_true(json_is_false(json_object_get(result, "clean")));
    assert_int_equal(json_array_size(json_object_get(result, "unknown")), 1);
    json_decref(line);
    wv_mailbox_put(rig->from_threads, found_for(log));
    line = client_read(&client);
    assert_int_equal(json_integer_value(json_object_get(line, "id")), 1);
    assert_true(json_is_null(json_object_get(json_object_get(line, "result"), "next")));
    json_decref(line);
    wv_message_free(log);
    wv_message_free(verify);
    client_close(&client);
}

static const json_t *entry_of(const json_t *line, size_t index)
{
    const json_t *entries = json_object_get(json_object_get(line, "result"), "entries");
    return json_array_get(entries, index);
}

static const char *entry_text(const json_t *line, size_t index, const char *key)
{
    return json_string_value(json_object_get(entry_of(line, index), key));
}

static const char *unit_text(const json_t *line, size_t index)
{
    const json_t *caller = json_object_get(entry_of(line, index), "caller");
    return json_string_value(json_object_get(caller, "unit"));
}

static void entries_have_messages_notes_and_errors(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    send_call(&client, 1, "migrate.log", "{}");
    struct wv_message *lookup = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    struct wv_message *found = found_for(lookup);
    add_entry(found, 12, "a1", "failed", "broken");
    add_entry(found, 11, "gone", "done", "decided");
    found->found.log.more = true;
    wv_mailbox_put(rig->from_threads, found);
    json_t *line = client_read(&client);
    assert_string_equal(entry_text(line, 0, "message"), "Revision a1");
    assert_string_equal(entry_text(line, 0, "error"), "broken");
    assert_null(entry_text(line, 0, "note"));
    assert_string_equal(entry_text(line, 1, "message"), "as recorded");
    assert_string_equal(entry_text(line, 1, "note"), "decided");
    assert_null(entry_text(line, 1, "error"));
    assert_string_equal(unit_text(line, 0), "app.service");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(line, "result"), "next")),
                     11);
    json_decref(line);
    wv_message_free(lookup);
    client_close(&client);
}

static void errors_are_passed_on(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    send_call(&client, 1, "migrate.verify", "{}");
    struct wv_message *lookup = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    struct wv_message *found = found_for(lookup);
    wv_err_set(&found->found.error, WV_FILE_CHANGED, "it moved");
    wv_mailbox_put(rig->from_threads, found);
    json_t *line = client_read(&client);
    assert_string_equal(error_word(line), "FILE_CHANGED");
    json_decref(line);
    wv_message_free(lookup);
    static const char *const wrong[] = {"{\"limit\":0}", "{\"limit\":1001}", "{\"since\":1}"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        line = client_call(&client, "migrate.log", wrong[i]);
        assert_string_equal(error_word(line), "INVALID_PARAMS");
        json_decref(line);
    }
    client_close(&client);
}

/* A client that has gone, and a stop, leave nothing behind that is not freed. */
static void nobody_waits_any_more(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client gone = client_open(rig);
    send_call(&gone, 1, "migrate.verify", "{}");
    struct wv_message *lookup = rig_take(rig->to_watcher, WV_MSG_LOOKUP);
    client_close(&gone);
    wv_mailbox_put(rig->from_threads, found_for(lookup));
    wv_message_free(lookup);
    struct client client = client_open(rig);
    send_call(&client, 2, "migrate.verify", "{}");
    wv_message_free(rig_take(rig->to_watcher, WV_MSG_LOOKUP));
    rig_stop(rig);
    json_t *line = client_read(&client);
    assert_string_equal(error_word(line), "SHUTTING_DOWN");
    json_decref(line);
    client_close(&client);
}

static void accepting_is_a_job(void **state)
{
    struct rig *rig = *state;
    rig_start(rig);
    struct client client = client_open(rig);
    send_call(&client, 1, "migrate.repair",
              "{\"action\":\"accept\",\"revision\":[\"a1\",\"b2\"],\"dry_run\":true,\"tag\":\"t\","
              "\"progress\":false}");
    struct wv_message *message = rig_take(rig->to_migrator, WV_MSG_JOB);
    assert_int_equal(message->job.kind, WV_JOB_REPAIR);
    assert_int_equal(message->job.repair, WV_REPAIR_ACCEPT);
    assert_int_equal(message->job.targets.count, 2);
    assert_true(message->job.dry_run);
    assert_false(message->job.all);
    assert_string_equal(message->job.tag, "t");
    struct wv_message *end = wv_message_new(WV_MSG_JOB_RESULT);
    end->result.job_id = message->job.id;
    end->result.dry_run = true;
    struct wv_edit *edit = wv_edits_add(&end->result.accepted);
    edit->id = wv_xstrdup("a1");
    edit->now = wv_xstrdup("ff");
    edit->diff = wv_xstrdup("-x\n");
    rig_event(rig, message->job.id, WV_EVENT_STARTED, NULL);
    wv_mailbox_put(rig->from_threads, end);
    json_t *line = client_read(&client);
    const json_t *result = json_object_get(line, "result");
    assert_true(json_is_true(json_object_get(result, "dry_run")));
    const json_t *accepted = json_array_get(json_object_get(result, "accepted"), 0);
    assert_string_equal(json_string_value(json_object_get(accepted, "diff")), "-x\n");
    assert_true(json_is_null(json_object_get(accepted, "recorded_checksum")));
    json_decref(line);
    wv_message_free(message);
    client_close(&client);
}

#define CONTROL_TEST(name) cmocka_unit_test_setup_teardown(name, rig_set_up, rig_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONTROL_TEST(parameters_reach_the_watcher),
        CONTROL_TEST(answers_find_their_requests),
        CONTROL_TEST(entries_have_messages_notes_and_errors),
        CONTROL_TEST(errors_are_passed_on),
        CONTROL_TEST(nobody_waits_any_more),
        CONTROL_TEST(accepting_is_a_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
