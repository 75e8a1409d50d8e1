/* The method table against its golden file and against docs/protocol.md: a change of a name, a
 * parameter or an access class is a change of the contract. WV_UPDATE_GOLDEN=1 writes the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "strbuf.h"
#include "verbs.h"

static void dump(struct wv_strbuf *out)
{
    for (size_t i = 0; i < wv_verb_count; i++) {
        const struct wv_verb *verb = &wv_verbs[i];
        wv_strbuf_addf(out, "%s (%s): %s\n", verb->name, wv_access_word(verb->access),
                       verb->description);
        for (const struct wv_param *param = verb->params; param->name != NULL; param++) {
            wv_strbuf_addf(out, "    %s%s %s", param->name, param->required ? "" : "?",
                           wv_param_type_word(param->type));
            for (const char *const *v = param->values; v != NULL && *v != NULL; v++)
                wv_strbuf_addf(out, " %s", *v);
            wv_strbuf_addc(out, '\n');
        }
    }
}

static char *read_file(const char *path)
{
    struct wv_strbuf text = WV_STRBUF_INIT;
    char bytes[4096];
    size_t count;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("cannot open %s", path);
    while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0)
        wv_strbuf_add(&text, bytes, count);
    fclose(file);
    return wv_strbuf_take(&text);
}

static void the_table_is_the_golden_one(void **state)
{
    (void)state;
    struct wv_strbuf now WV_AUTOSTRBUF = WV_STRBUF_INIT;
    dump(&now);
    if (getenv("WV_UPDATE_GOLDEN") != NULL) {
        FILE *file = fopen(GOLDEN, "w");
        assert_non_null(file);
        fputs(wv_strbuf_text(&now), file);
        fclose(file);
    }
    char *golden WV_AUTOFREE = read_file(GOLDEN);
    assert_string_equal(wv_strbuf_text(&now), golden);
}

/* The parameters of a method stand in the row of its table. */
static void the_manual_names_all_of_it(void **state)
{
    (void)state;
    char *manual WV_AUTOFREE = read_file(MANUAL);
    for (size_t i = 0; i < wv_verb_count; i++) {
        char *cell WV_AUTOFREE = wv_xasprintf("| `%s` |", wv_verbs[i].name);
        const char *row = strstr(manual, cell);
        if (row == NULL)
            fail_msg("docs/protocol.md has no row for %s", wv_verbs[i].name);
        char *line WV_AUTOFREE = wv_xstrndup(row, strcspn(row, "\n"));
        char *access WV_AUTOFREE = wv_xasprintf("| %s |", wv_access_word(wv_verbs[i].access));
        assert_non_null(strstr(line, access));
        bool same = strstr(line, "the same") != NULL;
        for (const struct wv_param *p = wv_verbs[i].params; p->name != NULL && !same; p++)
            if (strstr(line, p->name) == NULL)
                fail_msg("docs/protocol.md does not name %s of %s", p->name, wv_verbs[i].name);
    }
}

static bool check(const char *method, const char *params, struct wv_err *err)
{
    json_t *value = json_loads(params, 0, NULL);
    assert_non_null(value);
    bool done = wv_verb_check(wv_verb_find(method), value, err);
    json_decref(value);
    return done;
}

static void parameters_are_checked(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    assert_null(wv_verb_find("migrate"));
    assert_true(check("migrate.upgrade", "{\"target\":\"head\",\"wait_ms\":0}", &err));
    assert_true(check("migrate.upgrade", "{\"target\":[\"a\",\"b\"],\"progress\":false}", &err));
    assert_true(check("migrate.repair", "{\"action\":\"done\"}", &err));
    assert_true(wv_verb_check(wv_verb_find("migrate.status"), NULL, &err));
    assert_false(wv_verb_check(wv_verb_find("migrate.show"), NULL, &err));
    assert_string_equal(err.message, "parameter \"revision\" is missing");
    assert_false(check("migrate.upgrade", "{\"target\":\"head\",\"wait\":1}", &err));
    assert_string_equal(err.message, "migrate.upgrade has no parameter \"wait\"");
    assert_false(check("migrate.repair", "{\"action\":\"guess\"}", &err));
    assert_false(check("migrate.watch", "{\"follow\":1}", &err));
    assert_string_equal(err.message, "parameter \"follow\" is not true or false");
    assert_int_equal(err.code, WV_INVALID_PARAMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_the_golden_one),
        cmocka_unit_test(the_manual_names_all_of_it),
        cmocka_unit_test(parameters_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
