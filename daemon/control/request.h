/* One request on its way to an answer: owned by whoever has to answer it next, answered and freed
 * by exactly one of wv_request_finish and wv_request_fail. Its client may be gone by then, which
 * nobody needs to know. Loop thread. */
#ifndef WV_REQUEST_H
#define WV_REQUEST_H

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "passed_texts.h"
#include "strlist.h"

struct wv_desk;
struct wv_gather;
struct wv_sessions;
struct wv_verb;

struct wv_request {
    struct wv_sessions *sessions;
    uint64_t session;
    bool notification; /* nobody waits for the answer */
    json_t *id;
    const struct wv_verb *verb;
    json_t *params;               /* an object, checked against the verb's table */
    struct wv_passed_texts texts; /* that came with it */
    uid_t uid;
    pid_t pid;
    struct wv_desk *desk;     /* of the project that it names, or of the only one; NULL: neither */
    struct wv_gather *gather; /* where the answer goes instead of the client; NULL: nowhere */
    size_t slot;              /* in it */
};

/* Takes `result` over. */
void wv_request_finish(struct wv_request *request, json_t *result);
void wv_request_fail(struct wv_request *request, const struct wv_err *err);

/* Parameters; absent ones give NULL, `otherwise`, or nothing. */
const char *wv_request_text(const struct wv_request *request, const char *name);
bool wv_request_flag(const struct wv_request *request, const char *name, bool otherwise);
int64_t wv_request_number(const struct wv_request *request, const char *name, int64_t otherwise);
/* Adds to `list`; a string is a list of one. */
void wv_request_list(const struct wv_request *request, const char *name, struct wv_strlist *list);

#endif
