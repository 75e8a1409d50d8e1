/* See interrupt.h. */
#include "interrupt.h"

#include <stddef.h>

static volatile sig_atomic_t interrupts;
static volatile sig_atomic_t terminated;
static struct sigaction pipe_before;
static sigset_t mask_before;
static sigset_t wait_mask;
static bool caught;

static void on_signal(int number)
{
    if (number == SIGTERM)
        terminated = 1;
    else if (interrupts < 2)
        interrupts = interrupts + 1;
}

void wv_interrupt_ignore_pipe(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGPIPE, &action, &pipe_before);
    (void)sigprocmask(SIG_SETMASK, NULL, &mask_before);
}

void wv_interrupt_hand_over(void)
{
    caught = false;
}

/* Caught signals are as they were by the exec itself. */
void wv_interrupt_restore(void)
{
    (void)sigaction(SIGPIPE, &pipe_before, NULL);
    (void)sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

void wv_interrupt_catch(void)
{
    sigset_t block;
    sigemptyset(&block);
    sigaddset(&block, SIGINT);
    sigaddset(&block, SIGTERM);
    (void)sigprocmask(SIG_BLOCK, &block, &wait_mask);
    sigdelset(&wait_mask, SIGINT);
    sigdelset(&wait_mask, SIGTERM);
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    struct sigaction old;
    /* A background job of a shell without job control has SIGINT ignored: leave that. */
    if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    caught = true;
}

unsigned wv_interrupt_count(void)
{
    return (unsigned)interrupts;
}

bool wv_interrupt_terminated(void)
{
    return terminated != 0;
}

const sigset_t *wv_interrupt_mask(void)
{
    return caught ? &wait_mask : NULL;
}

void wv_interrupt_die(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)raise(SIGTERM);
    sigset_t open;
    sigemptyset(&open);
    sigaddset(&open, SIGTERM);
    (void)sigprocmask(SIG_UNBLOCK, &open, NULL);
}
