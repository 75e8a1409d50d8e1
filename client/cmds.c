/* See cmds.h. Data, and finding a row in it. */
#include "cmds.h"

#include <string.h>

#include "run.h"

#define B(id) WV_OPT_BIT(WV_OPT_##id)

const struct wv_opt wv_opts[WV_OPT_COUNT] = {
    [WV_OPT_SOCKET] = {"socket", 0, "PATH",
                       "control socket of wovend (default: $WOVEN_SOCKET, else " WV_SOCKET_DEFAULT
                       ", "
                       "else a private daemon for the project of this folder)"},
    [WV_OPT_PROJECT] = {"project", 0, "NAME",
                        "which project of wovend, where it has several (default: "
                        "$WOVEN_PROJECT)"},
    [WV_OPT_JSON] = {"json", 0, NULL, "print one JSON document, no progress"},
    [WV_OPT_QUIET] = {"quiet", 'q', NULL, "no progress and no summary, only results and errors"},
    [WV_OPT_TIMEOUT] = {"timeout", 0, "T", "give up after 500ms, 90s, 2min ...; exit status 5"},
    [WV_OPT_HELP] = {"help", 'h', NULL, "show this help"},
    [WV_OPT_VERSION] = {"version", 'V', NULL, "show the version"},
    [WV_OPT_VERBOSE] = {"verbose", 'v', NULL, "show all details"},
    [WV_OPT_CHECK_HEADS] = {"check-heads", 0, NULL,
                            "exit with status 3 when the database is not at all heads"},
    [WV_OPT_ALL] = {"all", 0, NULL,
                    "every one: of status all projects, a line each; of test all revisions"},
    [WV_OPT_REV_RANGE] = {"rev-range", 'r', "A:B",
                          "only revisions from A to B; either may be "
                          "left out"},
    [WV_OPT_INDICATE_CURRENT] = {"indicate-current", 'i', NULL,
                                 "mark the revisions at which the database is"},
    [WV_OPT_GRAPH] = {"graph", 0, NULL, "draw branches and merges in lanes"},
    [WV_OPT_FORMAT] = {"format", 0, "FORMAT", "print a picture's source instead: dot or mermaid"},
    [WV_OPT_RESOLVE_DEPENDENCIES] = {"resolve-dependencies", 0, NULL,
                                     "count a revision that others depend on as no head"},
    [WV_OPT_FROM] = {"from", 0, "REV",
                     "plan from here instead of from the database; several, or "
                     "separated by commas; base is the empty database"},
    [WV_OPT_PURGE] = {"purge", 0, NULL, "empty the version table first"},
    [WV_OPT_SQL] = {"sql", 0, NULL,
                    "run and write nothing: print SQL for psql (TARGET may be FROM:TO), or the "
                    "files that --autogenerate makes"},
    [WV_OPT_TAG] = {"tag", 0, "TEXT", "free text, kept in the history"},
    [WV_OPT_SINGLE_TRANSACTION] = {"single-transaction", 0, NULL,
                                   "all steps in one transaction: all or nothing"},
    [WV_OPT_NO_HAND_OVER] = {"no-hand-over", 0, NULL,
                             "fail when another host leads, instead of asking it for the lead"},
    [WV_OPT_MESSAGE] = {"message", 'm', "TEXT", "what the revision does"},
    [WV_OPT_REV_ID] = {"rev-id", 0, "ID", "this id instead of a random one"},
    [WV_OPT_HEAD] = {"head", 0, "REV", "the head to build on; several to merge (default: head)"},
    [WV_OPT_SPLICE] = {"splice", 0, NULL, "let --head be a revision that is no head"},
    [WV_OPT_BRANCH_LABEL] = {"branch-label", 0, "LABEL", "name the branch that begins here"},
    [WV_OPT_DEPENDS_ON] = {"depends-on", 0, "REV", "a revision that must be applied before"},
    [WV_OPT_VERSION_PATH] = {"version-path", 0, "DIR",
                             "write into this one of the version "
                             "directories"},
    [WV_OPT_AUTOGENERATE] = {"autogenerate", 0, NULL,
                             "write what leads from the revisions to the models, proven"},
    [WV_OPT_PLAIN] = {"plain", 0, NULL,
                      "the short forms of statements: no CONCURRENTLY, no NOT VALID"},
    [WV_OPT_UNPROVEN] = {"unproven", 0, NULL,
                         "write it also when it cannot be proven, with the reason on top"},
    [WV_OPT_DIRECTORY] = {"directory", 0, "DIR",
                          "write files below this folder, none over an existing one"},
    [WV_OPT_RENAME] = {"rename", 0, "OLD:NEW",
                       "what is gone is not dropped, but has this name now; may be repeated"},
    [WV_OPT_ONTO] = {"onto", 0, "REV", "what it is to revise (default: the one other head)"},
    [WV_OPT_OFFLINE] = {"offline", 0, NULL, "do not ask the database whether it is applied"},
    [WV_OPT_DONE] = {"done", 0, NULL,
                     "the interrupted statement took effect: the next job goes on after it"},
    [WV_OPT_AGAIN] = {"again", 0, NULL, "it did not: the next job runs it again and goes on"},
    [WV_OPT_ABANDON] = {"abandon", 0, NULL, "give the step up; what it did by then stays"},
    [WV_OPT_ACCEPT] = {"accept", 0, NULL, "record what the files of these revisions say now"},
    [WV_OPT_ACCEPT_ALL] = {"accept-all", 0, NULL, "the same for all edited revisions"},
    [WV_OPT_DRY_RUN] = {"dry-run", 0, NULL, "show what would be done, change nothing"},
    [WV_OPT_DIFF] = {"diff", 0, NULL, "show how the files differ from the SQL that was applied"},
    [WV_OPT_LIMIT] = {"limit", 'n', "N", "at most this many (default: 50)"},
    [WV_OPT_BEFORE] = {"before", 0, "ID", "only those older than the one with this number"},
    [WV_OPT_REVISION] = {"revision", 0, "REV", "only of this revision, or the beginning of its id"},
    [WV_OPT_SINCE] =
        {"since", 0, "TIME",
         "only since a time (2026-01-14, yesterday) or for as long as 90min, '2 days'"},
    [WV_OPT_FAILED] = {"failed", 0, NULL, "only what failed or was cancelled"},
    [WV_OPT_INTO] = {"into", 0, "DIR",
                     "write into this version directory (default: migrations/versions)"},
    [WV_OPT_APPLIED] = {"applied", 0, "VERSION",
                        "only print the revision for this version of the tool; write nothing"},
    [WV_OPT_PYTHON] = {"python", 0, "PATH",
                       "the Python that the project's Alembic belongs to (default: "
                       "/usr/bin/python3)"},
};

#define ANY SIZE_MAX
#define JOB_TEXT                                                                                   \
    "The daemon does the work; if this client goes away the job goes on. Ctrl-C asks the daemon\n" \
    "to cancel: the running step is rolled back. A second Ctrl-C leaves at once.\n"

#define IMPORT_TEXT                                                                                \
    "All files are checked first, and all faults reported at once; then all revisions are\n"       \
    "written, never over an existing file, or none. The page shows the revision for each "         \
    "version\n"                                                                                    \
    "of the tool, and how to stamp a database that the tool has migrated. Needs no daemon.\n"
#define IMPORT_OPTIONS (B(INTO) | B(DRY_RUN) | B(APPLIED))

const struct wv_cmd wv_cmds[] = {
    {"migrate", "status", NULL, "", 0, 0, B(ALL) | B(CHECK_HEADS),
     "show where the database is, what is pending, what runs", NULL, "migrate.status",
     wv_run_status},
    {"migrate", "current", NULL, "", 0, 0, B(VERBOSE) | B(CHECK_HEADS),
     "show the revisions at which the database is", NULL, "migrate.current", wv_run_current},
    {"migrate", "history", NULL, "", 0, 0,
     B(VERBOSE) | B(REV_RANGE) | B(INDICATE_CURRENT) | B(GRAPH) | B(FORMAT),
     "list the revisions, newest first",
     "`--format dot` is for Graphviz: wovenctl migrate history --format dot | dot -Tsvg\n"
     "`--format mermaid` is a flowchart as many web pages and editors show it.\n",
     "migrate.history", wv_run_history},
    {"migrate", "heads", NULL, "", 0, 0, B(VERBOSE) | B(RESOLVE_DEPENDENCIES),
     "list the heads of the files", NULL, "migrate.heads", wv_run_revisions},
    {"migrate", "branches", NULL, "", 0, 0, B(VERBOSE), "list the revisions where branches begin",
     NULL, "migrate.branches", wv_run_revisions},
    {"migrate", "show", NULL, "REV...", 1, ANY, 0, "show revisions with their SQL", NULL,
     "migrate.show", wv_run_show},
    {"migrate", "verify", NULL, "", 0, 0, B(DIFF),
     "compare the applied revisions with the files; exit status 3 when they differ", NULL,
     "migrate.verify", wv_run_verify},
    {"migrate", "log", NULL, "", 0, 0, B(LIMIT) | B(BEFORE) | B(REVISION) | B(SINCE) | B(FAILED),
     "show what was done to the database, when and by whom, newest first", NULL, "migrate.log",
     wv_run_log},
    {"migrate", "check", NULL, "", 0, 0, 0,
     "compare the models with the revisions; exit status 3 when they differ",
     "Runs all revisions in one scratch database, loads the models into another, and compares the\n"
     "two. Needs the setting `scratch`; the project's own database is not touched.\n\n" JOB_TEXT,
     "migrate.check", wv_run_check},
    {"migrate", "diff", NULL, "A B", 2, 2, 0, "compare two schemas; exit status 3 when they differ",
     "Each is models, live, head or another target of the revisions, base (an empty database), a\n"
     "connection string, or the path of a dump (with a slash in it, or ending in "
     ".sql).\n\n" JOB_TEXT,
     "migrate.diff", wv_run_check},
    {"migrate", "dump", NULL, "[live|models|TARGET|...]", 0, 1, B(DIRECTORY),
     "print a schema as models (default: head), or write it as a folder of files",
     "With --directory each table is a file of its own.\n\n" JOB_TEXT, "migrate.dump", wv_run_dump},
    {"migrate", "drift", NULL, "", 0, 0, 0,
     "compare the database with its applied revisions; exit status 3 when they differ",
     "Replays what is applied, from the SQL that the ledger keeps, in a scratch database, and "
     "shows\n"
     "the SQL that would bring the database back to it.\n\n" JOB_TEXT,
     "migrate.drift", wv_run_check},
    {"migrate", "test", NULL, "[REV|A:B...]", 0, ANY, B(ALL),
     "run revisions up, down and up again in scratch; exit status 3 when one does not come back",
     "Without revisions those are tested that the database does not have yet.\n\n" JOB_TEXT,
     "migrate.test", wv_run_test},
    {"migrate", "plan", NULL, "[upgrade|downgrade|stamp] [TARGET...]", 0, ANY,
     B(FROM) | B(PURGE) | B(SQL), "show the steps to a target without taking them",
     "The direction is upgrade unless named, the target of an upgrade head unless named. With\n"
     "--from no database is asked.\n",
     "migrate.plan", wv_run_plan},
    {"migrate", "upgrade", NULL, "[TARGET...]", 0, ANY,
     B(TAG) | B(SINGLE_TRANSACTION) | B(NO_HAND_OVER) | B(SQL),
     "bring the database up to a target (default: head)",
     "A target is a revision id or the beginning of one, head, heads, label@head, +N, rev+N.\n"
     "Where another host leads and there is something to do, this one asks for the lead and waits\n"
     "for its turn. --timeout bounds that, and how long a database that is away is waited for "
     "(not\n"
     "at all without it).\n\n" JOB_TEXT,
     "migrate.upgrade", wv_run_job},
    {"migrate", "downgrade", NULL, "TARGET", 1, 1,
     B(TAG) | B(SINGLE_TRANSACTION) | B(NO_HAND_OVER) | B(SQL),
     "take the database down to a target",
     "A target is a revision id or the beginning of one, base, -N, rev-N, label@base.\n\n" JOB_TEXT,
     "migrate.downgrade", wv_run_job},
    {"migrate", "stamp", NULL, "TARGET...", 1, ANY, B(TAG) | B(PURGE) | B(NO_HAND_OVER) | B(SQL),
     "record that the database is at a target, run nothing", NULL, "migrate.stamp", wv_run_job},
    {"migrate", "revision", NULL, "", 0, 0,
     B(MESSAGE) | B(REV_ID) | B(HEAD) | B(SPLICE) | B(BRANCH_LABEL) | B(DEPENDS_ON) |
         B(VERSION_PATH) | B(AUTOGENERATE) | B(PLAIN) | B(RENAME) | B(UNPROVEN) | B(SQL),
     "write the file of a new revision",
     "The daemon makes the text from the project's template; this client writes the file, as you,\n"
     "never over an existing one, and prints its path.\n"
     "--autogenerate fills it with what leads from the revisions to the models: several revisions\n"
     "where one transaction cannot hold it all. Up and down are run in scratch databases before;\n"
     "--plain, --rename, --unproven and --sql belong to it.\n",
     "migrate.revision", wv_run_revision},
    {"migrate", "merge", NULL, "REV...", 1, ANY, B(MESSAGE) | B(REV_ID) | B(BRANCH_LABEL),
     "write the file of a revision that merges heads", "`merge heads` merges all of them.\n",
     "migrate.merge", wv_run_merge},
    {"migrate", "squash", NULL, "A:B", 1, 1, B(MESSAGE) | B(REV_ID),
     "write the file of one revision that replaces a range",
     "An empty database then runs the new revision alone; one that has all replaced revisions\n"
     "adopts it with its next job; one in the middle goes on the old way, so keep the old files\n"
     "until no such database is left.\n",
     "migrate.squash", wv_run_squash},
    {"migrate", "edit", NULL, "REV...", 1, ANY, 0, "open the files of revisions in your editor",
     "The editor is $VISUAL, else $EDITOR. Afterwards the daemon checks all files and their "
     "faults\n"
     "are shown. Files with faults are found too, by a part of their name.\n",
     "migrate.files", wv_run_edit},
    {"migrate", "rebase", NULL, "REV", 1, 1, B(ONTO) | B(OFFLINE),
     "let a revision, with all above it, revise another one",
     "The way out of two heads without a merge point: rewrites the line down_revision in the file\n"
     "of REV and nothing else. Refused, with exit status 6, when the database has REV applied.\n",
     "migrate.rebase", wv_run_rebase},
    {"migrate", "init", NULL, "[DIR]", 0, 1, 0, "lay out a new project (default: ./migrations)",
     "Writes woven.conf, script.sql.in, README.md, versions/ and models/. Refuses when DIR has a\n"
     "woven.conf; other files that exist are left as they are. Needs no daemon.\n",
     NULL, wv_run_init},
    {"migrate", "cancel", NULL, "[JOB]", 0, 1, 0,
     "cancel the running job, or the one with this "
     "number",
     NULL, "migrate.cancel", wv_run_cancel},
    {"migrate", "wait", NULL, "[TARGET...]", 0, ANY, 0,
     "wait until the database has revisions (default: head)",
     "A target is a revision id or the beginning of one, label@head, or head: all heads of this\n"
     "host's files. A database that is ahead of them has them. Nothing is changed, and no "
     "database\n"
     "connection is held. Exit status 5 when --timeout is over.\n",
     "migrate.wait", wv_run_wait},
    {"migrate", "watch", NULL, "", 0, 0, 0, "follow the running job and those after it",
     "Ends at Ctrl-C with status 0. With --json each event is one line of JSON, as the protocol\n"
     "has it, and each job's end another.\n",
     "migrate.watch", wv_run_watch},
    {"migrate", "repair", NULL, "[REV...]", 0, ANY,
     B(DONE) | B(AGAIN) | B(ABANDON) | B(ACCEPT) | B(ACCEPT_ALL) | B(DRY_RUN) | B(NO_HAND_OVER) |
         B(TAG),
     "decide about an interrupted step or about edited files",
     "`wovenctl migrate status` shows the statement that was under way. Look in the database\n"
     "whether it took effect, then name one of --done, --again and --abandon. That records the\n"
     "choice; run the upgrade or downgrade again to go on.\n\n"
     "With --accept REV... or --accept-all the ledger takes over what the files of applied\n"
     "revisions say now: nothing runs, the database is left as it is.\n",
     "migrate.repair", wv_run_repair},
    {"import", "alembic", NULL, "DIR", 1, 1, IMPORT_OPTIONS | B(PYTHON),
     "take over Alembic's revisions",
     "DIR has alembic.ini or env.py. Alembic itself renders each step, with no database; ids,\n"
     "parents, labels, dependencies, messages and dates stay. A step that reads data becomes one\n"
     "that refuses to run and says why.\n\n" IMPORT_TEXT,
     NULL, wv_run_import},
    {"import", "dbmate", NULL, "DIR", 1, 1, IMPORT_OPTIONS, "take over dbmate's migrations",
     IMPORT_TEXT, NULL, wv_run_import},
    {"import", "flyway", NULL, "DIR", 1, 1, IMPORT_OPTIONS, "take over Flyway's SQL migrations",
     IMPORT_TEXT, NULL, wv_run_import},
    {"import", "golang-migrate", NULL, "DIR", 1, 1, IMPORT_OPTIONS,
     "take over golang-migrate's migrations", IMPORT_TEXT, NULL, wv_run_import},
    {"import", "goose", NULL, "DIR", 1, 1, IMPORT_OPTIONS, "take over goose's SQL migrations",
     IMPORT_TEXT, NULL, wv_run_import},
    {"import", "node-pg-migrate", NULL, "DIR", 1, 1, IMPORT_OPTIONS,
     "take over node-pg-migrate's SQL migrations", IMPORT_TEXT, NULL, wv_run_import},
    {"import", "sqitch", NULL, "DIR", 1, 1, IMPORT_OPTIONS, "take over a Sqitch project",
     IMPORT_TEXT, NULL, wv_run_import},
    {"", "run-locked", NULL, "COMMAND [ARGUMENT...]", 1, ANY, B(TAG) | B(NO_HAND_OVER),
     "run a command, such as another tool's migrations, under the project's lock",
     "The daemon gets the lock as for an upgrade and holds it until COMMAND has ended; no daemon\n"
     "migrates meanwhile. When the lock is lost, the job cancelled or wovend gone, COMMAND gets\n"
     "SIGTERM, and SIGKILL after ten seconds. --timeout bounds the wait for the lock alone. The\n"
     "history keeps the name of the program and how it ended, never its arguments.\n\n"
     "Exit status: COMMAND's own, 128 and the number of the signal that ended it; 125 when the\n"
     "lock was lost while it ran, 126 when it cannot be run, 127 when it is not found; as of\n"
     "the other commands when it was not started because the lock was not to be had.\n",
     "lock.hold", wv_run_locked},
    {"daemon", "status", NULL, "", 0, 0, 0, "show the daemon: version, role, database, clients",
     NULL, "daemon.status", wv_run_daemon_status},
    {"daemon", "reload", NULL, "", 0, 0, 0, "read configuration and files again", NULL,
     "daemon.reload", wv_run_daemon_reload},
    {"daemon", "stop", NULL, "", 0, 0, 0, "end the daemon, as SIGTERM does",
     "Waits until it has ended. One that a service manager started comes back when that wants "
     "it.\n",
     "daemon.stop", wv_run_daemon_stop},
    {"daemon", "step-down", NULL, "", 0, 0, 0, "give the lead to another host",
     "Waits for the end of a running job; --timeout bounds how long this client waits for that.\n"
     "The daemon takes no lead by itself for some 15 seconds; a job of this host may ask for it.\n"
     "Exit status 3 when it did not lead.\n",
     "daemon.step_down", wv_run_daemon_step_down},
    {"daemon", "ping", NULL, "", 0, 0, 0, "ask whether the daemon answers", NULL, "daemon.ping",
     wv_run_daemon_ping},
};

const size_t wv_cmd_count = sizeof(wv_cmds) / sizeof(wv_cmds[0]);

char *wv_cmd_title(const struct wv_cmd *cmd)
{
    return wv_xasprintf("%s%s%s", cmd->group, *cmd->group != '\0' ? " " : "", cmd->name);
}

const struct wv_cmd *wv_cmd_find(const char *group, const char *name)
{
    for (size_t i = 0; i < wv_cmd_count; i++) {
        const struct wv_cmd *cmd = &wv_cmds[i];
        if (strcmp(cmd->group, group) == 0 &&
            (strcmp(cmd->name, name) == 0 || (cmd->alias != NULL && strcmp(cmd->alias, name) == 0)))
            return cmd;
    }
    return NULL;
}

const char *wv_cmd_group(const char *group)
{
    for (size_t i = 0; i < wv_cmd_count; i++)
        if (*group != '\0' && strcmp(wv_cmds[i].group, group) == 0)
            return wv_cmds[i].group;
    return NULL;
}
