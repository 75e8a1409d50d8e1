/* Loads models into an empty scratch database, whatever their order and split. Proof thread. */
#ifndef WV_MODELS_H
#define WV_MODELS_H

#include "model_files.h"
#include "room.h"

/* What is loaded. */
enum wv_models_source {
    WV_MODELS_WRITTEN, /* the project's models */
    WV_MODELS_DUMPED,  /* somebody's dump */
    WV_MODELS_PRINTED, /* what pg_dump prints of a database: its functions' bodies are as they are
                        */
};

/* Each statement is a transaction of its own. What fails is tried again as long as any other
 * succeeds meanwhile; default privileges are changed last, so that no object of the models gets
 * any; bodies of functions are checked when all is there, each under the settings of its file. What
 * was left out (roles and other things of the whole server), rows that the models made, and bodies
 * that do not work in a file that turns their check off (as pg_dump does) are told in the findings.
 * WV_LOAD_ERROR with a problem for each statement that is left, with file, line and the server's
 * words. The room is connected, with the session's own settings, on return. */
bool wv_models_load(struct wv_room *room, const struct wv_model_files *files,
                    enum wv_models_source source, struct wv_err *err) WV_MUST_CHECK;

/* Does the statement set something for what follows in its file? */
bool wv_models_sets_session(const struct wv_statement *statement);
/* The session as it is at the beginning of a file; bodies are not checked. */
bool wv_models_begin(struct wv_room *room, struct wv_err *err) WV_MUST_CHECK;

/* Of all functions whose bodies are text, after all else is there: makes each once more with
 * check_function_bodies on, for a moment. Adds to `problems`. False: not the models' fault. */
bool wv_models_check_bodies(struct wv_room *room, const struct wv_model_files *files,
                            struct wv_problems *problems, struct wv_err *err) WV_MUST_CHECK;

#endif
