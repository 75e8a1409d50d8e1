/* Unit tests of the crossing between threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>

#include "mailbox.h"

static bool is_readable(struct wv_mailbox *box)
{
    struct pollfd poller = {.fd = wv_mailbox_fd(box), .events = POLLIN};
    return poll(&poller, 1, 0) == 1;
}

static struct wv_message *job(uint64_t id)
{
    struct wv_message *message = wv_message_new(WV_MSG_JOB);
    message->job.id = id;
    wv_strlist_add(&message->job.targets, "head");
    return message;
}

static struct wv_message *cancel(uint64_t id)
{
    struct wv_message *message = wv_message_new(WV_MSG_CANCEL);
    message->job_id = id;
    return message;
}

static void messages_come_in_order_and_wake(void **state)
{
    (void)state;
    struct wv_mailbox *box = wv_mailbox_new(4);
    assert_false(is_readable(box));
    assert_null(wv_mailbox_take(box));
    for (uint64_t i = 1; i <= 3; i++)
        assert_true(wv_mailbox_post(box, job(i)));
    for (uint64_t i = 1; i <= 3; i++) {
        assert_true(is_readable(box));
        struct wv_message *message = wv_mailbox_take(box);
        assert_int_equal(message->job.id, i);
        wv_message_free(message);
    }
    assert_false(is_readable(box));
    wv_mailbox_free(box);
}

static void a_full_box_says_so_but_takes_what_must_come(void **state)
{
    (void)state;
    struct wv_mailbox *box = wv_mailbox_new(1);
    assert_true(wv_mailbox_post(box, job(1)));
    struct wv_message *refused = job(2);
    assert_false(wv_mailbox_post(box, refused));
    assert_int_equal(refused->job.id, 2);
    wv_message_free(refused);
    wv_mailbox_put(box, cancel(1));
    assert_int_equal(wv_mailbox_count(box), 2);
    wv_mailbox_free(box);
}

static void a_cancel_jumps_the_queue_and_takes_its_job(void **state)
{
    (void)state;
    struct wv_mailbox *box = wv_mailbox_new(8);
    for (uint64_t i = 1; i <= 3; i++)
        assert_true(wv_mailbox_post(box, job(i)));
    wv_mailbox_put(box, cancel(2));
    assert_true(wv_mailbox_has_kind(box, WV_MSG_CANCEL));
    struct wv_message *first = wv_mailbox_take_kind(box, WV_MSG_CANCEL);
    assert_int_equal(first->job_id, 2);
    assert_false(wv_mailbox_has_kind(box, WV_MSG_CANCEL));
    struct wv_message *queued = wv_mailbox_take_job(box, 2);
    assert_int_equal(queued->job.id, 2);
    assert_null(wv_mailbox_take_job(box, 2));
    wv_message_free(first);
    wv_message_free(queued);
    /* The tail stays sound when its last message was taken from the middle of the queue. */
    wv_message_free(wv_mailbox_take_job(box, 3));
    assert_true(wv_mailbox_post(box, job(4)));
    wv_message_free(wv_mailbox_take(box));
    struct wv_message *last = wv_mailbox_take(box);
    assert_int_equal(last->job.id, 4);
    wv_message_free(last);
    assert_false(is_readable(box));
    wv_mailbox_free(box);
}

enum { SENDERS = 4, PER_SENDER = 2000 };

static void *send_many(void *arg)
{
    for (uint64_t i = 1; i <= PER_SENDER; i++)
        wv_mailbox_deliver(arg, job(i));
    return NULL;
}

static void senders_wait_for_room_and_nothing_is_lost(void **state)
{
    (void)state;
    struct wv_mailbox *box = wv_mailbox_new(3);
    pthread_t senders[SENDERS];
    for (int i = 0; i < SENDERS; i++)
        assert_int_equal(pthread_create(&senders[i], NULL, send_many, box), 0);
    uint64_t sum = 0;
    for (int taken = 0; taken < SENDERS * PER_SENDER;) {
        struct pollfd poller = {.fd = wv_mailbox_fd(box), .events = POLLIN};
        assert_int_equal(poll(&poller, 1, 30000), 1);
        struct wv_message *message;
        assert_true(wv_mailbox_count(box) <= 3);
        while ((message = wv_mailbox_take(box)) != NULL) {
            sum += message->job.id;
            taken++;
            wv_message_free(message);
        }
    }
    for (int i = 0; i < SENDERS; i++)
        pthread_join(senders[i], NULL);
    assert_int_equal(sum, (uint64_t)SENDERS * PER_SENDER * (PER_SENDER + 1) / 2);
    wv_mailbox_free(box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_come_in_order_and_wake),
        cmocka_unit_test(a_full_box_says_so_but_takes_what_must_come),
        cmocka_unit_test(a_cancel_jumps_the_queue_and_takes_its_job),
        cmocka_unit_test(senders_wait_for_room_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
