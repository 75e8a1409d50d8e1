/* The hosts that a connection string, a service file or the environment name. libpq goes through
 * them by itself but leaves it to its asynchronous caller to give up a silent one (manual,
 * "PQconnectStart"), and has no call to do so: hence one connection is tried for each. */
#ifndef WV_HOSTS_H
#define WV_HOSTS_H

#include <libpq-fe.h>

#include "strlist.h"

/* Item i of each list belongs to host i; a list that is empty says nothing about any. */
struct wv_pg_hosts {
    size_t count; /* at least 1 */
    struct wv_strlist host;
    struct wv_strlist hostaddr;
    struct wv_strlist port;
};

/* What `conn` was made to use. A list of another length than the others is an error that libpq
 * reports: then there is one host, with all lists empty. */
void wv_pg_hosts_read(struct wv_pg_hosts *hosts, PGconn *conn);
void wv_pg_hosts_free(struct wv_pg_hosts *hosts);

/* "host" ... of host `index`, NULL: not said. */
const char *wv_pg_hosts_item(const struct wv_strlist *list, size_t index);

#endif
