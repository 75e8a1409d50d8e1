/* See text.h. Plain functions on bytes; knows no SQL. */
#include "text.h"

#include <stdint.h>
#include <string.h>

enum { MESSAGE_MAX = 400 };

void wv_place_advance(struct wv_place *place, const char *text, size_t offset)
{
    const char *from = text + place->offset;
    const char *to = text + offset;
    const char *line = from;
    for (const char *end; (end = memchr(line, '\n', (size_t)(to - line))) != NULL; line = end + 1)
        place->line++;
    if (line != from)
        place->column = 1;
    for (const char *at = line; at < to; at++)
        place->column += ((unsigned char)*at & 0xC0U) != 0x80U;
    place->offset = offset;
}

size_t wv_text_normalise(char *text, size_t length)
{
    const char *from = text;
    const char *end = text + length;
    while (end - from >= 3 && memcmp(from, "\xEF\xBB\xBF", 3) == 0)
        from += 3;
    if (from == text && (length == 0 || memchr(text, '\r', length) == NULL))
        return length;
    char *to = text;
    while (from < end) {
        const char *cr = memchr(from, '\r', (size_t)(end - from));
        const char *stop = cr != NULL ? cr : end;
        memmove(to, from, (size_t)(stop - from));
        to += stop - from;
        if (cr == NULL)
            break;
        if (cr + 1 == end || cr[1] != '\n')
            *to++ = '\r';
        from = cr + 1;
    }
    return (size_t)(to - text);
}

/* The length of the well-formed character at `at` (RFC 3629, section 4); 0 when it is none. */
static size_t character_length(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || left < length)
        return 0;
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xC0U) != 0x80U)
            return 0;
    return length;
}

/* Messages quote the file, which may hold anything: they are made short and UTF-8 again. */
static void tame(char *message)
{
    size_t left = strlen(message);
    for (char *at = message; left > 0;) {
        size_t size =
            (unsigned char)*at < 0x80 ? 1 : character_length((const unsigned char *)at, left);
        if (size == 0 || (size == 1 && (unsigned char)*at < ' ')) {
            *at = '?';
            size = 1;
        }
        if ((size_t)(at - message) + size > MESSAGE_MAX) {
            *at = '\0';
            return;
        }
        at += size;
        left -= size;
    }
}

void wv_faults_init(struct wv_faults *faults, struct wv_problems *problems, const char *file,
                    const char *text, struct wv_place start)
{
    *faults = (struct wv_faults){.problems = problems, .file = file, .text = text};
    faults->start = (struct wv_place){0, start.line, start.column};
    faults->place = faults->start;
}

void wv_faults_add(struct wv_faults *faults, size_t offset, const char *kind, const char *format,
                   ...)
{
    if (faults->count++ > WV_FAULTS_MAX)
        return;
    if (offset < faults->place.offset)
        faults->place = faults->start;
    wv_place_advance(&faults->place, faults->text, offset);
    if (faults->count > WV_FAULTS_MAX) {
        wv_problems_add(faults->problems, "too_many_faults", faults->file, faults->place.line,
                        "more than %d faults here; the rest is not shown", (int)WV_FAULTS_MAX);
    } else {
        va_list args;
        va_start(args, format);
        char *message WV_AUTOFREE = wv_xvasprintf(format, args);
        va_end(args);
        tame(message);
        wv_problems_add(faults->problems, kind, faults->file, faults->place.line, "%s", message);
    }
    faults->problems->items[faults->problems->count - 1].column = faults->place.column;
}

static const unsigned char *skip_ascii(const unsigned char *at, const unsigned char *end)
{
    uint64_t word;
    while ((size_t)(end - at) >= sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        if ((word & 0x8080808080808080U) != 0)
            break;
        at += sizeof(word);
    }
    while (at < end && *at < 0x80)
        at++;
    return at;
}

static size_t next_line(const char *text, size_t length, size_t offset)
{
    const char *end = memchr(text + offset, '\n', length - offset);
    return end != NULL ? (size_t)(end - text) + 1 : length;
}

static void check_utf8(const char *text, size_t length, struct wv_faults *faults)
{
    const unsigned char *begin = (const unsigned char *)text;
    const unsigned char *end = begin + length;
    const unsigned char *at = begin;
    while ((at = skip_ascii(at, end)) < end) {
        size_t size = character_length(at, (size_t)(end - at));
        if (size == 0) {
            size_t offset = (size_t)(at - begin);
            wv_faults_add(faults, offset, "invalid_utf8", "byte 0x%02X is not UTF-8", *at);
            at = begin + next_line(text, length, offset);
        } else {
            at += size;
        }
    }
}

void wv_text_check(const char *text, size_t length, struct wv_faults *faults)
{
    size_t at = 0;
    const char *nul;
    while (at < length && (nul = memchr(text + at, '\0', length - at)) != NULL) {
        wv_faults_add(faults, (size_t)(nul - text), "nul_byte", "a NUL byte");
        at = next_line(text, length, (size_t)(nul - text));
    }
    check_utf8(text, length, faults);
}
