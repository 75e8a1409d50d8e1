/* The exit statuses of wovenctl. Stable: scripts and units depend on them (wovenctl(1)). */
#ifndef WV_EXITCODE_H
#define WV_EXITCODE_H

enum wv_exit {
    WV_EXIT_DONE = 0,
    WV_EXIT_FAILED = 1,
    WV_EXIT_USAGE = 2,
    WV_EXIT_NO = 3, /* the answer to a question is no: not at head, pending, changes found */
    WV_EXIT_NO_DAEMON = 4,
    WV_EXIT_TIMED_OUT = 5,
    WV_EXIT_REFUSED = 6,
    WV_EXIT_CANCELLED = 7,
    /* of run-locked alone, whose command has all the others */
    WV_EXIT_LOCK_LOST = 125,
    WV_EXIT_CANNOT_RUN = 126,
    WV_EXIT_NOT_FOUND = 127,
};

#endif
