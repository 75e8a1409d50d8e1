/* See args.h. Main thread. Knows the rows of cmds.h and no command's meaning. */
#include "args.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "suggest.h"

bool wv_args_has(const struct wv_args *args, enum wv_opt_id id)
{
    return (args->given & WV_OPT_BIT(id)) != 0;
}

const char *wv_args_value(const struct wv_args *args, enum wv_opt_id id)
{
    const struct wv_strlist *values = &args->values[id];
    return values->count > 0 ? values->items[values->count - 1] : NULL;
}

bool wv_args_duration(const char *text, int64_t *ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"min", 60000}, {"m", 60000}, {"h", 3600000}};
    if (*text < '0' || *text > '9')
        return false;
    char *end;
    long long number = strtoll(text, &end, 10);
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].unit) != 0)
            continue;
        /* What the daemon's wait_ms and poll(2) can take, with room to spare. */
        if (number <= 0 || number > INT_MAX / units[i].ms)
            return false;
        *ms = number * units[i].ms;
        return true;
    }
    return false;
}

static bool note(struct wv_args *args, enum wv_opt_id id, const char *value, struct wv_err *err)
{
    args->given |= WV_OPT_BIT(id);
    if (value != NULL)
        wv_strlist_add(&args->values[id], value);
    if (id == WV_OPT_TIMEOUT && value != NULL && !wv_args_duration(value, &args->timeout_ms)) {
        wv_err_set(err, WV_USAGE, "--timeout takes no such time: \"%s\"", value);
        return wv_err_hint(err, "a number above zero with ms, s, min or h: 500ms, 90s, 2min; a "
                                "plain number is seconds");
    }
    return true;
}

static bool needs_value(const char *option, enum wv_opt_id id, struct wv_err *err)
{
    wv_err_set(err, WV_USAGE, "%s needs a value", option);
    return wv_err_hint(err, "%s %s: %s", option, wv_opts[id].value, wv_opts[id].help);
}

static bool unknown_option(const char *option, size_t length, struct wv_err *err)
{
    const char *best = NULL;
    size_t distance = SIZE_MAX;
    for (size_t i = 0; i < WV_OPT_COUNT && length > 2; i++)
        wv_suggest(option + 2, length - 2, wv_opts[i].name, &best, &distance);
    wv_err_set(err, WV_USAGE, "unknown option %.*s", (int)length, option);
    if (best != NULL)
        return wv_err_hint(err, "did you mean --%s?", best);
    return wv_err_hint(err, "`wovenctl --help` and `wovenctl migrate COMMAND --help` list them");
}

/* One long option, `at` its place in argv; moves past a value that is its own word. */
static bool parse_long(struct wv_args *args, int argc, char **argv, int *at, struct wv_err *err)
{
    const char *option = argv[*at];
    const char *equals = strchr(option, '=');
    size_t length = equals != NULL ? (size_t)(equals - option) : strlen(option);
    for (int i = 0; i < WV_OPT_COUNT; i++) {
        enum wv_opt_id id = (enum wv_opt_id)i;
        const char *name = wv_opts[i].name;
        if (strlen(name) != length - 2 || strncmp(name, option + 2, length - 2) != 0)
            continue;
        if (wv_opts[i].value == NULL)
            return equals == NULL
                       ? note(args, id, NULL, err)
                       : wv_err_set(err, WV_USAGE, "--%s takes no value", wv_opts[i].name);
        if (equals != NULL)
            return note(args, id, equals + 1, err);
        if (*at + 1 >= argc)
            return needs_value(option, id, err);
        return note(args, id, argv[++*at], err);
    }
    return unknown_option(option, length, err);
}

static int find_letter(char letter)
{
    for (int i = 0; i < WV_OPT_COUNT; i++)
        if (wv_opts[i].letter == letter)
            return i;
    return -1;
}

/* One word of short options: flags may be joined (`-vi`), a value may be (`-mtext`). */
static bool parse_short(struct wv_args *args, int argc, char **argv, int *at, struct wv_err *err)
{
    const char *word = argv[*at];
    for (const char *p = word + 1; *p != '\0'; p++) {
        int found = find_letter(*p);
        if (found < 0)
            return unknown_option(word, strlen(word), err);
        enum wv_opt_id id = (enum wv_opt_id)found;
        if (wv_opts[id].value == NULL) {
            if (!note(args, id, NULL, err))
                return false;
            continue;
        }
        if (p[1] != '\0')
            return note(args, id, p[1] == '=' ? p + 2 : p + 1, err);
        if (*at + 1 >= argc)
            return needs_value(word, id, err);
        return note(args, id, argv[++*at], err);
    }
    return true;
}

static bool is_target(const char *word)
{
    return word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

/* `plan TARGET --from REV REV`: once the target has been given, words right behind a --from are
 * more of it. */
static bool continues_from(const struct wv_args *args, bool behind_from)
{
    const struct wv_strlist *words = &args->words;
    if (!behind_from || words->count < 3)
        return false;
    return words->count > 3 ||
           (strcmp(words->items[2], "upgrade") != 0 && strcmp(words->items[2], "downgrade") != 0 &&
            strcmp(words->items[2], "stamp") != 0);
}

/* False: what follows is a command line of its own. */
static bool add_word(struct wv_args *args, const char *word)
{
    const struct wv_strlist *words = &args->words;
    wv_strlist_add(&args->words, word);
    return words->count != 2 || wv_cmd_find("", words->items[0]) == NULL;
}

static bool split_words(struct wv_args *args, int argc, char **argv, struct wv_err *err)
{
    bool options = true;
    bool behind_from = false;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        bool ok = true;
        bool plain = !options || word[0] != '-' || word[1] == '\0' || is_target(word);
        if (!plain)
            behind_from = strncmp(word, "--from", 6) == 0;
        if (plain && continues_from(args, behind_from))
            ok = note(args, WV_OPT_FROM, word, err);
        else if (!options || word[0] != '-' || word[1] == '\0' || is_target(word))
            options = add_word(args, word) && options;
        else if (strcmp(word, "--") == 0)
            options = false;
        else if (word[1] == '-')
            ok = parse_long(args, argc, argv, &i, err);
        else
            ok = parse_short(args, argc, argv, &i, err);
        if (!ok)
            return false;
    }
    return true;
}

static bool unknown_command(const char *group, const char *word, struct wv_err *err)
{
    const char *best = NULL;
    const struct wv_cmd *meant = NULL;
    size_t distance = SIZE_MAX;
    for (size_t i = 0; i < wv_cmd_count; i++) {
        const char *before = best;
        if (group == NULL || strcmp(group, wv_cmds[i].group) == 0)
            wv_suggest(word, strlen(word), wv_cmds[i].name, &best, &distance);
        if (best != before)
            meant = &wv_cmds[i];
    }
    wv_err_set(err, WV_USAGE, "unknown command \"%s%s%s\"", group != NULL ? group : "",
               group != NULL ? " " : "", word);
    char *title WV_AUTOFREE = meant != NULL ? wv_cmd_title(meant) : NULL;
    if (title != NULL)
        return wv_err_hint(err, "did you mean `wovenctl %s`?", title);
    return wv_err_hint(err, "`wovenctl --help` lists the commands");
}

static void drop_words(struct wv_strlist *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(words->items[i]);
    memmove(words->items, words->items + count, (words->count - count) * sizeof(*words->items));
    words->count -= count;
}

/* Takes the command words off the positional ones. */
static bool find_command(struct wv_args *args, struct wv_err *err)
{
    struct wv_strlist *words = &args->words;
    if (words->count > 0 && strcmp(words->items[0], "help") == 0) {
        args->help = true;
        args->help_list = words->count == 1;
        drop_words(words, 1);
    }
    if (words->count == 0) {
        if (args->help || wv_args_has(args, WV_OPT_VERSION))
            return true;
        wv_err_set(err, WV_USAGE, "no command given");
        return wv_err_hint(err, "`wovenctl --help` lists the commands");
    }
    args->cmd = wv_cmd_find("", words->items[0]);
    if (args->cmd != NULL) {
        drop_words(words, 1);
        return true;
    }
    const char *group = wv_cmd_group(words->items[0]);
    if (group == NULL)
        return unknown_command(NULL, words->items[0], err);
    if (words->count == 1) {
        args->group = group;
        if (args->help)
            return true;
        wv_err_set(err, WV_USAGE, "`wovenctl %s` needs a command", group);
        return wv_err_hint(err, "`wovenctl %s --help` lists them", group);
    }
    args->cmd = wv_cmd_find(group, words->items[1]);
    if (args->cmd == NULL)
        return unknown_command(group, words->items[1], err);
    drop_words(words, 2);
    return true;
}

static bool check_fit(const struct wv_args *args, struct wv_err *err)
{
    const struct wv_cmd *cmd = args->cmd;
    char *title WV_AUTOFREE = wv_cmd_title(cmd);
    uint64_t foreign = args->given & ~(cmd->options | WV_OPTS_GLOBAL);
    for (int i = 0; i < WV_OPT_COUNT; i++) {
        if ((foreign & WV_OPT_BIT(i)) == 0)
            continue;
        wv_err_set(err, WV_USAGE, "`%s` has no option --%s", title, wv_opts[i].name);
        return wv_err_hint(err, "`wovenctl %s --help` lists its options", title);
    }
    if (args->words.count < cmd->min_args)
        wv_err_set(err, WV_USAGE, "`%s` needs %s", title, cmd->args);
    else if (args->words.count > cmd->max_args)
        wv_err_set(err, WV_USAGE, "`%s` takes no further argument \"%s\"", title,
                   args->words.items[cmd->max_args]);
    else
        return true;
    return wv_err_hint(err, "usage: wovenctl %s%s%s", title, *cmd->args != '\0' ? " " : "",
                       cmd->args);
}

/* A wrong option may stand before --json: look for it so that the error comes as JSON. */
static void look_for_json(struct wv_args *args, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--json") == 0)
            args->given |= WV_OPT_BIT(WV_OPT_JSON);
}

bool wv_args_parse(struct wv_args *args, int argc, char **argv, struct wv_err *err)
{
    bool ok = split_words(args, argc, argv, err);
    args->help = wv_args_has(args, WV_OPT_HELP);
    ok = ok && find_command(args, err);
    if (ok && (args->help || args->cmd == NULL || wv_args_has(args, WV_OPT_VERSION)))
        return true;
    ok = ok && check_fit(args, err);
    if (!ok)
        look_for_json(args, argc, argv);
    return ok;
}

void wv_args_free(struct wv_args *args)
{
    wv_strlist_free(&args->words);
    for (int i = 0; i < WV_OPT_COUNT; i++)
        wv_strlist_free(&args->values[i]);
    *args = (struct wv_args){0};
}
