/* Any bytes as a revision file. Checked: a refused file says why; the same file with CRLF, or with
 * a comment at its end, gives the same revision and the same checksum; its text stored and read
 * back gives the same statements. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "revision_file.h"
#include "strbuf.h"

static const char path[] = "versions/aa01_x.sql";

static void require(bool truth)
{
    if (!truth)
        abort();
}

static bool parse(const char *text, size_t length, struct wv_revision *revision,
                  struct wv_problems *problems)
{
    static struct wv_checksum *checksum;
    if (checksum == NULL)
        checksum = wv_checksum_new();
    char *copy = malloc(length > 0 ? length : 1);
    require(copy != NULL);
    if (length > 0)
        memcpy(copy, text, length);
    *revision = (struct wv_revision){0};
    bool done = wv_revision_parse(revision, path, copy, length, checksum, problems);
    free(copy);
    return done;
}

static void require_same(const struct wv_revision *revision, const char *text, size_t length)
{
    struct wv_revision other;
    struct wv_problems problems = {0};
    require(parse(text, length, &other, &problems));
    require(strcmp(revision->id, other.id) == 0 && strcmp(revision->message, other.message) == 0);
    require(revision->down.count == other.down.count && revision->has_down == other.has_down);
    require(revision->up_statements == other.up_statements);
    require(memcmp(revision->checksum, other.checksum, sizeof(other.checksum)) == 0);
    wv_revision_free(&other);
}

static void check_layouts(const struct wv_revision *revision, const char *text, size_t length)
{
    struct wv_strbuf crlf = WV_STRBUF_INIT;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            wv_strbuf_addc(&crlf, '\r');
        wv_strbuf_addc(&crlf, text[i]);
    }
    require_same(revision, crlf.data, crlf.length);
    wv_strbuf_adds(&crlf, "\n-- the end /* '\n/* ; */\n");
    require_same(revision, crlf.data, crlf.length);
    wv_strbuf_free(&crlf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wv_revision revision;
    struct wv_problems problems = {0};
    if (parse((const char *)data, size, &revision, &problems)) {
        require(problems.count == 0 && revision.id != NULL);
        check_layouts(&revision, (const char *)data, size);
    } else {
        require(problems.count > 0);
    }
    struct wv_script script;
    struct wv_err err = {0};
    if (wv_script_parse_text(&script, (const char *)data, size, &err)) {
        size_t count = script.statements.count;
        struct wv_script again;
        require(wv_script_parse_text(&again, script.text, strlen(script.text), &err));
        require(again.statements.count == count && again.transaction == script.transaction);
        wv_script_free(&again);
        wv_script_free(&script);
    }
    wv_err_clear(&err);
    wv_revision_free(&revision);
    wv_problems_free(&problems);
    return 0;
}
