/* Unit tests of texts that come as descriptors: which are taken, and what is read of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "passed_texts.h"

static int memory(const char *bytes, size_t length, int seals)
{
    int fd = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
    return fd;
}

enum { ALL = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW };

static void a_sealed_text_is_read_whole(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    char *text = NULL;
    size_t length = 0;
    int fd = memory("SELECT\0 1", 9, ALL);
    assert_true(wv_passed_text_check(fd, &err));
    assert_true(wv_passed_text_read(fd, &text, &length, &err));
    assert_int_equal(length, 9);
    assert_memory_equal(text, "SELECT\0 1", 10);
    free(text);
    close(fd);
    fd = memory("", 0, ALL);
    assert_true(wv_passed_text_check(fd, &err) && wv_passed_text_read(fd, &text, &length, &err));
    assert_int_equal(length, 0);
    assert_string_equal(text, "");
    free(text);
    close(fd);
}

static enum wv_err_code refused(int fd)
{
    struct wv_err err WV_AUTOERR = {0};
    assert_false(wv_passed_text_check(fd, &err));
    close(fd);
    return err.code;
}

static void what_may_change_or_block_is_refused(void **state)
{
    (void)state;
    static const int some[] = {0, F_SEAL_WRITE | F_SEAL_SHRINK, F_SEAL_SHRINK | F_SEAL_GROW,
                               F_SEAL_WRITE | F_SEAL_GROW};
    int ends[2];
    for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++)
        assert_int_equal(refused(memory("x", 1, some[i])), WV_INVALID_PARAMS);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(refused(ends[0]), WV_INVALID_PARAMS);
    close(ends[1]);
    assert_int_equal(refused(open("/etc/passwd", O_RDONLY)), WV_INVALID_PARAMS);
    assert_int_equal(refused(open("/dev/zero", O_RDONLY)), WV_INVALID_PARAMS);
}

static void a_text_has_a_limit(void **state)
{
    (void)state;
    struct wv_err err WV_AUTOERR = {0};
    int fd = memory("", 0, 0);
    assert_int_equal(ftruncate(fd, WV_PASSED_TEXT_SIZE), 0);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, ALL), 0);
    assert_true(wv_passed_text_check(fd, &err));
    close(fd);
    fd = memory("", 0, 0);
    assert_int_equal(ftruncate(fd, WV_PASSED_TEXT_SIZE + 1), 0);
    assert_int_equal(fcntl(fd, F_ADD_SEALS, ALL), 0);
    assert_int_equal(refused(fd), WV_LIMIT_EXCEEDED);
}

static void places_may_be_empty(void **state)
{
    (void)state;
    struct wv_passed_texts texts = {0};
    int fd = memory("x", 1, ALL);
    wv_passed_texts_add(&texts, -1);
    wv_passed_texts_add(&texts, fd);
    assert_int_equal(wv_passed_texts_at(&texts, 0), -1);
    assert_int_equal(wv_passed_texts_at(&texts, 1), fd);
    assert_int_equal(wv_passed_texts_at(&texts, 2), -1);
    wv_passed_texts_clear(&texts);
    assert_int_equal(texts.count, 0);
    assert_int_equal(fcntl(fd, F_GETFD), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_text_is_read_whole),
        cmocka_unit_test(what_may_change_or_block_is_refused),
        cmocka_unit_test(a_text_has_a_limit),
        cmocka_unit_test(places_may_be_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
