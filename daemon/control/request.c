/* Answers and parameters of a request. Loop thread. */
#include "request.h"

#include <stdlib.h>

#include "gather.h"
#include "proto.h"
#include "sessions.h"

static void forget(struct wv_request *request)
{
    json_decref(request->id);
    json_decref(request->params);
    wv_passed_texts_clear(&request->texts);
    free(request);
}

static void answer(struct wv_request *request, char *text)
{
    wv_sessions_answer(request->sessions, request->session, text);
    forget(request);
}

void wv_request_finish(struct wv_request *request, json_t *result)
{
    if (request->gather != NULL) {
        wv_gather_take(request->gather, request->slot, result);
        forget(request);
        return;
    }
    char *text = request->notification ? NULL : wv_proto_result(request->id, result);
    json_decref(result);
    answer(request, text);
}

void wv_request_fail(struct wv_request *request, const struct wv_err *err)
{
    if (request->gather != NULL) {
        wv_gather_fail(request->gather, request->slot, err);
        forget(request);
        return;
    }
    answer(request, request->notification ? NULL : wv_proto_error(request->id, err));
}

const char *wv_request_text(const struct wv_request *request, const char *name)
{
    return json_string_value(json_object_get(request->params, name));
}

bool wv_request_flag(const struct wv_request *request, const char *name, bool otherwise)
{
    const json_t *value = json_object_get(request->params, name);
    return value != NULL ? json_is_true(value) : otherwise;
}

int64_t wv_request_number(const struct wv_request *request, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(request->params, name);
    return value != NULL ? json_integer_value(value) : otherwise;
}

void wv_request_list(const struct wv_request *request, const char *name, struct wv_strlist *list)
{
    const json_t *value = json_object_get(request->params, name);
    if (json_is_string(value))
        wv_strlist_add(list, json_string_value(value));
    size_t i;
    json_t *item;
    json_array_foreach(value, i, item)
    {
        wv_strlist_add(list, json_string_value(item));
    }
}
