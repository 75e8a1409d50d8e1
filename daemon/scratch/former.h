/* A server that outlived its daemon for a moment: found by the pid file in its data. Any thread. */
#ifndef WV_FORMER_H
#define WV_FORMER_H

/* Ends the server that runs on inner/data, if any, with `signal` and, when that does not help
 * within ten seconds, with SIGKILL; returns when it is gone. */
void wv_former_end(const char *inner, int signal);

#endif
