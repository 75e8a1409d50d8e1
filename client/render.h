/* Results and errors as text for people. Pure but for wv_render_error, which reads the line of the
 * file that the error names, with the caller's own rights. All foreign text is escaped. */
#ifndef WV_RENDER_H
#define WV_RENDER_H

#include <jansson.h>

#include "err.h"
#include "term.h"

/* An error in full: message, place, excerpt with a caret, SQLSTATE, detail, problems, hint. */
void wv_render_error(struct wv_strbuf *out, const struct wv_look *look, const struct wv_err *err);
/* What comes below the message, for one that is shown already. */
void wv_render_error_place(struct wv_strbuf *out, const struct wv_look *look,
                           const struct wv_err *err);

/* What was compared: "the revisions and the models"; and what stands above the statements. */
struct wv_sides {
    const char *both;
    const char *statements;
};

/* The end of a check and its like: what differs, the statements between. */
void wv_render_findings(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                        const struct wv_sides *sides);
/* The end of a test, of revisions that were `named` or of those that are pending: a line for each;
 * `quiet`: of those that do not come back. */
void wv_render_trials(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                      bool named, bool quiet);
/* The hazards of its statements, a line each. */
void wv_render_hazards(struct wv_strbuf *out, const struct wv_look *look, const json_t *result);
/* Notes of such a job, a line each. */
void wv_render_notes(struct wv_strbuf *out, const struct wv_look *look, const json_t *result);

/* migrate.status as a page. */
void wv_render_status(struct wv_strbuf *out, const struct wv_look *look, const json_t *status);
/* The same of several projects as a table; with what daemon.status has of them, too. */
void wv_render_projects(struct wv_strbuf *out, const struct wv_look *look, const json_t *projects);
/* daemon.status as a page. */
void wv_render_daemon(struct wv_strbuf *out, const struct wv_look *look, const json_t *status);

/* Rows of the pages, for both. */
void wv_render_label(struct wv_strbuf *out, const struct wv_look *look, const char *label);
void wv_render_database(struct wv_strbuf *out, const struct wv_look *look, const json_t *database);
void wv_render_role(struct wv_strbuf *out, const struct wv_look *look, const json_t *status);
/* Takes what has "revisions" (a number) and "problems". */
void wv_render_files(struct wv_strbuf *out, const struct wv_look *look, const json_t *files);
void wv_render_job(struct wv_strbuf *out, const struct wv_look *look, const json_t *job);
/* ", asked for by ann (pid 7, app.service)". */
void wv_render_caller(struct wv_strbuf *out, const json_t *caller);
/* "pid 33 (app, psql, idle in transaction, 5 min 0 s)". */
void wv_render_blocker(struct wv_strbuf *out, const json_t *blocker);

/* How a list of revisions looks. */
struct wv_list {
    bool parents;   /* "a -> b (head), message" instead of "b (head), message" */
    bool current;   /* mark the current ones */
    bool followers; /* those that follow each, on lines below */
    bool verbose;   /* paragraphs with all details instead of lines */
};

/* {"revisions":[R]}. */
void wv_render_revisions(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                         struct wv_list list);
/* The same as paragraphs, each with its SQL. */
void wv_render_show(struct wv_strbuf *out, const struct wv_look *look, const json_t *result);

/* The words after an id (labels, "(head)", ...), and a revision as a paragraph, for the lists. */
void wv_render_marks(struct wv_strbuf *out, const struct wv_look *look, const json_t *revision,
                     bool current);
void wv_render_paragraph(struct wv_strbuf *out, const struct wv_look *look, const json_t *revision,
                         bool current);

/* The same revisions as a graph in lanes, newest first: a line each, or a paragraph. A branch
 * stands right above the revision it begins at, so that few lanes are open at once. */
void wv_render_graph(struct wv_strbuf *out, const struct wv_look *look, const json_t *result,
                     bool verbose);
/* As a picture to be laid out elsewhere: Graphviz' DOT language, or a flowchart of Mermaid.
 * Revisions are boxes, an arrow leads from each to what revises it, dashed to what depends on
 * it. */
void wv_render_dot(struct wv_strbuf *out, const json_t *result);
void wv_render_mermaid(struct wv_strbuf *out, const json_t *result);

void wv_render_plan(struct wv_strbuf *out, const struct wv_look *look, const json_t *plan);
/* The end of a job of this kind ("upgrade"): one or two lines that say what was done and where the
 * database is now. */
void wv_render_outcome(struct wv_strbuf *out, const struct wv_look *look, const char *kind,
                       const json_t *result);

/* migrate.verify, with the diffs that it has. */
void wv_render_verdict(struct wv_strbuf *out, const struct wv_look *look, const json_t *verdict);
/* The end of a job that accepted edited files, or would have. */
void wv_render_accepted(struct wv_strbuf *out, const struct wv_look *look, const json_t *result);
/* migrate.log; `quiet` leaves out what is no entry. */
void wv_render_log(struct wv_strbuf *out, const struct wv_look *look, const json_t *log,
                   bool quiet);
/* A unified diff, coloured; NULL is none. */
void wv_render_diff(struct wv_strbuf *out, const struct wv_look *look, const char *diff);

/* Ids with ", " between them, "base" (the empty database) for none. */
void wv_render_ids(struct wv_strbuf *out, const struct wv_look *look, enum wv_style style,
                   const json_t *ids);

#endif
