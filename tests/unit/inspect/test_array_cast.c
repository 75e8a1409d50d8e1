/* Arrays that are cast as a whole keep that; any other text is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "array_cast.h"

static void becomes(const char *text, const char *wanted)
{
    char *got = wv_array_casts_kept(text);
    if (wanted == NULL)
        assert_null(got);
    else
        assert_string_equal(got, wanted);
    free(got);
}

static void test_the_type_of_the_elements_is_said(void **state)
{
    (void)state;
    becomes("((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[]))",
            "((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying]"
            "::character varying[])::text[]))");
    becomes(
        "((ARRAY[NULL::character varying, 'x'::character varying])::text[])",
        "((ARRAY[NULL::character varying, 'x'::character varying]::character varying[])::text[])");
    becomes(
        "f((ARRAY['['::s.\"T, ]\", ']'::s.\"T, ]\"])::text[], (ARRAY['b'::bpchar])::text[]) + 1",
        "f((ARRAY['['::s.\"T, ]\", ']'::s.\"T, ]\"]::s.\"T, ]\"[])::text[], "
        "(ARRAY['b'::bpchar]::bpchar[])::text[]) + 1");
}

static void test_other_texts_stay(void **state)
{
    static const char *const texts[] = {
        "",
        "a = ANY (ARRAY['x'::text])",
        "'(ARRAY[''x''::character varying])::text[]'",
        "$a$(ARRAY['x'::character varying])::text[]$a$",
        "(ARRAY[1, 2])::bigint[]",
        "(ARRAY[a])::text[]",
        "(ARRAY['x'::character varying(3)])::text[]",
        "(ARRAY['x'::character varying, 'y'])[1]",
        "(ARRAY['x'::character varying",
        "(ARRAY['x'::",
        "(ARRAY[",
        "(ARRAY['x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        becomes(texts[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_type_of_the_elements_is_said),
        cmocka_unit_test(test_other_texts_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
