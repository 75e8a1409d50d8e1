/* See statement_class.h. Decides from the first words of a statement and a few pairs of words,
 * never by a grammar: the server has that. */
#include "statement_class.h"

enum {
    STANDARD_STREAM = 1,
    CONCURRENTLY = 2,
    DETACH_PARTITION = 4,
    FINALIZE = 8,
    VALIDATE_CONSTRAINT = 16,
    SET_TABLESPACE = 32,
    CHANGES_PUBLICATION = 64,
    REFRESH_PUBLICATION = 128,
    SUBSCRIPTION_OPTION = 256, /* one that decides whether a replication slot is touched */
};

static bool word_is(const struct wv_splitter *splitter, size_t index, const char *upper)
{
    return index < splitter->word_count && wv_token_is(&splitter->words[index], upper);
}

/* A statement that begins with no word has no keyword. */
bool wv_class_has_keyword(const struct wv_splitter *splitter)
{
    return splitter->word_count > 0 && splitter->words[0].text == splitter->first;
}

/* The index of the word after CREATE [OR REPLACE]; 0 when the statement is no CREATE. */
static size_t created(const struct wv_splitter *splitter)
{
    if (!word_is(splitter, 0, "CREATE"))
        return 0;
    return word_is(splitter, 1, "OR") ? 3 : 1;
}

bool wv_class_makes_routine(const struct wv_splitter *splitter)
{
    size_t what = created(splitter);
    return what > 0 &&
           (word_is(splitter, what, "FUNCTION") || word_is(splitter, what, "PROCEDURE"));
}

/* Pairs and words that count outside of parentheses only. */
static unsigned seen_outside(const struct wv_token *before, const struct wv_token *token)
{
    switch (token->text[0] | 0x20) {
    case 's':
        if ((wv_token_is(token, "STDIN") || wv_token_is(token, "STDOUT")) &&
            (wv_token_is(before, "FROM") || wv_token_is(before, "TO")))
            return STANDARD_STREAM;
        break;
    case 'c':
        if (wv_token_is(token, "CONCURRENTLY"))
            return CONCURRENTLY;
        if (wv_token_is(token, "CONSTRAINT") && wv_token_is(before, "VALIDATE"))
            return VALIDATE_CONSTRAINT;
        break;
    case 'f':
        return wv_token_is(token, "FINALIZE") ? FINALIZE : 0;
    case 'p':
        if (wv_token_is(token, "PARTITION") && wv_token_is(before, "DETACH"))
            return DETACH_PARTITION;
        if (!wv_token_is(token, "PUBLICATION"))
            break;
        if (wv_token_is(before, "REFRESH"))
            return REFRESH_PUBLICATION;
        return wv_token_is(before, "SET") || wv_token_is(before, "ADD") ||
                       wv_token_is(before, "DROP")
                   ? CHANGES_PUBLICATION
                   : 0;
    case 't':
        if (wv_token_is(token, "TABLESPACE") && wv_token_is(before, "SET"))
            return SET_TABLESPACE;
        break;
    default:
        break;
    }
    return 0;
}

/* Options in parentheses: REINDEX (CONCURRENTLY), ... SUBSCRIPTION ... WITH (create_slot = false).
 */
static unsigned seen_inside(const struct wv_splitter *splitter, const struct wv_token *token)
{
    if (word_is(splitter, 0, "REINDEX"))
        return wv_token_is(token, "CONCURRENTLY") ? CONCURRENTLY : 0;
    if (word_is(splitter, 1, "SUBSCRIPTION") &&
        (wv_token_is(token, "CREATE_SLOT") || wv_token_is(token, "CONNECT") ||
         wv_token_is(token, "SLOT_NAME") || wv_token_is(token, "REFRESH")))
        return SUBSCRIPTION_OPTION;
    return 0;
}

static bool is_off(const struct wv_token *token)
{
    return wv_token_is(token, "FALSE") || wv_token_is(token, "OFF") ||
           (token->kind == WV_TOKEN_NUMBER && token->length == 1 && token->text[0] == '0');
}

void wv_class_note(struct wv_splitter *splitter, const struct wv_token *token)
{
    if (token->kind == WV_TOKEN_WORD && splitter->depth > 0)
        splitter->seen |= seen_inside(splitter, token);
    else if (token->kind == WV_TOKEN_WORD && splitter->tokens > 1)
        splitter->seen |= seen_outside(&splitter->previous, token);
    if (wv_token_is(&splitter->previous, "CONCURRENTLY") && is_off(token))
        splitter->seen &= ~(unsigned)CONCURRENTLY;
}

/* What would begin or end the transaction that the step runs in; nothing else at top level can. */
bool wv_class_controls_transaction(const struct wv_splitter *splitter)
{
    if (word_is(splitter, 0, "ROLLBACK")) {
        bool noise = word_is(splitter, 1, "WORK") || word_is(splitter, 1, "TRANSACTION");
        return !word_is(splitter, noise ? 2 : 1, "TO");
    }
    if (word_is(splitter, 0, "PREPARE"))
        return word_is(splitter, 1, "TRANSACTION") && !word_is(splitter, 2, "AS");
    static const char *const words[] = {"BEGIN", "START", "COMMIT", "END", "ABORT"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (word_is(splitter, 0, words[i]))
            return true;
    return false;
}

bool wv_class_copies_stream(const struct wv_splitter *splitter)
{
    return word_is(splitter, 0, "COPY") && (splitter->seen & STANDARD_STREAM) != 0;
}

static bool is_bare_cluster(const struct wv_splitter *splitter)
{
    return splitter->tokens == 1 || (splitter->tokens == 2 && word_is(splitter, 1, "VERBOSE")) ||
           (splitter->word_count == 1 && splitter->previous.kind == WV_TOKEN_CLOSE);
}

static bool alters_alone(const struct wv_splitter *splitter)
{
    unsigned seen = splitter->seen;
    if (word_is(splitter, 1, "SYSTEM"))
        return true;
    if (word_is(splitter, 1, "DATABASE"))
        return (seen & SET_TABLESPACE) != 0;
    if (word_is(splitter, 1, "TABLE"))
        return (seen & DETACH_PARTITION) != 0 && (seen & CONCURRENTLY) != 0;
    return word_is(splitter, 1, "SUBSCRIPTION") &&
           ((seen & REFRESH_PUBLICATION) != 0 ||
            ((seen & CHANGES_PUBLICATION) != 0 && (seen & SUBSCRIPTION_OPTION) == 0));
}

/* Whether the statement is one of those for which PostgreSQL calls PreventInTransactionBlock(). */
static bool stands_alone(const struct wv_splitter *splitter)
{
    unsigned seen = splitter->seen;
    bool concurrent_index = (seen & CONCURRENTLY) != 0 &&
                            (word_is(splitter, 1, "INDEX") ||
                             (word_is(splitter, 1, "UNIQUE") && word_is(splitter, 2, "INDEX")));
    if (word_is(splitter, 0, "CREATE") || word_is(splitter, 0, "DROP")) {
        bool creates = word_is(splitter, 0, "CREATE");
        return word_is(splitter, 1, "DATABASE") || word_is(splitter, 1, "TABLESPACE") ||
               concurrent_index ||
               (creates && word_is(splitter, 1, "SUBSCRIPTION") &&
                (seen & SUBSCRIPTION_OPTION) == 0);
    }
    if (word_is(splitter, 0, "ALTER"))
        return alters_alone(splitter);
    if (word_is(splitter, 0, "REINDEX"))
        return (seen & CONCURRENTLY) != 0 || word_is(splitter, 1, "SCHEMA") ||
               word_is(splitter, 1, "DATABASE") || word_is(splitter, 1, "SYSTEM");
    if (word_is(splitter, 0, "CLUSTER"))
        return is_bare_cluster(splitter);
    return word_is(splitter, 0, "VACUUM") ||
           (word_is(splitter, 0, "DISCARD") && word_is(splitter, 1, "ALL"));
}

unsigned wv_class_flags(const struct wv_splitter *splitter)
{
    unsigned seen = splitter->seen;
    unsigned flags = stands_alone(splitter) ? WV_STATEMENT_NO_TRANSACTION : 0;
    bool waits_for_snapshots = (flags != 0 && (seen & CONCURRENTLY) != 0) ||
                               (word_is(splitter, 0, "ALTER") &&
                                ((seen & VALIDATE_CONSTRAINT) != 0 ||
                                 ((seen & DETACH_PARTITION) != 0 && (seen & FINALIZE) != 0)));
    return flags | (waits_for_snapshots ? WV_STATEMENT_NO_LOCK_TIMEOUT : 0);
}
