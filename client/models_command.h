/* models_command: the program that prints the models. The daemon's settings name it; it runs here,
 * as the caller, with the caller's environment. Main thread. */
#ifndef WV_MODELS_COMMAND_H
#define WV_MODELS_COMMAND_H

#include "run.h"

/* Asks the daemon for the command and runs it in the folder of the settings: its output is handed
 * over as a sealed memory file, -1 when the settings name none; standard error is ours. Signals are
 * passed on to it; SIGTERM and its like end this program after it. What it leaves running is ended,
 * as far as our signals reach.
 *
 * WV_ACCESS_DENIED when the daemon may not choose what we run; WV_COMMAND_FAILED; WV_LIMIT_EXCEEDED
 * when it prints too much; WV_CANCELLED at Ctrl-C; WV_TIMED_OUT at the call's deadline. */
bool wv_models_command(struct wv_call *call, int *text, struct wv_err *err) WV_MUST_CHECK;

#endif
