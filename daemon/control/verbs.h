/* The methods as data: validation, access, rpc.discover and the manual derive from this table. Loop
 * thread. */
#ifndef WV_VERBS_H
#define WV_VERBS_H

#include "access.h"
#include "message.h"
#include "request.h"

struct wv_control;
struct wv_desk;

enum wv_param_type {
    WV_PARAM_BOOL,
    WV_PARAM_INT,  /* not negative */
    WV_PARAM_TEXT, /* a string */
    WV_PARAM_LIST, /* a list of strings, or one string; a required one is not empty */
};

struct wv_param {
    const char *name; /* NULL ends a list of parameters */
    enum wv_param_type type;
    bool required;
    const char *const *values; /* the strings that are allowed, NULL-ended; NULL: any */
};

struct wv_verb {
    const char *name;
    enum wv_access_class access;
    const char *description;
    const struct wv_param *params;
    /* Each takes the request over. A method is a project's or the daemon's, the other is NULL; one
     * that has both is the daemon's when its parameter `all` is true. */
    void (*run)(struct wv_desk *desk, struct wv_request *request);
    void (*run_daemon)(struct wv_control *control, struct wv_request *request);
    enum wv_job_kind job; /* what is made of the request, where that is a job */
};

extern const struct wv_verb wv_verbs[];
extern const size_t wv_verb_count;

/* NULL when there is none. */
const struct wv_verb *wv_verb_find(const char *name);
/* "bool", "int", "string", "list". */
const char *wv_param_type_word(enum wv_param_type type);
/* WV_INVALID_PARAMS that names the parameter. `params` NULL is an empty object. */
bool wv_verb_check(const struct wv_verb *verb, const json_t *params,
                   struct wv_err *err) WV_MUST_CHECK;
/* The schemas that a request is about, as words (side_word.h); nothing for other methods. The
 * parameters may be unchecked. */
void wv_verb_sides(const struct wv_verb *verb, const json_t *params, struct wv_strlist *sides);
/* Whether the caller may call it at all. WV_ACCESS_DENIED, which is also logged. */
bool wv_verb_allow(const struct wv_verb *verb, const struct wv_rights *rights,
                   const struct wv_peer *peer, struct wv_err *err) WV_MUST_CHECK;

/* One line of a client: answered now or later, whatever it is. The texts that came with it are
 * taken over. */
void wv_dispatch(struct wv_control *control, uint64_t session, const char *line, size_t length,
                 struct wv_passed_texts *texts);

#endif
