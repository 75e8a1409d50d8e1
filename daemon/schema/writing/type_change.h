/* What becomes of values when their column gets another type, as far as it is known: what is not
 * known to be harmless is told. Internal to the folder. */
#ifndef WV_TYPE_CHANGE_H
#define WV_TYPE_CHANGE_H

#include "ddl.h"

struct wv_type_change {
    bool is_free;     /* the same bytes: nothing is rewritten */
    bool is_assigned; /* the server does it by itself, and refuses what does not fit; asked for by
                         USING, a cast would cut it off */
    bool has_cast;    /* the server does it by a cast that is asked for; else only by way of text */
    bool may_fail;    /* some values are refused */
    bool may_lose;    /* some values are rounded, cut, or lose a part, without a word */
    bool by_zone;     /* what becomes of them depends on the session's TimeZone */
};

struct wv_type_change wv_type_change_find(const struct wv_ddl *ddl, const char *from,
                                          const char *to);

/* Does a default of a column of the one type serve one of the other? The server turns it over with
 * the column where the one is assigned to the other whatever it is. */
bool wv_is_akin(const char *from, const char *to);

#endif
