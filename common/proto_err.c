/* Errors and foreign text as JSON. What a server or a file says need not be UTF-8, which
 * json_string() refuses: it is made so here. Any thread, one at a time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto.h"
#include "strbuf.h"
#include "strlist.h"

/* Bytes of the well-formed sequence at `s` (RFC 3629), 0 when there is none. The final NUL is never
 * a continuation, so that nothing behind it is read. */
static size_t sequence(const unsigned char *s)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (length == 0 || s[0] > 0xf4)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool outside = (s[0] == 0xed && s[1] >= 0xa0) || (s[0] == 0xf4 && s[1] >= 0x90);
    return overlong || outside ? 0 : length;
}

json_t *wv_proto_text(const char *text)
{
    if (text == NULL)
        return json_null();
    json_t *value = json_string(text);
    if (value != NULL)
        return value;
    struct wv_strbuf clean WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (const char *p = text; *p != '\0';) {
        size_t length = sequence((const unsigned char *)p);
        if (length == 0)
            wv_strbuf_adds(&clean, "\xef\xbf\xbd");
        else
            wv_strbuf_add(&clean, p, length);
        p += length == 0 ? 1 : length;
    }
    return json_string(wv_strbuf_text(&clean));
}

json_t *wv_proto_texts(const struct wv_strlist *list)
{
    json_t *array = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(array, wv_proto_text(list->items[i]));
    return array;
}

void wv_proto_set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, wv_proto_text(text));
}

static void set_count(json_t *object, const char *key, int value)
{
    if (value > 0)
        json_object_set_new(object, key, json_integer(value));
}

static json_t *problem_json(const struct wv_problem *problem)
{
    json_t *object = json_object();
    wv_proto_set_text(object, "kind", problem->kind);
    json_object_set_new(object, "file", wv_proto_text(problem->file));
    json_object_set_new(object, "line", json_integer(problem->line));
    wv_proto_set_text(object, "message", problem->message);
    return object;
}

json_t *wv_proto_problems_json(const struct wv_problems *problems)
{
    json_t *array = json_array();
    for (size_t i = 0; i < problems->count; i++)
        json_array_append_new(array, problem_json(&problems->items[i]));
    return array;
}

json_t *wv_proto_err_json(const struct wv_err *err)
{
    json_t *object = json_object();
    const char *word = wv_err_word(err->code);
    wv_proto_set_text(object, "code", word);
    wv_proto_set_text(object, "message", err->message != NULL ? err->message : word);
    wv_proto_set_text(object, "hint", err->hint);
    if (err->sqlstate[0] != '\0')
        wv_proto_set_text(object, "sqlstate", err->sqlstate);
    wv_proto_set_text(object, "detail", err->detail);
    wv_proto_set_text(object, "context", err->context);
    wv_proto_set_text(object, "revision", err->revision);
    wv_proto_set_text(object, "file", err->file);
    set_count(object, "line", err->line);
    set_count(object, "column", err->column);
    wv_proto_set_text(object, "statement", err->statement);
    if (err->problems.count > 0)
        json_object_set_new(object, "problems", wv_proto_problems_json(&err->problems));
    return object;
}

static const struct {
    enum wv_err_code code;
    int number;
} reserved[] = {
    {WV_PARSE_ERROR, -32700},    {WV_INVALID_REQUEST, -32600}, {WV_METHOD_NOT_FOUND, -32601},
    {WV_INVALID_PARAMS, -32602}, {WV_INTERNAL, -32603},
};

enum { RESERVED_COUNT = sizeof(reserved) / sizeof(reserved[0]) };

int wv_proto_err_number(enum wv_err_code code)
{
    for (size_t i = 0; i < RESERVED_COUNT; i++)
        if (reserved[i].code == code)
            return reserved[i].number;
    return -32000;
}

static enum wv_err_code code_of(json_t *code)
{
    if (json_is_string(code)) {
        enum wv_err_code known = wv_err_from_word(json_string_value(code));
        return known != WV_OK ? known : WV_INTERNAL;
    }
    for (size_t i = 0; json_is_integer(code) && i < RESERVED_COUNT; i++)
        if (reserved[i].number == json_integer_value(code))
            return reserved[i].code;
    return WV_INTERNAL;
}

static char *get_text(const json_t *object, const char *key)
{
    return wv_xstrdup(json_string_value(json_object_get(object, key)));
}

static int get_count(const json_t *object, const char *key)
{
    json_int_t value = json_integer_value(json_object_get(object, key));
    return value > 0 && value <= INT32_MAX ? (int)value : 0;
}

static void get_problems(const json_t *array, struct wv_problems *problems)
{
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item)
    {
        const char *kind = json_string_value(json_object_get(item, "kind"));
        const char *message = json_string_value(json_object_get(item, "message"));
        if (message != NULL)
            wv_problems_add(problems, kind != NULL ? kind : "",
                            json_string_value(json_object_get(item, "file")),
                            get_count(item, "line"), "%s", message);
    }
}

static void set_sqlstate(const json_t *object, struct wv_err *err)
{
    const char *sqlstate = json_string_value(json_object_get(object, "sqlstate"));
    if (sqlstate != NULL && strlen(sqlstate) == sizeof(err->sqlstate) - 1)
        memcpy(err->sqlstate, sqlstate, sizeof(err->sqlstate));
}

void wv_proto_err_from(const json_t *object, struct wv_err *err)
{
    const json_t *data = json_object_get(object, "data");
    const json_t *from = json_is_object(data) ? data : object;
    json_t *code = json_object_get(from, "code");
    struct wv_err fresh = {.code = code_of(code != NULL ? code : json_object_get(object, "code"))};
    fresh.message = get_text(from, "message");
    if (fresh.message == NULL)
        fresh.message = get_text(object, "message");
    if (fresh.message == NULL)
        fresh.message = wv_xstrdup(wv_err_word(fresh.code));
    fresh.hint = get_text(from, "hint");
    fresh.detail = get_text(from, "detail");
    fresh.context = get_text(from, "context");
    fresh.revision = get_text(from, "revision");
    fresh.file = get_text(from, "file");
    fresh.line = get_count(from, "line");
    fresh.column = get_count(from, "column");
    fresh.statement = get_text(from, "statement");
    set_sqlstate(from, &fresh);
    get_problems(json_object_get(from, "problems"), &fresh.problems);
    wv_err_move(err, &fresh);
}
