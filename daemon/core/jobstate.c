/* See jobstate.h. */
#include "jobstate.h"

#include <stddef.h>
#include <string.h>

#define S(name) WV_JOBSTATE_##name
#define E(name) WV_JOBEVENT_##name

static const struct {
    enum wv_jobstate from;
    enum wv_jobevent event;
    enum wv_jobstate to;
    const char *comment;
} moves[] = {
    {S(QUEUED), E(TAKEN), S(CONNECTING), "the job's turn has come"},
    {S(QUEUED), E(CANCEL), S(CANCELLED), "nothing has begun, so nothing is undone"},
    {S(QUEUED), E(REFUSAL), S(REFUSED), "the daemon stops before the job's turn"},

    {S(CONNECTING), E(UP), S(LOCKING), "the database answers"},
    {S(CONNECTING), E(ERROR), S(FAILED), "the database did not answer in time"},
    {S(CONNECTING), E(REFUSAL), S(REFUSED), "this database may not be worked on (pooler, version)"},
    {S(CONNECTING), E(CANCEL), S(CANCELLING), "asked to stop while waiting for the database"},

    {S(LOCKING), E(HELD), S(PLANNING), "this host holds the project's lock"},
    {S(LOCKING), E(NOTHING), S(DONE), "the target is reached already, no lock is needed"},
    {S(LOCKING), E(ERROR), S(FAILED), "another host kept the lock for too long"},
    {S(LOCKING), E(REFUSAL), S(REFUSED), "the ledger or the pooler forbids it"},
    {S(LOCKING), E(CANCEL), S(CANCELLING), "asked to stop while waiting for the lock"},
    {S(LOCKING), E(CONNECTION_LOST), S(INTERRUPTED), "nothing has been changed yet"},

    {S(PLANNING), E(STEPS), S(STEPPING), "there are steps to run"},
    {S(PLANNING), E(HOLD), S(HOLDING), "the client runs its command under the lock"},
    {S(PLANNING), E(NOTHING), S(DONE), "the target is reached already"},
    {S(PLANNING), E(DRIFT), S(REFUSED), "an applied revision was edited since"},
    {S(PLANNING), E(REFUSAL), S(REFUSED), "a step is irreversible or was left half done"},
    {S(PLANNING), E(ERROR), S(FAILED), "no plan leads to the target"},
    {S(PLANNING), E(CANCEL), S(CANCELLING), "asked to stop before the first step"},
    {S(PLANNING), E(CONNECTION_LOST), S(INTERRUPTED), "nothing has been changed yet"},

    {S(STEPPING), E(STEP_DONE), S(STEPPING), "a step is recorded, the next one begins"},
    {S(STEPPING), E(LAST_DONE), S(DONE), "the last step is recorded and durable"},
    {S(STEPPING), E(LOCK_TIMEOUT), S(BACKING_OFF),
     "the step was rolled back and will be tried again"},
    {S(STEPPING), E(ERROR), S(FAILED), "the step was rolled back; what came before it stays"},
    {S(STEPPING), E(REFUSAL), S(REFUSED), "a file changed while the job ran"},
    {S(STEPPING), E(CANCEL), S(CANCELLING), "the running statement is cancelled"},
    {S(STEPPING), E(CONNECTION_LOST), S(INTERRUPTED), "whether the step was committed is unknown"},

    {S(HOLDING), E(LAST_DONE), S(DONE), "the command has ended well"},
    {S(HOLDING), E(ERROR), S(FAILED), "the command failed, or its client has gone"},
    {S(HOLDING), E(CANCEL), S(CANCELLING), "the client is told to stop its command"},
    {S(HOLDING), E(CONNECTION_LOST), S(INTERRUPTED), "so it is when the lock is gone"},

    {S(BACKING_OFF), E(DUE), S(STEPPING), "the wait is over, the whole step runs again"},
    {S(BACKING_OFF), E(ERROR), S(FAILED), "the attempts are used up"},
    {S(BACKING_OFF), E(CANCEL), S(CANCELLING), "asked to stop between two attempts"},
    {S(BACKING_OFF), E(CONNECTION_LOST), S(INTERRUPTED), "the lock is gone with the session"},

    {S(CANCELLING), E(ROLLED_BACK), S(CANCELLED), "the running step left nothing behind"},
    {S(CANCELLING), E(STEP_DONE), S(CANCELLING), "the step was committed before the cancel came"},
    {S(CANCELLING), E(LAST_DONE), S(DONE), "the last step was committed before the cancel came"},
    {S(CANCELLING), E(NOTHING), S(DONE), "there was nothing left to cancel"},
    {S(CANCELLING), E(ERROR), S(FAILED), "the step failed before the cancel came"},
    {S(CANCELLING), E(CANCEL), S(CANCELLING), "asked to stop more than once"},
    {S(CANCELLING), E(CONNECTION_LOST), S(INTERRUPTED),
     "whether the step was committed is unknown"},

    {S(INTERRUPTED), E(UP), S(RECONCILING), "the database answers again"},
    {S(INTERRUPTED), E(ERROR), S(FAILED), "the database did not come back in time"},
    {S(INTERRUPTED), E(CANCEL), S(INTERRUPTED), "what has become of the step is found out first"},

    {S(RECONCILING), E(LANDED), S(PLANNING), "the lost commit is in the ledger; the rest follows"},
    {S(RECONCILING), E(NOT_LANDED), S(PLANNING),
     "the step left nothing behind and is planned again"},
    {S(RECONCILING), E(UNDECIDED), S(FAILED), "the ledger cannot tell; repair has the choices"},
    {S(RECONCILING), E(REFUSAL), S(REFUSED), "another host has taken over since"},
    {S(RECONCILING), E(ERROR), S(FAILED), "the ledger could not be read"},
    {S(RECONCILING), E(CANCEL), S(CANCELLING), "asked to stop while the ledger is read"},
    {S(RECONCILING), E(CONNECTION_LOST), S(INTERRUPTED), "lost once more"},
};

#undef S
#undef E

static const struct {
    const char *word;
    bool final;
} states[] = {
#define X(name, word, final) {word, final},
    WV_JOBSTATES(X)
#undef X
};

static const char *const events[] = {
#define X(name, word) word,
    WV_JOBEVENTS(X)
#undef X
};

bool wv_jobstate_next(enum wv_jobstate from, enum wv_jobevent event, enum wv_jobstate *to)
{
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
        if (moves[i].from != from || moves[i].event != event)
            continue;
        *to = moves[i].to;
        return true;
    }
    return false;
}

bool wv_jobstate_is_final(enum wv_jobstate state)
{
    return states[state].final;
}

const char *wv_jobstate_word(enum wv_jobstate state)
{
    return states[state].word;
}

const char *wv_jobevent_word(enum wv_jobevent event)
{
    return events[event];
}

bool wv_jobstate_from_word(const char *word, enum wv_jobstate *state)
{
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (strcmp(states[i].word, word) != 0)
            continue;
        *state = (enum wv_jobstate)i;
        return true;
    }
    return false;
}

void wv_jobstate_dump(struct wv_strbuf *out)
{
    for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++)
        wv_strbuf_addf(out, "%s + %s -> %s: %s\n", wv_jobstate_word(moves[i].from),
                       wv_jobevent_word(moves[i].event), wv_jobstate_word(moves[i].to),
                       moves[i].comment);
}
