/* See model_faults.h. A statement and the server's words are held together by names. */
#include "model_faults.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "model_names.h"
#include "strbuf.h"

struct fault {
    const struct wv_model_deed *deed;
    struct wv_model_name makes;
    struct wv_model_name wants; /* and was not there, or was there already */
    const struct fault *other;  /* that makes it */
};

static bool is_double(const struct wv_err *err)
{
    static const char *const states[] = {"42P07", "42710", "42P06", "42723"};
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(err->sqlstate, states[i]) == 0)
            return true;
    return false;
}

static const struct fault *find_other(const struct fault *faults, size_t count, size_t of)
{
    const struct wv_err *err = faults[of].deed->err;
    bool missing = wv_model_misses(err);
    if (!missing && !is_double(err))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (i != of && (faults[i].deed->err != NULL) == missing &&
            wv_model_name_same(faults[i].makes, faults[of].wants))
            return &faults[i];
    return NULL;
}

/* Whether its needs lead back to it. */
static bool is_in_ring(const struct fault *fault, size_t count)
{
    const struct fault *at = fault->other;
    for (size_t i = 0; i < count && at != NULL && at->deed->err != NULL; i++, at = at->other)
        if (at == fault)
            return true;
    return false;
}

/* Fails for nothing but that what it needs fails. */
static bool is_consequence(const struct fault *fault, size_t count)
{
    return fault->deed->err != NULL && fault->other != NULL && fault->other->deed->err != NULL &&
           !is_in_ring(fault, count);
}

static const char *hint_of(const struct fault *fault, size_t count)
{
    const struct wv_err *err = fault->deed->err;
    if (is_in_ring(fault, count))
        return "statements that need each other have no order: take a foreign key out of one, and "
               "add it by ALTER TABLE ... ADD FOREIGN KEY";
    if (strncmp(err->message, "role ", 5) == 0 && wv_model_misses(err))
        return "models make no roles, which are the whole server's: have a revision make it, or "
               "make it in the database";
    if ((strncmp(err->message, "extension ", 10) == 0 &&
         strstr(err->message, "available") != NULL) ||
        strstr(err->message, "extension control file") != NULL) /* up to PostgreSQL 14 */
        return "install the extension's package on the host of the scratch server";
    return NULL;
}

static void add(struct wv_problems *problems, const struct fault *fault)
{
    const struct wv_err *err = fault->deed->err;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&text, err->message);
    if (err->detail != NULL)
        wv_strbuf_addf(&text, ": %s", err->detail);
    if (fault->other != NULL) {
        const struct wv_model_deed *other = fault->other->deed;
        wv_strbuf_addf(&text,
                       other->err != NULL ? "; %s:%d, which makes it, fails as well"
                                          : "; %s:%d makes it",
                       other->path, other->statement->line);
    }
    wv_problems_add(problems, "sql_error", fault->deed->path, err->line, "%s",
                    wv_strbuf_text(&text));
}

/* Enough to see that one mistake is behind them. */
enum { CONSEQUENCES_SHOWN = 3 };

/* All that have a reason of their own; of the others the first few, and their number. */
static void add_all(struct wv_problems *problems, const struct fault *faults, size_t count,
                    const char **hint)
{
    const struct fault *last = NULL;
    size_t consequences = 0;
    for (size_t i = 0; i < count; i++) {
        if (faults[i].deed->err == NULL)
            continue;
        if (*hint == NULL)
            *hint = hint_of(&faults[i], count);
        if (is_consequence(&faults[i], count) && ++consequences > CONSEQUENCES_SHOWN)
            last = &faults[i];
        else
            add(problems, &faults[i]);
    }
    if (last != NULL)
        wv_problems_add(problems, "sql_error", last->deed->path, last->deed->err->line,
                        "%zu more fail only because others do, the last one here",
                        consequences - CONSEQUENCES_SHOWN);
}

void wv_model_faults_add(struct wv_problems *problems, const struct wv_model_deed *deeds,
                         size_t count, const char **hint)
{
    struct fault *faults WV_AUTOFREE = wv_xcalloc(count + 1, sizeof(*faults));
    for (size_t i = 0; i < count; i++) {
        faults[i] = (struct fault){.deed = &deeds[i], .makes = wv_model_makes(deeds[i].statement)};
        if (deeds[i].err != NULL)
            faults[i].wants = wv_model_wants(deeds[i].err->message);
    }
    for (size_t i = 0; i < count; i++)
        if (deeds[i].err != NULL)
            faults[i].other = find_other(faults, count, i);
    *hint = NULL;
    add_all(problems, faults, count, hint);
}
