/* Help texts, made from the rows of cmds.h. */
#ifndef WV_HELP_H
#define WV_HELP_H

#include "cmds.h"
#include "strbuf.h"

/* `wovenctl --help`; with a group (not NULL) only its commands. */
void wv_help_program(struct wv_strbuf *out, const char *group);
/* `wovenctl migrate upgrade --help`. */
void wv_help_command(struct wv_strbuf *out, const struct wv_cmd *cmd);
/* `wovenctl help`: a line per command, for completion: words, TAB, options separated by blanks,
 * TAB, help. */
void wv_help_list(struct wv_strbuf *out);

#endif
