/* Revisions as files: their names, their text, and writing all of them or none. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import.h"
#include "import_files.h"
#include "newfile.h"

enum { SLUG_MAX = 40 };

static bool is_slug_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

/* The message as a part of a file name, cut between words. */
static char *make_slug(const char *message)
{
    struct wv_strbuf slug WV_AUTOSTRBUF = WV_STRBUF_INIT;
    size_t fits = 0;
    for (const char *at = message; *at != '\0'; at++) {
        char c = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
        if (is_slug_byte(c)) {
            wv_strbuf_addc(&slug, c);
        } else if (slug.length > 0 && slug.data[slug.length - 1] != '_') {
            if (slug.length <= SLUG_MAX)
                fits = slug.length;
            wv_strbuf_addc(&slug, '_');
        }
    }
    size_t length = slug.length;
    if (length > SLUG_MAX)
        length = fits;
    while (length > 0 && slug.data[length - 1] == '_')
        length--;
    return wv_xstrndup(wv_strbuf_text(&slug), length);
}

static bool is_file_of(const char *name, const char *id)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    size_t length = strlen(id);
    return strncmp(base, id, length) == 0 &&
           (base[length] == '_' || strcmp(base + length, ".sql") == 0);
}

static void place(struct wv_import *import, struct wv_import_revision *revision,
                  const char *directory, const struct wv_strlist *present)
{
    char *slug WV_AUTOFREE = make_slug(revision->message);
    bool slash = directory[strlen(directory) - 1] == '/';
    revision->path = wv_xasprintf("%s%s%s%s%s.sql", directory, slash ? "" : "/", revision->id,
                                  *slug != '\0' ? "_" : "", slug);
    for (size_t i = 0; i < present->count; i++)
        if (is_file_of(present->items[i], revision->id)) {
            wv_problems_add(&import->problems, "file_exists", revision->source, 0,
                            "would become revision %s, but %s/%s has that name already",
                            revision->id, directory, present->items[i]);
            return;
        }
}

bool wv_import_place(struct wv_import *import, const char *directory, struct wv_err *err)
{
    struct wv_strlist present WV_AUTOSTRLIST = {0};
    struct stat info;
    if (stat(directory, &info) == 0 && !wv_import_list(directory, ".sql", true, &present, err))
        return false;
    for (size_t i = 0; i < import->count; i++)
        place(import, &import->items[i], directory, &present);
    if (present.count > 0 && import->problems.count == 0)
        wv_problems_add(&import->notes, "not_empty", directory, 0,
                        "has files already: if they are revisions, the imported ones stand beside "
                        "them with a base of their own");
    return true;
}

static void add_key(struct wv_strbuf *out, const char *key, const char *value)
{
    wv_strbuf_addf(out, "-- %s:", key);
    bool between = true;
    for (const char *at = value != NULL ? value : ""; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || *at == 0x7F) {
            between = true;
            continue;
        }
        if (between)
            wv_strbuf_addc(out, ' ');
        between = false;
        wv_strbuf_addc(out, *at);
    }
    wv_strbuf_addc(out, '\n');
}

static void add_list(struct wv_strbuf *out, const char *key, const struct wv_strlist *list)
{
    char *joined WV_AUTOFREE = wv_strlist_join(list, ", ");
    add_key(out, key, joined);
}

/* Foreign text as comments; the bar keeps a line from being taken for a key or a marker. */
static void add_comments(struct wv_strbuf *out, const char *text)
{
    struct wv_import_line line = {.text = text};
    while (wv_import_next_line(&line))
        wv_strbuf_addf(out, "-- |%s%.*s\n", line.length > 0 ? " " : "", (int)line.length,
                       line.text);
}

static void add_literal(struct wv_strbuf *out, const char *text)
{
    wv_strbuf_addc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            wv_strbuf_addc(out, '\'');
        wv_strbuf_addc(out, *text);
    }
    wv_strbuf_addc(out, '\'');
}

static void add_refusal(struct wv_strbuf *out, const struct wv_import *import,
                        const struct wv_import_revision *revision, const char *why)
{
    char *message WV_AUTOFREE = wv_xasprintf("revision %s could not be imported from %s: %s",
                                             revision->id, import->tool->name, why);
    char *tag WV_AUTOFREE = wv_xstrdup("$woven$");
    for (int i = 1; strstr(message, tag) != NULL; i++) {
        free(tag);
        tag = wv_xasprintf("$woven%d$", i);
    }
    wv_strbuf_addf(out,
                   "DO %s BEGIN\n    RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',\n"
                   "        MESSAGE = ",
                   tag);
    add_literal(out, message);
    wv_strbuf_addf(out, ",\n        HINT = 'write its SQL in place of this statement';\nEND %s;\n",
                   tag);
}

static void add_section(struct wv_strbuf *out, const struct wv_import *import,
                        const struct wv_import_revision *revision, bool up)
{
    const struct wv_import_section *section = up ? &revision->up : &revision->undo;
    if (!section->present)
        return;
    bool refuses = section->refusal != NULL;
    wv_strbuf_addf(out, "\n-- woven:%s%s\n", up ? "up" : "down",
                   section->transaction || refuses ? "" : " transaction=off");
    if (refuses) {
        add_comments(out, section->sql != NULL ? section->sql : "");
        add_refusal(out, import, revision, section->refusal);
    } else if (section->sql != NULL && section->sql[0] != '\0') {
        wv_strbuf_adds(out, section->sql);
        if (out->data[out->length - 1] != '\n')
            wv_strbuf_addc(out, '\n');
    }
}

static void render(struct wv_strbuf *out, const struct wv_import *import,
                   const struct wv_import_revision *revision)
{
    add_key(out, "message", revision->message);
    add_key(out, "revision", revision->id);
    add_list(out, "down_revision", &revision->down);
    add_list(out, "branch_labels", &revision->labels);
    add_list(out, "depends_on", &revision->depends_on);
    add_key(out, "create_date", revision->create_date);
    char *origin WV_AUTOFREE =
        wv_xasprintf("Imported from %s: %s", import->tool->name, revision->source);
    add_comments(out, origin);
    for (size_t i = 0; i < revision->remarks.count; i++)
        add_comments(out, revision->remarks.items[i]);
    add_section(out, import, revision, true);
    add_section(out, import, revision, false);
}

/* The signals that end the program: held back while files are written, so that none stays alone. */
static sigset_t hold_signals(sigset_t *ending)
{
    sigset_t before;
    sigemptyset(ending);
    sigaddset(ending, SIGINT);
    sigaddset(ending, SIGTERM);
    sigaddset(ending, SIGHUP);
    sigprocmask(SIG_BLOCK, ending, &before);
    return before;
}

static bool has_come(const sigset_t *ending)
{
    sigset_t pending;
    sigpending(&pending);
    for (int number = 1; number < NSIG; number++)
        if (sigismember(ending, number) == 1 && sigismember(&pending, number) == 1)
            return true;
    return false;
}

static bool write_revision(const struct wv_import *import, size_t index, struct wv_err *err)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const struct wv_import_revision *revision = &import->items[index];
    render(&text, import, revision);
    return wv_newfile_write(revision->path, wv_strbuf_text(&text), text.length, err);
}

bool wv_import_write(const struct wv_import *import, const char *directory, struct wv_err *err)
{
    bool made;
    if (!wv_newfile_directory(directory, &made, err))
        return false;
    sigset_t ending;
    sigset_t before = hold_signals(&ending);
    size_t count = 0;
    while (count < import->count && !has_come(&ending) && write_revision(import, count, err))
        count++;
    bool done = count == import->count;
    while (!done && count > 0)
        unlink(import->items[--count].path);
    if (!done && made)
        rmdir(directory);
    sigprocmask(SIG_SETMASK, &before, NULL); /* a signal that has come ends the program here */
    if (!done && err->code == WV_OK)
        wv_err_set(err, WV_CANCELLED, "interrupted: nothing was written");
    return done;
}
