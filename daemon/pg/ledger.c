/* Names of the ledger and the channel of its daemons. Any thread; asks nothing of the tables. */
#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>

#include "advisory.h"
#include "ledger_internal.h"
#include "ledger_scripts.h"
#include "query.h"
#include "quote.h"

int wv_ledger_version(void)
{
    return wv_ledger_scripts_count;
}

struct wv_ledger *wv_ledger_new(const struct wv_ledger_options *options)
{
    struct wv_ledger *ledger = wv_xcalloc(1, sizeof(*ledger));
    ledger->project = wv_xstrdup(options->project);
    ledger->schema = wv_quote_ident(options->schema);
    ledger->version_schema = wv_xstrdup(options->version_table_schema);
    ledger->version_table = wv_xstrdup(options->version_table);
    ledger->host = wv_xstrdup(options->host);
    ledger->instance = options->instance;
    ledger->scripts = wv_ledger_scripts;
    ledger->version = wv_ledger_scripts_count;
    ledger->channel =
        wv_xasprintf("woven_%016llx", (unsigned long long)wv_advisory_key(options->project));
    /* A line break keeps the name out of the way of every project's. */
    char *name WV_AUTOFREE = wv_xasprintf("\nledger %s", options->schema);
    ledger->upgrade_key = wv_advisory_key(name);
    return ledger;
}

void wv_ledger_free(struct wv_ledger *ledger)
{
    if (ledger == NULL)
        return;
    free(ledger->project);
    free(ledger->schema);
    free(ledger->version_schema);
    free(ledger->version_table);
    free(ledger->host);
    free(ledger->channel);
    free(ledger->table);
    free(ledger);
}

struct wv_ledger_number wv_ledger_number(int64_t value)
{
    struct wv_ledger_number out;
    (void)snprintf(out.text, sizeof(out.text), "%lld", (long long)value);
    return out;
}

char *wv_ledger_table(const struct wv_ledger *ledger, const struct wv_pg *pg)
{
    if (ledger->table != NULL)
        return wv_xstrdup(ledger->table);
    const char *schema = ledger->version_schema;
    if (schema[0] == '\0' && pg != NULL)
        schema = wv_pg_facts(pg)->schema;
    return wv_quote_name(schema, ledger->version_table);
}

const char *wv_ledger_channel(const struct wv_ledger *ledger)
{
    return ledger->channel;
}

bool wv_ledger_listen(const struct wv_ledger *ledger, struct wv_pg *pg,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    return wv_pg_listen(pg, ledger->channel, wait, err);
}

bool wv_ledger_notify(const struct wv_ledger *ledger, struct wv_pg *pg, const char *payload,
                      const struct wv_pg_wait *wait, struct wv_err *err)
{
    const char *params[] = {ledger->channel, payload};
    return wv_pg_query_row(pg, "SELECT pg_catalog.pg_notify($1, $2)", 2, params, 1, NULL, wait,
                           err);
}
