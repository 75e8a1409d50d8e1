/* The JSON-RPC envelope, both ways. The depth of a request is counted on the bytes before jansson
 * builds anything, since a small line can become a large tree. Any thread, one at a time. Knows no
 * method. */
#include "proto.h"

#include <stdlib.h>
#include <string.h>

#include "strbuf.h"

/* Brackets outside strings; whether they match is left to the parser. */
static bool too_deep(const char *line, size_t length)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        char c = line[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && (c == '{' || c == '['))
            depth++;
        else if (!quoted && (c == '}' || c == ']'))
            depth--;
        if (depth > WV_PROTO_DEPTH)
            return true;
    }
    return false;
}

static json_t *load(const char *line, size_t length, struct wv_err *err)
{
    json_error_t fault;
    json_t *root = json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (root != NULL)
        return root;
    if (json_error_code(&fault) == json_error_duplicate_key)
        wv_err_set(err, WV_PARSE_ERROR, "a key stands twice in one object (byte %d)",
                   fault.position);
    else
        wv_err_set(err, WV_PARSE_ERROR, "the line is not JSON: %s (byte %d)", fault.text,
                   fault.position);
    return NULL;
}

static bool bad(struct wv_err *err, const char *what)
{
    return wv_err_set(err, WV_INVALID_REQUEST, "%s", what);
}

static bool check_keys(json_t *root, struct wv_err *err)
{
    static const char *const known[] = {"jsonrpc", "id", "method", "params", "result", "error"};
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        size_t i = 0;
        while (i < sizeof(known) / sizeof(known[0]) && strcmp(known[i], key) != 0)
            i++;
        if (i == sizeof(known) / sizeof(known[0]))
            return wv_err_set(err, WV_INVALID_REQUEST, "unknown key \"%s\" in the envelope", key);
    }
    return true;
}

static bool take_id(json_t *root, struct wv_proto_message *message, struct wv_err *err)
{
    json_t *id = json_object_get(root, "id");
    if (id == NULL)
        return true;
    if (!json_is_string(id) && !json_is_number(id) && !json_is_null(id))
        return bad(err, "\"id\" is neither a string nor a number nor null");
    message->id = json_incref(id);
    return true;
}

static bool check_version(json_t *root, struct wv_err *err)
{
    const char *version = json_string_value(json_object_get(root, "jsonrpc"));
    if (version == NULL || strcmp(version, "2.0") != 0)
        return bad(err, "\"jsonrpc\" is not \"2.0\"");
    return true;
}

static bool read_call(json_t *root, struct wv_proto_message *message, struct wv_err *err)
{
    json_t *method = json_object_get(root, "method");
    json_t *params = json_object_get(root, "params");
    if (!json_is_string(method))
        return bad(err, "\"method\" is not a string");
    if (json_object_get(root, "result") != NULL || json_object_get(root, "error") != NULL)
        return bad(err, "a request has no \"result\" and no \"error\"");
    /* Some clients send an empty list where they have no parameters. */
    if (json_is_array(params) && json_array_size(params) == 0)
        params = NULL;
    if (json_is_array(params))
        return wv_err_set(err, WV_INVALID_PARAMS, "parameters go by name: \"params\" is an object");
    if (params != NULL && !json_is_object(params))
        return bad(err, "\"params\" is not an object");
    message->kind = message->id != NULL ? WV_PROTO_REQUEST : WV_PROTO_NOTIFICATION;
    message->method = wv_xstrdup(json_string_value(method));
    message->params = json_incref(params);
    return true;
}

static bool read_reply(json_t *root, struct wv_proto_message *message, struct wv_err *err)
{
    json_t *result = json_object_get(root, "result");
    json_t *error = json_object_get(root, "error");
    if (message->id == NULL)
        return bad(err, "an answer has an \"id\"");
    if ((result == NULL) == (error == NULL))
        return bad(err, "there is none or more than one of \"method\", \"result\" and \"error\"");
    if (json_object_get(root, "params") != NULL)
        return bad(err, "an answer has no \"params\"");
    if (result != NULL) {
        message->kind = WV_PROTO_RESULT;
        message->result = json_incref(result);
        return true;
    }
    if (!json_is_object(error))
        return bad(err, "\"error\" is not an object");
    message->kind = WV_PROTO_ERROR;
    wv_proto_err_from(error, &message->error);
    return true;
}

static bool read_root(json_t *root, struct wv_proto_message *message, struct wv_err *err)
{
    if (json_is_array(root))
        return bad(err, "batches are not taken: send one object per line");
    if (!json_is_object(root))
        return bad(err, "the line is not an object");
    if (!take_id(root, message, err) || !check_version(root, err) || !check_keys(root, err))
        return false;
    if (json_object_get(root, "method") != NULL)
        return read_call(root, message, err);
    return read_reply(root, message, err);
}

bool wv_proto_read_reply(const char *line, size_t length, struct wv_proto_message *message,
                         struct wv_err *err)
{
    struct wv_proto_message fresh = {0};
    json_t *root = load(line, length, err);
    if (root == NULL)
        return false;
    bool done = read_root(root, &fresh, err);
    json_decref(root);
    wv_proto_message_clear(message);
    *message = fresh;
    return done;
}

bool wv_proto_read(const char *line, size_t length, struct wv_proto_message *message,
                   struct wv_err *err)
{
    if (too_deep(line, length))
        return wv_err_set(err, WV_PARSE_ERROR, "more than %d levels of nesting", WV_PROTO_DEPTH);
    return wv_proto_read_reply(line, length, message, err);
}

void wv_proto_message_clear(struct wv_proto_message *message)
{
    json_decref(message->id);
    free(message->method);
    json_decref(message->params);
    json_decref(message->result);
    wv_err_clear(&message->error);
    *message = (struct wv_proto_message){0};
}

static int add_chunk(const char *bytes, size_t length, void *line)
{
    wv_strbuf_add(line, bytes, length);
    return 0;
}

/* Frees `root`. */
static char *write_line(json_t *root)
{
    struct wv_strbuf line = WV_STRBUF_INIT;
    if (json_dump_callback(root, add_chunk, &line, JSON_COMPACT) != 0)
        abort(); /* only when there is no memory, or a value holds itself */
    wv_strbuf_addc(&line, '\n');
    json_decref(root);
    return wv_strbuf_take(&line);
}

static json_t *envelope(void)
{
    json_t *root = json_object();
    json_object_set_new(root, "jsonrpc", json_string("2.0"));
    return root;
}

static void set_id(json_t *root, json_t *id)
{
    if (id != NULL)
        json_object_set(root, "id", id);
    else
        json_object_set_new(root, "id", json_null());
}

static json_t *call(const char *method, json_t *params)
{
    json_t *root = envelope();
    wv_proto_set_text(root, "method", method);
    if (params != NULL)
        json_object_set(root, "params", params);
    return root;
}

char *wv_proto_request(json_t *id, const char *method, json_t *params)
{
    json_t *root = call(method, params);
    set_id(root, id);
    return write_line(root);
}

char *wv_proto_notification(const char *method, json_t *params)
{
    return write_line(call(method, params));
}

char *wv_proto_result(json_t *id, json_t *result)
{
    json_t *root = envelope();
    set_id(root, id);
    json_object_set(root, "result", result);
    return write_line(root);
}

char *wv_proto_error(json_t *id, const struct wv_err *err)
{
    json_t *root = envelope();
    json_t *error = json_object();
    json_object_set_new(error, "code", json_integer(wv_proto_err_number(err->code)));
    json_object_set_new(
        error, "message",
        wv_proto_text(err->message != NULL ? err->message : wv_err_word(err->code)));
    json_object_set_new(error, "data", wv_proto_err_json(err));
    set_id(root, id);
    json_object_set_new(root, "error", error);
    return write_line(root);
}
