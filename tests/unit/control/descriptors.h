/* Descriptors in tests: how many are open, and sending some with a text. */
#ifndef WV_TEST_DESCRIPTORS_H
#define WV_TEST_DESCRIPTORS_H

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Of this process: one more after a test than before it is leaked, whatever its number is. */
static inline size_t count_descriptors(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    if (folder == NULL)
        abort();
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

/* All in one message, at most 253 (SCM_MAX_FD of Linux, unix(7)); as sendmsg(2) answers. */
static inline ssize_t send_descriptors(int socket, const void *bytes, size_t length, const int *fds,
                                       size_t count)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * 253)];
    } control = {.bytes = {0}};
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = length};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (count > 253)
        abort();
    if (count > 0) {
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        control.header = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
                                          .cmsg_type = SCM_RIGHTS,
                                          .cmsg_len = CMSG_LEN(count * sizeof(int))};
        memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
    }
    return sendmsg(socket, &message, 0);
}

#endif
