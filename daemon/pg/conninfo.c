/* Connection strings: parsing for a check, and errors that repeat nothing of them. Any thread;
 * knows no connection. */
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "conninfo.h"
#include "strbuf.h"

/* As libpq decides whether a dbname is a connection string (manual, "Connection Strings"). */
static bool is_conninfo(const char *database)
{
    return strncmp(database, "postgresql://", 13) == 0 ||
           strncmp(database, "postgres://", 11) == 0 || strchr(database, '=') != NULL;
}

/* A quoted part of the message that stands in the connection string may be part of a password. */
static bool is_secret(const char *database, const char *part, size_t length)
{
    char *text WV_AUTOFREE = wv_xstrndup(part, length);
    return strcmp(text, "=") != 0 && strcmp(text, "/") != 0 && strcmp(text, "]") != 0 &&
           strstr(database, text) != NULL;
}

char *wv_pg_scrub(const char *message, const char *database)
{
    char *plain WV_AUTOFREE = wv_pg_plain_message(message);
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    const char *at = plain;
    const char *open;
    while ((open = strchr(at, '"')) != NULL) {
        const char *close = strchr(open + 1, '"');
        /* A part may hold quotes of its own: without a partner, all that follows is hidden. */
        if (close == NULL)
            close = open + strlen(open);
        wv_strbuf_add(&text, at, (size_t)(open - at));
        if (is_secret(database, open + 1, (size_t)(close - open) - 1))
            wv_strbuf_adds(&text, "\"***\"");
        else
            wv_strbuf_add(&text, open, (size_t)(close - open) + (*close == '"' ? 1 : 0));
        at = *close == '"' ? close + 1 : close;
    }
    wv_strbuf_adds(&text, at);
    return wv_strbuf_take(&text);
}

/* libpq takes for a database's name what is no connection string, and the server would repeat it in
 * its answer, with the password of what was meant to be a URI. */
static bool check_name(const char *name, struct wv_err *err)
{
    if (strpbrk(name, ":/@") == NULL)
        return true;
    wv_err_set(err, WV_CONFIG_ERROR,
               "the database connection string is wrong: it is neither a"
               " database's name nor begins with postgresql://");
    return wv_err_hint(err, "write a libpq URI without a driver's name, or put a name that has a"
                            " colon, slash or @ in it as dbname='...'");
}

bool wv_pg_conninfo_check(const char *database, struct wv_err *err)
{
    if (!is_conninfo(database))
        return check_name(database, err);
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(database, &message);
    if (options != NULL) {
        PQconninfoFree(options);
        return true;
    }
    char *text WV_AUTOFREE = wv_pg_scrub(message != NULL ? message : "out of memory", database);
    PQfreemem(message);
    wv_err_set(err, WV_CONFIG_ERROR, "the database connection string is wrong: %s", text);
    return wv_err_hint(err, "it is a libpq connection string or URI, see \"Connection Strings\" in "
                            "the PostgreSQL manual");
}

bool wv_pg_conninfo_has_password(const char *database)
{
    if (!is_conninfo(database))
        return false;
    PQconninfoOption *options = PQconninfoParse(database, NULL);
    bool found = false;
    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        bool secret =
            strcmp(option->keyword, "password") == 0 || strcmp(option->keyword, "sslpassword") == 0;
        found = found || (secret && option->val != NULL && option->val[0] != '\0');
    }
    PQconninfoFree(options);
    return found;
}

/* Backslashes protect quotes and themselves (manual, "Keyword/Value Connection Strings"). */
void wv_pg_conninfo_add(struct wv_strbuf *conninfo, const char *keyword, const char *value)
{
    wv_strbuf_addf(conninfo, "%s%s='", conninfo->length > 0 ? " " : "", keyword);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '\'' || *p == '\\')
            wv_strbuf_addc(conninfo, '\\');
        wv_strbuf_addc(conninfo, *p);
    }
    wv_strbuf_addc(conninfo, '\'');
}

char *wv_pg_conninfo_with(const char *conninfo, const char *database)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    PQconninfoOption *options = is_conninfo(conninfo) ? PQconninfoParse(conninfo, NULL) : NULL;
    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        if (option->val != NULL && strcmp(option->keyword, "dbname") != 0)
            wv_pg_conninfo_add(&text, option->keyword, option->val);
    }
    PQconninfoFree(options);
    wv_pg_conninfo_add(&text, "dbname", database);
    return wv_strbuf_take(&text);
}

char *wv_pg_conninfo_of(const struct wv_pg *pg)
{
    /* Secrets, and where others stood that are told here. */
    static const char *const left_out[] = {"password", "sslpassword", "passfile", "service"};
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    PQconninfoOption *options = PQconninfo(pg->conn);
    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++) {
        bool added = option->val != NULL && option->val[0] != '\0';
        for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
            added = added && strcmp(option->keyword, left_out[i]) != 0;
        if (added)
            wv_pg_conninfo_add(&text, option->keyword, option->val);
    }
    PQconninfoFree(options);
    return wv_strbuf_take(&text);
}

char *wv_pg_password_of(const struct wv_pg *pg)
{
    const char *password = PQpass(pg->conn);
    return password != NULL && password[0] != '\0' ? wv_xstrdup(password) : NULL;
}
