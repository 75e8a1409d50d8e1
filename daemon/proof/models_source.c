/* See models_source.h. */
#include "models_source.h"

#include "passed_texts.h"

static const char name[] = "models_command";

static bool read_printed(int passed, struct wv_model_files *files, struct wv_err *err)
{
    struct wv_problems problems = {0};
    char *text = NULL;
    size_t length = 0;
    if (!wv_passed_text_read(passed, &text, &length, err))
        return false;
    wv_model_files_add(files, name, text, length, &problems);
    if (!wv_model_files_check(&problems, err))
        return false;
    return files->items[0].statements.count > 0 ||
           wv_err_set(err, WV_LOAD_ERROR, "%s printed no statement", name);
}

bool wv_models_read(struct wv_proof *proof, int text, struct wv_model_files *files,
                    struct wv_err *err)
{
    if (text >= 0)
        return read_printed(text, files, err);
    if (proof->settings->models_command.count == 0)
        return wv_model_files_read(files, proof->settings->models, err);
    wv_err_set(err, WV_TEXT_REQUIRED, "the models come from a %s now, and did not before", name);
    return wv_err_hint(err, "try again");
}
