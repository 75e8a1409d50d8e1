/* The envelope of the protocol (docs/protocol.md): a line to a message and back. JSON-RPC 2.0
 * (https://www.jsonrpc.org/specification), strict: unknown and duplicate keys, a wrong version,
 * batches, and more than 16 levels are refused. Knows no method and no socket; used by both ends.
 * json_t values belong to one thread. */
#ifndef WV_PROTO_H
#define WV_PROTO_H

#include <jansson.h>

#include "err.h"
#include "strlist.h"

/* Grows when a client of the older protocol could not understand the newer one. */
#define WV_PROTO_VERSION 1

#define WV_PROTO_DEPTH 16

enum wv_proto_kind {
    WV_PROTO_REQUEST,      /* method, params, id */
    WV_PROTO_NOTIFICATION, /* method, params; nobody answers */
    WV_PROTO_RESULT,       /* id, result */
    WV_PROTO_ERROR,        /* id, error */
};

/* One message; a plain value that owns its parts. Start from all zero. */
struct wv_proto_message {
    enum wv_proto_kind kind;
    json_t *id; /* string, number or null; NULL in a notification */
    char *method;
    json_t *params; /* an object, or NULL when left out */
    json_t *result;
    struct wv_err error;
};

/* Reads one line. Errors: WV_PARSE_ERROR (not JSON, too deep), WV_INVALID_REQUEST (not an envelope;
 * the message names the key), WV_INVALID_PARAMS (parameters by position). Also then `message->id`
 * is set when the line had a usable one, so that the answer can carry it; nothing else is. Clear
 * `message` in both cases. */
bool wv_proto_read(const char *line, size_t length, struct wv_proto_message *message,
                   struct wv_err *err) WV_MUST_CHECK;
/* As wv_proto_read, without the limit of depth: for the side that reads what the daemon sends. */
bool wv_proto_read_reply(const char *line, size_t length, struct wv_proto_message *message,
                         struct wv_err *err) WV_MUST_CHECK;
void wv_proto_message_clear(struct wv_proto_message *message);

/* Lines with their LF, the caller's own. Values are borrowed; NULL params are left out, a NULL id
 * is null. */
char *wv_proto_request(json_t *id, const char *method, json_t *params);
char *wv_proto_notification(const char *method, json_t *params);
char *wv_proto_result(json_t *id, json_t *result);
char *wv_proto_error(json_t *id, const struct wv_err *err);

/* An error as the object that stands in `error.data` of an answer and in `error` of a job:
 * {"code":WORD,"message",...}. New reference. */
json_t *wv_proto_err_json(const struct wv_err *err);
/* Faults as a JSON array of {"kind","file","line","message"}. New reference. */
json_t *wv_proto_problems_json(const struct wv_problems *problems);
/* The number of a code: -32700 ... -32603 for the reserved ones, -32000 for all others. */
int wv_proto_err_number(enum wv_err_code code);
/* Rebuilds an error from such an object, or from a whole JSON-RPC `error` object that has it in
 * `data`. Anything else becomes WV_INTERNAL with what text there is. */
void wv_proto_err_from(const json_t *object, struct wv_err *err);

/* A JSON string of any text; bytes that are not UTF-8 become U+FFFD. NULL gives JSON null. */
json_t *wv_proto_text(const char *text);
/* A JSON array of such strings. */
json_t *wv_proto_texts(const struct wv_strlist *list);
/* Sets `key` to the text, leaving the key out when `text` is NULL. */
void wv_proto_set_text(json_t *object, const char *key, const char *text);

#endif
