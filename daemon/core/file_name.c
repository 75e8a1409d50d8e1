/* See file_name.h. */
#include "file_name.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "revision_file.h"
#include "strbuf.h"

/* Whatever a message holds, a name stays below the 255 bytes that file systems take. */
enum { SLUG_BYTES = 160, HEX_ID = 12 };

/* Characters outside of ASCII count as letters, as they do in most languages' words. */
static bool is_word_byte(char c)
{
    return (unsigned char)c >= 0x80 || isalnum((unsigned char)c) != 0 || c == '_';
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0U) == 0x80U;
}

/* The bytes of the first `limit` characters. */
static size_t prefix_of(const char *text, size_t limit)
{
    size_t length = 0;
    while (text[length] != '\0') {
        if (!continues(text[length]) && limit-- == 0)
            break;
        length++;
    }
    while (length > SLUG_BYTES || continues(text[length]))
        length--;
    return length;
}

char *wv_file_slug(const char *message, size_t limit)
{
    struct wv_strbuf slug = WV_STRBUF_INIT;
    bool between = false;
    for (const char *at = message; *at != '\0'; at++) {
        if (!is_word_byte(*at)) {
            between = slug.length > 0;
            continue;
        }
        if (between)
            wv_strbuf_addc(&slug, '_');
        between = false;
        wv_strbuf_addc(&slug, *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at);
    }
    char *text = wv_strbuf_take(&slug);
    size_t cut = prefix_of(text, limit);
    if (text[cut] != '\0') {
        bool inside_word = text[cut] != '_';
        text[cut] = '\0';
        char *last = strrchr(text, '_');
        if (inside_word && last != NULL && last != text)
            *last = '\0';
    }
    return text;
}

static const char *const names[] = {"rev", "slug", "year",   "month",
                                    "day", "hour", "minute", "second"};
enum { NAMES = sizeof(names) / sizeof(names[0]), SLUG = 1 };

/* Which placeholder begins at `hole`, of `length` bytes with its braces; NAMES for none. */
static size_t placeholder(const char *hole, size_t length)
{
    size_t i = 0;
    while (i < NAMES &&
           (strlen(names[i]) != length - 2 || strncmp(names[i], hole + 1, length - 2) != 0))
        i++;
    return i;
}

static char *value_of(const struct wv_file_name *name, size_t which)
{
    const int numbers[NAMES] = {
        [2] = name->when.tm_year + 1900, [3] = name->when.tm_mon + 1, [4] = name->when.tm_mday,
        [5] = name->when.tm_hour,        [6] = name->when.tm_min,     [7] = name->when.tm_sec};
    if (which == 0)
        return wv_xstrdup(name->revision);
    if (which == SLUG)
        return wv_file_slug(name->message, name->slug_limit);
    return wv_xasprintf(which == 2 ? "%04d" : "%02d", numbers[which]);
}

static bool is_separator(char c)
{
    return c == '_' || c == '-' || c == '.';
}

char *wv_file_name_make(const struct wv_file_name *name)
{
    struct wv_strbuf out = WV_STRBUF_INIT;
    const char *at = name->template;
    while (*at != '\0') {
        size_t length = strcspn(at, "{");
        wv_strbuf_add(&out, at, length);
        at += length;
        if (*at == '\0')
            break;
        length = strcspn(at, "}") + 1;
        char *value WV_AUTOFREE = value_of(name, placeholder(at, length));
        at += length;
        if (value[0] != '\0')
            wv_strbuf_adds(&out, value);
        else if (out.length > 0 && is_separator(out.data[out.length - 1]))
            out.data[--out.length] = '\0';
        else if (is_separator(*at))
            at++;
    }
    wv_strbuf_adds(&out, ".sql");
    return wv_strbuf_take(&out);
}

static bool refuse(struct wv_err *err, const char *what, const char *at, size_t length)
{
    wv_err_set(err, WV_CONFIG_ERROR, "%s: \"%.*s\"", what, (int)(length < 64 ? length : 64), at);
    return wv_err_hint(err, "there are {rev}, {slug}, {year}, {month}, {day}, {hour}, {minute} and "
                            "{second}; folders end in /");
}

static bool check_placeholders(const char *template, struct wv_err *err)
{
    for (const char *at = template; *at != '\0';) {
        size_t length = strcspn(at, "{}");
        at += length;
        if (*at == '\0')
            break;
        length = strcspn(at, "}") + 1;
        if (*at == '}' || at[length - 1] != '}')
            return refuse(err, "a brace has no partner", at, strlen(at));
        if (placeholder(at, length) == NAMES)
            return refuse(err, "there is no such placeholder", at, length);
        at += length;
    }
    return true;
}

/* Of a name that was made from the template. */
static bool check_parts(const char *path, const char *template, struct wv_err *err)
{
    for (const char *part = path;; part++) {
        size_t length = strcspn(part, "/");
        if (length == 0 || *part == '.' || *part == ' ')
            return refuse(err, "a part of the name is empty or begins with a dot or blank",
                          template, strlen(template));
        part += length;
        if (*part == '\0')
            return true;
    }
}

bool wv_file_name_check(const char *template, struct wv_err *err)
{
    for (const char *p = template; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f || *p == '\\')
            return refuse(err, "there are control characters or a backslash", template,
                          strlen(template));
    if (!check_placeholders(template, err))
        return false;
    /* With a message and without: both have to do. */
    for (int i = 0; i < 2; i++) {
        struct wv_file_name sample = {.template = template,
                                      .revision = "a0a0a0a0a0a0",
                                      .message = i == 0 ? "" : "x",
                                      .slug_limit = 1,
                                      .when = {.tm_year = 100, .tm_mday = 1}};
        char *path WV_AUTOFREE = wv_file_name_make(&sample);
        if (!check_parts(path, template, err))
            return false;
        if (!wv_file_name_has(path, sample.revision))
            return refuse(err, "the file's name needs {rev} as a word of its own", template,
                          strlen(template));
    }
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static bool is_letter(char c)
{
    return isalnum((unsigned char)c) != 0 || (unsigned char)c >= 0x80;
}

bool wv_file_name_has(const char *path, const char *id)
{
    const char *name = base_name(path);
    const char *dot = strrchr(name, '.');
    const char *end = dot != NULL ? dot : name + strlen(name);
    size_t length = strlen(id);
    for (const char *at = strstr(name, id); at != NULL; at = strstr(at + 1, id))
        if ((at == name || !is_letter(at[-1])) && !is_letter(at[length]) && at + length <= end)
            return true;
    return false;
}

static bool has_hex_id(const char *name)
{
    for (const char *at = name; *at != '\0'; at += *at != '\0') {
        size_t hex = strspn(at, "0123456789abcdef");
        if (hex == HEX_ID && !is_letter(at[hex]) && (at == name || !is_letter(at[-1])))
            return true;
        at += hex;
    }
    return false;
}

bool wv_file_name_plausible(const char *path)
{
    const char *name = base_name(path);
    const char *dot = strrchr(name, '.');
    size_t length = strcspn(name, "_");
    if (dot != NULL && (size_t)(dot - name) < length)
        length = (size_t)(dot - name);
    char *id WV_AUTOFREE = wv_xstrndup(name, length);
    return wv_revision_id_valid(id) || has_hex_id(name);
}
