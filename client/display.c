/* See display.h. Pure. The ranges of wide and of zero-width characters are the coarse blocks of
 * Unicode (UAX 11, East Asian Width): a wrong guess costs a column in a progress line, nothing
 * more. */
#include "display.h"

#include <string.h>

/* Decodes one character at `text`; returns its length, or 0 when the bytes are not UTF-8
 * (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
static size_t decode(const char *text, uint32_t *code)
{
    const unsigned char *b = (const unsigned char *)text;
    size_t length = b[0] < 0x80 ? 1 : b[0] < 0xc2 ? 0 : b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
    if (length == 0 || b[0] > 0xf4)
        return 0;
    uint32_t value = length == 1 ? b[0] : b[0] & (0xffU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((b[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (b[i] & 0x3fU);
    }
    if ((length == 3 && (value < 0x800 || (value >= 0xd800 && value <= 0xdfff))) ||
        (length == 4 && (value < 0x10000 || value > 0x10ffff)))
        return 0;
    *code = value;
    return length;
}

static bool is_harmful(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || (code >= 0x200e && code <= 0x200f) ||
           (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xfeff;
}

/* Adds the character at `text`, escaped where needed; returns the bytes it took. */
static size_t add_char(struct wv_strbuf *out, const char *text)
{
    uint32_t code = 0;
    size_t length = decode(text, &code);
    if (length == 0) {
        wv_strbuf_addf(out, "\\x%02x", (unsigned char)*text);
        return 1;
    }
    if (!is_harmful(code))
        wv_strbuf_add(out, text, length);
    else if (code == '\n')
        wv_strbuf_adds(out, "\\n");
    else if (code == '\r')
        wv_strbuf_adds(out, "\\r");
    else if (code == '\t')
        wv_strbuf_adds(out, "\\t");
    else
        wv_strbuf_addf(out, code < 0x80 ? "\\x%02x" : "\\u%04x", code);
    return length;
}

void wv_display_add(struct wv_strbuf *out, const char *text)
{
    if (text == NULL)
        return;
    while (*text != '\0')
        text += add_char(out, text);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

void wv_display_add_line(struct wv_strbuf *out, const char *text)
{
    if (text == NULL)
        return;
    while (is_blank(*text))
        text++;
    while (*text != '\0') {
        if (!is_blank(*text)) {
            text += add_char(out, text);
            continue;
        }
        while (is_blank(*text))
            text++;
        if (*text != '\0')
            wv_strbuf_addc(out, ' ');
    }
}

void wv_display_add_part(struct wv_strbuf *out, const char *before, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    wv_strbuf_adds(out, before);
    wv_display_add_line(out, text);
}

void wv_display_add_block(struct wv_strbuf *out, const char *text, const char *indent)
{
    while (text != NULL && *text != '\0') {
        wv_strbuf_adds(out, indent);
        for (int column = 0; *text != '\0' && *text != '\n'; column++) {
            if (text[0] == '\r' && text[1] == '\n') {
                text++;
            } else if (*text == '\t') {
                wv_strbuf_add(out, "        ", 8 - (size_t)column % 8);
                column += 7 - column % 8;
                text++;
            } else {
                text += add_char(out, text);
            }
        }
        wv_strbuf_addc(out, '\n');
        if (*text == '\n')
            text++;
    }
}

struct range {
    uint32_t from;
    uint32_t to;
};

static const struct range zero_width[] = {
    {0x300, 0x36f}, {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};
static const struct range double_width[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},  {0x4e00, 0xa4cf}, {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},  {0xffe0, 0xffe6}, {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

static bool in_ranges(const struct range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].from && code <= ranges[i].to)
            return true;
    return false;
}

static int code_width(uint32_t code)
{
    if (code < 0x300)
        return 1;
    if (in_ranges(zero_width, sizeof(zero_width) / sizeof(zero_width[0]), code))
        return 0;
    return in_ranges(double_width, sizeof(double_width) / sizeof(double_width[0]), code) ? 2 : 1;
}

/* Bytes of the character at `text` and its columns. */
static size_t step(const char *text, int *columns)
{
    uint32_t code = '?';
    size_t length = decode(text, &code);
    *columns = code_width(code);
    return length == 0 ? 1 : length;
}

int wv_display_width(const char *text)
{
    int width = 0;
    while (*text != '\0') {
        int columns;
        text += step(text, &columns);
        width += columns;
    }
    return width;
}

void wv_display_cut(struct wv_strbuf *out, size_t from, int columns)
{
    if (out->length <= from || wv_display_width(out->data + from) <= columns)
        return;
    int dots = columns < 3 ? (columns < 0 ? 0 : columns) : 3;
    int width = 0;
    size_t at = from;
    while (out->data[at] != '\0') {
        int wide;
        size_t length = step(out->data + at, &wide);
        if (width + wide > columns - dots)
            break;
        width += wide;
        at += length;
    }
    out->length = at;
    out->data[at] = '\0';
    wv_strbuf_add(out, "...", (size_t)dots);
}

void wv_display_duration(struct wv_strbuf *out, int64_t ms)
{
    if (ms < 0)
        ms = 0;
    int64_t seconds = ms / 1000;
    if (ms < 1000)
        wv_strbuf_addf(out, "%lld ms", (long long)ms);
    else if (ms < 60000)
        wv_strbuf_addf(out, "%lld.%lld s", (long long)seconds, (long long)(ms % 1000 / 100));
    else if (ms < 3600000)
        wv_strbuf_addf(out, "%lld min %lld s", (long long)(seconds / 60),
                       (long long)(seconds % 60));
    else
        wv_strbuf_addf(out, "%lld h %lld min", (long long)(seconds / 3600),
                       (long long)(seconds / 60 % 60));
}
