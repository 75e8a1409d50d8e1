/* Names of the statements that the server keeps prepared for a session. The names are never used
 * twice, so a statement whose fate is unknown is forgotten and prepared anew; what is left behind
 * in the server goes with wv_pg_reset_session(). Any thread, a connection per thread; sends
 * nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"

struct wv_pg_kept {
    char *sql;
    struct wv_pg_kept_name name;
};

bool wv_pg_kept_find(const struct wv_pg *pg, const char *sql, struct wv_pg_kept_name *name)
{
    for (size_t i = 0; i < pg->kept_count; i++) {
        if (strcmp(pg->kept[i].sql, sql) == 0) {
            *name = pg->kept[i].name;
            return true;
        }
    }
    return false;
}

struct wv_pg_kept_name wv_pg_kept_name(struct wv_pg *pg)
{
    struct wv_pg_kept_name name;
    (void)snprintf(name.text, sizeof(name.text), "woven_%llu", pg->kept_next++);
    return name;
}

void wv_pg_kept_add(struct wv_pg *pg, const char *sql, const struct wv_pg_kept_name *name)
{
    WV_GROW(pg->kept, pg->kept_count, pg->kept_capacity);
    pg->kept[pg->kept_count++] = (struct wv_pg_kept){.sql = wv_xstrdup(sql), .name = *name};
}

void wv_pg_kept_forget(struct wv_pg *pg)
{
    for (size_t i = 0; i < pg->kept_count; i++)
        free(pg->kept[i].sql);
    free(pg->kept);
    pg->kept = NULL;
    pg->kept_count = 0;
    pg->kept_capacity = 0;
}
