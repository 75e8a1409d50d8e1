/* Why statements of models are left that could not be run: each with the server's words, and with
 * what they have to do with one another. Pure. Any thread. */
#ifndef WV_MODEL_FAULTS_H
#define WV_MODEL_FAULTS_H

#include "model_files.h"

/* A statement of the models. */
struct wv_model_deed {
    const char *path;
    const struct wv_statement *statement;
    const struct wv_err *err; /* with its line; NULL: it was run */
};

/* Adds a problem for each that was not run: one that needs what another one makes, or makes what
 * is there already, names that one. Of those that fail only because others do there are the first
 * few, and the number of the rest. `*hint` is what to do about the first that something is known
 * about, a constant; NULL: nothing is. */
void wv_model_faults_add(struct wv_problems *problems, const struct wv_model_deed *deeds,
                         size_t count, const char **hint);

#endif
