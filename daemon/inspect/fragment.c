/* See fragment.h. */
#include "fragment.h"

#include <stddef.h>
#include <string.h>

#include "strbuf.h"

enum { LONGEST_NAME = 40, MOST_ARGUMENTS = 4 };

struct fragment {
    const char *name;
    int since; /* of several with one name the newest that the server has */
    const char *text;
};

/* clang-format off */
static const struct fragment fragments[] = {
    /* What is ours to look at: `n` is the object's schema. */
    {"user_schema", 0, "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"},
    {"first_oid", 0, "16384"},
    {"me", 0, "(SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)"},
    {"own_type", 0,
     "(t.typtype IN ('d', 'e', 'r')"
     " OR (t.typtype = 'b' AND NOT (t.typelem <> 0 AND EXISTS ("
     "         SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)))"
     " OR (t.typtype = 'p' AND NOT t.typisdefined)"
     " OR (t.typtype = 'c' AND EXISTS ("
     "         SELECT FROM pg_class r WHERE r.oid = t.typrelid AND r.relkind = 'c')))"},
    /* Not what comes with a range type: its constructors, the cast to its multirange. */
    {"own_routine", 0,
     "NOT EXISTS (SELECT FROM pg_depend xd WHERE xd.classid = 'pg_proc'::regclass"
     "               AND xd.objid = p.oid AND xd.deptype = 'i')"},
    /* Not the copies on partitions and what children inherit. */
    {"own_constraint", 0, "k.conparentid = 0 AND k.conislocal"},

    /* Names for oids; NULL for none. */
    {"role", 0,
     "CASE WHEN $1 = @me@ THEN 'CURRENT_USER' ELSE quote_ident(pg_get_userbyid($1)) END"},
    {"function", 0, "nullif($1::oid, 0)::regproc::text"},
    {"operator", 0,
     "(SELECT format('OPERATOR(%I.%s)', xn.nspname, xo.oprname)"
     "   FROM pg_operator xo JOIN pg_namespace xn ON xn.oid = xo.oprnamespace"
     "  WHERE xo.oid = $1)"},
    {"collation", 0,
     "(SELECT format('%I.%I', xn.nspname, xc.collname)"
     "   FROM pg_collation xc JOIN pg_namespace xn ON xn.oid = xc.collnamespace"
     "  WHERE xc.oid = $1)"},

    /* Words for codes. */
    {"storage", 0,
     "CASE $1 WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'"
     " WHEN 'x' THEN 'EXTENDED' END"},
    {"modify", 0,
     "CASE $1 WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END"},
    {"enabled", 0,
     "CASE $1 WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'"
     " WHEN 'A' THEN 'ENABLE ALWAYS' END"},

    /* Lists; the separator is a comma and a space, outside of quotes and parentheses. */
    {"options", 0,
     "CASE WHEN $1 IS NOT NULL THEN"
     " (SELECT string_agg(format('%s=%L', quote_ident(split_part(xr, '=', 1)),"
     "                           substr(xr, strpos(xr, '=') + 1)), ', ' ORDER BY xr COLLATE \"C\")"
     "    FROM unnest($1) xr) END"},
    /* Of `c` and its TOAST table `t`. */
    {"table_options", 0,
     "CASE WHEN c.reloptions IS NOT NULL OR t.reloptions IS NOT NULL THEN"
     " (SELECT string_agg(format('%s=%L', xo.key, xo.value), ', ' ORDER BY xo.key COLLATE \"C\")"
     "    FROM (SELECT quote_ident(split_part(xr, '=', 1)) AS key,"
     "                 substr(xr, strpos(xr, '=') + 1) AS value"
     "            FROM unnest(c.reloptions) xr"
     "          UNION ALL"
     "          SELECT 'toast.' || quote_ident(split_part(xr, '=', 1)),"
     "                 substr(xr, strpos(xr, '=') + 1)"
     "            FROM unnest(t.reloptions) xr) xo) END"},
    /* As pg_get_indexdef() writes them; NULL when there are none. */
    {"with_options", 0,
     "CASE WHEN $1 IS NOT NULL THEN"
     " (SELECT ' WITH (' || string_agg("
     "             quote_ident(xo.key) || '=' ||"
     "             CASE WHEN quote_ident(xo.value) = xo.value THEN xo.value"
     "                  ELSE quote_literal(xo.value) END,"
     "             ', ' ORDER BY xo.place) || ')'"
     "    FROM (SELECT split_part(xr, '=', 1) AS key, substr(xr, strpos(xr, '=') + 1) AS value,"
     "                 place"
     "            FROM unnest($1) WITH ORDINALITY AS xu (xr, place)) xo) END"},
    {"foreign_options", 0,
     "(SELECT string_agg(format('%I %L', split_part(xr, '=', 1), substr(xr, strpos(xr, '=') + 1)),"
     "                   ', ' ORDER BY xr COLLATE \"C\")"
     "   FROM unnest($1) xr)"},
    {"column_option", 0,
     "CASE WHEN a.attoptions::text LIKE '%$1=%' THEN"
     " (SELECT substr(xr, length('$1=') + 1) FROM unnest(a.attoptions) xr"
     "   WHERE xr LIKE '$1=%') END"},
    {"index_statistics", 0,
     "(SELECT string_agg(xa.attnum || '=' || xa.attstattarget, ', ' ORDER BY xa.attnum)"
     "   FROM pg_attribute xa WHERE xa.attrelid = $1 AND xa.attstattarget >= 0)"},
    /* Partitions of the table $1, however deep, that have no index attached to its index $2. */
    {"missing_on", 0,
     "SELECT xt.relid FROM pg_partition_tree($1) xt"
     " WHERE xt.level > 0"
     "   AND NOT EXISTS (SELECT FROM pg_partition_tree($2) xi"
     "                     JOIN pg_index xd ON xd.indexrelid = xi.relid"
     "                    WHERE xd.indrelid = xt.relid)"},
    {"missing_names", 0,
     "CASE WHEN $2.relkind = 'I' AND NOT x.indisvalid THEN"
     " (SELECT string_agg(format('%I.%I', xn.nspname, xc.relname), ', '"
     "                    ORDER BY xn.nspname COLLATE \"C\", xc.relname COLLATE \"C\")"
     "    FROM (@missing_on:$1,$2.oid@) xm"
     "    JOIN pg_class xc ON xc.oid = xm.relid"
     "    JOIN pg_namespace xn ON xn.oid = xc.relnamespace) END"},
    {"inheritance", 0,
     "SELECT xi.inhrelid,"
     "       string_agg(format('%I.%I', xn.nspname, xp.relname), ', ' ORDER BY xi.inhseqno)"
     "           AS parents"
     "  FROM pg_inherits xi"
     "  JOIN pg_class xp ON xp.oid = xi.inhparent AND xp.relkind IN ('r', 'p', 'f')"
     "  JOIN pg_namespace xn ON xn.oid = xp.relnamespace"
     " GROUP BY xi.inhrelid"},
    /* Whatever is in the catalog $1, whose columns have names that begin with $2. */
    {"objects_of", 0,
     "SELECT '$1'::regclass::oid AS class, x.oid, x.$2namespace AS schema FROM $1 x"},
    {"operator_members", 0,
     "SELECT x.refclassid, x.refobjid,"
     "       string_agg(x.member, ', ' ORDER BY x.member COLLATE \"C\") AS members"
     "  FROM (SELECT d.refclassid, d.refobjid,"
     "               format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,"
     "                      CASE WHEN o.amoppurpose = 'o' THEN"
     "                          (SELECT format(' FOR ORDER BY %I.%I', xn.nspname, xf.opfname)"
     "                             FROM pg_opfamily xf"
     "                             JOIN pg_namespace xn ON xn.oid = xf.opfnamespace"
     "                            WHERE xf.oid = o.amopsortfamily) END) AS member"
     "          FROM pg_amop o"
     "          JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid"
     "         WHERE o.oid >= @first_oid@"
     "        UNION ALL"
     "        SELECT d.refclassid, d.refobjid,"
     "               format('FUNCTION %s (%s, %s) %s', p.amprocnum,"
     "                      format_type(p.amproclefttype, NULL),"
     "                      format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)"
     "          FROM pg_amproc p"
     "          JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid"
     "         WHERE p.oid >= @first_oid@) x"
     " WHERE x.refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)"
     " GROUP BY x.refclassid, x.refobjid"},
    /* Privileges that are in $1 and not in $2, of an object that $3 owns; $4 is TO or FROM. */
    {"acl_lines", 0,
     "(SELECT string_agg(xl.line, ', ' ORDER BY xl.line COLLATE \"C\")"
     "   FROM (SELECT format('%s $4 %s%s%s', xe.privilege_type,"
     "                       CASE WHEN xe.grantee = 0 THEN 'PUBLIC'"
     "                            WHEN xe.grantee = $3 THEN '<owner>'"
     "                            ELSE @role:xe.grantee@ END,"
     "                       CASE WHEN xe.is_grantable THEN ' WITH GRANT OPTION' END,"
     "                       CASE WHEN xe.grantor <> $3 THEN ' GRANTED BY ' || @role:xe.grantor@"
     "                            END) AS line"
     "           FROM (SELECT * FROM aclexplode($1) EXCEPT SELECT * FROM aclexplode($2)) xe) xl)"},

    /* What versions of the server differ in. */
    {"compression", 0, "NULL::text"},
    {"compression", 140000,
     "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END"},
    {"has_unlogged_sequences", 0, "false"},
    {"has_unlogged_sequences", 150000, "true"},
    {"has_sql_body", 0, "false"},
    {"has_sql_body", 140000, "p.prosqlbody IS NOT NULL"},
    {"sql_body", 0, "NULL::text"},
    {"sql_body", 140000, "pg_get_function_sqlbody(p.oid)"},
    {"type_subscript", 0, "NULL::text"},
    {"type_subscript", 140000, "@function:t.typsubscript@"},
    {"multirange", 0, "NULL::text"},
    {"multirange", 140000,
     "(SELECT format('%I.%I', xn.nspname, xt.typname)"
     "   FROM pg_type xt JOIN pg_namespace xn ON xn.oid = xt.typnamespace"
     "  WHERE xt.oid = r.rngmultitypid)"},
    {"multirange_aliases", 0, ""},
    {"multirange_aliases", 140000,
     "SELECT 'pg_type'::regclass::oid, r.rngmultitypid, 0, 'pg_type'::regclass::oid, r.rngtypid, 0"
     "  FROM pg_range r WHERE r.rngtypid >= @first_oid@ UNION ALL "},
    /* NOT NULL is a constraint `nn` with a name of a domain, then of a column as well. */
    {"not_null_of_column", 0, ""},
    {"not_null_of_column", 180000,
     "LEFT JOIN pg_constraint nn"
     "  ON nn.conrelid = c.oid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum "
     "LEFT JOIN pg_description nd"
     "  ON nd.classoid = 'pg_constraint'::regclass AND nd.objoid = nn.oid AND nd.objsubid = 0"},
    {"not_null_of_domain", 0, ""},
    {"not_null_of_domain", 170000,
     "LEFT JOIN pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n' "
     "LEFT JOIN pg_description nd"
     "  ON nd.classoid = 'pg_constraint'::regclass AND nd.objoid = nn.oid AND nd.objsubid = 0"},
    {"column_not_null_name", 0, "NULL::text"},
    {"column_not_null_name", 180000, "quote_ident(nn.conname)"},
    /* What one has that is inherited depends on how that came about. */
    {"column_not_null_own_name", 0, "NULL::text"},
    {"column_not_null_own_name", 180000,
     "CASE WHEN nn.coninhcount = 0 THEN quote_ident(nn.conname) END"},
    {"column_not_null_inherited", 0, "NULL::text"},
    {"column_not_null_inherited", 180000,
     "CASE WHEN nn.coninhcount > 0 THEN CASE WHEN nn.conislocal THEN 'merged' ELSE 'only' END END"},
    {"column_not_null_no_inherit", 0, "NULL::boolean"},
    {"column_not_null_no_inherit", 180000, "nullif(nn.connoinherit, false)"},
    {"column_not_null_not_valid", 0, "NULL::boolean"},
    {"column_not_null_not_valid", 180000, "nullif(NOT nn.convalidated, false)"},
    {"column_not_null_comment", 0, "NULL::text"},
    {"column_not_null_comment", 180000,
     "CASE WHEN nn.coninhcount = 0 THEN nd.description END"},
    {"column_not_null_is_usual", 0, "true"},
    {"column_not_null_is_usual", 180000,
     "nn.conname = format('%s_%s_not_null', c.relname, a.attname)"},
    {"domain_not_null_name", 0, "NULL::text"},
    {"domain_not_null_name", 170000, "quote_ident(nn.conname)"},
    {"domain_not_null_is_usual", 0, "true"},
    {"domain_not_null_is_usual", 170000, "nn.conname = t.typname || '_not_null'"},
    {"domain_not_null_comment", 0, "NULL::text"},
    {"domain_not_null_comment", 170000, "nd.description"},
    /* What is not enforced is not validated either, and cannot be. */
    {"constraint_is_valid", 0, "k.convalidated"},
    {"constraint_is_valid", 180000, "k.convalidated OR NOT k.conenforced"},
    /* Is it computed only if a parent's is? Before, where its parent's is, it is by the same. */
    {"generated_as_parent", 0, "NULL::boolean"},
    {"generated_as_parent", 160000, "nullif(a.attgenerated <> '', false)"},
    {"collation_locale", 0, "CASE WHEN c.collprovider = 'i' THEN c.collcollate::text END"},
    {"collation_locale", 150000, "c.colliculocale"},
    {"collation_locale", 170000, "c.colllocale"},
    {"collation_rules", 0, "NULL::text"},
    {"collation_rules", 160000, "c.collicurules"},
    {"publication_generated", 0, "NULL::text"},
    {"publication_generated", 180000,
     "CASE p.pubgencols WHEN 's' THEN 'stored' ELSE 'none' END"},
    {"publication_columns", 0, "NULL::text"},
    {"publication_columns", 150000,
     "(SELECT string_agg(quote_ident(xa.attname), ', ' ORDER BY xa.attnum)"
     "   FROM pg_attribute xa WHERE xa.attrelid = r.prrelid AND xa.attnum = ANY (r.prattrs))"},
    {"publication_filter", 0, "NULL::text"},
    {"publication_filter", 150000, "pg_get_expr(r.prqual, r.prrelid)"},
    {"publication_schemas", 0,
     "SELECT 0::oid AS class_id, 0::oid AS oid, 0::oid AS pnpubid, 0::oid AS pnnspid WHERE false"},
    {"publication_schemas", 150000,
     "SELECT 'pg_publication_namespace'::regclass::oid AS class_id, xp.oid, xp.pnpubid, xp.pnnspid"
     "  FROM pg_publication_namespace xp"},
    {"publication_schema_class", 0, "'pg_publication_rel'::regclass"},
    {"publication_schema_class", 150000, "'pg_publication_namespace'::regclass"},
    {"subscription_options", 0, ""},
    {"subscription_options", 140000,
     " || format(', binary = %s, streaming = %s', s.subbinary::text, s.substream::text)"},
    {"subscription_options", 150000,
     " || format(', binary = %s, streaming = %s, two_phase = %s, disable_on_error = %s',"
     "           s.subbinary::text, s.substream::text, (s.subtwophasestate <> 'd')::text,"
     "           s.subdisableonerr::text)"},
    {"subscription_options", 160000,
     " || format(', binary = %s, streaming = %s, two_phase = %s, disable_on_error = %s,"
     " password_required = %s, run_as_owner = %s, origin = %s',"
     "           s.subbinary::text, CASE s.substream WHEN 'f' THEN 'off' WHEN 't' THEN 'on'"
     "                        ELSE 'parallel' END,"
     "           (s.subtwophasestate <> 'd')::text, s.subdisableonerr::text,"
     "           s.subpasswordrequired::text,"
     "           s.subrunasowner::text, s.suborigin)"},
    {"subscription_options", 170000,
     " || format(', binary = %s, streaming = %s, two_phase = %s, disable_on_error = %s,"
     " password_required = %s, run_as_owner = %s, origin = %s, failover = %s',"
     "           s.subbinary::text, CASE s.substream WHEN 'f' THEN 'off' WHEN 't' THEN 'on'"
     "                        ELSE 'parallel' END,"
     "           (s.subtwophasestate <> 'd')::text, s.subdisableonerr::text,"
     "           s.subpasswordrequired::text,"
     "           s.subrunasowner::text, s.suborigin, s.subfailover::text)"},
};
/* clang-format on */

/* One mark: name and arguments, as they stand in the text. */
struct mark {
    const char *name;
    size_t name_length;
    const char *arguments[MOST_ARGUMENTS];
    size_t lengths[MOST_ARGUMENTS];
    size_t argument_count;
    const char *end; /* behind the closing @ */
};

static void split_arguments(struct mark *mark, const char *text, const char *end)
{
    while (mark->argument_count < MOST_ARGUMENTS) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        const char *stop = comma != NULL ? comma : end;
        mark->arguments[mark->argument_count] = text;
        mark->lengths[mark->argument_count++] = (size_t)(stop - text);
        if (comma == NULL)
            return;
        text = comma + 1;
    }
}

/* `text` is behind an @. */
static bool read_mark(const char *text, struct mark *mark)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    *mark = (struct mark){.name = text, .name_length = length};
    if (length == 0 || length > LONGEST_NAME || (text[length] != '@' && text[length] != ':'))
        return false;
    const char *end = strchr(text + length, '@');
    if (end == NULL)
        return false;
    if (text[length] == ':')
        split_arguments(mark, text + length + 1, end);
    mark->end = end + 1;
    return true;
}

static bool is_named(const struct mark *mark, const char *name)
{
    return mark->name_length == strlen(name) && memcmp(mark->name, name, mark->name_length) == 0;
}

/* Version 13 lets others see less than the columns that are read. */
static const char *find_subscriptions(const struct wv_fragment_facts *facts)
{
    if (facts->sees_connections || facts->server_version >= 140000)
        return "pg_subscription s";
    return "(SELECT (SELECT min(xs.subid) FROM pg_stat_subscription xs"
           "          WHERE xs.subname = x.subname) AS oid,"
           "        x.subdbid, x.subname, x.subowner, x.subenabled, x.subslotname,"
           "        x.subpublications, NULL::text AS subsynccommit"
           "   FROM pg_subscription x) s";
}

static const char *find_fragment(const struct mark *mark, const struct wv_fragment_facts *facts)
{
    if (is_named(mark, "subscriptions"))
        return find_subscriptions(facts);
    if (is_named(mark, "subscription_connection"))
        return facts->sees_connections ? "s.subconninfo" : "NULL::text";
    const char *found = NULL;
    for (size_t i = 0; i < sizeof(fragments) / sizeof(fragments[0]); i++)
        if (fragments[i].since <= facts->server_version && is_named(mark, fragments[i].name))
            found = fragments[i].text;
    return found;
}

static char *fill_in(const char *text, const struct mark *mark)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (; *text != '\0'; text++) {
        size_t number = text[0] == '$' ? (size_t)(unsigned char)text[1] - '1' : MOST_ARGUMENTS;
        if (number < mark->argument_count) {
            wv_strbuf_add(&out, mark->arguments[number], mark->lengths[number]);
            text++;
        } else {
            wv_strbuf_addc(&out, *text);
        }
    }
    return wv_strbuf_take(&out);
}

char *wv_fragment_expand(const char *sql, const struct wv_fragment_facts *facts)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    while (*sql != '\0') {
        struct mark mark;
        const char *text = NULL;
        if (*sql == '@' && read_mark(sql + 1, &mark))
            text = find_fragment(&mark, facts);
        if (text == NULL) {
            wv_strbuf_addc(&out, *sql++);
            continue;
        }
        char *filled WV_AUTOFREE = fill_in(text, &mark);
        char *expanded WV_AUTOFREE = wv_fragment_expand(filled, facts);
        wv_strbuf_adds(&out, expanded);
        sql = mark.end;
    }
    return wv_strbuf_take(&out);
}
