/* What a scratch database has to have in common with the one that it stands for. A plain value. */
#ifndef WV_LIKE_H
#define WV_LIKE_H

#include "query.h"

/* NULL strings: the scratch server's own. */
struct wv_scratch_like {
    char *encoding; /* "UTF8" */
    char *collate;
    char *ctype;
    char provider;                 /* 'c' libc, 'i' ICU, 'b' built in; 0: the server's own */
    char *locale;                  /* of ICU and built in */
    char *icu_rules;               /* tailored collation rules */
    struct wv_strlist extensions;  /* have to be available there */
    struct wv_strlist roles;       /* have to exist; made, without login, in an embedded server */
    struct wv_strlist tablespaces; /* likewise */
    char *system;                  /* the cluster that it is in; NULL: not known */
};

/* Reads that of the database `pg` is connected to: installed extensions, all roles and tablespaces
 * that are not PostgreSQL's own, and which cluster it is in. Three queries. The caller frees by
 * wv_scratch_like_clear(). */
bool wv_scratch_like_read(struct wv_scratch_like *out, struct wv_pg *pg,
                          const struct wv_pg_wait *wait, struct wv_err *err) WV_MUST_CHECK;
void wv_scratch_like_clear(struct wv_scratch_like *like);

/* For the files of this folder. CREATE DATABASE with all of it; the caller's own. */
char *wv_scratch_like_sql(const struct wv_scratch_like *like, const char *database,
                          int server_version);
/* Which of the names are missing on the server of `pg`: of all three lists, each alone. */
bool wv_scratch_like_missing(const struct wv_scratch_like *like, struct wv_pg *pg,
                             struct wv_scratch_like *missing, const struct wv_pg_wait *wait,
                             struct wv_err *err) WV_MUST_CHECK;

#endif
