/* See section_marker.h. Knows the options of a section and nothing of its statements. */
#include "section_marker.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "duration.h"

static const char prefix[] = "woven:";

/* A part of a line, not NUL-terminated. */
struct part {
    const char *text;
    size_t length;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct wv_token wv_comment_text(const struct wv_token *comment)
{
    struct wv_token inner = *comment;
    inner.text += 2;
    inner.length -= 2;
    while (inner.length > 0 && is_blank(inner.text[0])) {
        inner.text++;
        inner.length--;
    }
    while (inner.length > 0 && is_blank(inner.text[inner.length - 1]))
        inner.length--;
    return inner;
}

bool wv_marker_is(const struct wv_token *comment)
{
    struct wv_token inner = wv_comment_text(comment);
    return inner.length >= strlen(prefix) && memcmp(inner.text, prefix, strlen(prefix)) == 0;
}

/* The next word of `line`, which is moved on; length 0 at its end. */
static struct part next_word(struct part *line)
{
    while (line->length > 0 && is_blank(line->text[0])) {
        line->text++;
        line->length--;
    }
    struct part word = {line->text, 0};
    while (word.length < line->length && !is_blank(line->text[word.length]))
        word.length++;
    line->text += word.length;
    line->length -= word.length;
    return word;
}

static bool part_is(struct part part, const char *text)
{
    return part.length == strlen(text) && memcmp(part.text, text, part.length) == 0;
}

/* PostgreSQL keeps both timeouts in an int of milliseconds. */
static bool parse_time(struct part value, int64_t *ms)
{
    char text[32];
    if (value.length >= sizeof(text))
        return false;
    memcpy(text, value.text, value.length);
    text[value.length] = '\0';
    return wv_duration_parse(text, ms) && *ms <= INT32_MAX;
}

/* NULL, or what is wrong. */
static const char *set_option(struct part key, struct part value,
                              struct wv_section_options *options, unsigned *given)
{
    unsigned which = part_is(key, "transaction")         ? 1
                     : part_is(key, "lock_timeout")      ? 2
                     : part_is(key, "statement_timeout") ? 4
                                                         : 0;
    if (which == 0)
        return "there is no such option; there are transaction, lock_timeout, statement_timeout";
    if ((*given & which) != 0)
        return "given twice";
    *given |= which;
    if (which == 1) {
        options->transaction = part_is(value, "on");
        return part_is(value, "on") || part_is(value, "off") ? NULL : "must be on or off";
    }
    int64_t ms;
    if (!parse_time(value, &ms))
        return "must be a time such as 500ms, 2s or 5min";
    if (which == 2 && ms == 0)
        return "waiting for locks without a limit is not allowed";
    *(which == 2 ? &options->lock_timeout_ms : &options->statement_timeout_ms) = ms;
    return NULL;
}

static void parse_option(struct part word, const char *text, struct wv_section_options *options,
                         unsigned *given, struct wv_faults *faults)
{
    const char *equals = memchr(word.text, '=', word.length);
    size_t key = equals != NULL ? (size_t)(equals - word.text) : word.length;
    struct part value = {word.text + key, 0};
    if (equals != NULL)
        value = (struct part){equals + 1, word.length - key - 1};
    const char *wrong = set_option((struct part){word.text, key}, value, options, given);
    if (wrong != NULL)
        wv_faults_add(faults, (size_t)(word.text - text), "bad_option", "%.*s: %s",
                      (int)(word.length < 64 ? word.length : 64), word.text, wrong);
}

bool wv_marker_parse(const struct wv_token *comment, const char *text, bool *down,
                     struct wv_section_options *options, struct wv_faults *faults)
{
    struct wv_token inner = wv_comment_text(comment);
    struct part line = {inner.text + strlen(prefix), inner.length - strlen(prefix)};
    struct part name = {line.text, 0};
    if (line.length > 0 && !is_blank(line.text[0]))
        name = next_word(&line);
    if (!part_is(name, "up") && !part_is(name, "down")) {
        wv_faults_add(faults, (size_t)(comment->text - text), "bad_marker",
                      "woven:%.*s is no section; there are woven:up and woven:down",
                      (int)(name.length < 64 ? name.length : 64), name.text);
        return false;
    }
    *down = part_is(name, "down");
    *options = (struct wv_section_options)WV_SECTION_DEFAULTS;
    unsigned given = 0;
    for (struct part word; (word = next_word(&line)).length > 0;)
        parse_option(word, text, options, &given, faults);
    return true;
}

void wv_marker_canonical(bool down, const struct wv_section_options *options,
                         char canonical[WV_MARKER_CANONICAL])
{
    (void)snprintf(canonical, WV_MARKER_CANONICAL,
                   "%s transaction=%s lock_timeout=%" PRId64 " statement_timeout=%" PRId64,
                   down ? "down" : "up", options->transaction ? "on" : "off",
                   options->lock_timeout_ms, options->statement_timeout_ms);
}
