/* The floor of a client: connects to a Unix socket, writes one line, reads one, ends.
 * Usage: bench_ask SOCKET LINE */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (argc != 3 || strlen(argv[1]) >= sizeof(address.sun_path))
        return 2;
    memcpy(address.sun_path, argv[1], strlen(argv[1]));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
        return 1;
    dprintf(fd, "%s\n", argv[2]);
    static char buffer[65536];
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof(buffer));
        if (got <= 0)
            return 1;
        fwrite(buffer, 1, (size_t)got, stdout);
        if (buffer[got - 1] == '\n')
            return 0;
    }
}
