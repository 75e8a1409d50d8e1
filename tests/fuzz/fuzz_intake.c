/* Any bytes as what a client sends, and when: messages of some bytes with some descriptors, and
 * reads between them. Checked: every descriptor comes with the line that the last byte of its
 * message is of, in the order of sending; more than fit are refused, and only those; none is left
 * open. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "fuzz.h"
#include "intake.h"

enum {
    FILES = WV_PASSED_TEXTS + 2,
    INPUT_MAX = 4096,
    MESSAGE_MAX = 64,
    QUEUE_MAX = INPUT_MAX / 3 * FILES + FILES,
};

static int files[FILES];
static ino_t inodes[FILES];

/* What was sent and has not come yet: the file, and where its message ended. */
struct sent {
    ino_t inode;
    size_t end;
};

struct world {
    int ours;
    int theirs;
    struct wv_intake intake;
    struct sent queue[QUEUE_MAX];
    size_t first;
    size_t count;
    char stream[INPUT_MAX]; /* all bytes that were sent */
    size_t sent_bytes;
    size_t taken_bytes; /* up to the end of the last line that came */
    size_t next_file;
};

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void make_files(void)
{
    for (size_t i = 0; files[FILES - 1] == 0 && i < FILES; i++) {
        struct stat status;
        files[i] = memfd_create("fuzz", MFD_CLOEXEC);
        require(files[i] > 0 && fstat(files[i], &status) == 0);
        inodes[i] = status.st_ino;
    }
}

static void send_message(struct world *world, const uint8_t *bytes, size_t length, size_t count)
{
    int fds[FILES] = {0};
    memcpy(world->stream + world->sent_bytes, bytes, length);
    world->sent_bytes += length;
    for (size_t i = 0; i < count; i++) {
        size_t file = world->next_file++ % FILES;
        fds[i] = files[file];
        world->queue[world->first + world->count++] =
            (struct sent){inodes[file], world->sent_bytes};
    }
    require(send_descriptors(world->theirs, bytes, length, fds, count) == (ssize_t)length);
}

/* Just those that were sent up to the end of this line. */
static void check_texts(struct world *world, const struct wv_passed_texts *texts)
{
    size_t expected = 0;
    while (expected < world->count &&
           world->queue[world->first + expected].end <= world->taken_bytes)
        expected++;
    require(texts->count == expected);
    for (size_t i = 0; i < expected; i++) {
        struct stat status;
        require(fstat(texts->fds[i], &status) == 0);
        require(status.st_ino == world->queue[world->first++].inode);
    }
    world->count -= expected;
}

/* The next line of the stream that is not empty, without its end, has to be this one. */
static void check_line(struct world *world, const char *line, size_t length)
{
    const char *start;
    size_t count;
    do {
        start = world->stream + world->taken_bytes;
        const char *end = memchr(start, '\n', world->sent_bytes - world->taken_bytes);
        require(end != NULL);
        count = (size_t)(end - start);
        world->taken_bytes += count + 1;
        count -= count > 0 && end[-1] == '\r';
    } while (count == 0);
    require(length == count && memcmp(line, start, count) == 0 && line[count] == '\0');
}

static void take_lines(struct world *world)
{
    const char *line;
    size_t length;
    struct wv_passed_texts texts = {0};
    while (wv_intake_next(&world->intake, &line, &length, &texts) == WV_FRAME_LINE) {
        check_line(world, line, length);
        check_texts(world, &texts);
        wv_passed_texts_clear(&texts);
    }
    require(texts.count == 0);
}

/* False: what came is refused, and the connection at its end. */
static bool read_all(struct world *world)
{
    for (;;) {
        enum wv_intake_status status = wv_intake_read(&world->intake, world->ours, true);
        require(status != WV_INTAKE_BROKEN && status != WV_INTAKE_END);
        if (status == WV_INTAKE_CROWDED)
            require(world->count > WV_PASSED_TEXTS);
        if (status != WV_INTAKE_FED)
            return status == WV_INTAKE_EMPTY;
        require(world->intake.passed_count <= WV_PASSED_TEXTS);
        take_lines(world);
    }
}

/* A byte for the descriptors and whether to read, one for the length, and as many of the message.
 */
static void play(struct world *world, const uint8_t *data, size_t size)
{
    while (size > 2) {
        size_t count = data[0] % 16 < FILES ? data[0] % 16 : 0;
        size_t length = data[1] % MESSAGE_MAX + 1;
        bool reads = data[0] >= 64;
        length = length < size - 2 ? length : size - 2;
        send_message(world, data + 2, length, count);
        data += 2 + length;
        size -= 2 + length;
        if (reads && !read_all(world))
            return;
    }
    if (read_all(world))
        require(world->count <= WV_PASSED_TEXTS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world world;
    int ends[2];
    make_files();
    if (size > INPUT_MAX)
        return 0;
    size_t before = count_descriptors();
    require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    world.ours = ends[0];
    world.theirs = ends[1];
    world.first = world.count = world.next_file = 0;
    world.sent_bytes = world.taken_bytes = 0;
    wv_intake_init(&world.intake);
    play(&world, data, size);
    wv_intake_free(&world.intake);
    close(world.ours);
    close(world.theirs);
    require(count_descriptors() == before);
    return 0;
}
