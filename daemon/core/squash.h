/* Revisions that replace others: a file whose header says `-- replaces: a, b, c` does in one step
 * what these did one after the other. For a while the old files stay beside it, because some
 * database may be in the middle of them. Which of both a database sees is decided for each such
 * revision S by what the database has of those that S replaces, the rule of Django's squashed
 * migrations:
 *
 *     nothing   S is there and the old ones are not: an empty database runs S alone
 *     a part    the old ones are there and S is not: the database goes on the old way
 *     all       S is there, applied, and the old ones are not. A row of the version table that
 *               names an old one stands for S, and the next job that changes the database writes
 *               S into row and ledger in its place (it adopts S)
 *
 * Where the database is not asked (a plan from given revisions, new files) it is "nothing". What
 * others revise or depend on may be named by S or by what it replaces: each name is read as the
 * one that is there. The last id of the list comes after all others of it, so that a row with that
 * id alone means "all"; this holds also when the old files have been deleted. A row with another
 * old id then is an error: its files have to come back. When no database is left that needs the
 * old files, they and the line `replaces` may go.
 *
 * An id may be replaced by one revision only, and what replaces is not replaced itself. */
#ifndef WV_SQUASH_H
#define WV_SQUASH_H

#include "project.h"

/* Whether any revision replaces others. */
bool wv_squash_any(const struct wv_project *whole);
/* The project as an empty database sees it, with the faults of all its sides; takes `whole`, a
 * project without a graph, over. Faults of its own: bad_replaces. For project.c. */
struct wv_project *wv_squash_open(struct wv_project *whole);

struct wv_squash_view {
    struct wv_project *project; /* a reference: the files as the database sees them */
    struct wv_strlist rows;     /* of the database, old ids put right, in byte order */
    bool moved;                 /* `rows` are not those given: they wait to be adopted */
    struct wv_strlist replaced; /* the old ids of all S that are applied here */
    struct wv_strlist applied;  /* these S */
};

/* What a database with these rows sees. WV_REVISION_NOT_FOUND: it is in the middle of what has been
 * replaced, and the old files are gone. Costs nothing when nothing is replaced. */
bool wv_squash_view_make(struct wv_squash_view *view, struct wv_project *project,
                         const struct wv_strlist *rows, struct wv_err *err) WV_MUST_CHECK;
/* The same for looking only: where that fails, the project as it is and the rows as given. */
void wv_squash_view_look(struct wv_squash_view *view, struct wv_project *project,
                         const struct wv_strlist *rows);
void wv_squash_view_free(struct wv_squash_view *view);

#endif
