/* See instance.h. Values only. */
#include "instance.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "strbuf.h"

struct wv_instance_id wv_instance_id_new(void)
{
    struct wv_instance_id id = {""};
    unsigned char bytes[16];
    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        abort();
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    char *at = id.text;
    for (size_t i = 0; i < sizeof(bytes); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        (void)snprintf(at, 3, "%02x", bytes[i]);
        at += 2;
    }
    return id;
}

void wv_doing_copy(struct wv_doing *to, const struct wv_doing *from)
{
    struct wv_doing copy = *from;
    copy.job = wv_xstrdup(from->job);
    copy.revision = wv_xstrdup(from->revision);
    wv_doing_clear(to);
    *to = copy;
}

void wv_doing_clear(struct wv_doing *doing)
{
    free(doing->job);
    free(doing->revision);
    *doing = (struct wv_doing){0};
}

char *wv_doing_text(const struct wv_doing *doing)
{
    if (doing->job == NULL)
        return NULL;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_adds(&text, doing->job);
    if (doing->revision != NULL)
        wv_strbuf_addf(&text, ", step %d of %d, %s %s, for %lld s", doing->step, doing->steps,
                       doing->up ? "up" : "down", doing->revision,
                       (long long)(doing->step_ms / 1000));
    else
        wv_strbuf_addf(&text, " for %lld s", (long long)(doing->job_ms / 1000));
    return wv_strbuf_take(&text);
}

void wv_holder_copy(struct wv_holder *to, const struct wv_holder *from)
{
    struct wv_holder copy = {.backend_pid = from->backend_pid,
                             .user = wv_xstrdup(from->user),
                             .application = wv_xstrdup(from->application),
                             .client = wv_xstrdup(from->client),
                             .since = wv_xstrdup(from->since)};
    wv_holder_clear(to);
    *to = copy;
}

void wv_holder_clear(struct wv_holder *holder)
{
    free(holder->user);
    free(holder->application);
    free(holder->client);
    free(holder->since);
    *holder = (struct wv_holder){0};
}

char *wv_holder_text(const struct wv_holder *holder)
{
    if (holder->backend_pid == 0)
        return NULL;
    struct wv_strbuf text WV_AUTOSTRBUF = WV_STRBUF_INIT;
    wv_strbuf_addf(&text, "session %d, user %s, application \"%s\"", holder->backend_pid,
                   holder->user, holder->application);
    if (holder->client[0] != '\0')
        wv_strbuf_addf(&text, ", from %s", holder->client);
    return wv_strbuf_take(&text);
}

void wv_instance_clear(struct wv_instance *instance)
{
    free(instance->id);
    free(instance->host);
    free(instance->version);
    free(instance->role);
    wv_strlist_free(&instance->heads);
    wv_doing_clear(&instance->doing);
    *instance = (struct wv_instance){0};
}

void wv_instances_clear(struct wv_instances *instances)
{
    for (size_t i = 0; i < instances->count; i++)
        wv_instance_clear(&instances->items[i]);
    free(instances->items);
    *instances = (struct wv_instances){0};
}
