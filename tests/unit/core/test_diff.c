/* Unified diffs: their form, and that patching leads from one text to the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "diff.h"

static void expect(const char *from, const char *to, const char *hunks)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_diff(&out, from, to, 1);
    assert_string_equal(wv_strbuf_text(&out), hunks);
}

static void test_same(void **state)
{
    (void)state;
    expect("", "", "");
    expect(NULL, NULL, "");
    expect("a\nb\n", "a\nb\n", "");
    expect("a\nb", "a\nb\n", "");
}

static void test_changes(void **state)
{
    (void)state;
    expect("a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
    expect(NULL, "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n");
    expect("a\n", "", "@@ -1 +0,0 @@\n-a\n");
    expect("a\n\nb", "a\nb", "@@ -1,3 +1,2 @@\n a\n-\n b\n");
}

static void test_context(void **state)
{
    (void)state;
    expect("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
           "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
    /* Six calm lines keep changes together, seven do not. */
    expect("a\n1\n2\n3\n4\n5\n6\nb\n", "x\n1\n2\n3\n4\n5\n6\ny\n",
           "@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n");
    expect("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
           "@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n");
}

static void test_first_line(void **state)
{
    (void)state;
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_diff(&out, "a\nb", "a\nc", 10);
    assert_string_equal(wv_strbuf_text(&out), "@@ -10,2 +10,2 @@\n a\n-b\n+c\n");
}

/* Applies hunks of a diff that begins at line 1, and checks what they say of the old text. */
static char *patched(const char *from, const char *hunks)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    size_t line = 1;
    while (*hunks != '\0') {
        size_t length = strcspn(hunks, "\n");
        unsigned long at;
        if (hunks[0] == '@') {
            assert_int_equal(sscanf(hunks, "@@ -%lu", &at), 1);
            size_t rest = strspn(hunks + 4, "0123456789");
            at += strncmp(hunks + 4 + rest, ",0", 2) == 0;
            for (; line < at; line++) {
                size_t end = strcspn(from, "\n") + 1;
                wv_strbuf_add(&out, from, end);
                from += end;
            }
        } else {
            if (hunks[0] != '+') {
                assert_memory_equal(from, hunks + 1, length);
                from += length;
                line++;
            }
            if (hunks[0] != '-')
                wv_strbuf_add(&out, hunks + 1, length);
        }
        hunks += length + 1;
    }
    wv_strbuf_adds(&out, from);
    return wv_strbuf_take(&out);
}

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 16;
}

static char *random_text(unsigned *seed, unsigned lines, unsigned letters)
{
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (unsigned i = 0; i < lines; i++)
        wv_strbuf_addf(&text, "%c\n", (int)('a' + next_random(seed) % letters));
    return wv_strbuf_take(&text);
}

static void test_patches_lead_there(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (unsigned i = 0; i < 3000; i++) {
        char *from WV_AUTOFREE = random_text(&seed, next_random(&seed) % 30, 1 + i % 7);
        char *to WV_AUTOFREE = random_text(&seed, next_random(&seed) % 30, 1 + i % 7);
        struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
        wv_diff(&out, from, to, 1);
        char *got WV_AUTOFREE = patched(from, wv_strbuf_text(&out));
        assert_string_equal(got, to);
        assert_int_equal(strcmp(from, to) == 0, out.length == 0);
    }
}

/* Texts without a line in common are beyond what is searched, and still right and soon there. */
static void test_strangers(void **state)
{
    (void)state;
    enum { LINES = 50000 };
    struct wv_strbuf from WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf to WV_AUTOSTRBUF = WV_STRBUF_INIT;
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    for (int i = 0; i < LINES; i++) {
        wv_strbuf_addf(&from, "left %d\n", i);
        wv_strbuf_addf(&to, "right %d\n", i);
    }
    clock_t start = clock();
    wv_diff(&out, from.data, to.data, 1);
    assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
    char *got WV_AUTOFREE = patched(from.data, out.data);
    assert_string_equal(got, to.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),      cmocka_unit_test(test_changes),
        cmocka_unit_test(test_context),   cmocka_unit_test(test_first_line),
        cmocka_unit_test(test_strangers), cmocka_unit_test(test_patches_lead_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
