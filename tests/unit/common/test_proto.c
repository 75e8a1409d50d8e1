/* Unit tests of proto: a corpus of envelopes whose names say accept (y_) or reject (n_), and round
 * trips of messages and errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>

#include <cmocka.h>

#include "proto.h"

static bool read_text(const char *line, struct wv_proto_message *message, struct wv_err *err)
{
    return wv_proto_read(line, strlen(line), message, err);
}

static bool read_sample(const char *name, struct wv_err *err)
{
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", PROTO_CORPUS, name);
    char line[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t length = fread(line, 1, sizeof(line), file);
    fclose(file);
    struct wv_proto_message message = {0};
    bool done = wv_proto_read(line, length, &message, err);
    wv_proto_message_clear(&message);
    return done;
}

static void the_corpus_is_judged_as_named(void **state)
{
    (void)state;
    DIR *dir = opendir(PROTO_CORPUS);
    assert_non_null(dir);
    int seen = 0;
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        struct wv_err err WV_AUTOERR = {0};
        bool wanted = entry->d_name[0] == 'y';
        if (read_sample(entry->d_name, &err) != wanted)
            fail_msg("%s: %s", entry->d_name, err.message != NULL ? err.message : "accepted");
        assert_true(wanted == (err.code == WV_OK));
        seen++;
    }
    closedir(dir);
    assert_true(seen > 40);
}

static void faults_have_codes_and_keep_the_id(void **state)
{
    (void)state;
    struct wv_proto_message message = {0};
    struct wv_err err WV_AUTOERR = {0};
    assert_false(read_text("{", &message, &err));
    assert_int_equal(err.code, WV_PARSE_ERROR);
    assert_null(message.id);
    assert_false(
        read_text("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\",\"x\":1}", &message, &err));
    assert_int_equal(err.code, WV_INVALID_REQUEST);
    assert_non_null(strstr(err.message, "\"x\""));
    assert_int_equal(json_integer_value(message.id), 7);
    assert_false(read_text("{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"m\",\"params\":[1]}",
                           &message, &err));
    assert_int_equal(err.code, WV_INVALID_PARAMS);
    assert_int_equal(json_integer_value(message.id), 8);
    assert_false(read_text("{\"a\":1,\"a\":2}", &message, &err));
    assert_non_null(strstr(err.message, "twice"));
    wv_proto_message_clear(&message);
}

/* As it comes out of the other end, without its LF. */
static void back(char *line, struct wv_proto_message *message)
{
    struct wv_err err WV_AUTOERR = {0};
    size_t length = strlen(line);
    assert_int_equal(line[length - 1], '\n');
    assert_null(memchr(line, '\n', length - 1));
    if (!wv_proto_read_reply(line, length - 1, message, &err))
        fail_msg("%s", err.message);
    free(line);
}

static void messages_survive_a_round_trip(void **state)
{
    (void)state;
    struct wv_proto_message message = {0};
    json_t *id = json_string("x");
    json_t *params = json_pack("{s:[s]}", "target", "head\n\"2\"");
    back(wv_proto_request(id, "migrate.upgrade", params), &message);
    assert_int_equal(message.kind, WV_PROTO_REQUEST);
    assert_string_equal(message.method, "migrate.upgrade");
    assert_true(json_equal(message.params, params) && json_equal(message.id, id));
    back(wv_proto_notification("job", params), &message);
    assert_int_equal(message.kind, WV_PROTO_NOTIFICATION);
    assert_null(message.id);
    back(wv_proto_result(id, params), &message);
    assert_int_equal(message.kind, WV_PROTO_RESULT);
    assert_true(json_equal(message.result, params));
    wv_proto_message_clear(&message);
    json_decref(id);
    json_decref(params);
}

static void errors_survive_a_round_trip(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    wv_err_set(&err, WV_SQL_ERROR, "relation exists");
    wv_err_hint(&err, "drop it");
    wv_err_at(&err, "versions/a.sql", 7, 3);
    memcpy(err.sqlstate, "42P07", 6);
    err.detail = wv_xstrdup("detail");
    err.context = wv_xstrdup("context");
    err.revision = wv_xstrdup("abc");
    err.statement = wv_xstrdup("CREATE TABLE a ()");
    wv_problems_add(&err.problems, "cycle", NULL, 0, "first");
    wv_problems_add(&err.problems, "cycle", "a.sql", 9, "second");
    struct wv_proto_message message = {0};
    back(wv_proto_error(NULL, &err), &message);
    assert_int_equal(message.kind, WV_PROTO_ERROR);
    assert_true(json_is_null(message.id));
    json_t *sent = wv_proto_err_json(&err);
    json_t *got = wv_proto_err_json(&message.error);
    assert_true(json_equal(sent, got));
    assert_int_equal(message.error.code, WV_SQL_ERROR);
    assert_string_equal(message.error.sqlstate, "42P07");
    assert_int_equal(message.error.problems.count, 2);
    json_decref(got);
    struct wv_err bare WV_AUTOERR = {0};
    wv_proto_err_from(sent, &bare); /* as it stands in a job */
    assert_string_equal(bare.hint, "drop it");
    assert_int_equal(bare.column, 3);
    json_decref(sent);
    wv_proto_message_clear(&message);
}

static void foreign_errors_become_ours(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    json_t *object = json_pack("{s:i,s:s}", "code", -32601, "message", "no such method");
    wv_proto_err_from(object, &err);
    assert_int_equal(err.code, WV_METHOD_NOT_FOUND);
    assert_string_equal(err.message, "no such method");
    json_decref(object);
    object = json_pack("{s:{s:s,s:i}}", "data", "code", "FROM_THE_FUTURE", "line", -4);
    wv_proto_err_from(object, &err);
    assert_int_equal(err.code, WV_INTERNAL);
    assert_int_equal(err.line, 0);
    json_decref(object);
    wv_proto_err_from(NULL, &err);
    assert_int_equal(err.code, WV_INTERNAL);
}

static void text_is_made_utf8(void **state)
{
    (void)state;
    static const char *const samples[][2] = {
        {"plain \xc3\xa9", "plain \xc3\xa9"},
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xc3\xa9\xc3", "\xc3\xa9\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf0\x9f\x98\x80\xf5", "\xf0\x9f\x98\x80\xef\xbf\xbd"},
        {"\xe0\x80\x80x\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        json_t *value = wv_proto_text(samples[i][0]);
        assert_string_equal(json_string_value(value), samples[i][1]);
        json_decref(value);
    }
    assert_true(json_is_null(wv_proto_text(NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_corpus_is_judged_as_named),
        cmocka_unit_test(faults_have_codes_and_keep_the_id),
        cmocka_unit_test(messages_survive_a_round_trip),
        cmocka_unit_test(errors_survive_a_round_trip),
        cmocka_unit_test(foreign_errors_become_ours),
        cmocka_unit_test(text_is_made_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
