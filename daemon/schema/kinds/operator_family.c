/* Operator families, with the members that belong to no class. See kind.h. */
#include "ddl.h"
#include "kinds.h"
#include "list.h"
#include "xalloc.h"

static const struct wv_attribute attributes[] = {
    {"members", WV_WAY_ALTER},
    {NULL, WV_WAY_NONE},
};

static void write_addition(struct wv_ddl *ddl, const struct wv_object *family, const char *members)
{
    wv_ddl_add(ddl, "ALTER OPERATOR FAMILY %s ADD %s", family->identity, members);
}

static void create(struct wv_ddl *ddl, const struct wv_creation *creation)
{
    const struct wv_object *family = creation->object;
    wv_ddl_add(ddl, "CREATE OPERATOR FAMILY %s", family->identity);
    if (wv_object_get(family, "members") != NULL)
        write_addition(ddl, family, wv_object_text(family, "members"));
}

static size_t find_parenthesis(const char *member)
{
    size_t length = 0;
    bool is_quoted = false;
    for (; member[length] != '\0' && (is_quoted || member[length] != '('); length++)
        is_quoted = is_quoted != (member[length] == '"');
    return length;
}

static size_t length_of_types(const char *types)
{
    size_t length = 0;
    size_t depth = 0;
    bool is_quoted = false;
    do {
        is_quoted = is_quoted != (types[length] == '"');
        depth += !is_quoted && types[length] == '(';
        depth -= !is_quoted && types[length] == ')';
    } while (types[length++] != '\0' && depth > 0);
    return length;
}

/* "OPERATOR 1 public.<(integer,bigint)", "FUNCTION 1 (integer, bigint) public.f(...)": DROP names
 * them by their number and the types in the first parentheses. */
static void write_removal(struct wv_ddl *ddl, const struct wv_object *family, const char *member)
{
    const char *types = member + find_parenthesis(member);
    size_t word = wv_list_key(member) + 1;
    size_t number = wv_list_key(member + word);
    wv_ddl_add(ddl, "ALTER OPERATOR FAMILY %s DROP %.*s %.*s", family->identity,
               (int)(word + number), member, (int)length_of_types(types), types);
}

static void alter(struct wv_ddl *ddl, const struct wv_change *change)
{
    const char *old = wv_object_text(change->old, "members");
    const char *new = wv_object_text(change->new, "members");
    for (; *old != '\0'; old = wv_list_next(old)) {
        char *member WV_AUTOFREE = wv_xstrndup(old, wv_list_item(old));
        if (!wv_list_has(new, member))
            write_removal(ddl, change->new, member);
    }
    old = wv_object_text(change->old, "members");
    for (; *new != '\0'; new = wv_list_next(new)) {
        char *member WV_AUTOFREE = wv_xstrndup(new, wv_list_item(new));
        if (!wv_list_has(old, member))
            write_addition(ddl, change->new, member);
    }
}

const struct wv_kind wv_kind_operator_family = {
    .name = "operator family",
    .sql_name = "OPERATOR FAMILY",
    .rank = 73,
    .attributes = attributes,
    .create = create,
    .alter = alter,
};
