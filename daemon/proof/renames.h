/* Renames that were asked for ("old:new"): one by one found in the catalogs, and made in the
 * database that a revision starts from, so that what is left to compare has the new names. Proof
 * thread. */
#ifndef WV_RENAMES_H
#define WV_RENAMES_H

#include "room.h"
#include "strlist.h"

struct wv_renames {
    struct wv_strlist up;   /* statements, in order */
    struct wv_strlist down; /* the way back, in order */
};

/* Runs what `asked` names, and then what `hints` name (done already: left out), in the room's
 * database. Both names are as a difference shows them
 * ("public.users", "public.users.email"); the schema public may be left out, and so may all but the
 * last part of the new one. What has the new name and is to be renamed itself makes room: names may
 * be exchanged. What one table inherits from several is renamed in all of these at once, by the
 * name of any. WV_BAD_TARGET: nothing of the old name in the database, none of the new one in
 * `wanted`, or one that is there already, and stays. */
bool wv_renames_run(struct wv_renames *renames, struct wv_room *room,
                    const struct wv_strlist *asked, const struct wv_strlist *hints,
                    const struct wv_catalog *wanted, struct wv_err *err) WV_MUST_CHECK;
void wv_renames_clear(struct wv_renames *renames);

#endif
