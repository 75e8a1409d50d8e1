/* What crosses between the loop, the migrator and the watcher: values, never live objects. A
 * message is immutable once posted and belongs to whoever holds it. Sessions and jobs are named by
 * numbers. */
#ifndef WV_MESSAGE_H
#define WV_MESSAGE_H

#include <stdint.h>
#include <sys/types.h>

#include "err.h"
#include "findings.h"
#include "hold_value.h"
#include "instance.h"
#include "ledger_value.h"
#include "passed_texts.h"
#include "project.h"
#include "settings.h"
#include "strlist.h"

enum wv_message_kind {
    /* loop -> migrator; jobs and their cancels also loop -> proof */
    WV_MSG_JOB,
    WV_MSG_CANCEL,
    WV_MSG_RELEASE,
    WV_MSG_STEP_DOWN,
    /* loop -> watcher */
    WV_MSG_ASK,
    WV_MSG_LOOKUP,
    WV_MSG_WATCH,
    WV_MSG_SELF,
    /* loop -> all */
    WV_MSG_SETTINGS,
    WV_MSG_STOP,
    /* migrator -> loop; what is about jobs also proof -> loop */
    WV_MSG_ROLE,
    WV_MSG_JOB_EVENT,
    WV_MSG_JOB_RESULT,
    WV_MSG_STEPPED_DOWN,
    /* migrator -> watcher */
    WV_MSG_SERVER,
    /* watcher -> loop */
    WV_MSG_ANSWER,
    WV_MSG_FOUND,
    WV_MSG_NEWS, /* another daemon has ended a job */
    WV_MSG_BLOCKERS,
    WV_MSG_PROGRESS,
    /* all -> loop */
    WV_MSG_EXITED,
};

/* Who asked for a job, as SO_PEERCRED told; written to the ledger's history. */
struct wv_caller {
    uid_t uid;
    pid_t pid;
    char
        *user; /* the user's name; its number as text where there is none, or it is not known yet */
    char *unit; /* the systemd unit it ran in; NULL: in none, or not known */
};

enum wv_job_kind {
    /* of the migrator */
    WV_JOB_UPGRADE,
    WV_JOB_DOWNGRADE,
    WV_JOB_STAMP,
    WV_JOB_REPAIR,
    WV_JOB_RUN_LOCKED, /* holds the lock while the client runs a command of its own */
    /* of the proof thread */
    WV_JOB_CHECK,
    WV_JOB_AUTOGENERATE,
    WV_JOB_DRIFT,
    WV_JOB_TEST,
    WV_JOB_DIFF,
    WV_JOB_DUMP,
};

/* "upgrade", "downgrade", ... */
const char *wv_job_kind_word(enum wv_job_kind kind);
/* Whether the proof thread runs it, beside what the migrator does. */
bool wv_job_is_proof(enum wv_job_kind kind);

/* What `repair` does about an interrupted step that runs outside a transaction: the statement that
 * was under way is taken as done, is run again, or the whole step is given up. And about edited
 * files: what they say now is recorded. */
enum wv_repair {
    WV_REPAIR_NONE,
    WV_REPAIR_DONE,
    WV_REPAIR_AGAIN,
    WV_REPAIR_ABANDON,
    WV_REPAIR_ACCEPT,
};

/* What a new revision is to be, as `wovenctl migrate revision` was told. */
struct wv_wish {
    struct wv_strlist heads;
    struct wv_strlist depends_on;
    struct wv_strlist labels;
    struct wv_strlist renames; /* "old:new" */
    char *message;             /* never NULL */
    char *rev_id;              /* NULL: a fresh one */
    char *version_path;        /* NULL: beside what it revises */
    bool splice;
    bool plain;    /* the short forms of statements */
    bool unproven; /* also when it cannot be proven */
};

void wv_wish_free(struct wv_wish *wish);

struct wv_job {
    uint64_t id; /* never used twice by one daemon */
    enum wv_job_kind kind;
    struct wv_strlist targets;
    bool single_transaction;
    bool purge;            /* stamp: forget all rows first */
    enum wv_repair repair; /* repair only */
    bool all;              /* WV_REPAIR_ACCEPT: all edited files, not the targets' */
    bool dry_run;          /* WV_REPAIR_ACCEPT: only tell what would change */
    char *program;         /* WV_JOB_RUN_LOCKED: the name of what the client runs */
    struct wv_wish *wish;  /* WV_JOB_AUTOGENERATE; else NULL */
    char *tag;             /* NULL or free text for the history */
    int64_t wait_until;    /* wv_clock_ms(): how long to wait for the database; 0 not at all */
    int64_t turn_until;    /* how long to wait for the lead, where another daemon has it */
    bool no_hand_over;     /* fail where another daemon leads */
    int64_t asked_ms;      /* wv_clock_ms() when the client asked */
    /* In the place of each schema that the job is about what came of it with the request. */
    struct wv_passed_texts texts;
    struct wv_caller caller;
    struct wv_project *project; /* a reference: the files as they were when the job was asked for */
};

/* One step as clients see it. */
struct wv_step_value {
    char *revision;
    char *message;
    bool up;
    bool done;       /* committed; provisional until the result says "done" */
    int64_t took_us; /* 0 until it ran */
};

struct wv_step_values {
    struct wv_step_value *items;
    size_t count;
    size_t capacity;
};

enum wv_job_event_kind {
    WV_EVENT_STARTED,   /* taken by the migrator; `text` is the caller's name */
    WV_EVENT_PLANNED,   /* `steps` */
    WV_EVENT_STEP,      /* step `index` begins */
    WV_EVENT_STATEMENT, /* statement `number` of `total`, at `file`:`line`; `text` its first words
                         */
    WV_EVENT_NOTICE,    /* `text` from the server */
    WV_EVENT_RETRY, /* step `index` is tried again in `delay_ms`, attempt `number`; `text` why */
    WV_EVENT_STEP_DONE, /* step `index` took `took_us` */
    WV_EVENT_WAITING,   /* for the database; `text` says why */
    WV_EVENT_TURN,      /* for the lead: `text`, `turn` */
    WV_EVENT_CANCELLING,
    WV_EVENT_HELD, /* the client may run its command, and trust the lock for `lease_ms` */
    WV_EVENT_BEAT, /* the lock is still held: for as long again */
    WV_EVENT_LOST, /* the lock is lost, `text` says how: the client has to stop its command */
};

/* "started", "planned", ... */
const char *wv_job_event_word(enum wv_job_event_kind kind);

/* Who has the lead that a job waits for. */
struct wv_turn_value {
    int before; /* others that asked for it earlier */
    char *host; /* of the leader; NULL: nobody leads, or it is not known */
    pid_t pid;
    struct wv_doing doing;
    struct wv_holder holder; /* who has the lock and is no leader */
};

struct wv_job_event {
    uint64_t job_id;
    enum wv_job_event_kind kind;
    size_t index;
    size_t number;
    size_t total;
    int line;
    int64_t delay_ms;
    int64_t took_us;
    int64_t lease_ms;
    char *file;
    char *text;
    struct wv_step_values steps; /* WV_EVENT_PLANNED only */
    struct wv_turn_value turn;   /* WV_EVENT_TURN only */
};

enum wv_outcome { WV_OUTCOME_DONE, WV_OUTCOME_NOTHING, WV_OUTCOME_FAILED, WV_OUTCOME_CANCELLED };

/* "done", "nothing-to-do", "failed", "cancelled". */
const char *wv_outcome_word(enum wv_outcome outcome);

struct wv_job_result {
    uint64_t job_id;
    enum wv_outcome outcome;
    struct wv_strlist current;     /* rows before the job */
    struct wv_strlist heads_after; /* rows after it, also when it failed or was cancelled */
    struct wv_step_values steps;   /* the whole plan; `done` tells how far it came */
    struct wv_edits accepted;      /* WV_REPAIR_ACCEPT */
    struct wv_held held;           /* WV_JOB_RUN_LOCKED */
    bool dry_run;                  /* nothing was changed */
    struct wv_findings *findings;  /* of proof jobs; NULL: none */
    struct wv_err error;           /* set when failed or cancelled */
};

enum wv_role {
    WV_ROLE_CONNECTING, /* no connection yet, none refused yet */
    WV_ROLE_LEADER,
    WV_ROLE_STANDBY,
    WV_ROLE_UNREACHABLE, /* `error` says why; tried again by itself */
    WV_ROLE_REFUSED,     /* connected, but may not work there (pooler, ledger too new): `error` */
};

/* "connecting", "leader", "standby", "unreachable", "refused". */
const char *wv_role_word(enum wv_role role);

/* Who holds the project's lock. host NULL: unknown. */
struct wv_leader {
    char *host;
    pid_t pid;     /* of the daemon */
    int64_t token; /* fencing token; one higher with each leadership */
    char *since;   /* ISO time */
};

struct wv_role_change {
    enum wv_role role;
    struct wv_leader leader; /* host NULL when nobody is known to lead */
    int backend_pid;         /* of the work connection; 0 when there is none */
    int64_t retry_ms;        /* unreachable: when it is tried again */
    struct wv_err error;
};

/* A step that runs outside a transaction and was cut off: what woven.journal knows. */
struct wv_interrupted {
    char *revision; /* NULL: there is none */
    bool up;
    int statement; /* 1-based: the one under way */
    int total;
    char *file;
    int line;
    char *text; /* its first words */
    char *started_at;
};

/* The database as one look found it. */
struct wv_db_state {
    bool reachable;
    struct wv_err error;    /* why not */
    struct wv_strlist rows; /* the version table */
    bool has_version_table;
    int ledger_version; /* 0: no ledger yet */
    struct wv_leader leader;
    struct wv_holder holder; /* who has the lock and is no leader */
    struct wv_interrupted interrupted;
    struct wv_instances instances;      /* the daemons that were seen lately */
    struct wv_ledger_revisions unknown; /* recorded revisions that the files do not have */
    struct wv_strlist edited; /* revisions whose files are not as recorded; may be not applied */
    int server_version;       /* 150020 */
    char *database;           /* name, host and user as connected; no secret */
    char *host;
    char *user;
    bool read_only; /* a standby server, or default_transaction_read_only */
};

/* One session that holds what the running statement waits for. */
struct wv_blocker {
    int pid;
    char *user;
    char *application;
    char *state;
    char *query;
    char *relation;
    char *mode;
    int64_t age_ms; /* of its transaction */
};

struct wv_blockers {
    uint64_t job_id;
    struct wv_blocker *items; /* none: nothing blocks any more */
    size_t count;
    int blocked_by_us; /* sessions queued behind the statement */
};

/* How far the running statement is, where PostgreSQL knows it (pg_stat_progress_*). */
struct wv_progress {
    uint64_t job_id;
    char *phase;
    int64_t done;
    int64_t total; /* 0: unknown */
};

/* What else the watcher can be asked for. */
enum wv_lookup { WV_LOOKUP_VERIFY, WV_LOOKUP_LOG };

enum wv_thread { WV_THREAD_MIGRATOR, WV_THREAD_WATCHER, WV_THREAD_PROOF };

struct wv_message {
    enum wv_message_kind kind;
    struct wv_message *next; /* the mailbox's */
    union {
        struct wv_job job;            /* JOB */
        uint64_t job_id;              /* CANCEL */
        struct wv_release release;    /* RELEASE */
        struct wv_instance self;      /* SELF: role, heads and doing */
        struct wv_settings *settings; /* SETTINGS */
        struct wv_role_change role;   /* ROLE */
        struct wv_job_event event;    /* JOB_EVENT */
        struct wv_job_result result;  /* JOB_RESULT */
        struct wv_blockers blockers;  /* BLOCKERS */
        struct wv_progress progress;  /* PROGRESS */
        enum wv_thread thread;        /* EXITED */
        struct {
            int64_t id;          /* wv_pg_facts.server of the work connection; 0 none */
            struct wv_err error; /* then, of a private server: why it does not run */
        } server;                /* SERVER */
        struct {
            uint64_t question;          /* the asker's number; the answer carries it */
            struct wv_project *project; /* a reference; NULL: unknown revisions are not looked up */
            bool with_sql;              /* of the unknown revisions */
            int64_t deadline;           /* wv_clock_ms(): of the answer */
        } ask;                          /* ASK */
        struct {
            uint64_t question;
            struct wv_db_state state;
        } answer; /* ANSWER */
        struct {
            uint64_t question;
            enum wv_lookup what;
            struct wv_project *project;  /* VERIFY: a reference */
            bool with_diff;              /* VERIFY */
            struct wv_log_filter filter; /* LOG */
            int64_t deadline;            /* wv_clock_ms(): of the answer */
        } lookup;                        /* LOOKUP */
        struct {
            uint64_t question;
            struct wv_err error; /* set: there is nothing else */
            struct wv_verdict verdict;
            struct wv_log_page log;
        } found; /* FOUND */
        struct {
            bool led;        /* and leads no more */
            int64_t rest_ms; /* how long it does not take the lead by itself */
        } stepped_down;      /* STEPPED_DOWN */
        struct {
            uint64_t job_id; /* 0: nothing runs */
            int backend_pid;
        } watch; /* WATCH */
    };
};

/* A zeroed message of this kind, the caller's to fill and post. */
struct wv_message *wv_message_new(enum wv_message_kind kind);
/* Frees it with all it owns; NULL is fine. */
void wv_message_free(struct wv_message *message);

/* Parts of messages, for those who keep them. Each free leaves all zero. */
void wv_caller_copy(struct wv_caller *to, const struct wv_caller *from);
void wv_caller_clear(struct wv_caller *caller);
/* Replaces the number by the name. Asks the user database, which may take long: not on the loop. */
void wv_caller_name(struct wv_caller *caller);
void wv_step_values_add(struct wv_step_values *steps, const char *revision, const char *message,
                        bool up);
void wv_step_values_copy(struct wv_step_values *to, const struct wv_step_values *from);
void wv_step_values_free(struct wv_step_values *steps);
void wv_job_clear(struct wv_job *job);
void wv_job_event_clear(struct wv_job_event *event);
void wv_job_result_clear(struct wv_job_result *result);
void wv_leader_copy(struct wv_leader *to, const struct wv_leader *from);
void wv_leader_clear(struct wv_leader *leader);
void wv_role_change_clear(struct wv_role_change *change);
void wv_interrupted_clear(struct wv_interrupted *interrupted);
/* The leader among the instances, borrowed; NULL when nobody leads or it is not known. */
const struct wv_instance *wv_db_state_leader(const struct wv_db_state *state);
void wv_db_state_clear(struct wv_db_state *state);
void wv_blockers_clear(struct wv_blockers *blockers);
void wv_progress_clear(struct wv_progress *progress);

#endif
