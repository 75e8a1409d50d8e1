/* wovenctl: the command line to a run of one command. One thread, no stdio, no locale: the whole
 * process is to take two milliseconds. */
#include <string.h>
#include <unistd.h>

#include "help.h"
#include "interrupt.h"
#include "run.h"

/* --help, `help` and --version; their exit status, or -1 when none of them was asked for. */
static int inform(struct wv_call *call)
{
    const struct wv_args *args = call->args;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (wv_args_has(args, WV_OPT_VERSION))
        wv_strbuf_adds(&text, "wovenctl " WV_VERSION "\n");
    else if (args->help_list)
        wv_help_list(&text);
    else if (args->help && args->cmd != NULL)
        wv_help_command(&text, args->cmd);
    else if (args->help)
        wv_help_program(&text, args->group);
    else
        return -1;
    call->json = false;
    return wv_call_finish(call, NULL, &text, WV_EXIT_DONE);
}

int main(int argc, char **argv)
{
    struct wv_args args = {0};
    struct wv_err err WV_AUTOERR = {0};
    struct wv_call call;
    wv_interrupt_ignore_pipe();
    bool ok = wv_args_parse(&args, argc, argv, &err);
    wv_call_init(&call, &args);
    int status = ok ? inform(&call) : wv_call_fail(&call, &err);
    if (status < 0)
        status = args.cmd->run(&call);
    wv_call_close(&call);
    wv_args_free(&args);
    return status;
}
