/* See shared.h. Databases and tablespaces come and go by statements that stand alone, which are
 * seen before they are run: only what becomes of those that stay is looked at, so that others may
 * make and drop theirs meanwhile. */
#include "shared.h"

#include <string.h>

#include "strbuf.h"

/* A superuser may do anything to a role, and can see the row's version, which changes with its
 * password too; others see only what pg_roles shows. */
static const char roles_of_superuser[] =
    "SELECT 'role ' || quote_ident(rolname), 'version ' || xmin::text FROM pg_authid";
static const char roles_of_others[] = "SELECT 'role ' || quote_ident(rolname),"
                                      " (to_jsonb(r) - 'rolconfig')::text FROM pg_roles r";

static const char rest_sql[] =
    " UNION ALL SELECT 'the membership of ' || member::regrole::text || ' in ' ||"
    " roleid::regrole::text || coalesce(' by ' || nullif(grantor, 0)::regrole::text, ''),"
    " (to_jsonb(m) - 'oid')::text FROM pg_auth_members m"
    " UNION ALL SELECT 'the settings of ' || concat_ws(' in ',"
    " 'role ' || nullif(setrole, 0)::regrole::text, 'database ' || quote_ident(datname)),"
    " setconfig::text FROM pg_db_role_setting LEFT JOIN pg_database d ON d.oid = setdatabase"
    " WHERE d.oid IS NULL OR datname !~ '^woven_scratch_[0-9a-f]{16}_'"
    " UNION ALL SELECT 'database ' || quote_ident(datname), concat_ws(' ', datdba, datistemplate,"
    " datallowconn, datconnlimit, dattablespace, datacl) FROM pg_database"
    " WHERE datname !~ '^woven_scratch_[0-9a-f]{16}_'"
    " UNION ALL SELECT 'tablespace ' || quote_ident(spcname), concat_ws(' ', spcowner, spcacl,"
    " spcoptions) FROM pg_tablespace"
    " UNION ALL SELECT 'the comment on ' || (pg_identify_object(classoid, objoid, 0)).type || ' ' "
    "||"
    " (pg_identify_object(classoid, objoid, 0)).identity, md5(description) FROM pg_shdescription"
    " LEFT JOIN pg_database d ON d.oid = objoid AND classoid = 'pg_database'::regclass"
    " WHERE d.oid IS NULL OR datname !~ '^woven_scratch_[0-9a-f]{16}_'";

static const char parameters_sql[] = " UNION ALL SELECT 'parameter ' || parname, paracl::text"
                                     " FROM pg_parameter_acl";

static bool is_superuser(struct wv_pg *pg, bool *is, const struct wv_pg_wait *wait,
                         struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg,
                         "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user", 0,
                         NULL, 1, &result, wait, err))
        return false;
    *is = wv_pg_bool(result, 0, 0);
    return true;
}

bool wv_shared_read(struct wv_shared *shared, struct wv_pg *pg, const struct wv_pg_wait *wait,
                    struct wv_err *err)
{
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    bool superuser;
    if (!is_superuser(pg, &superuser, wait, err))
        return false;
    char *sql WV_AUTOFREE =
        wv_xasprintf("SELECT o, s FROM (%s%s%s) x(o, s) ORDER BY o COLLATE \"C\", s COLLATE \"C\"",
                     superuser ? roles_of_superuser : roles_of_others, rest_sql,
                     wv_pg_facts(pg)->server_version >= 150000 ? parameters_sql : "");
    if (!wv_pg_query(pg, sql, 0, NULL, 2, &result, wait, err))
        return false;
    for (size_t i = 0; i < wv_pg_rows(result); i++) {
        wv_strlist_add(&shared->objects, wv_pg_text(result, i, 0));
        wv_strlist_add(&shared->states, wv_pg_text(result, i, 1));
    }
    return true;
}

/* Both are in the same order. */
void wv_shared_compare(const struct wv_shared *before, const struct wv_shared *after,
                       struct wv_strlist *changed)
{
    size_t i = 0;
    size_t j = 0;
    while (i < before->objects.count || j < after->objects.count) {
        const char *old = i < before->objects.count ? before->objects.items[i] : NULL;
        const char *new = j < after->objects.count ? after->objects.items[j] : NULL;
        int order = old == NULL ? 1 : new == NULL ? -1 : strcmp(old, new);
        const char *object = order <= 0 ? old : new;
        bool both = order == 0;
        bool stays =
            strncmp(object, "database ", 9) == 0 || strncmp(object, "tablespace ", 11) == 0;
        if (both ? strcmp(before->states.items[i], after->states.items[j]) != 0 : !stays)
            wv_strlist_add(changed, object);
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
}

void wv_shared_clear(struct wv_shared *shared)
{
    wv_strlist_free(&shared->objects);
    wv_strlist_free(&shared->states);
}

char *wv_shared_system(struct wv_pg *pg, const struct wv_pg_wait *wait)
{
    struct wv_err ignored WV_AUTOERR = {0};
    struct wv_pg_result *result WV_AUTORESULT = NULL;
    if (!wv_pg_query_row(pg, "SELECT system_identifier FROM pg_catalog.pg_control_system()", 0,
                         NULL, 1, &result, wait, &ignored))
        return NULL;
    return wv_xstrdup(wv_pg_value(result, 0, 0));
}
