/* The models as a command prints them, for those who keep them in another language: an ORM's. Proof
 * thread. */
#ifndef WV_MODELS_COMMAND_H
#define WV_MODELS_COMMAND_H

#include "model_files.h"
#include "proof.h"

/* The project's models: of the setting models_command where there is one, else of the folder.
 * Faults of what a command prints are in the file "models_command". Errors as
 * wv_model_files_read(); WV_LOAD_ERROR with the last lines of standard error when the command
 * cannot be run, fails, or prints nothing or too much; WV_TIMED_OUT, WV_CANCELLED: then it was
 * killed. */
bool wv_models_read(struct wv_proof *proof, struct wv_model_files *files,
                    struct wv_err *err) WV_MUST_CHECK;

#endif
