/* See aside.h. Caller and thread own what they share together: the last one frees. */
#include "aside.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "xalloc.h"

struct aside {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    void (*work)(void *arg);
    void (*release)(void *arg);
    void *arg;
    int owners;
    bool done;
};

static struct aside *make(void)
{
    struct aside *aside = wv_xcalloc(1, sizeof(*aside));
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&aside->mutex, NULL);
    pthread_cond_init(&aside->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    aside->owners = 2;
    return aside;
}

/* With the mutex held, which is released. */
static void leave(struct aside *aside)
{
    bool last = --aside->owners == 0;
    pthread_mutex_unlock(&aside->mutex);
    if (!last)
        return;
    pthread_cond_destroy(&aside->changed);
    pthread_mutex_destroy(&aside->mutex);
    free(aside);
}

static void *body(void *arg)
{
    struct aside *aside = arg;
    aside->work(aside->arg);
    aside->release(aside->arg);
    pthread_mutex_lock(&aside->mutex);
    aside->done = true;
    pthread_cond_signal(&aside->changed);
    leave(aside);
    return NULL;
}

bool wv_aside(void (*work)(void *arg), void (*release)(void *arg), void *arg, int64_t deadline)
{
    struct aside *aside = make();
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000),
                             .tv_nsec = (long)(deadline % 1000) * 1000000};
    pthread_t thread;
    aside->work = work;
    aside->release = release;
    aside->arg = arg;
    bool started = pthread_create(&thread, NULL, body, aside) == 0;
    if (started)
        pthread_detach(thread);
    else
        release(arg);
    pthread_mutex_lock(&aside->mutex);
    if (!started)
        aside->owners--;
    int status = 0;
    while (started && !aside->done && status == 0)
        status = pthread_cond_timedwait(&aside->changed, &aside->mutex, &until);
    bool done = aside->done;
    leave(aside);
    return done;
}
