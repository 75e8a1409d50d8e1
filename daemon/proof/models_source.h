/* Where the project's models come from: its folder, or what models_command printed for the client,
 * who handed it over with the request. Proof thread. */
#ifndef WV_MODELS_SOURCE_H
#define WV_MODELS_SOURCE_H

#include "model_files.h"
#include "proof.h"

/* `text`: what came with the job (wv_passed_texts_at), -1 nothing. Faults of a printed text are in
 * the file "models_command". Errors as wv_model_files_read(); WV_LOAD_ERROR also when it has no
 * statement; WV_TEXT_REQUIRED when the settings have got a command since the job was asked for. */
bool wv_models_read(struct wv_proof *proof, int text, struct wv_model_files *files,
                    struct wv_err *err) WV_MUST_CHECK;

#endif
