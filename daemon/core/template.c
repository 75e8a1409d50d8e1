/* See template.h. Knows placeholders; that its result is a revision file is left to the parser of
 * those. */
#include "template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "file_read.h"
#include "strbuf.h"

static const char built_in[] = "-- message: ${message}\n"
                               "-- revision: ${up_revision}\n"
                               "-- down_revision: ${down_revision}\n"
                               "-- branch_labels: ${branch_labels}\n"
                               "-- depends_on: ${depends_on}\n"
                               "-- create_date: ${create_date}\n"
                               "\n"
                               "-- woven:up\n"
                               "\n"
                               "-- woven:down\n";

bool wv_template_read(char **text, const char *path, struct wv_err *err)
{
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    size_t length;
    int error = wv_file_read(AT_FDCWD, path, &buffer, &length, &stamp);
    if (error == 0) {
        length = wv_text_normalise(buffer.data, length);
        *text = wv_xstrndup(buffer.data, length);
    } else if (error == ENOENT) {
        *text = wv_xstrdup(built_in);
    } else {
        wv_err_set(err, WV_IO_ERROR, "cannot read the template: %s", strerror(error));
        wv_err_at(err, path, 0, 0);
    }
    wv_file_buffer_free(&buffer);
    return error == 0 || error == ENOENT;
}

char *wv_template_line(const char *message)
{
    struct wv_strbuf out = WV_STRBUF_INIT;
    bool blank = false;
    for (const char *at = message; *at != '\0'; at++) {
        if ((unsigned char)*at <= ' ' || *at == 0x7F) {
            blank = true;
            continue;
        }
        if (blank && out.length > 0)
            wv_strbuf_addc(&out, ' ');
        blank = false;
        wv_strbuf_addc(&out, *at);
    }
    return wv_strbuf_take(&out);
}

static char *joined(const struct wv_strlist *list)
{
    return list != NULL ? wv_strlist_join(list, ", ") : wv_xstrdup("");
}

/* The caller's own; NULL when there is no such placeholder. */
static char *value_of(const char *name, size_t length, const struct wv_template_values *values)
{
    char word[32];
    if (length >= sizeof(word))
        return NULL;
    memcpy(word, name, length);
    word[length] = '\0';
    if (strcmp(word, "message") == 0)
        return wv_template_line(values->message);
    if (strcmp(word, "up_revision") == 0)
        return wv_xstrdup(values->revision);
    if (strcmp(word, "down_revision") == 0)
        return joined(values->down);
    if (strcmp(word, "branch_labels") == 0)
        return joined(values->labels);
    if (strcmp(word, "depends_on") == 0)
        return joined(values->depends_on);
    return strcmp(word, "create_date") == 0 ? wv_xstrdup(values->create_date) : NULL;
}

static bool refuse(struct wv_err *err, const char *path, const char *template, const char *at,
                   const char *what, size_t length)
{
    struct wv_place place = WV_PLACE_START;
    wv_place_advance(&place, template, (size_t)(at - template));
    wv_err_set(err, WV_CONFIG_ERROR, "the template has a placeholder that %s: %.*s", what,
               (int)(length < 64 ? length : 64), at);
    wv_err_at(err, path, place.line, place.column);
    return wv_err_hint(err, "there are ${message}, ${up_revision}, ${down_revision}, "
                            "${branch_labels}, ${depends_on} and ${create_date}");
}

static bool expand(struct wv_strbuf *out, const char *template, const char *path,
                   const struct wv_template_values *values, struct wv_err *err)
{
    const char *at = template;
    for (const char *hole; (hole = strstr(at, "${")) != NULL;) {
        wv_strbuf_add(out, at, (size_t)(hole - at));
        size_t length = strcspn(hole, "}\n");
        if (hole[length] != '}')
            return refuse(err, path, template, hole, "does not end", length);
        char *value WV_AUTOFREE = value_of(hole + 2, length - 2, values);
        if (value == NULL)
            return refuse(err, path, template, hole, "does not exist", length + 1);
        wv_strbuf_adds(out, value);
        at = hole + length + 1;
    }
    wv_strbuf_adds(out, at);
    return true;
}

static bool check_result(const struct wv_strbuf *text, const char *path,
                         const struct wv_template_values *values, struct wv_err *err)
{
    struct wv_problems problems = {0};
    struct wv_revision revision = {0};
    char *copy WV_AUTOFREE = wv_xmemdup(wv_strbuf_text(text), text->length + 1);
    char *name WV_AUTOFREE = wv_xasprintf("%s.sql", values->revision);
    struct wv_checksum *checksum = wv_checksum_new();
    bool done = wv_revision_parse(&revision, name, copy, text->length, checksum, &problems);
    if (!done && problems.count > 0) {
        wv_err_set(err, WV_CONFIG_ERROR, "what the template makes is no revision file: line %d: %s",
                   problems.items[0].line, problems.items[0].message);
        wv_err_at(err, path, 0, 0);
    }
    wv_checksum_free(checksum);
    wv_revision_free(&revision);
    wv_problems_free(&problems);
    return done;
}

/* A field that is empty leaves no blank at the end of its line. */
static void trim_lines(struct wv_strbuf *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->length; i++) {
        if (text->data[i] == '\n')
            while (kept > 0 && text->data[kept - 1] == ' ')
                kept--;
        text->data[kept++] = text->data[i];
    }
    text->length = kept;
    if (text->data != NULL)
        text->data[kept] = '\0';
}

bool wv_template_render(char **text, const char *template, const char *path,
                        const struct wv_template_values *values, struct wv_err *err)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (!expand(&out, template, path, values, err))
        return false;
    trim_lines(&out);
    if (!check_result(&out, path, values, err))
        return false;
    *text = wv_strbuf_take(&out);
    return true;
}

void wv_revision_id_new(char id[WV_REVISION_ID_NEW])
{
    unsigned char bytes[(WV_REVISION_ID_NEW - 1) / 2];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        abort(); /* so few bytes are never cut short (getrandom(2)) */
    for (size_t i = 0; i < sizeof(bytes); i++)
        (void)snprintf(id + 2 * i, 3, "%02x", bytes[i]);
}
