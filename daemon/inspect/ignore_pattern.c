/* See ignore_pattern.h. */
#include "ignore_pattern.h"

#include <fnmatch.h>
#include <string.h>

#include "kind.h"
#include "xalloc.h"

/* The names behind the kind that the pattern begins with; of two kinds the longer one, because
 * "default" is one and "default privileges" another. `*kind` NULL: it names none. */
static const char *names_of(const char *pattern, const struct wv_kind **kind)
{
    size_t longest = 0;
    *kind = NULL;
    for (size_t i = 0; wv_kinds[i] != NULL; i++) {
        size_t length = strlen(wv_kinds[i]->name);
        if (length > longest && strncmp(pattern, wv_kinds[i]->name, length) == 0 &&
            pattern[length] == ' ') {
            *kind = wv_kinds[i];
            longest = length;
        }
    }
    return *kind != NULL ? pattern + longest + 1 : pattern;
}

static bool is_cut_off(const char *names)
{
    size_t length = strlen(names);
    const char *open = strrchr(names, '[');
    return names[length - 1] == '\\' || (open != NULL && strchr(open, ']') == NULL);
}

/* No name of these is without its schema. */
static bool is_in_schema(const struct wv_kind *kind)
{
    return (kind->traits & (WV_KIND_RELATION | WV_KIND_TYPE)) != 0;
}

static bool has_own_statement(const struct wv_kind *kind)
{
    return (kind->traits & (WV_KIND_BORN_WITH_PARENT | WV_KIND_MAY_BE_INLINE | WV_KIND_FACET)) == 0;
}

bool wv_ignore_pattern_check(const char *pattern, struct wv_err *err)
{
    const struct wv_kind *kind;
    const char *names = names_of(pattern, &kind);
    if (*names == '\0')
        return wv_err_set(err, WV_CONFIG_ERROR, "\"%s\" names nothing", pattern);
    if (kind == NULL && strchr(names, ' ') != NULL)
        return wv_err_set(err, WV_CONFIG_ERROR,
                          "\"%s\": there is no kind of object \"%.*s\" (table, view, routine, "
                          "schema, extension, index, trigger ...)",
                          pattern, (int)strcspn(names, " "), names);
    if (is_cut_off(names))
        return wv_err_set(err, WV_CONFIG_ERROR, "\"%s\" ends in the middle of a pattern", pattern);
    if (kind != NULL && !has_own_statement(kind))
        return wv_err_set(err, WV_CONFIG_ERROR,
                          "\"%s\": a %s goes with what it is part of, which alone can be ignored",
                          pattern, kind->name);
    if (kind != NULL && is_in_schema(kind) && strpbrk(names, ".*") == NULL)
        return wv_err_set(err, WV_CONFIG_ERROR,
                          "\"%s\" names no schema; \"%s *.%s\" is in any of them", pattern,
                          kind->name, names);
    return true;
}

static bool fits(const char *names, const char *schema, const char *owner, const char *name)
{
    char *full WV_AUTOFREE =
        wv_xasprintf("%s%s%s%s%s", schema != NULL ? schema : "", schema != NULL ? "." : "",
                     owner != NULL ? owner : "", owner != NULL ? "." : "", name);
    return fnmatch(names, full, 0) == 0;
}

bool wv_ignore_pattern_matches(const char *pattern, const struct wv_object *object)
{
    const struct wv_kind *kind;
    const char *names = names_of(pattern, &kind);
    bool is_meant = kind == NULL ? object->parent == NULL : kind == object->kind;
    if (!is_meant || object->name == NULL)
        return false;
    return fits(names, object->schema, NULL, object->name) ||
           (object->parent != NULL && object->parent->name != NULL &&
            fits(names, object->schema, object->parent->name, object->name));
}
