/* See ledger_read.h. Any thread, as its ledger. */
#include "ledger_read.h"

#include <stdlib.h>
#include <string.h>

#include "ledger_instance.h"
#include "ledger_internal.h"
#include "query.h"

/* A ledger that is not there, or not as we know it, holds nothing. */
static bool is_missing(struct wv_err *err)
{
    if (strcmp(err->sqlstate, "42P01") != 0 && strcmp(err->sqlstate, "3F000") != 0 &&
        strcmp(err->sqlstate, "42703") != 0)
        return false;
    wv_err_clear(err);
    return true;
}

static void read_stored(const struct wv_pg_result *result, size_t row,
                        struct wv_ledger_stored *stored)
{
    *stored = (struct wv_ledger_stored){
        .id = wv_xstrdup(wv_pg_text(result, row, 0)),
        .message = wv_xstrdup(wv_pg_text(result, row, 4)),
        .checksum = wv_xstrdup(wv_pg_text(result, row, 5)),
        .up_sql = wv_xstrdup(wv_pg_value(result, row, 6)),
        .down_sql = wv_xstrdup(wv_pg_value(result, row, 7)),
        .stamped = wv_pg_bool(result, row, 8),
        .applied_at = wv_xstrdup(wv_pg_text(result, row, 9)),
        .applied_by = wv_xstrdup(wv_pg_text(result, row, 10)),
    };
    wv_pg_array_parse(wv_pg_text(result, row, 1), &stored->down);
    wv_pg_array_parse(wv_pg_text(result, row, 2), &stored->depends_on);
    wv_pg_array_parse(wv_pg_text(result, row, 3), &stored->labels);
}

bool wv_ledger_stored(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_strlist *ids,
                      bool with_sql, struct wv_ledger_stored_list *list,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE = wv_xasprintf(
        "SELECT id, parents, depends_on, labels, message, checksum,"
        " CASE WHEN $3::boolean THEN up_sql END, CASE WHEN $3::boolean THEN down_sql END, stamped,"
        " " WV_ISO("applied_at") ", applied_by FROM %s.revision"
                                 " WHERE project = $1 AND ($2::text[] IS NULL OR id = ANY ($2))"
                                 " ORDER BY id COLLATE \"C\"",
        ledger->schema);
    char *wanted WV_AUTOFREE = ids != NULL ? wv_pg_array(ids) : NULL;
    const char *params[] = {ledger->project, wanted, with_sql ? "t" : "f"};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    struct wv_ledger_stored_list read = {0};
    if (!wv_pg_query(pg, sql, 3, params, 11, &result, wait, err)) {
        if (!is_missing(err))
            return false;
        wv_ledger_stored_free(list);
        return true;
    }
    for (size_t row = 0; row < wv_pg_rows(result); row++) {
        WV_GROW(read.items, read.count, read.capacity);
        read_stored(result, row, &read.items[read.count++]);
    }
    wv_ledger_stored_free(list);
    *list = read;
    return true;
}

/* Locking the row writes, so that the commit waits for the disk and for all that was committed
 * before. */
static bool flush(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_pg_wait *wait,
                  struct wv_err *err)
{
    char *sql WV_AUTOFREE =
        wv_xasprintf("SELECT %s.commit_durably() FROM %s.leader WHERE project = $1 FOR KEY SHARE",
                     ledger->schema, ledger->schema);
    const char *params[] = {ledger->project};
    return wv_pg_query(pg, sql, 1, params, 1, NULL, wait, err);
}

bool wv_ledger_landed(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_ledger_job *job,
                      struct wv_strlist *landed, const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE =
        wv_xasprintf("SELECT h.kind || ' ' || h.revision FROM %s.history h WHERE h.project = $1"
                     " AND h.token = $2 AND h.job = $3 AND h.outcome = 'done' AND h.host = $4"
                     " AND h.uid = $5 AND h.pid = $6 AND NOT EXISTS (SELECT FROM %s.leader l"
                     " WHERE l.project = $1 AND l.token = $2 AND l.instance <> $7) ORDER BY h.id",
                     ledger->schema, ledger->schema);
    struct wv_ledger_number token = wv_ledger_number(job->token);
    struct wv_ledger_number id = wv_ledger_number((int64_t)job->id);
    struct wv_ledger_number uid = wv_ledger_number(job->uid);
    struct wv_ledger_number pid = wv_ledger_number(job->pid);
    const char *params[] = {ledger->project, token.text,           id.text, ledger->host, uid.text,
                            pid.text,        ledger->instance.text};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query(pg, sql, 7, params, 1, &result, wait, err) || !flush(ledger, pg, wait, err))
        return false;
    wv_strlist_free(landed);
    for (size_t row = 0; row < wv_pg_rows(result); row++)
        wv_strlist_add(landed, wv_pg_text(result, row, 0));
    return true;
}

void wv_ledger_stored_free(struct wv_ledger_stored_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct wv_ledger_stored *stored = &list->items[i];
        free(stored->id);
        wv_strlist_free(&stored->down);
        wv_strlist_free(&stored->depends_on);
        wv_strlist_free(&stored->labels);
        free(stored->message);
        free(stored->checksum);
        free(stored->up_sql);
        free(stored->down_sql);
        free(stored->applied_at);
        free(stored->applied_by);
    }
    free(list->items);
    *list = (struct wv_ledger_stored_list){0};
}

bool wv_ledger_edited(struct wv_ledger *ledger, struct wv_pg *pg, const struct wv_strlist *ids,
                      const struct wv_strlist *checksums, struct wv_strlist *edited,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    char *sql WV_AUTOFREE =
        wv_xasprintf("SELECT r.id FROM %s.revision r"
                     " JOIN ROWS FROM (pg_catalog.unnest($2::text[]), "
                     "pg_catalog.unnest($3::text[])) f (id, checksum)"
                     " ON r.id = f.id WHERE r.project = $1 AND r.checksum <> f.checksum"
                     " ORDER BY r.id COLLATE \"C\"",
                     ledger->schema);
    char *id_list WV_AUTOFREE = wv_pg_array(ids);
    char *checksum_list WV_AUTOFREE = wv_pg_array(checksums);
    const char *params[] = {ledger->project, id_list, checksum_list};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    struct wv_strlist read = {0};
    if (!wv_pg_query(pg, sql, 3, params, 1, &result, wait, err) && !is_missing(err))
        return false;
    for (size_t row = 0; result != NULL && row < wv_pg_rows(result); row++)
        wv_strlist_add(&read, wv_pg_text(result, row, 0));
    wv_strlist_move(edited, &read);
    return true;
}

static void read_entry(const struct wv_pg_result *result, size_t row, struct wv_ledger_entry *entry)
{
    *entry = (struct wv_ledger_entry){
        .id = wv_pg_int(result, row, 0),
        .revision = wv_xstrdup(wv_pg_text(result, row, 1)),
        .kind = wv_xstrdup(wv_pg_text(result, row, 2)),
        .outcome = wv_xstrdup(wv_pg_text(result, row, 3)),
        .started_at = wv_xstrdup(wv_pg_text(result, row, 4)),
        .took_us = wv_pg_int(result, row, 5),
        .error = wv_xstrdup(wv_pg_text(result, row, 6)),
        .sqlstate = wv_xstrdup(wv_pg_text(result, row, 7)),
        .user = wv_xstrdup(wv_pg_text(result, row, 8)),
        .uid = wv_pg_int(result, row, 9),
        .pid = wv_pg_int(result, row, 10),
        .host = wv_xstrdup(wv_pg_text(result, row, 11)),
        .version = wv_xstrdup(wv_pg_text(result, row, 12)),
        .tag = wv_xstrdup(wv_pg_text(result, row, 13)),
        .job = wv_pg_int(result, row, 14),
        .message = wv_xstrdup(wv_pg_text(result, row, 15)),
        .unit = wv_xstrdup(wv_pg_text(result, row, 16)),
        .command = wv_xstrdup(wv_pg_text(result, row, 17)),
    };
}

/* "90min" and "2 days" are ages; "2026-01-14" and "yesterday" are not. */
static bool is_age(const char *since)
{
    size_t digits = strspn(since, "0123456789");
    const char *unit = since + digits + strspn(since + digits, " ");
    return digits > 0 && *unit >= 'a' && *unit <= 'z';
}

static bool explain_since(const struct wv_ledger_filter *filter, struct wv_err *err)
{
    if (filter->since == NULL || strncmp(err->sqlstate, "22", 2) != 0)
        return false;
    wv_err_set(err, WV_INVALID_PARAMS, "\"%s\" is neither a time nor an age", filter->since);
    return wv_err_hint(err,
                       "for example 2026-01-14, '2026-01-14 09:30', yesterday, 90min, '2 days'");
}

bool wv_ledger_history(struct wv_ledger *ledger, struct wv_pg *pg,
                       const struct wv_ledger_filter *filter, struct wv_ledger_history *history,
                       const struct wv_pg_wait *wait, struct wv_err *err)
{
    /* An adopted database's row names several revisions with blanks between. Columns that the
     * ledger does not have yet, because the leader is an older program, read as NULL. */
    char *sql WV_AUTOFREE = wv_xasprintf(
        "SELECT h.id, h.revision, h.kind, h.outcome, " WV_ISO(
            "h.started_at") ", h.took_us, h.error, h.sqlstate, h.unix_user, h.uid, h.pid, h.host,"
                            " h.daemon_version, h.tag, h.job, r.message,"
                            " pg_catalog.to_jsonb(h) ->> 'unit', pg_catalog.to_jsonb(h) ->> "
                            "'command' FROM %s.history h"
                            " LEFT JOIN %s.revision r"
                            " ON r.project = h.project AND r.id = h.revision"
                            " WHERE h.project = $1 AND ($2::text IS NULL"
                            " OR pg_catalog.strpos(' ' || h.revision, ' ' || $2) > 0)"
                            " AND ($3::bigint = 0 OR h.id < $3::bigint)"
                            " AND ($4::timestamptz IS NULL OR h.started_at >= $4::timestamptz)"
                            " AND ($5::interval IS NULL"
                            " OR h.started_at >= pg_catalog.now() - $5::interval)"
                            " AND (NOT $6::boolean OR h.outcome <> 'done')"
                            " ORDER BY h.id DESC LIMIT $7::bigint",
        ledger->schema, ledger->schema);
    struct wv_ledger_number before = wv_ledger_number(filter->before);
    struct wv_ledger_number limit = wv_ledger_number(filter->limit > 0 ? filter->limit : 100);
    bool age = filter->since != NULL && is_age(filter->since);
    const char *params[] = {ledger->project,
                            filter->revision,
                            before.text,
                            age ? NULL : filter->since,
                            age ? filter->since : NULL,
                            filter->failed ? "t" : "f",
                            limit.text};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    struct wv_ledger_history read = {0};
    if (!wv_pg_query(pg, sql, 7, params, 18, &result, wait, err) && !is_missing(err))
        return explain_since(filter, err);
    for (size_t row = 0; result != NULL && row < wv_pg_rows(result); row++) {
        WV_GROW(read.items, read.count, read.capacity);
        read_entry(result, row, &read.items[read.count++]);
    }
    wv_ledger_history_free(history);
    *history = read;
    return true;
}

void wv_ledger_history_free(struct wv_ledger_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        struct wv_ledger_entry *entry = &history->items[i];
        free(entry->revision);
        free(entry->message);
        free(entry->kind);
        free(entry->command);
        free(entry->outcome);
        free(entry->started_at);
        free(entry->error);
        free(entry->sqlstate);
        free(entry->user);
        free(entry->unit);
        free(entry->host);
        free(entry->version);
        free(entry->tag);
    }
    free(history->items);
    *history = (struct wv_ledger_history){0};
}
