/* Graphs as people see them: golden drawings, and what any graph must keep to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "render.h"

static const struct wv_look plain = {.width = 0};

static json_t *split(const char *text, const char *separator)
{
    json_t *list = json_array();
    while (*text != '\0') {
        size_t length = strcspn(text, separator);
        if (length > 0)
            json_array_append_new(list, json_stringn(text, length));
        text += length + (text[length] != '\0');
    }
    return list;
}

/* "id:parents[:dependencies]", newest first; `!` after an id makes it a head, `@` current. */
static json_t *revision_of(const char *word)
{
    json_t *fields = json_array();
    for (int i = 0; i < 3; i++) {
        size_t length = strcspn(word, ":");
        json_array_append_new(fields, json_stringn(word, length));
        word += length + (word[length] != '\0');
    }
    const char *id = json_string_value(json_array_get(fields, 0));
    size_t length = strcspn(id, "!@");
    json_t *revision =
        json_pack("{s:s%,s:o,s:o,s:b,s:b,s:s}", "revision", id, length, "down_revision",
                  split(json_string_value(json_array_get(fields, 1)), ","), "depends_on",
                  split(json_string_value(json_array_get(fields, 2)), ","), "is_head",
                  strchr(id, '!') != NULL, "is_current", strchr(id, '@') != NULL, "message", "");
    json_decref(fields);
    return revision;
}

static json_t *history(const char *text)
{
    json_t *words = split(text, " ");
    json_t *list = json_array();
    size_t index;
    const json_t *word;
    json_array_foreach(words, index, word)
        json_array_append_new(list, revision_of(json_string_value(word)));
    json_decref(words);
    return json_pack("{s:o}", "revisions", list);
}

static void expect(const char *text, const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = history(text);
    wv_render_graph(&out, &plain, result, false);
    json_decref(result);
    assert_string_equal(wv_strbuf_text(&out), expected);
}

static void test_line(void **state)
{
    (void)state;
    expect("", "");
    expect("a:", "* a\n");
    expect("c!:b b@:a a:", "* c (head)\n"
                           "* b (current)\n"
                           "* a\n");
    /* A range: what lies below is not drawn. */
    expect("c:b b:a", "* c\n* b\n");
}

static void test_branch(void **state)
{
    (void)state;
    expect("d!:b b:a c!:a a:", "* d (head)\n"
                               "* b\n"
                               "| * c (head)\n"
                               "|/\n"
                               "* a\n");
    expect("c!:b e:d d:b b!:a f:a a:", "* e\n"
                                       "* d\n"
                                       "| * c (head)\n"
                                       "|/\n"
                                       "* b (head)\n"
                                       "| * f\n"
                                       "|/\n"
                                       "* a\n");
}

static void test_merge(void **state)
{
    (void)state;
    expect("m!:a,b a:o b:o o:", "*   m (head)\n"
                                "|\\\n"
                                "* | a\n"
                                "| * b\n"
                                "|/\n"
                                "* o\n");
    expect("n:m,d m:a,b d:o a:o b:o o:", "*   n\n"
                                         "|\\\n"
                                         "* |   m\n"
                                         "|\\ \\\n"
                                         "* | | a\n"
                                         "| * | b\n"
                                         "|/ /\n"
                                         "| * d\n"
                                         "|/\n"
                                         "* o\n");
    expect("p:m q:b m:a,b b:o a:o o:", "* p\n"
                                       "*   m\n"
                                       "|\\\n"
                                       "| | * q\n"
                                       "| |/\n"
                                       "| * b\n"
                                       "* | a\n"
                                       "|/\n"
                                       "* o\n");
}

static void test_octopus(void **state)
{
    (void)state;
    expect("m:a,b,c,d a:o b:o c:o d:o o:", "*   m\n"
                                           "|\\\n"
                                           "|\\ \\\n"
                                           "|\\ \\ \\\n"
                                           "* | | | a\n"
                                           "| * | | b\n"
                                           "|/ / /\n"
                                           "| * | c\n"
                                           "|/ /\n"
                                           "| * d\n"
                                           "|/\n"
                                           "* o\n");
    expect("x:m,r m:a,b,c a:o b:p c:q r:o p:o q:o o:", "*   x\n"
                                                       "|\\\n"
                                                       "* |   m\n"
                                                       "|\\ \\\n"
                                                       "|\\ \\ \\\n"
                                                       "| * | | b\n"
                                                       "| * | | p\n"
                                                       "| | * | c\n"
                                                       "| | * | q\n"
                                                       "| |/ /\n"
                                                       "* | | a\n"
                                                       "|/ /\n"
                                                       "| * r\n"
                                                       "|/\n"
                                                       "* o\n");
}

static void test_bases(void **state)
{
    (void)state;
    expect("c:a d:b b: a:", "* d\n"
                            "* b\n"
                            "\n"
                            "* c\n"
                            "* a\n");
    expect("m:a,b a: b:", "*   m\n"
                          "|\\\n"
                          "* | a\n"
                          " /\n"
                          "* b\n");
    expect("m:a,b,c a: b: c:", "*   m\n"
                               "|\\\n"
                               "|\\ \\\n"
                               "* | | a\n"
                               " / /\n"
                               "* | b\n"
                               " /\n"
                               "* c\n");
}

static void test_criss_cross(void **state)
{
    (void)state;
    expect("e:c,d f:c,d c:a,b d:a,b a:o b:o o:", "*   e\n"
                                                 "|\\\n"
                                                 "| | *   f\n"
                                                 "| |/|\n"
                                                 "| |/\n"
                                                 "|/|\n"
                                                 "* |   c\n"
                                                 "|\\ \\\n"
                                                 "| | *   d\n"
                                                 "| |/|\n"
                                                 "| |/\n"
                                                 "|/|\n"
                                                 "* | a\n"
                                                 "| * b\n"
                                                 "|/\n"
                                                 "* o\n");
    expect("m:d,e d:a,b e:b,a a: b:", "*   m\n"
                                      "|\\\n"
                                      "* |   d\n"
                                      "|\\ \\\n"
                                      "| | *   e\n"
                                      "| |/|\n"
                                      "|/| |\n"
                                      "| |/\n"
                                      "* | a\n"
                                      " /\n"
                                      "* b\n");
}

static void test_shared_trunk(void **state)
{
    (void)state;
    expect("t4:t3 l3:t3 t3:t2 l2:t2 t2:t1 l1:t1 t1:", "* t4\n"
                                                      "| * l3\n"
                                                      "|/\n"
                                                      "* t3\n"
                                                      "| * l2\n"
                                                      "|/\n"
                                                      "* t2\n"
                                                      "| * l1\n"
                                                      "|/\n"
                                                      "* t1\n");
}

static void test_dependencies(void **state)
{
    (void)state;
    expect("c!:a:b b!@: a:", "* c (head) (depends on b)\n"
                             "| * b (head) (current)\n"
                             "* a\n");
}

/* Random graphs of `count` nodes, each with up to three later parents nearby. */
static json_t *random_history(unsigned *seed, int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        json_t *down = json_array();
        int parents = (int)((*seed = *seed * 1103515245u + 12345u) >> 16) % 4;
        for (int k = 0; k < parents; k++) {
            int parent = i + 1 + (int)((*seed = *seed * 1103515245u + 12345u) >> 16) % 9;
            if (parent < count)
                json_array_append_new(down, json_sprintf("n%d.", parent));
        }
        json_array_append_new(list, json_pack("{s:o,s:o}", "revision", json_sprintf("n%d.", i),
                                              "down_revision", down));
    }
    return json_pack("{s:o}", "revisions", list);
}

static void count_lines(const char *text, size_t *stars, size_t *strange)
{
    for (; *text != '\0'; text += strcspn(text, "\n") + 1) {
        size_t lanes = strspn(text, " |/\\_*");
        size_t found = 0;
        for (size_t i = 0; i < lanes; i++)
            found += text[i] == '*';
        *stars += found;
        *strange += found > 1 || (found == 1) != (text[lanes] == 'n');
    }
}

/* Each node stands once, after all that revise it. */
static void test_any_graph(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 300; round++) {
        struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
        int count = 1 + round % 40;
        json_t *result = random_history(&seed, count);
        wv_render_graph(&out, &plain, result, false);
        size_t stars = 0, strange = 0;
        count_lines(wv_strbuf_text(&out), &stars, &strange);
        assert_int_equal(stars, count);
        assert_int_equal(strange, 0);
        size_t index, k;
        const json_t *revision, *parent;
        json_array_foreach(json_object_get(result, "revisions"), index, revision)
        {
            const char *id = json_string_value(json_object_get(revision, "revision"));
            char *word WV_AUTOFREE = wv_xasprintf(" %s", id);
            const char *place = strstr(wv_strbuf_text(&out), word);
            assert_non_null(place);
            json_array_foreach(json_object_get(revision, "down_revision"), k, parent)
            {
                char *below WV_AUTOFREE = wv_xasprintf(" %s\n", json_string_value(parent));
                assert_true(strstr(wv_strbuf_text(&out), below) > place);
            }
        }
        json_decref(result);
    }
}

static json_t *trunk_with_leaves(int count)
{
    json_t *list = json_array();
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:o,s:[o]}", "revision", json_sprintf("l%d", i),
                                              "down_revision", json_sprintf("t%d", i)));
    for (int i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:o,s:[o]}", "revision", json_sprintf("t%d", i),
                                              "down_revision", json_sprintf("t%d", i + 1)));
    return json_pack("{s:o}", "revisions", list);
}

/* Also where the list has all leaves first, few lanes are open. */
static void test_size(void **state)
{
    (void)state;
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = trunk_with_leaves(5000);
    clock_t start = clock();
    wv_render_graph(&out, &plain, result, false);
    assert_true(clock() - start < 1 * CLOCKS_PER_SEC);
    assert_true(out.length < 15000 * 12);
    json_decref(result);
}

static void test_terminal(void **state)
{
    (void)state;
    struct wv_look look = {.tty = true, .live = true, .color = true, .width = 50};
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = json_pack("{s:[{s:s,s:b,s:b,s:s,s:[s]}]}", "revisions", "revision", "ab",
                               "is_head", 1, "is_current", 1, "message",
                               "Something that is too long\n\033[1m for a line", "depends_on", "x");
    wv_render_graph(&out, &look, result, false);
    assert_string_equal(wv_strbuf_text(&out),
                        "\033[1m*\033[0m \033[33mab\033[0m \033[32m(head)\033[0m "
                        "\033[1m(current)\033[0m, Something t... \033[2m(depends on x)\033[0m\n");
    json_decref(result);
}

typedef void picture(struct wv_strbuf *out, const json_t *result);

static void expect_picture(picture *render, const char *expected)
{
    struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
    json_t *result = history("c\"\\!:a:b b@: a:");
    json_t *first = json_array_get(json_object_get(result, "revisions"), 0);
    json_object_set_new(first, "message", json_string("A \"<b>&amp;\n`#\\N\033"));
    render(&out, result);
    json_decref(result);
    assert_string_equal(wv_strbuf_text(&out), expected);
}

static void test_dot(void **state)
{
    (void)state;
    expect_picture(wv_render_dot,
                   "digraph history {\n"
                   "    rankdir=BT;\n"
                   "    node [shape=box];\n"
                   "    \"a\" [label=\"a\"];\n"
                   "    \"b\" [label=\"b\\n(current)\", style=filled, fillcolor=lightyellow];\n"
                   "    \"c\\\"\\\\\" [label=\"c\\\"\\\\\\nA \\\"<b>&amp;amp; `#\\\\N\\\\x1b"
                   "\\n(head)\", color=green4];\n"
                   "    \"a\" -> \"c\\\"\\\\\";\n"
                   "    \"b\" -> \"c\\\"\\\\\" [style=dashed];\n"
                   "}\n");
}

static void test_mermaid(void **state)
{
    (void)state;
    expect_picture(wv_render_mermaid, "flowchart BT\n"
                                      "    classDef head stroke:green\n"
                                      "    classDef current fill:lightyellow\n"
                                      "    ra[\"a\"]\n"
                                      "    rb[\"b<br/>(current)\"]\n"
                                      "    class rb current\n"
                                      "    rc_22_5c[\"c#quot;#92;<br/>A #quot;#lt;b#gt;#amp;amp; "
                                      "#96;#35;#92;N#92;x1b<br/>(head)\"]\n"
                                      "    class rc_22_5c head\n"
                                      "    ra --> rc_22_5c\n"
                                      "    rb -.-> rc_22_5c\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line),         cmocka_unit_test(test_branch),
        cmocka_unit_test(test_merge),        cmocka_unit_test(test_octopus),
        cmocka_unit_test(test_bases),        cmocka_unit_test(test_criss_cross),
        cmocka_unit_test(test_shared_trunk), cmocka_unit_test(test_dependencies),
        cmocka_unit_test(test_any_graph),    cmocka_unit_test(test_size),
        cmocka_unit_test(test_terminal),     cmocka_unit_test(test_dot),
        cmocka_unit_test(test_mermaid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
