/* SIGINT and SIGTERM while a job is followed: counted, and let through only inside ppoll(2), so
 * that none is lost between looking and waiting. Process-wide; main thread. */
#ifndef WV_INTERRUPT_H
#define WV_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* SIGPIPE becomes an error of write(2). Call once at start. */
void wv_interrupt_ignore_pipe(void);
/* From here on SIGINT and SIGTERM are counted. */
void wv_interrupt_catch(void);
/* From here on both stay blocked, also while waiting: somebody else takes them. */
void wv_interrupt_hand_over(void);
/* In a child that becomes another program: all as it was when this one began. */
void wv_interrupt_restore(void);
/* How many SIGINT came. */
unsigned wv_interrupt_count(void);
/* SIGTERM came. */
bool wv_interrupt_terminated(void);
/* The mask to wait with; NULL when nothing is caught. */
const sigset_t *wv_interrupt_mask(void);
/* Ends the program by the SIGTERM that was caught, so that its parent sees how it ended. */
void wv_interrupt_die(void);

#endif
