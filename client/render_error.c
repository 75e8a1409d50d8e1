/* See render.h. An error as text. */
#include "render.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "display.h"

enum { FILE_LIMIT = 4 * 1024 * 1024, EXCERPT_LINES = 6 };

/* The file's content, the caller's own; NULL when it cannot be read here or is no plain file. */
static char *read_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return NULL;
    struct stat info;
    char *text = NULL;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= FILE_LIMIT) {
        text = wv_xcalloc((size_t)info.st_size + 1, 1);
        size_t length = 0;
        ssize_t count;
        while (length < (size_t)info.st_size &&
               (count = read(fd, text + length, (size_t)info.st_size - length)) > 0)
            length += (size_t)count;
    }
    close(fd);
    return text;
}

/* Line `number` (from 1) of `text` without its end, the caller's own; NULL when there is none. */
static char *line_of(const char *text, int number)
{
    for (; number > 1; number--) {
        text = strchr(text, '\n');
        if (text == NULL)
            return NULL;
        text++;
    }
    return wv_xstrndup(text, strcspn(text, "\r\n"));
}

/* True when one of the statement's lines stands in `line`: the file is still the one that ran. */
static bool belongs(const char *statement, const char *line)
{
    bool found = false;
    while (*statement != '\0' && !found) {
        size_t length = strcspn(statement, "\r\n");
        char *part WV_AUTOFREE = wv_xstrndup(statement, length);
        found = strspn(part, " \t") < length && strstr(line, part) != NULL;
        statement += length + strspn(statement + length, "\r\n");
    }
    return found;
}

/* The source line to which line and column of the error refer, the caller's own: from the file,
 * else from a statement of one line, which then began its line. NULL: not known. */
static char *source_line(const struct wv_err *err)
{
    char *text WV_AUTOFREE = err->file != NULL ? read_file(err->file) : NULL;
    char *line WV_AUTOFREE = text != NULL && err->line > 0 ? line_of(text, err->line) : NULL;
    if (line != NULL && belongs(err->statement, line))
        return WV_STEAL(line);
    if (strpbrk(err->statement, "\r\n") == NULL)
        return wv_xstrdup(err->statement);
    return NULL;
}

/* Where byte `column` characters (1-based) into `line` begins; the end when there are fewer. */
static size_t byte_of(const char *line, int column)
{
    size_t at = 0;
    for (int i = 1; i < column && line[at] != '\0'; i++) {
        at++;
        while (((unsigned char)line[at] & 0xc0) == 0x80)
            at++;
    }
    return at;
}

static void add_numbered(struct wv_strbuf *out, const struct wv_err *err, const char *line,
                         const struct wv_look *look)
{
    size_t from = out->length;
    if (err->line > 0)
        wv_strbuf_addf(out, "  %5d | ", err->line);
    else
        wv_strbuf_adds(out, "        | ");
    /* The caret stands under the escaped text: measure that much of it. Long lines are shown from
     * shortly before the column. */
    size_t at = byte_of(line, err->column);
    int room = look->width > 0 ? look->width - 11 : 200;
    size_t begin = 0;
    if (err->column > room * 3 / 4)
        begin = byte_of(line, err->column - room / 2);
    char *before WV_AUTOFREE = wv_xstrndup(line + begin, at - begin);
    struct wv_strbuf shown WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&shown, begin > 0 ? "..." : "");
    wv_display_add_block(&shown, before, "");
    int indent = wv_display_width(wv_strbuf_text(&shown)) - (shown.length > 0 && *before != '\0');
    wv_display_add_block(out, line + begin, begin > 0 ? "..." : "");
    if (out->length > from && out->data[out->length - 1] == '\n')
        out->length--;
    wv_display_cut(out, from, look->width > 0 ? look->width : 400);
    wv_strbuf_adds(out, "\n        | ");
    for (int i = 0; i < indent; i++)
        wv_strbuf_addc(out, ' ');
    wv_style_text(out, look, WV_RED, "^");
    wv_strbuf_addc(out, '\n');
}

/* The statement's first lines, for an error whose place in it is not known. */
static void add_beginning(struct wv_strbuf *out, const struct wv_err *err)
{
    const char *end = err->statement;
    int lines = 0;
    while (*end != '\0' && lines < EXCERPT_LINES) {
        end += strcspn(end, "\n");
        end += *end == '\n';
        lines++;
    }
    char *part WV_AUTOFREE = wv_xstrndup(err->statement, (size_t)(end - err->statement));
    wv_display_add_block(out, part, "        | ");
    if (*end != '\0')
        wv_strbuf_adds(out, "        | ...\n");
}

static void add_excerpt(struct wv_strbuf *out, const struct wv_look *look, const struct wv_err *err)
{
    if (err->statement == NULL || *err->statement == '\0')
        return;
    char *line WV_AUTOFREE = err->column > 0 ? source_line(err) : NULL;
    if (line != NULL && byte_of(line, err->column) <= strlen(line))
        add_numbered(out, err, line, look);
    else
        add_beginning(out, err);
}

static void add_field(struct wv_strbuf *out, const char *name, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    wv_strbuf_addf(out, "  %s: ", name);
    struct wv_strbuf block WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_display_add_block(&block, text, "    ");
    wv_strbuf_adds(out, block.data + 4);
}

static void add_place(struct wv_strbuf *out, const char *file, int line, int column)
{
    if (file == NULL)
        return;
    wv_display_add_line(out, file);
    if (line > 0)
        wv_strbuf_addf(out, ":%d", line);
    if (line > 0 && column > 0)
        wv_strbuf_addf(out, ":%d", column);
}

static void add_problems(struct wv_strbuf *out, const struct wv_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct wv_problem *problem = &problems->items[i];
        wv_strbuf_adds(out, "  ");
        add_place(out, problem->file, problem->line, 0);
        wv_strbuf_adds(out, problem->file != NULL ? ": " : "");
        wv_display_add_line(out, problem->message);
        wv_strbuf_addc(out, '\n');
    }
}

/* The first of several faults needs no line of its own beside theirs. */
static bool is_first_problem(const struct wv_err *err)
{
    return err->problems.count > 0 && err->problems.items[0].file != NULL &&
           strcmp(err->problems.items[0].file, err->file) == 0 &&
           err->problems.items[0].line == err->line;
}

void wv_render_error_place(struct wv_strbuf *out, const struct wv_look *look,
                           const struct wv_err *err)
{
    if (err->file != NULL && !is_first_problem(err)) {
        wv_strbuf_adds(out, "  at ");
        add_place(out, err->file, err->line, err->column);
        wv_strbuf_addc(out, '\n');
    }
    add_excerpt(out, look, err);
    add_field(out, "SQLSTATE", err->sqlstate);
    add_field(out, "detail", err->detail);
    add_field(out, "context", err->context);
    add_problems(out, &err->problems);
    add_field(out, "hint", err->hint);
}

void wv_render_error(struct wv_strbuf *out, const struct wv_look *look, const struct wv_err *err)
{
    const char *message = err->message != NULL ? err->message : "";
    wv_style_text(out, look, WV_RED, "error:");
    wv_strbuf_addc(out, ' ');
    wv_style_text(out, look, WV_BOLD, message);
    if (err->code != WV_USAGE)
        wv_strbuf_addf(out, " (%s)", wv_err_word(err->code));
    wv_strbuf_addc(out, '\n');
    if (err->revision != NULL && strstr(message, err->revision) == NULL) {
        wv_strbuf_adds(out, "  revision ");
        wv_display_add_line(out, err->revision);
        wv_strbuf_addc(out, '\n');
    }
    wv_render_error_place(out, look, err);
}
