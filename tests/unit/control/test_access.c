/* Unit tests of access: names, numbers, groups and defaults against peers made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <unistd.h>

#include <cmocka.h>

#include "access.h"
#include "log.h"

static gid_t some_groups[] = {501, 777};

static const struct wv_peer root = {.uid = 0, .gid = 0};
static const struct wv_peer stranger = {.uid = 4001, .gid = 4001};
static const struct wv_peer member = {
    .uid = 4002, .gid = 4002, .groups = some_groups, .group_count = 2};

static bool allows(struct wv_access *access, enum wv_access_class wanted,
                   const struct wv_peer *peer)
{
    struct wv_rights *rights = wv_rights_new(access);
    bool allowed = wv_rights_allow(rights, wanted, peer);
    wv_rights_free(rights);
    return allowed;
}

static void defaults_let_all_read_and_few_change(void **state)
{
    (void)state;
    struct wv_access access = {0};
    struct wv_peer self = {.uid = geteuid()};
    assert_true(allows(&access, WV_ACCESS_READ, &stranger));
    assert_false(allows(&access, WV_ACCESS_MIGRATE, &stranger));
    assert_false(allows(&access, WV_ACCESS_ADMIN, &member));
    assert_true(allows(&access, WV_ACCESS_MIGRATE, &root));
    assert_true(allows(&access, WV_ACCESS_ADMIN, &self));
}

static void lists_say_exactly_who(void **state)
{
    (void)state;
    struct wv_access access = {0};
    wv_strlist_add(&access.migrate, "4001");
    wv_strlist_add(&access.admin, "root");
    assert_true(allows(&access, WV_ACCESS_MIGRATE, &stranger));
    assert_false(allows(&access, WV_ACCESS_MIGRATE, &member));
    assert_false(allows(&access, WV_ACCESS_MIGRATE, &root));
    assert_true(allows(&access, WV_ACCESS_ADMIN, &root));
    assert_false(allows(&access, WV_ACCESS_ADMIN, &stranger));
    wv_strlist_free(&access.migrate);
    wv_strlist_free(&access.admin);
}

static void groups_count_supplementary_ones_too(void **state)
{
    (void)state;
    struct wv_access access = {0};
    wv_strlist_add(&access.migrate, "@777");
    assert_true(allows(&access, WV_ACCESS_MIGRATE, &member));
    assert_false(allows(&access, WV_ACCESS_MIGRATE, &stranger));
    wv_strlist_free(&access.migrate);
    wv_strlist_add(&access.migrate, "@4001");
    assert_true(allows(&access, WV_ACCESS_MIGRATE, &stranger));
    wv_strlist_free(&access.migrate);
    wv_strlist_add(&access.migrate, "@root");
    assert_true(allows(&access, WV_ACCESS_MIGRATE, &root));
    wv_strlist_free(&access.migrate);
}

static void who_may_change_may_also_read(void **state)
{
    (void)state;
    struct wv_access access = {0};
    wv_strlist_add(&access.read, "root");
    wv_strlist_add(&access.migrate, "4001");
    assert_true(allows(&access, WV_ACCESS_READ, &stranger));
    assert_false(allows(&access, WV_ACCESS_READ, &member));
    assert_false(allows(&access, WV_ACCESS_ADMIN, &stranger));
    wv_strlist_free(&access.read);
    wv_strlist_free(&access.migrate);
}

static void everybody_and_nobody(void **state)
{
    (void)state;
    struct wv_access access = {0};
    wv_strlist_add(&access.admin, "*");
    wv_strlist_add(&access.migrate, "no-such-user-here");
    wv_strlist_add(&access.migrate, "-1");
    wv_strlist_add(&access.migrate, "@no-such-group-here");
    assert_true(allows(&access, WV_ACCESS_ADMIN, &stranger));
    assert_false(allows(&access, WV_ACCESS_MIGRATE, &stranger));
    assert_false(allows(&access, WV_ACCESS_MIGRATE, &root));
    wv_strlist_free(&access.admin);
    wv_strlist_free(&access.migrate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_let_all_read_and_few_change),
        cmocka_unit_test(lists_say_exactly_who),
        cmocka_unit_test(groups_count_supplementary_ones_too),
        cmocka_unit_test(who_may_change_may_also_read),
        cmocka_unit_test(everybody_and_nobody),
    };
    wv_log_init(WV_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
