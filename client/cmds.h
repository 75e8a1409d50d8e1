/* The commands as data: one static row per command, one per option. Parsing, help and the list for
 * shell completion all come from these rows. */
#ifndef WV_CMDS_H
#define WV_CMDS_H

#include <stddef.h>
#include <stdint.h>

#define WV_SOCKET_DEFAULT "/run/woven/wovend.sock"

enum wv_opt_id {
    /* of all commands */
    WV_OPT_SOCKET,
    WV_OPT_PROJECT,
    WV_OPT_JSON,
    WV_OPT_QUIET,
    WV_OPT_TIMEOUT,
    WV_OPT_HELP,
    WV_OPT_VERSION,
    /* of some */
    WV_OPT_VERBOSE,
    WV_OPT_CHECK_HEADS,
    WV_OPT_ALL,
    WV_OPT_REV_RANGE,
    WV_OPT_INDICATE_CURRENT,
    WV_OPT_GRAPH,
    WV_OPT_FORMAT,
    WV_OPT_RESOLVE_DEPENDENCIES,
    WV_OPT_FROM,
    WV_OPT_PURGE,
    WV_OPT_SQL,
    WV_OPT_TAG,
    WV_OPT_SINGLE_TRANSACTION,
    WV_OPT_NO_HAND_OVER,
    WV_OPT_MESSAGE,
    WV_OPT_REV_ID,
    WV_OPT_HEAD,
    WV_OPT_SPLICE,
    WV_OPT_BRANCH_LABEL,
    WV_OPT_DEPENDS_ON,
    WV_OPT_VERSION_PATH,
    WV_OPT_AUTOGENERATE,
    WV_OPT_PLAIN,
    WV_OPT_UNPROVEN,
    WV_OPT_DIRECTORY,
    WV_OPT_RENAME,
    WV_OPT_ONTO,
    WV_OPT_OFFLINE,
    WV_OPT_DONE,
    WV_OPT_AGAIN,
    WV_OPT_ABANDON,
    WV_OPT_ACCEPT,
    WV_OPT_ACCEPT_ALL,
    WV_OPT_DRY_RUN,
    WV_OPT_DIFF,
    WV_OPT_LIMIT,
    WV_OPT_BEFORE,
    WV_OPT_REVISION,
    WV_OPT_SINCE,
    WV_OPT_FAILED,
    WV_OPT_INTO,
    WV_OPT_APPLIED,
    WV_OPT_PYTHON,
    WV_OPT_COUNT,
};

#define WV_OPT_BIT(id) (UINT64_C(1) << (id))
#define WV_OPTS_GLOBAL (WV_OPT_BIT(WV_OPT_VERBOSE) - 1)

struct wv_opt {
    const char *name;  /* without the two dashes */
    char letter;       /* 0: no short form */
    const char *value; /* what the value is called; NULL: a flag */
    const char *help;
};

extern const struct wv_opt wv_opts[WV_OPT_COUNT];

struct wv_call;

struct wv_cmd {
    const char *group; /* "migrate", "import", "daemon"; "": the name stands alone, and all words
                          behind the next one are the command's, whatever they look like */
    const char *name;
    const char *alias;  /* NULL or a second name */
    const char *args;   /* positional arguments as help shows them; "" none */
    size_t min_args;    /* how many at least */
    size_t max_args;    /* and at most; SIZE_MAX: any number */
    uint64_t options;   /* WV_OPT_BIT of those it takes, besides the global ones */
    const char *help;   /* one line */
    const char *text;   /* further paragraphs of its help; NULL none */
    const char *method; /* of the protocol; NULL: it needs no daemon */
    /* Does it, prints, and returns the exit status. */
    int (*run)(struct wv_call *call);
};

extern const struct wv_cmd wv_cmds[];
extern const size_t wv_cmd_count;

/* "migrate upgrade", "run-locked"; the caller's own. */
char *wv_cmd_title(const struct wv_cmd *cmd);
/* The row of this group and name (or alias); NULL when there is none. */
const struct wv_cmd *wv_cmd_find(const char *group, const char *name);
/* What `group` is called when it is one, else NULL. */
const char *wv_cmd_group(const char *group);

#endif
