/* See intake.h. The kernel ends a read behind the bytes of a sendmsg(2) that carried descriptors,
 * or within them, and begins none with what came later: so the last byte read is of the line that
 * they belong to, whatever was read before it in the same call. */
#include "intake.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 16 * 1024 };

void wv_intake_init(struct wv_intake *intake)
{
    *intake = (struct wv_intake){0};
    wv_frame_init(&intake->frame, WV_FRAME_REQUEST_LIMIT);
}

static enum wv_intake_status status_of(ssize_t count)
{
    if (count > 0)
        return WV_INTAKE_FED;
    if (count == 0)
        return WV_INTAKE_END;
    bool later = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return later ? WV_INTAKE_EMPTY : WV_INTAKE_BROKEN;
}

/* False: there was no room for it. */
static bool keep(struct wv_intake *intake, int fd)
{
    if (intake->passed_count == WV_PASSED_TEXTS) {
        close(fd);
        return false;
    }
    intake->passed[intake->passed_count].fd = fd;
    intake->passed[intake->passed_count++].end = intake->received;
    return true;
}

static bool keep_all(struct wv_intake *intake, struct msghdr *message)
{
    bool room = (message->msg_flags & MSG_CTRUNC) == 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part != NULL;
         part = CMSG_NXTHDR(message, part)) {
        int fds[WV_PASSED_TEXTS];
        size_t bytes = part->cmsg_len - CMSG_LEN(0);
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        memcpy(fds, CMSG_DATA(part), bytes);
        for (size_t i = 0; i < bytes / sizeof(fds[0]); i++)
            room = keep(intake, fds[i]) && room;
    }
    return room;
}

enum wv_intake_status wv_intake_read(struct wv_intake *intake, int socket, bool trusted)
{
    char bytes[READ_BYTES];
    union {
        struct cmsghdr header; /* for its alignment */
        char bytes[CMSG_LEN(sizeof(int) * WV_PASSED_TEXTS)];
    } control;
    struct iovec vector = {.iov_base = bytes, .iov_len = sizeof(bytes)};
    struct msghdr message = {.msg_iov = &vector,
                             .msg_iovlen = 1,
                             .msg_control = trusted ? &control : NULL,
                             .msg_controllen = trusted ? sizeof(control.bytes) : 0};
    ssize_t count = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    enum wv_intake_status status = status_of(count);
    if (status != WV_INTAKE_FED)
        return status;
    intake->received += (uint64_t)count;
    wv_frame_feed(&intake->frame, bytes, (size_t)count);
    return !trusted || keep_all(intake, &message) ? WV_INTAKE_FED : WV_INTAKE_CROWDED;
}

enum wv_intake_status wv_intake_skip(int socket)
{
    char bytes[READ_BYTES];
    return status_of(recv(socket, bytes, sizeof(bytes), MSG_DONTWAIT));
}

enum wv_frame_status wv_intake_next(struct wv_intake *intake, const char **line, size_t *length,
                                    struct wv_passed_texts *texts)
{
    enum wv_frame_status status = wv_frame_next(&intake->frame, line, length);
    uint64_t taken = intake->received - wv_frame_pending(&intake->frame);
    size_t kept = 0;
    for (size_t i = 0; status == WV_FRAME_LINE && i < intake->passed_count; i++) {
        if (intake->passed[i].end <= taken)
            wv_passed_texts_add(texts, intake->passed[i].fd);
        else
            intake->passed[kept++] = intake->passed[i];
    }
    if (status == WV_FRAME_LINE)
        intake->passed_count = kept;
    return status;
}

void wv_intake_free(struct wv_intake *intake)
{
    for (size_t i = 0; i < intake->passed_count; i++)
        close(intake->passed[i].fd);
    intake->passed_count = 0;
    wv_frame_free(&intake->frame);
}
