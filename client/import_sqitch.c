/* Sqitch: the order is that of sqitch.plan, the SQL is in deploy/ and revert/ (its manual,
 * "sqitch-plan", "sqitchchanges"). A change that was reworked has its old SQL in NAME@TAG.sql. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "import.h"
#include "import_files.h"

struct tag {
    char *name;   /* with its @ */
    size_t after; /* how many changes come before it */
};

struct plan {
    struct wv_import *import;
    char *path;
    char *top;     /* of deploy/ and revert/, below the folder; "" or "sub/" */
    char *project; /* NULL: not said */
    struct tag *tags;
    size_t count, capacity;
};

static void plan_free(struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        free(plan->tags[i].name);
    free(plan->tags);
    free(plan->path);
    free(plan->top);
    free(plan->project);
}

/* A fault about the word `what`. */
static void fault(struct plan *plan, int line, const char *kind, const char *what, const char *why)
{
    wv_problems_add(&plan->import->problems, kind, plan->path, line, "%s: %s", what, why);
}

/* The next word of the line, up to a blank; the caller's, NULL at the end. */
static char *next_word(struct wv_import_line *line)
{
    while (line->length > 0 && strchr(" \t", *line->text) != NULL) {
        line->text++;
        line->length--;
    }
    size_t length = 0;
    while (length < line->length && strchr(" \t", line->text[length]) == NULL)
        length++;
    if (length == 0)
        return NULL;
    char *word = wv_xstrndup(line->text, length);
    line->text += length;
    line->length -= length;
    return word;
}

/* The index past the change that `name` (or name@tag) means among the first `before`; 0: none. */
static size_t find_change(const struct plan *plan, const char *name, size_t before)
{
    const char *at = strchr(name, '@');
    size_t length = at != NULL ? (size_t)(at - name) : strlen(name);
    for (size_t i = 0; at != NULL && i < plan->count; i++)
        if (strcmp(plan->tags[i].name, at) == 0 && plan->tags[i].after < before)
            before = plan->tags[i].after;
    for (size_t i = before; i > 0; i--) {
        const char *version = plan->import->items[i - 1].version;
        if (length == 0 || (strlen(version) == length && strncmp(version, name, length) == 0))
            return i;
    }
    return 0;
}

/* `before` is how many changes come before the one that asks. */
static void check_dependency(struct plan *plan, const char *word, size_t before, int line)
{
    bool conflict = word[0] == '!';
    const char *name = conflict ? word + 1 : word;
    const char *colon = strchr(name, ':');
    size_t length = colon != NULL ? (size_t)(colon - name) : 0;
    bool own = colon == NULL || (plan->project != NULL && strlen(plan->project) == length &&
                                 strncmp(plan->project, name, length) == 0);
    if (!own) {
        wv_problems_add(&plan->import->notes, "other_project", plan->path, line,
                        "%s is in another project: bring its revisions together yourself", word);
        return;
    }
    bool found = find_change(plan, colon != NULL ? colon + 1 : name, before) > 0;
    if (found && conflict)
        fault(plan, line, "conflict", name, "conflicts, but comes before");
    else if (!found && !conflict)
        fault(plan, line, "missing_change", name, "is required, but does not come before");
}

/* [one two !three]; `rest` begins after the name. */
static void check_dependencies(struct plan *plan, struct wv_import_line *rest, size_t before)
{
    const char *close = memchr(rest->text, ']', rest->length);
    size_t skip = strspn(rest->text, " \t");
    if (skip >= rest->length || rest->text[skip] != '[')
        return;
    if (close == NULL) {
        fault(plan, rest->number, "bad_plan", "[", "this list is not closed");
        return;
    }
    struct wv_import_line inside = {.text = rest->text + skip + 1,
                                    .length = (size_t)(close - rest->text) - skip - 1,
                                    .number = rest->number};
    for (char *word; (word = next_word(&inside)) != NULL; free(word))
        check_dependency(plan, word, before, rest->number);
    rest->length -= (size_t)(close - rest->text) + 1;
    rest->text = close + 1;
}

/* The note behind #, with its escapes undone. */
static char *note_of(const struct wv_import_line *rest)
{
    struct wv_strbuf note = WV_STRBUF_INIT;
    const char *hash = memchr(rest->text, '#', rest->length);
    size_t length = hash != NULL ? rest->length - (size_t)(hash - rest->text) - 1 : 0;
    while (length > 0 && strchr(" \t", hash[1]) != NULL) {
        hash++;
        length--;
    }
    for (size_t i = 1; i <= length; i++) {
        if (i < length && hash[i] == '\\' && strchr("nr\\", hash[i + 1]) != NULL)
            wv_strbuf_addc(&note, hash[++i] == '\\' ? '\\' : ' ');
        else
            wv_strbuf_addc(&note, hash[i]);
    }
    return wv_strbuf_take(&note);
}

static void add_change(struct plan *plan, char *name, struct wv_import_line *rest)
{
    struct wv_import *import = plan->import;
    size_t before = import->count;
    const char *plain = name[0] == '+' ? name + 1 : name;
    if (name[0] == '-') {
        fault(plan, rest->number, "bad_plan", name, "a change that reverts is not supported");
        return;
    }
    check_dependencies(plan, rest, before);
    /* A name may come again, as another revision. */
    size_t older = find_change(plan, plain, before);
    char *key WV_AUTOFREE =
        wv_xasprintf("%s %zu", plan->project != NULL ? plan->project : "", older);
    struct wv_import_revision *revision = wv_import_add_keyed(import, plain, key);
    char *note = note_of(rest);
    revision->message = note[0] == '\0' ? wv_import_words(plain, strlen(plain)) : wv_xstrdup(note);
    free(note);
    revision->source = wv_xstrdup(plain);
    revision->create_date = next_word(rest);
}

static void add_tag(struct plan *plan, const char *name, int line)
{
    if (plan->import->count == 0) {
        fault(plan, line, "bad_plan", name, "a tag before any change");
        return;
    }
    WV_GROW(plan->tags, plan->count, plan->capacity);
    plan->tags[plan->count++] =
        (struct tag){.name = wv_xstrdup(name), .after = plan->import->count};
    struct wv_import_revision *last = &plan->import->items[plan->import->count - 1];
    char *remark = wv_xasprintf("Tag: %s", name);
    wv_strlist_add_owned(&last->remarks, remark);
    wv_strlist_add(&last->aliases, name);
}

static void take_pragma(struct plan *plan, const struct wv_import_line *line)
{
    static const char project[] = "project";
    const char *equals = memchr(line->text, '=', line->length);
    if (equals == NULL)
        return;
    struct wv_import_line key = {.text = line->text + 1,
                                 .length = (size_t)(equals - line->text) - 1};
    struct wv_import_line value = {.text = equals + 1,
                                   .length = line->length - (size_t)(equals - line->text) - 1};
    char *word WV_AUTOFREE = next_word(&key);
    if (word != NULL && strcmp(word, project) == 0) {
        free(plan->project);
        plan->project = next_word(&value);
    }
}

static void take_line(struct plan *plan, const struct wv_import_line *line)
{
    struct wv_import_line rest = *line;
    char *word WV_AUTOFREE = next_word(&rest);
    if (word == NULL || word[0] == '#')
        return;
    if (word[0] == '%') {
        struct wv_import_line whole = *line;
        while (*whole.text != '%') {
            whole.text++;
            whole.length--;
        }
        take_pragma(plan, &whole);
    } else if (word[0] == '@') {
        add_tag(plan, word, line->number);
    } else {
        add_change(plan, word, &rest);
    }
}

/* The script of change `index` in a folder; a reworked change has it under the first tag, between
 * it and its newer form, for which deploy/ has a file. */
static char *script_path(const struct plan *plan, size_t index, const char *folder)
{
    const struct wv_import *import = plan->import;
    const char *name = import->items[index].version;
    size_t newer = index + 1;
    while (newer < import->count && strcmp(import->items[newer].version, name) != 0)
        newer++;
    for (size_t i = 0; newer < import->count && i < plan->count; i++) {
        const struct tag *tag = &plan->tags[i];
        if (tag->after <= index || tag->after > newer)
            continue;
        char *deploy WV_AUTOFREE =
            wv_xasprintf("%s/%sdeploy/%s%s.sql", import->directory, plan->top, name, tag->name);
        if (access(deploy, F_OK) == 0)
            return wv_xasprintf("%s/%s%s/%s%s.sql", import->directory, plan->top, folder, name,
                                tag->name);
    }
    return wv_xasprintf("%s/%s%s/%s.sql", import->directory, plan->top, folder, name);
}

static void load_change(struct plan *plan, size_t index)
{
    struct wv_import *import = plan->import;
    struct wv_import_revision *revision = &import->items[index];
    char *deploy WV_AUTOFREE = script_path(plan, index, "deploy");
    char *revert WV_AUTOFREE = script_path(plan, index, "revert");
    char *text = wv_import_read(import, deploy);
    if (text != NULL)
        wv_import_fill(&revision->up, text, deploy, 1);
    if (access(revert, F_OK) != 0)
        return;
    text = wv_import_read(import, revert);
    if (text != NULL)
        wv_import_fill(&revision->undo, text, revert, 1);
}

/* The older forms of a name are asked for as NAME@TAG. */
static void name_older(struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        for (size_t j = 0; j < plan->tags[i].after; j++) {
            struct wv_import_revision *revision = &plan->import->items[j];
            char *alias WV_AUTOFREE = wv_xasprintf("%s%s", revision->version, plan->tags[i].name);
            if (find_change(plan, alias, plan->import->count) == j + 1)
                wv_strlist_add(&revision->aliases, alias);
        }
}

static void note_verify(struct plan *plan)
{
    char *verify WV_AUTOFREE = wv_xasprintf("%s/%sverify", plan->import->directory, plan->top);
    if (access(verify, F_OK) == 0)
        wv_problems_add(&plan->import->notes, "left_out", verify, 0,
                        "is left out: revisions have no scripts that verify them");
}

/* `key = value` of the section [core] of sqitch.conf. */
static char *core_setting(const char *text, const char *key)
{
    char *found = NULL;
    bool core = false;
    for (struct wv_import_line line = {.text = text}; wv_import_next_line(&line);) {
        struct wv_import_line rest = line;
        char *word WV_AUTOFREE = next_word(&rest);
        if (word != NULL && word[0] == '[')
            core = strcasecmp(word, "[core]") == 0;
        if (word == NULL || !core || strcmp(word, key) != 0)
            continue;
        char *equals WV_AUTOFREE = next_word(&rest);
        free(found);
        found = equals != NULL && strcmp(equals, "=") == 0 ? next_word(&rest) : NULL;
    }
    return found;
}

static void read_settings(struct plan *plan)
{
    struct wv_import *import = plan->import;
    char *conf WV_AUTOFREE = wv_import_path(import, "sqitch.conf");
    char *text WV_AUTOFREE = access(conf, F_OK) == 0 ? wv_import_read(import, conf) : NULL;
    char *top WV_AUTOFREE = core_setting(text != NULL ? text : "", "top_dir");
    char *file WV_AUTOFREE = core_setting(text != NULL ? text : "", "plan_file");
    bool here = top == NULL || strcmp(top, ".") == 0;
    plan->top = here ? wv_xstrdup("") : wv_xasprintf("%s/", top);
    char *beside WV_AUTOFREE = wv_xasprintf("%ssqitch.plan", plan->top);
    plan->path = wv_import_path(import, file != NULL ? file : beside);
}

bool wv_import_sqitch(struct wv_import *import, struct wv_err *err)
{
    struct plan plan = {.import = import};
    read_settings(&plan);
    if (access(plan.path, R_OK) != 0) {
        wv_err_set(err, WV_IO_ERROR, "there is no %s", plan.path);
        wv_err_hint(err, "name the folder of the Sqitch project, where sqitch.plan is");
        plan_free(&plan);
        return false;
    }
    char *text WV_AUTOFREE = wv_import_read(import, plan.path);
    for (struct wv_import_line line = {.text = text != NULL ? text : ""};
         wv_import_next_line(&line);)
        take_line(&plan, &line);
    for (size_t i = 0; i < import->count; i++)
        load_change(&plan, i);
    name_older(&plan);
    note_verify(&plan);
    wv_import_chain(import);
    plan_free(&plan);
    return true;
}
