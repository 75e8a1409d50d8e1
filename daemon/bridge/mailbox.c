/* A mutex, a list and an eventfd. The eventfd's counter is kept at one while the list holds
 * something and drained with its last message, so that its readability tells the state. */
#include "mailbox.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct wv_mailbox {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t room;   /* told when the box is no longer full */
    struct wv_message *first;
    struct wv_message **last;
    size_t count;
    size_t capacity;
    int fd;
};

struct wv_mailbox *wv_mailbox_new(size_t capacity)
{
    struct wv_mailbox *box = wv_xcalloc(1, sizeof(*box));
    pthread_mutex_init(&box->mutex, NULL);
    pthread_cond_init(&box->room, NULL);
    box->last = &box->first;
    box->capacity = capacity;
    box->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (box->fd < 0)
        abort();
    return box;
}

void wv_mailbox_free(struct wv_mailbox *box)
{
    if (box == NULL)
        return;
    struct wv_message *message;
    while ((message = wv_mailbox_take(box)) != NULL)
        wv_message_free(message);
    close(box->fd);
    pthread_cond_destroy(&box->room);
    pthread_mutex_destroy(&box->mutex);
    free(box);
}

static void wake(struct wv_mailbox *box)
{
    if (eventfd_write(box->fd, 1) != 0)
        abort();
}

static void append(struct wv_mailbox *box, struct wv_message *message)
{
    message->next = NULL;
    *box->last = message;
    box->last = &message->next;
    if (box->count++ == 0)
        wake(box);
}

bool wv_mailbox_post(struct wv_mailbox *box, struct wv_message *message)
{
    pthread_mutex_lock(&box->mutex);
    bool fits = box->count < box->capacity;
    if (fits)
        append(box, message);
    pthread_mutex_unlock(&box->mutex);
    return fits;
}

void wv_mailbox_put(struct wv_mailbox *box, struct wv_message *message)
{
    pthread_mutex_lock(&box->mutex);
    append(box, message);
    pthread_mutex_unlock(&box->mutex);
}

void wv_mailbox_deliver(struct wv_mailbox *box, struct wv_message *message)
{
    pthread_mutex_lock(&box->mutex);
    while (box->count >= box->capacity)
        pthread_cond_wait(&box->room, &box->mutex);
    append(box, message);
    pthread_mutex_unlock(&box->mutex);
}

/* With the mutex held: takes what `*link` points at out of the list. */
static struct wv_message *unlink_message(struct wv_mailbox *box, struct wv_message **link)
{
    struct wv_message *message = *link;
    if (message == NULL)
        return NULL;
    *link = message->next;
    if (box->last == &message->next)
        box->last = link;
    message->next = NULL;
    if (--box->count < box->capacity)
        pthread_cond_signal(&box->room);
    if (box->count == 0) {
        eventfd_t value;
        if (eventfd_read(box->fd, &value) != 0)
            abort();
    }
    return message;
}

struct wv_message *wv_mailbox_take(struct wv_mailbox *box)
{
    pthread_mutex_lock(&box->mutex);
    struct wv_message *message = unlink_message(box, &box->first);
    pthread_mutex_unlock(&box->mutex);
    return message;
}

struct wv_message *wv_mailbox_take_kind(struct wv_mailbox *box, enum wv_message_kind kind)
{
    pthread_mutex_lock(&box->mutex);
    struct wv_message **link = &box->first;
    while (*link != NULL && (*link)->kind != kind)
        link = &(*link)->next;
    struct wv_message *message = unlink_message(box, link);
    pthread_mutex_unlock(&box->mutex);
    return message;
}

struct wv_message *wv_mailbox_take_job(struct wv_mailbox *box, uint64_t job_id)
{
    pthread_mutex_lock(&box->mutex);
    struct wv_message **link = &box->first;
    while (*link != NULL && ((*link)->kind != WV_MSG_JOB || (*link)->job.id != job_id))
        link = &(*link)->next;
    struct wv_message *message = unlink_message(box, link);
    pthread_mutex_unlock(&box->mutex);
    return message;
}

bool wv_mailbox_has_kind(struct wv_mailbox *box, enum wv_message_kind kind)
{
    pthread_mutex_lock(&box->mutex);
    const struct wv_message *message = box->first;
    while (message != NULL && message->kind != kind)
        message = message->next;
    pthread_mutex_unlock(&box->mutex);
    return message != NULL;
}

int wv_mailbox_fd(const struct wv_mailbox *box)
{
    return box->fd;
}

size_t wv_mailbox_count(struct wv_mailbox *box)
{
    pthread_mutex_lock(&box->mutex);
    size_t count = box->count;
    pthread_mutex_unlock(&box->mutex);
    return count;
}
