/* See judge_statements.h. Order is no part of a schema that anybody sees, but for columns: those of
 * a table that grew stand in another order than in a new one, which is no difference either. */
#include "judge_statements.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "judge_entries.h"
#include "splitter.h"
#include "strbuf.h"

/* What the session is set to; "" is what it is without. */
struct session {
    char *tablespace;
    char *access_method;
    char *grantor;
};

struct reading {
    struct wv_strlist *out;
    struct wv_judge_ignored ignored;
    struct session session;
    bool skips; /* the entry is of what is ignored */
};

static bool begins_with(const struct wv_statement *statement, const char *beginning)
{
    size_t length = strlen(beginning);
    return statement->length >= length && strncmp(statement->text, beginning, length) == 0;
}

static bool begins_with_any(const struct wv_statement *statement, const char *const *beginnings)
{
    for (size_t i = 0; beginnings[i] != NULL; i++)
        if (begins_with(statement, beginnings[i]))
            return true;
    return false;
}

static bool is_text(const struct wv_statement *statement, const char *text)
{
    return statement->length == strlen(text) && begins_with(statement, text);
}

static void keep(char **setting, const struct wv_statement *statement, const char *standard)
{
    free(*setting);
    *setting = wv_xstrndup(statement->text, is_text(statement, standard) ? 0 : statement->length);
}

/* True: the statement is nothing of the schema but says how the next ones are meant. */
static bool sets_session(struct session *session, const struct wv_statement *statement)
{
    static const char tablespace[] = "SET default_tablespace = ";
    static const char access_method[] = "SET default_table_access_method = ";
    static const char reset_grantor[] = "RESET SESSION AUTHORIZATION";
    if (begins_with(statement, tablespace))
        keep(&session->tablespace, statement, "SET default_tablespace = ''");
    else if (begins_with(statement, access_method))
        keep(&session->access_method, statement, "SET default_table_access_method = heap");
    else if (begins_with(statement, "SET SESSION AUTHORIZATION ") ||
             is_text(statement, reset_grantor))
        keep(&session->grantor, statement, reset_grantor);
    else
        return false;
    return true;
}

/* Outside of parentheses. */
static bool has_word(const struct wv_statement *statement, const char *word)
{
    struct wv_lexer lexer;
    struct wv_token token;
    size_t depth = 0;
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (wv_lexer_next(&lexer, &token)) {
        if (depth == 0 && token.kind == WV_TOKEN_WORD && wv_token_is(&token, word))
            return true;
        if (token.kind == WV_TOKEN_OPEN)
            depth++;
        else if (token.kind == WV_TOKEN_CLOSE && depth > 0)
            depth--;
    }
    return false;
}

static bool makes_rows(const struct wv_statement *statement)
{
    static const char *const makes[] = {"CREATE TABLE ", "CREATE UNLOGGED TABLE ",
                                        "CREATE MATERIALIZED VIEW ", NULL};
    return begins_with_any(statement, makes);
}

static bool has_tablespace(const struct wv_statement *statement)
{
    static const char *const indexes[] = {"CREATE INDEX ", "CREATE UNIQUE INDEX ", NULL};
    return makes_rows(statement) || begins_with_any(statement, indexes) ||
           (begins_with(statement, "ALTER TABLE ") &&
            (has_word(statement, "PRIMARY") || has_word(statement, "UNIQUE") ||
             has_word(statement, "EXCLUDE")));
}

/* pg_dump says what the session is to be only when that changes, and so in its own order: a
 * statement takes along what it depends on, and no more. A partitioned table has no access method.
 */
static void add_session(struct wv_strbuf *out, const struct session *session,
                        const struct wv_statement *statement)
{
    const char *settings[] = {
        session->grantor,
        session->tablespace[0] != '\0' && has_tablespace(statement) ? session->tablespace : "",
        session->access_method[0] != '\0' && makes_rows(statement) &&
                !has_word(statement, "PARTITION")
            ? session->access_method
            : "",
    };
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
        if (settings[i][0] != '\0')
            wv_strbuf_addf(out, "%s;\n", settings[i]);
}

static bool is_sign(const struct wv_token *token, char sign)
{
    return token->kind == WV_TOKEN_OPERATOR && token->length == 1 && token->text[0] == sign;
}

/* The name of NOT NULL, which is a constraint from PostgreSQL 18 on, as "CONSTRAINT name NOT NULL":
 * that of an heir follows from how it became one, and no statement changes it. Those that are the
 * column's own the engine reads. */
static bool find_not_null_name(const char *start, const char *end, const char **name,
                               const char **behind)
{
    struct wv_lexer lexer;
    struct wv_token token;
    const char *last[2] = {NULL, NULL}; /* the words CONSTRAINT, and NOT after one name */
    size_t since = 0;
    size_t depth = 0;
    wv_lexer_init(&lexer, start, (size_t)(end - start));
    while (wv_lexer_next(&lexer, &token)) {
        since++;
        depth += token.kind == WV_TOKEN_OPEN ? 1 : 0;
        depth -= token.kind == WV_TOKEN_CLOSE && depth > 0 ? 1 : 0;
        if (depth > 0 || token.kind != WV_TOKEN_WORD)
            continue;
        if (wv_token_is(&token, "CONSTRAINT")) {
            last[0] = token.text;
            since = 0;
        } else if (wv_token_is(&token, "NOT") && last[0] != NULL && since == 2) {
            last[1] = token.text;
        } else if (wv_token_is(&token, "NULL") && last[1] != NULL && since == 3) {
            *name = last[0];
            *behind = last[1];
            return true;
        }
    }
    return false;
}

static void add_item(struct wv_strlist *items, const char *start, const char *end)
{
    const char *name;
    const char *behind;
    while (start < end && isspace((unsigned char)*start))
        start++;
    while (start < end && isspace((unsigned char)end[-1]))
        end--;
    if (start < end && find_not_null_name(start, end, &name, &behind))
        wv_strlist_add_owned(items, wv_xasprintf("%.*s%.*s", (int)(name - start), start,
                                                 (int)(end - behind), behind));
    else if (start < end)
        wv_strlist_addn(items, start, (size_t)(end - start));
}

/* The lexer stands behind the parenthesis that opens the list, and then on the one that closes it.
 */
static void add_sorted(struct wv_strbuf *out, struct wv_lexer *lexer)
{
    struct wv_strlist items WV_AUTOSTRLIST = {0};
    struct wv_token token;
    const char *start = lexer->text + lexer->at;
    size_t depth = 1;
    while (depth > 0 && wv_lexer_next(lexer, &token)) {
        if (token.kind == WV_TOKEN_OPEN || is_sign(&token, '['))
            depth++;
        else if (token.kind == WV_TOKEN_CLOSE || is_sign(&token, ']'))
            depth--;
        if (depth > 0 && !(depth == 1 && is_sign(&token, ',')))
            continue;
        add_item(&items, start, token.text);
        start = token.text + token.length;
    }
    wv_strlist_sort(&items);
    char *sorted WV_AUTOFREE = wv_strlist_join(&items, ",\n    ");
    wv_strbuf_addf(out, "(%s%s%s)", items.count > 1 ? "\n    " : "", sorted,
                   items.count > 1 ? "\n" : "");
}

/* The columns and constraints of a table, and storage parameters wherever they are, have no order.
 */
static void add_normalised(struct wv_strbuf *out, const struct wv_statement *statement)
{
    static const char *const with_columns[] = {"CREATE TABLE ", "CREATE UNLOGGED TABLE ",
                                               "CREATE FOREIGN TABLE ", NULL};
    bool columns_come = begins_with_any(statement, with_columns);
    bool options_come = false;
    size_t depth = 0;
    struct wv_lexer lexer;
    struct wv_token token;
    const char *done = statement->text;
    wv_lexer_init(&lexer, statement->text, statement->length);
    while (wv_lexer_next(&lexer, &token)) {
        if (token.kind == WV_TOKEN_OPEN && depth == 0 && (columns_come || options_come)) {
            wv_strbuf_add(out, done, (size_t)(token.text - done));
            add_sorted(out, &lexer);
            done = lexer.text + lexer.at;
            columns_come = false;
        } else if (token.kind == WV_TOKEN_OPEN) {
            depth++;
        } else if (token.kind == WV_TOKEN_CLOSE && depth > 0) {
            depth--;
        }
        options_come = token.kind == WV_TOKEN_WORD && wv_token_is(&token, "WITH");
    }
    wv_strbuf_add(out, done, (size_t)(statement->text + statement->length - done));
}

/* How a partition's trigger of a key fires: its name holds a number of its own in each database. */
static bool names_key_trigger(const struct wv_statement *statement)
{
    static const char name[] = " TRIGGER \"RI_ConstraintTrigger_";
    return begins_with(statement, "ALTER TABLE ") &&
           memmem(statement->text, statement->length, name, sizeof(name) - 1) != NULL;
}

static void take_statement(struct reading *reading, const struct wv_statement *statement)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    if (sets_session(&reading->session, statement) || reading->skips ||
        names_key_trigger(statement))
        return;
    add_session(&text, &reading->session, statement);
    add_normalised(&text, statement);
    wv_strlist_add_owned(reading->out, wv_strbuf_take(&text));
}

/* \restrict and \unrestrict, which hold a random word. */
static bool skip_psqls(const struct wv_splitter *splitter, struct wv_lexer *lexer,
                       const struct wv_token *token)
{
    if (token->kind != WV_TOKEN_BACKSLASH || splitter->first != NULL)
        return false;
    const char *end = token->text + strcspn(token->text, "\n");
    wv_lexer_jump(lexer, (size_t)(end - lexer->text));
    return true;
}

static void read_all(struct reading *reading, const char *dump, struct wv_faults *faults)
{
    struct wv_lexer lexer;
    struct wv_splitter splitter;
    struct wv_token token;
    struct wv_statement statement;
    size_t length = strlen(dump);
    wv_lexer_init(&lexer, dump, length);
    wv_splitter_init(&splitter, dump, length, faults);
    while (wv_lexer_next(&lexer, &token)) {
        if (token.kind == WV_TOKEN_LINE_COMMENT && splitter.first == NULL)
            (void)wv_judge_entry_begins(&token, &reading->ignored, &reading->skips);
        if (!skip_psqls(&splitter, &lexer, &token) &&
            wv_splitter_push(&splitter, &lexer, &token, &statement))
            take_statement(reading, &statement);
    }
    if (wv_splitter_finish(&splitter, &statement))
        take_statement(reading, &statement);
}

bool wv_judge_statements(struct wv_strlist *out, const char *dump, const struct wv_catalog *catalog,
                         struct wv_err *err)
{
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_place start = WV_PLACE_START;
    struct reading reading = {.out = out,
                              .session = {wv_xstrdup(""), wv_xstrdup(""), wv_xstrdup("")}};
    wv_faults_init(&faults, &problems, "(pg_dump)", dump, start);
    wv_judge_ignored_find(&reading.ignored, catalog);
    read_all(&reading, dump, &faults);
    wv_judge_ignored_clear(&reading.ignored);
    free(reading.session.tablespace);
    free(reading.session.access_method);
    free(reading.session.grantor);
    wv_strlist_sort(out);
    if (problems.count == 0)
        return true;
    wv_err_set(err, WV_INTERNAL, "what pg_dump wrote cannot be read");
    err->problems = problems;
    return false;
}
