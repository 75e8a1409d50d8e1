/* migrate.models, and the texts that come with a request: the client runs models_command and reads
 * dumps, as its own user, and hands over what it got. Refuses to know what is in them. */
#include "proto.h"
#include "side_word.h"
#include "verbs_run.h"

static bool is_printed(const struct wv_desk *desk)
{
    return desk->settings->models_command.count > 0;
}

void wv_verb_models(struct wv_desk *desk, struct wv_request *request)
{
    json_t *command =
        is_printed(desk) ? wv_proto_texts(&desk->settings->models_command) : json_null();
    json_t *result = json_pack("{s:o}", "command", command);
    wv_proto_set_text(result, "folder", desk->settings->directory);
    wv_request_finish(request, result);
}

static bool is_missing(const char *side, struct wv_err *err)
{
    if (wv_side_kind(side) == WV_SIDE_MODELS)
        wv_err_set(err, WV_TEXT_REQUIRED,
                   "models_command prints the models, and its output did not come with the "
                   "request");
    else
        wv_err_set(err, WV_TEXT_REQUIRED, "the text of %s did not come with the request", side);
    return wv_err_hint(err, "wovenctl hands it over; other clients pass it as a descriptor of a "
                            "sealed memory file, and learn the command by migrate.models");
}

bool wv_request_take_texts(struct wv_request *request, struct wv_passed_texts *to,
                           struct wv_err *err)
{
    struct wv_strlist sides WV_AUTOSTRLIST = {0};
    struct wv_passed_texts *came = &request->texts;
    size_t used = 0;
    for (size_t i = 0; i < came->count; i++)
        if (!wv_passed_text_check(came->fds[i], err))
            return false;
    wv_verb_sides(request->verb, request->params, &sides);
    for (size_t i = 0; i < sides.count; i++) {
        bool wanted = wv_side_is_text(sides.items[i], is_printed(request->desk));
        if (wanted && used == came->count)
            return is_missing(sides.items[i], err);
        wv_passed_texts_add(to, wanted ? came->fds[used] : -1);
        if (wanted)
            came->fds[used++] = -1;
    }
    if (used == came->count)
        return true;
    return wv_err_set(err, WV_INVALID_PARAMS, "%zu texts came with the request, %zu are needed",
                      came->count, used);
}
