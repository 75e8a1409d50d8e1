/* `rebase`: the daemon says whether a revision may move, this process rewrites the one line of its
 * file with its own user's rights. */
#include <stdlib.h>
#include <string.h>

#include "header_line.h"
#include "newfile.h"
#include "render.h"
#include "run.h"
#include "value.h"

static const char *first_text(const json_t *result, const char *key)
{
    const char *text = json_string_value(json_array_get(wv_value_array(result, key), 0));
    return text != NULL ? text : "";
}

static bool rewrite(const json_t *result, struct wv_err *err)
{
    const char *path = wv_value_text(result, "path");
    int line = (int)wv_value_int(result, "line");
    struct wv_strbuf changed WV_AUTOSTRBUF = WV_STRBUF_INIT;
    char *content = NULL;
    size_t length = 0;
    if (path == NULL || !wv_newfile_plausible(path)) {
        wv_err_set(err, WV_INTERNAL, "wovend answered no usable path of the file: \"%s\"",
                   path != NULL ? path : "");
        return wv_err_hint(err, "nothing was written");
    }
    if (!wv_newfile_read(path, &content, &length, err))
        return false;
    bool ok = wv_header_line_set(&changed, content, length, line, "down_revision",
                                 first_text(result, "was"), first_text(result, "down_revision"));
    free(content);
    if (ok)
        return wv_newfile_replace(path, wv_strbuf_text(&changed), changed.length, err);
    wv_err_set(err, WV_FILE_CHANGED, "line %d of %s is not `-- down_revision: %s` any more", line,
               path, first_text(result, "was"));
    wv_err_at(err, path, line, 0);
    return wv_err_hint(err, "nothing was written; run the command again");
}

static void render(struct wv_strbuf *text, const struct wv_look *look, const json_t *result,
                   bool changed)
{
    wv_style_text(text, look, WV_YELLOW, wv_value_text(result, "revision"));
    wv_strbuf_adds(text, changed ? " revises " : " revises already ");
    wv_render_ids(text, look, WV_YELLOW, wv_value_array(result, "down_revision"));
    if (changed) {
        wv_strbuf_adds(text, ", not ");
        wv_render_ids(text, look, WV_PLAIN, wv_value_array(result, "was"));
    }
    wv_strbuf_adds(text, changed ? " any more\n" : "\n");
    wv_style_text(text, look, WV_PLAIN, wv_value_text(result, "path"));
    wv_strbuf_addc(text, '\n');
}

int wv_run_rebase(struct wv_call *call)
{
    struct wv_err err WV_AUTOERR = {0};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = NULL;
    json_t *params = json_object();
    json_object_set_new(params, "revision", wv_proto_text(call->args->words.items[0]));
    wv_call_set_value(call, params, "onto", WV_OPT_ONTO);
    wv_call_set_flag(call, params, "offline", WV_OPT_OFFLINE);
    if (!wv_call_do(call, params, &result, &err))
        return wv_call_fail(call, &err);
    bool changed =
        !json_equal(json_object_get(result, "was"), json_object_get(result, "down_revision"));
    if (changed && !rewrite(result, &err)) {
        json_decref(result);
        return wv_call_fail(call, &err);
    }
    json_object_set_new(result, "changed", json_boolean(changed));
    render(&text, &call->out, result, changed);
    int status = wv_call_finish(call, result, &text, WV_EXIT_DONE);
    json_decref(result);
    return status;
}
