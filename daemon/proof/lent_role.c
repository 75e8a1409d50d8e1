/* See lent_role.h. */
#include "lent_role.h"

#include <stdlib.h>
#include <string.h>

#include "findings.h"

/* Of `role "app" does not exist`, which a private server says in English. The caller's own; NULL:
 * it is something else. */
static char *missing_role(const struct wv_err *err)
{
    static const char before[] = "role \"";
    static const char after[] = "\" does not exist";
    const char *start = strstr(err->message, before);
    size_t length = strlen(err->message);
    if (err->code != WV_SQL_ERROR || start == NULL || length < strlen(after) ||
        strcmp(err->message + length - strlen(after), after) != 0)
        return NULL;
    start += strlen(before);
    return wv_xstrndup(start, (size_t)(err->message + length - strlen(after) - start));
}

bool wv_lend_role(struct wv_proof *proof, const struct wv_err *err)
{
    struct wv_err why WV_AUTOERR = {0};
    char *role WV_AUTOFREE = missing_role(err);
    if (role == NULL || !wv_scratch_is_private(proof->scratch) ||
        !wv_scratch_lend_role(proof->scratch, role, proof->wait, &why))
        return false;
    if (proof->reached)
        wv_findings_note(proof->findings,
                         "the database has no role \"%s\", which only the scratch server has for "
                         "now: make it there before a revision that names it is run",
                         role);
    return true;
}
