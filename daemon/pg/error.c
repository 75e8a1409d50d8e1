/* From libpq's results and messages to error values. Any thread; knows no statement and no file. */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "strbuf.h"

enum { TEXT_BYTES = 8192 };

/* SQLSTATEs with a code of their own; the WV class is raised by the ledger's functions. */
static const struct {
    const char *sqlstate;
    enum wv_err_code code;
} codes[] = {
    {"55P03", WV_LOCK_TIMEOUT},       {"57P01", WV_CONNECTION_LOST}, {"57P02", WV_CONNECTION_LOST},
    {"57P03", WV_CONNECTION_LOST},    {"57P05", WV_CONNECTION_LOST}, {"25P03", WV_CONNECTION_LOST},
    {"WV001", WV_TRANSACTION_BROKEN}, {"WV002", WV_NOT_LEADER},      {"WV003", WV_STEP_INTERRUPTED},
    {"WV004", WV_NOTHING_TO_REPAIR},
};

static enum wv_err_code code_of(const char *sqlstate, enum wv_err_code stopped)
{
    if (strcmp(sqlstate, "57014") == 0 && stopped != WV_OK)
        return stopped;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (strcmp(sqlstate, codes[i].sqlstate) == 0)
            return codes[i].code;
    }
    return WV_SQL_ERROR;
}

char *wv_pg_plain_message(const char *message)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    bool blank = false;
    for (const char *c = message; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\t' || *c == '\r' || *c == ' ') {
            blank = true;
            continue;
        }
        if (blank && text.length > 0)
            wv_strbuf_addc(&text, ' ');
        blank = false;
        wv_strbuf_addc(&text, *c);
    }
    return wv_strbuf_take(&text);
}

/* A migration decides how long a message of the server is; ours go to logs, rows and clients. */
char *wv_pg_bounded(const char *text)
{
    if (text == NULL)
        return NULL;
    size_t length = strlen(text);
    size_t kept = length < TEXT_BYTES ? length : TEXT_BYTES;
    /* Never end inside a character: UTF-8 continuation bytes are 10xxxxxx. */
    while (kept < length && kept > 0 && ((unsigned char)text[kept] & 0xc0) == 0x80)
        kept--;
    if (kept == length)
        return wv_xstrdup(text);
    return wv_xasprintf("%.*s ... (%zu bytes more)", (int)kept, text, length - kept);
}

static char *field(const PGresult *result, int code)
{
    return wv_pg_bounded(PQresultErrorField(result, code));
}

void wv_pg_error_fields(const PGresult *result, enum wv_err_code stopped, struct wv_err *err)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    char *primary WV_AUTOFREE = field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (sqlstate == NULL || primary == NULL) {
        char *text WV_AUTOFREE = wv_pg_plain_message(PQresultErrorMessage(result));
        wv_err_set(err, WV_CONNECTION_LOST, "the connection to PostgreSQL was lost: %s", text);
        return;
    }
    enum wv_err_code code = code_of(sqlstate, stopped);
    if (code == WV_CONNECTION_LOST)
        wv_err_set(err, code, "the connection to PostgreSQL was lost: %s", primary);
    else
        wv_err_set(err, code, "%s", primary);
    char *hint WV_AUTOFREE = field(result, PG_DIAG_MESSAGE_HINT);
    if (hint != NULL)
        wv_err_hint(err, "%s", hint);
    strncpy(err->sqlstate, sqlstate, sizeof(err->sqlstate) - 1);
    err->detail = field(result, PG_DIAG_MESSAGE_DETAIL);
    err->context = field(result, PG_DIAG_CONTEXT);
}

static int number(const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    long value = text != NULL ? strtol(text, NULL, 10) : 0;
    return value > 0 && value < INT32_MAX ? (int)value : 0;
}

void wv_pg_position_read(const PGresult *result, struct wv_pg_position *position)
{
    wv_pg_position_clear(position);
    position->position = number(result, PG_DIAG_STATEMENT_POSITION);
    position->internal_position = number(result, PG_DIAG_INTERNAL_POSITION);
    position->internal_query = wv_xstrdup(PQresultErrorField(result, PG_DIAG_INTERNAL_QUERY));
    position->context = wv_xstrdup(PQresultErrorField(result, PG_DIAG_CONTEXT));
}

bool wv_pg_result_error(struct wv_pg *pg, const PGresult *result, enum wv_err_code stopped,
                        struct wv_err *err)
{
    wv_pg_error_fields(result, stopped, err);
    wv_pg_position_read(result, &pg->position);
    return false;
}

void wv_pg_lost(struct wv_pg *pg, const char *why)
{
    if (pg->conn == NULL)
        return;
    if (why != NULL || pg->last_words == NULL) {
        free(pg->last_words);
        pg->last_words = wv_pg_plain_message(why != NULL ? why : PQerrorMessage(pg->conn));
    }
    if (pg->notification != NULL)
        PQfreemem(WV_STEAL(pg->notification));
    PQfinish(WV_STEAL(pg->conn));
}

bool wv_pg_lost_error(const struct wv_pg *pg, struct wv_err *err)
{
    const char *words = pg->last_words != NULL ? pg->last_words : "";
    return wv_err_set(err, WV_CONNECTION_LOST, "the connection to PostgreSQL was lost%s%s",
                      words[0] != '\0' ? ": " : "", words);
}

bool wv_pg_ready(struct wv_pg *pg, struct wv_err *err)
{
    if (pg->conn != NULL && PQstatus(pg->conn) == CONNECTION_BAD)
        wv_pg_lost(pg, NULL);
    if (pg->conn == NULL)
        return wv_pg_lost_error(pg, err);
    if (pg->in_batch)
        return wv_err_set(err, WV_INTERNAL, "a statement was sent while a batch is open");
    wv_pg_position_clear(&pg->position);
    return true;
}
