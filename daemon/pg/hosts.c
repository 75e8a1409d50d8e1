/* See hosts.h. Any thread; asks no server. */
#include "hosts.h"

#include <string.h>

static void split(struct wv_strlist *list, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        wv_strlist_addn(list, at, length);
        at += length;
        if (*at == '\0')
            return;
    }
}

static bool fits(const struct wv_strlist *list, size_t count)
{
    return list->count <= 1 || list->count == count;
}

static size_t larger(size_t left, size_t right)
{
    return left > right ? left : right;
}

void wv_pg_hosts_read(struct wv_pg_hosts *hosts, PGconn *conn)
{
    PQconninfoOption *options = PQconninfo(conn);
    *hosts = (struct wv_pg_hosts){.count = 1};
    for (const PQconninfoOption *option = options; option != NULL && option->keyword != NULL;
         option++) {
        if (strcmp(option->keyword, "host") == 0)
            split(&hosts->host, option->val);
        else if (strcmp(option->keyword, "hostaddr") == 0)
            split(&hosts->hostaddr, option->val);
        else if (strcmp(option->keyword, "port") == 0)
            split(&hosts->port, option->val);
    }
    PQconninfoFree(options);
    size_t count = larger(hosts->host.count, hosts->hostaddr.count);
    if (count > 1 && fits(&hosts->host, count) && fits(&hosts->hostaddr, count) &&
        fits(&hosts->port, count))
        hosts->count = count;
    else
        wv_pg_hosts_free(hosts);
}

void wv_pg_hosts_free(struct wv_pg_hosts *hosts)
{
    wv_strlist_free(&hosts->host);
    wv_strlist_free(&hosts->hostaddr);
    wv_strlist_free(&hosts->port);
    hosts->count = 1;
}

const char *wv_pg_hosts_item(const struct wv_strlist *list, size_t index)
{
    if (list->count == 0)
        return NULL;
    return list->items[list->count == 1 ? 0 : index];
}
