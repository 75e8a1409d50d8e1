/* Many clients at once: each connects to a Unix socket, writes one line and reads until the line
 * that answers the request with "id":1. Prints how many were answered with an error or not at all,
 * then the milliseconds from its connect to its answer: median, 99th percentile, slowest.
 * Usage: bench_herd SOCKET COUNT LINE */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 16384, PATIENCE_MS = 60000 };

struct client {
    double began;
    double took; /* negative: no answer yet */
    bool failed;
    size_t length;
    char line[LINE_BYTES];
};

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* A full backlog lets a blocking connect wait, as wovenctl does. */
static bool start(struct client *client, const struct sockaddr_un *address, const char *line,
                  int *fd)
{
    client->began = now_ms();
    client->took = -1;
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0 || connect(*fd, (const struct sockaddr *)address, sizeof(*address)) != 0)
        return false;
    size_t length = strlen(line);
    return send(*fd, line, length, MSG_NOSIGNAL) == (ssize_t)length &&
           fcntl(*fd, F_SETFL, O_NONBLOCK) == 0;
}

/* Looks at each whole line; keeps the rest. */
static void take_lines(struct client *client)
{
    char *end;
    while (client->took < 0 && (end = memchr(client->line, '\n', client->length)) != NULL) {
        *end = '\0';
        if (strstr(client->line, "\"id\":1") != NULL) {
            client->took = now_ms() - client->began;
            client->failed = strstr(client->line, "\"error\":{") != NULL;
        }
        size_t used = (size_t)(end - client->line) + 1;
        memmove(client->line, end + 1, client->length - used);
        client->length -= used;
    }
}

/* True when nothing more is to come. */
static bool receive(struct client *client, int fd)
{
    ssize_t got = recv(fd, client->line + client->length, LINE_BYTES - client->length, 0);
    if (got < 0)
        return errno != EAGAIN && errno != EINTR;
    client->length += (size_t)got;
    take_lines(client);
    return got == 0 || client->took >= 0 || client->length == LINE_BYTES;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

static void print(const struct client *clients, size_t count)
{
    double *times = calloc(count, sizeof(*times));
    size_t good = 0;
    for (size_t i = 0; i < count; i++)
        if (clients[i].took >= 0 && !clients[i].failed)
            times[good++] = clients[i].took;
    qsort(times, good, sizeof(*times), compare);
    printf("%zu", count - good);
    if (good > 0)
        printf(" %.2f %.2f %.2f", times[good / 2], times[good * 99 / 100], times[good - 1]);
    putchar('\n');
    free(times);
}

static void run(struct client *clients, struct pollfd *polls, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        left += polls[i].fd >= 0;
    while (left > 0 && poll(polls, count, PATIENCE_MS) > 0)
        for (size_t i = 0; i < count; i++)
            if (polls[i].fd >= 0 && polls[i].revents != 0 && receive(&clients[i], polls[i].fd)) {
                close(polls[i].fd);
                polls[i].fd = -1;
                left--;
            }
}

int main(int argc, char **argv)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t count = argc == 4 ? (size_t)atol(argv[2]) : 0;
    if (count == 0 || strlen(argv[1]) >= sizeof(address.sun_path)) {
        fputs("usage: bench_herd SOCKET COUNT LINE\n", stderr);
        return 2;
    }
    memcpy(address.sun_path, argv[1], strlen(argv[1]));
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    struct client *clients = calloc(count, sizeof(*clients));
    struct pollfd *polls = calloc(count, sizeof(*polls));
    char *line = malloc(strlen(argv[3]) + 2);
    if (clients == NULL || polls == NULL || line == NULL)
        return 1;
    sprintf(line, "%s\n", argv[3]);
    for (size_t i = 0; i < count; i++) {
        polls[i].events = POLLIN;
        if (!start(&clients[i], &address, line, &polls[i].fd)) {
            perror("herd");
            return 1;
        }
    }
    run(clients, polls, count);
    print(clients, count);
    free(line);
    free(polls);
    free(clients);
    return 0;
}
