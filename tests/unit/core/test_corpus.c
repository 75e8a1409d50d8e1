/* Compares what the parsers make of each file in tests/corpus with the .out file beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>

#include "file_read.h"
#include "strbuf.h"

static bool writes;

static void dump_problems(struct wv_strbuf *out, struct wv_problems *problems)
{
    wv_problems_sort(problems);
    for (size_t i = 0; i < problems->count; i++) {
        const struct wv_problem *p = &problems->items[i];
        wv_strbuf_addf(out, "%d:%d %s: %s\n", p->line, p->column, p->kind, p->message);
    }
}

static void dump_sql(struct wv_strbuf *out, const char *path, char *text, size_t length)
{
    (void)path;
    struct wv_problems problems = {0};
    struct wv_faults faults;
    struct wv_statements statements = {0};
    struct wv_place start = WV_PLACE_START;
    length = wv_text_normalise(text, length);
    wv_faults_init(&faults, &problems, NULL, text, start);
    wv_text_check(text, length, &faults);
    wv_split(text, length, start, &statements, &faults);
    for (size_t i = 0; i < statements.count; i++) {
        const struct wv_statement *s = &statements.items[i];
        wv_strbuf_addf(out, "%d:%d%s%s ", s->line, s->column,
                       (s->flags & WV_STATEMENT_NO_TRANSACTION) != 0 ? " alone" : "",
                       (s->flags & WV_STATEMENT_NO_LOCK_TIMEOUT) != 0 ? " no-lock-timeout" : "");
        wv_strbuf_add(out, s->text, s->length);
        wv_strbuf_addc(out, '\n');
    }
    dump_problems(out, &problems);
    wv_statements_free(&statements);
    wv_problems_free(&problems);
}

static void dump_list(struct wv_strbuf *out, const char *name, int line,
                      const struct wv_strlist *list)
{
    char *items WV_AUTOFREE = wv_strlist_join(list, " ");
    wv_strbuf_addf(out, "%s (line %d): %s\n", name, line, items);
}

static void dump_revision(struct wv_strbuf *out, const char *path, char *text, size_t length)
{
    struct wv_problems problems = {0};
    struct wv_revision r = {0};
    struct wv_checksum *checksum = wv_checksum_new();
    if (wv_revision_parse(&r, path, text, length, checksum, &problems)) {
        char hex[WV_CHECKSUM_HEX];
        wv_checksum_hex(r.checksum, hex);
        wv_strbuf_addf(out, "revision (line %d): %s\nmessage: %s\ncreate_date: %s\n", r.id_line,
                       r.id, r.message, r.create_date);
        dump_list(out, "down", r.down_line, &r.down);
        dump_list(out, "depends_on", r.depends_line, &r.depends_on);
        dump_list(out, "labels", r.labels_line, &r.labels);
        wv_strbuf_addf(out,
                       "up: %zu statements, transaction %d\ndown: %d, %zu statements, "
                       "transaction %d\nchecksum: %s\n",
                       r.up_statements, r.up_transaction, r.has_down, r.down_statements,
                       r.down_transaction, hex);
    }
    dump_problems(out, &problems);
    wv_checksum_free(checksum);
    wv_revision_free(&r);
    wv_problems_free(&problems);
}

typedef void dump_function(struct wv_strbuf *out, const char *path, char *text, size_t length);

static void compare_with(const char *path, const struct wv_strbuf *got)
{
    char *expected_path WV_AUTOFREE = wv_xasprintf("%.*s.out", (int)strlen(path) - 4, path);
    if (writes) {
        FILE *file = fopen(expected_path, "w");
        assert_non_null(file);
        assert_int_equal(fwrite(got->data, 1, got->length, file), got->length);
        assert_int_equal(fclose(file), 0);
        return;
    }
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    size_t length;
    assert_int_equal(wv_file_read(AT_FDCWD, expected_path, &buffer, &length, &stamp), 0);
    if (length != got->length || memcmp(buffer.data, wv_strbuf_text(got), length) != 0) {
        print_error("%s, got:\n%s\n", path, wv_strbuf_text(got));
        fail();
    }
    wv_file_buffer_free(&buffer);
}

static void run_folder(const char *folder, dump_function *dump)
{
    char *dir WV_AUTOFREE = wv_xasprintf("%s/%s", WV_CORPUS, folder);
    DIR *stream = opendir(dir);
    assert_non_null(stream);
    size_t files = 0;
    struct wv_file_buffer buffer = {0};
    for (const struct dirent *item; (item = readdir(stream)) != NULL;) {
        size_t name = strlen(item->d_name);
        if (name < 5 || strcmp(item->d_name + name - 4, ".sql") != 0)
            continue;
        files++;
        char *path WV_AUTOFREE = wv_xasprintf("%s/%s", dir, item->d_name);
        size_t length;
        struct wv_file_stamp stamp;
        struct wv_strbuf out WV_AUTOSTRBUF = WV_STRBUF_INIT;
        assert_int_equal(wv_file_read(AT_FDCWD, path, &buffer, &length, &stamp), 0);
        dump(&out, item->d_name, buffer.data, length);
        compare_with(path, &out);
    }
    (void)closedir(stream);
    wv_file_buffer_free(&buffer);
    assert_true(files > 3);
}

static void statements_are_cut_as_recorded(void **state)
{
    (void)state;
    run_folder("sql/accept", dump_sql);
}

static void faults_of_sql_are_found_as_recorded(void **state)
{
    (void)state;
    run_folder("sql/reject", dump_sql);
}

static void revisions_are_read_as_recorded(void **state)
{
    (void)state;
    run_folder("revision/accept", dump_revision);
}

static void faults_of_revisions_are_found_as_recorded(void **state)
{
    (void)state;
    run_folder("revision/reject", dump_revision);
}

int main(int argc, char **argv)
{
    writes = argc > 1 && strcmp(argv[1], "--write") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_cut_as_recorded),
        cmocka_unit_test(faults_of_sql_are_found_as_recorded),
        cmocka_unit_test(revisions_are_read_as_recorded),
        cmocka_unit_test(faults_of_revisions_are_found_as_recorded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
