/* What a statement reaches beyond the database that it runs in, as far as its words tell: roles,
 * databases and the like belong to the whole server, a subscription speaks to another one. What a
 * DO block or a function does is not seen. Pure; any thread. */
#ifndef WV_REACH_H
#define WV_REACH_H

#include "splitter.h"

enum wv_reach {
    WV_REACH_DATABASE,    /* this database alone */
    WV_REACH_NEW_ROLE,    /* CREATE ROLE, USER, GROUP */
    WV_REACH_MEMBERSHIP,  /* GRANT and REVOKE of roles */
    WV_REACH_OWNED,       /* REASSIGN OWNED, DROP OWNED: of the database and of the server */
    WV_REACH_SERVER,      /* anything else that belongs to the whole server */
    WV_REACH_SUBSCRIBE,   /* CREATE SUBSCRIPTION that connects */
    WV_REACH_REFRESH,     /* ALTER SUBSCRIPTION that connects, or starts what does */
    WV_REACH_UNSUBSCRIBE, /* DROP SUBSCRIPTION: it may take away the slot on the other server */
};

/* The words that say what a statement is; comments are none. Ended by WV_TOKEN_END. */
enum { WV_HEAD_WORDS = 5 };
void wv_statement_head(const struct wv_statement *statement, struct wv_token words[WV_HEAD_WORDS]);

enum wv_reach wv_statement_reach(const struct wv_statement *statement);

#endif
