/* Parts of queries that several of them share, or that differ between versions of the server: all
 * such differences are here. In a query, @name@ or @name:argument,argument@ stands for a fragment,
 * whose text has $1, $2 for the arguments and may hold further marks. Pure. */
#ifndef WV_FRAGMENT_H
#define WV_FRAGMENT_H

#include <stdbool.h>

#include "xalloc.h"

struct wv_fragment_facts {
    int server_version;    /* 150020 */
    bool sees_connections; /* may read connection strings of subscriptions */
};

/* The caller's own. Marks of unknown names stay as they are. */
char *wv_fragment_expand(const char *sql, const struct wv_fragment_facts *facts) WV_MUST_CHECK;

#endif
