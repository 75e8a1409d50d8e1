/* See help.h. Pure. */
#include "help.h"

#include <string.h>

enum { TEXT_COLUMN = 28, LINE_END = 96 };

static void pad(struct wv_strbuf *out, size_t from, size_t column)
{
    while (out->length - from < column)
        wv_strbuf_addc(out, ' ');
}

/* `text` at the text column, broken between words; what is left of it has begun at `from`. */
static void add_text(struct wv_strbuf *out, size_t from, const char *text)
{
    if (out->length - from > TEXT_COLUMN - 2) {
        wv_strbuf_addc(out, '\n');
        from = out->length;
    }
    pad(out, from, TEXT_COLUMN);
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (out->length - from + length > LINE_END) {
            out->length--; /* the blank that the last word brought */
            wv_strbuf_addc(out, '\n');
            from = out->length;
            pad(out, from, TEXT_COLUMN);
        }
        wv_strbuf_add(out, text, length);
        text += length;
        while (*text == ' ')
            text++;
        if (*text != '\0')
            wv_strbuf_addc(out, ' ');
    }
    wv_strbuf_addc(out, '\n');
}

static void add_option(struct wv_strbuf *out, const struct wv_opt *opt)
{
    size_t from = out->length;
    if (opt->letter != 0)
        wv_strbuf_addf(out, "  -%c, --%s", opt->letter, opt->name);
    else
        wv_strbuf_addf(out, "      --%s", opt->name);
    if (opt->value != NULL)
        wv_strbuf_addf(out, " %s", opt->value);
    add_text(out, from, opt->help);
}

static void add_options(struct wv_strbuf *out, const char *title, uint64_t options)
{
    if (options == 0)
        return;
    wv_strbuf_addf(out, "\n%s:\n", title);
    for (int i = 0; i < WV_OPT_COUNT; i++)
        if ((options & WV_OPT_BIT(i)) != 0)
            add_option(out, &wv_opts[i]);
}

static void add_commands(struct wv_strbuf *out, const char *group)
{
    for (size_t i = 0; i < wv_cmd_count; i++) {
        const struct wv_cmd *cmd = &wv_cmds[i];
        if (group != NULL && strcmp(group, cmd->group) != 0)
            continue;
        size_t from = out->length;
        char *title WV_AUTOFREE = wv_cmd_title(cmd);
        wv_strbuf_addf(out, "  %s", title);
        add_text(out, from, cmd->help);
    }
}

void wv_help_program(struct wv_strbuf *out, const char *group)
{
    wv_strbuf_addf(out,
                   "usage: wovenctl [OPTIONS] %s COMMAND [ARGUMENTS]\n%s\n"
                   "Migrates a PostgreSQL schema through wovend, the daemon of this host.\n\n"
                   "commands:\n",
                   group != NULL ? group : "migrate|import|daemon",
                   group != NULL ? ""
                                 : "       wovenctl [OPTIONS] run-locked -- COMMAND [ARGUMENTS]\n");
    add_commands(out, group);
    add_options(out, "options of all commands", WV_OPTS_GLOBAL);
    wv_strbuf_adds(out, "\n`wovenctl migrate COMMAND --help` tells more, `wovenctl help` lists all "
                        "for completion.\nexit status: 0 done, 1 failed, 2 usage, 3 no, 4 no "
                        "daemon, 5 timed out, 6 refused, 7 cancelled\n");
}

void wv_help_command(struct wv_strbuf *out, const struct wv_cmd *cmd)
{
    char *title WV_AUTOFREE = wv_cmd_title(cmd);
    wv_strbuf_addf(out, "usage: wovenctl %s%s%s%s\n\n", title,
                   cmd->options != 0 ? " [OPTIONS]" : "", *cmd->args != '\0' ? " " : "", cmd->args);
    wv_strbuf_addc(out, (char)(cmd->help[0] - 'a' + 'A'));
    wv_strbuf_addf(out, "%s.\n", cmd->help + 1);
    if (cmd->text != NULL)
        wv_strbuf_addf(out, "\n%s", cmd->text);
    add_options(out, "options", cmd->options);
    add_options(out, "options of all commands", WV_OPTS_GLOBAL);
}

void wv_help_list(struct wv_strbuf *out)
{
    for (size_t i = 0; i < wv_cmd_count; i++) {
        const struct wv_cmd *cmd = &wv_cmds[i];
        char *title WV_AUTOFREE = wv_cmd_title(cmd);
        wv_strbuf_addf(out, "%s\t", title);
        const char *blank = "";
        for (int j = 0; j < WV_OPT_COUNT; j++) {
            if (((cmd->options | WV_OPTS_GLOBAL) & WV_OPT_BIT(j)) == 0)
                continue;
            wv_strbuf_addf(out, "%s--%s", blank, wv_opts[j].name);
            blank = " ";
        }
        wv_strbuf_addf(out, "\t%s\n", cmd->help);
    }
}
