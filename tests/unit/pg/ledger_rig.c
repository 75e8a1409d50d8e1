/* See ledger_rig.h. */
#include "ledger_rig.h"

#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

struct wv_pg *connected_to(const char *database)
{
    struct wv_pg_options options = {.database = database, .application_name = "woven tests"};
    struct wv_pg_wait wait = soon();
    struct wv_err err WV_AUTOERR = {0};
    struct wv_pg *pg = NULL;
    assert_done(wv_pg_connect(&pg, &options, &wait, &err), &err);
    return pg;
}

struct rig *rig_bare(void)
{
    static int number;
    struct rig *rig = wv_xcalloc(1, sizeof(*rig));
    struct wv_pg *admin = connected();
    rig->database = wv_xasprintf("ledger_%d", number++);
    char *sql WV_AUTOFREE = wv_xasprintf("CREATE DATABASE %s", rig->database);
    run(admin, sql);
    wv_pg_close(admin);
    rig->pg = connected_to(rig->database);
    rig->ledger = wv_ledger_new(&(struct wv_ledger_options){.project = "woven",
                                                            .schema = "woven",
                                                            .version_table = "alembic_version",
                                                            .version_table_schema = "",
                                                            .host = "testhost",
                                                            .instance = wv_instance_id_new()});
    rig->job = (struct wv_ledger_job){
        .id = 7, .user = "ann", .uid = 1000, .pid = 42, .unit = "app.service", .tag = "t"};
    return rig;
}

void prepare(struct rig *rig)
{
    struct wv_pg_wait wait = soon();
    assert_done(wv_ledger_prepare(rig->ledger, rig->pg, &rig->job.token, &wait, &rig->err),
                &rig->err);
}

struct rig *rig_new(void)
{
    struct rig *rig = rig_bare();
    prepare(rig);
    return rig;
}

void rig_free(struct rig *rig)
{
    wv_ledger_look_clear(&rig->look);
    wv_ledger_free(rig->ledger);
    wv_pg_close(rig->pg);
    wv_pg_batch_failure_clear(&rig->failure);
    wv_err_clear(&rig->err);
    free(rig->database);
    free(rig);
}

const struct wv_ledger_look *look(struct rig *rig)
{
    struct wv_pg_wait wait = soon();
    assert_done(wv_ledger_look(rig->ledger, rig->pg, &rig->look, &wait, &rig->err), &rig->err);
    return &rig->look;
}

void check_rows(struct rig *rig, const char *rows)
{
    look(rig);
    char *joined WV_AUTOFREE = wv_strlist_join(&rig->look.rows, " ");
    assert_string_equal(joined, rows);
}

void begin(struct rig *rig)
{
    struct wv_pg_wait wait = wv_pg_wait_ms(60000);
    wv_pg_batch_failure_clear(&rig->failure);
    assert_done(
        wv_pg_batch_begin(&rig->batch, rig->pg, &(struct wv_pg_batch_options){0}, &wait, &rig->err),
        &rig->err);
}

bool end(struct rig *rig)
{
    return wv_pg_batch_end(rig->batch, &rig->failure, &rig->err);
}

bool queue_up(struct rig *rig, size_t number, const char *from, const char *to, const char *sql,
              bool last)
{
    struct wv_strlist remove WV_AUTOSTRLIST = {0};
    struct wv_strlist add WV_AUTOSTRLIST = {0};
    if (from != NULL)
        wv_strlist_add(&remove, from);
    wv_strlist_add(&add, to);
    struct wv_ledger_step step = {.kind = WV_LEDGER_UP,
                                  .record = {.id = to,
                                             .down = &remove,
                                             .labels = &add,
                                             .message = "it's a test",
                                             .checksum = "c1",
                                             .up_sql = sql,
                                             .down_sql = "SELECT 'down'"},
                                  .remove_rows = &remove,
                                  .add_rows = &add,
                                  .number = number,
                                  .first = number == 0,
                                  .last = last,
                                  .lock_timeout = 2000};
    return wv_ledger_queue_begin(rig->ledger, rig->batch, &rig->job, &step, true) &&
           wv_pg_batch_add(rig->batch, (int)number + 1, sql, 0, NULL, WV_PG_FLUSH_NOW) &&
           wv_ledger_queue_end(rig->ledger, rig->batch, &rig->job, &step, true);
}

void step_up(struct rig *rig, const char *from, const char *to, const char *sql)
{
    begin(rig);
    (void)!queue_up(rig, 0, from, to, sql, true);
    assert_done(end(rig), &rig->err);
}

void fail_up(struct rig *rig, const char *from, const char *to, const char *sql,
             enum wv_err_code code)
{
    begin(rig);
    (void)!queue_up(rig, 0, from, to, sql, true);
    assert_error(end(rig), &rig->err, code);
}
