/* See pg_rig.h. */
#include "pg_rig.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmocka_all.h"

struct wv_pg_wait soon(void)
{
    return wv_pg_wait_ms(10000);
}

void assert_done(bool done, const struct wv_err *err)
{
    if (!done)
        print_error("%s: %s (%s; %s)\n", wv_err_word(err->code), err->message, err->sqlstate,
                    err->hint != NULL ? err->hint : "no hint");
    assert_true(done);
}

void assert_error(bool done, struct wv_err *err, enum wv_err_code code)
{
    assert_false(done);
    if (err->code != code)
        print_error("%s instead of %s: %s\n", wv_err_word(err->code), wv_err_word(code),
                    err->message);
    assert_int_equal(err->code, code);
    assert_non_null(err->message);
    wv_err_clear(err);
}

struct wv_pg *connected(void)
{
    struct wv_pg_options options = {.database = "", .application_name = "woven tests"};
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    assert_done(wv_pg_connect(&pg, &options, &wait, &err), &err);
    return pg;
}

void run(struct wv_pg *pg, const char *sql)
{
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    assert_done(wv_pg_exec(pg, sql, &wait, &err), &err);
}

char *value_of(struct wv_pg *pg, const char *sql)
{
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    assert_done(wv_pg_query_row(pg, sql, 0, NULL, 1, &result, &wait, &err), &err);
    return wv_xstrdup(wv_pg_value(result, 0, 0));
}

int64_t number_of(struct wv_pg *pg, const char *sql)
{
    char *text WV_AUTOFREE = value_of(pg, sql);
    return text != NULL ? strtoll(text, NULL, 10) : 0;
}

void wait_until(struct wv_pg *pg, const char *sql)
{
    int64_t deadline = wv_clock_ms() + 10000;
    for (;;) {
        char *text WV_AUTOFREE = value_of(pg, sql);
        if (text != NULL && strcmp(text, "t") == 0)
            return;
        if (wv_clock_ms() > deadline)
            fail_msg("never true: %s", sql);
        struct wv_pg_wait wait = wv_pg_wait_ms(5);
        struct wv_err err WV_AUTOERR = {0};
        (void)wv_pg_idle(pg, &wait, &err);
    }
}

struct helper {
    pthread_t thread;
    struct wv_pg *pg;
    char *condition;
    char *sql;
    int wake_fd;
};

/* No assert in here: they belong to the test's own thread. What does not happen, the test notices.
 */
static void *help(void *arg)
{
    struct helper *helper = arg;
    int64_t deadline = wv_clock_ms() + 10000;
    bool yes = false;
    struct wv_err err WV_AUTOERR = {0};
    while (!yes && wv_clock_ms() < deadline) {
        struct wv_pg_wait wait = soon();
        struct wv_pg_result *result WV_AUTORESULT = NULL;
        if (wv_pg_query_row(helper->pg, helper->condition, 0, NULL, 1, &result, &wait, &err))
            yes = wv_pg_bool(result, 0, 0);
    }
    struct wv_pg_wait wait = soon();
    if (helper->sql != NULL)
        (void)!wv_pg_exec(helper->pg, helper->sql, &wait, &err);
    if (helper->wake_fd >= 0)
        (void)!write(helper->wake_fd, &(uint64_t){1}, sizeof(uint64_t));
    return NULL;
}

struct helper *helper_start(const char *condition, const char *sql, int wake_fd)
{
    struct helper *helper = wv_xcalloc(1, sizeof(*helper));
    helper->pg = connected();
    helper->condition = wv_xstrdup(condition);
    helper->sql = wv_xstrdup(sql);
    helper->wake_fd = wake_fd;
    assert_int_equal(pthread_create(&helper->thread, NULL, help, helper), 0);
    return helper;
}

void helper_join(struct helper *helper)
{
    pthread_join(helper->thread, NULL);
    wv_pg_close(helper->pg);
    free(helper->condition);
    free(helper->sql);
    free(helper);
}
