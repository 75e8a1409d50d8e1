/* Drives a fuzz entry without libFuzzer, the same way on each run: mutate SEED ROUNDS DIR... takes
 * every file of the directories as a start and changes it a little, again and again. The input of a
 * crash is written to crash-input. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file_read.h"
#include "fuzz.h"
#include "strbuf.h"

enum { SEEDS_MAX = 256, INPUT_MAX = 4096, CHANGES_MAX = 8 };

static uint64_t random_state;
static struct wv_strbuf input;

static size_t random_below(size_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % limit);
}

static const char *const pieces[] = {
    "'",
    "\"",
    "$$",
    "$a$",
    ";",
    "(",
    ")",
    "--",
    "/*",
    "*/",
    "\n",
    "\r\n",
    "\r",
    "\\",
    "E'",
    "U&'",
    "U&\"",
    "BEGIN ATOMIC ",
    " END;",
    "CREATE FUNCTION f() ",
    "COPY t FROM STDIN;",
    "\n\\.\n",
    "COMMIT;",
    "ROLLBACK TO a;",
    "-- woven:up\n",
    "\n-- woven:down\n",
    "\n-- woven:up transaction=off\n",
    "-- revision: aa01\n",
    "-- down_revision: a, b\n",
    "-- message: x\n",
    "lock_timeout=2s",
    "\xEF\xBB\xBF",
    "\xFF",
    "\xC3\xA9",
    "CREATE INDEX CONCURRENTLY i ON t (a);",
    "VACUUM;",
    "$",
    "::",
    ":=",
    "..",
    "1e5",
    "+-",
    "@-",
    "''",
    "' \n '",
};

static void replace(size_t at, size_t drop, const char *bytes, size_t length)
{
    struct wv_strbuf next = WV_STRBUF_INIT;
    wv_strbuf_add(&next, input.data, at);
    wv_strbuf_add(&next, bytes, length);
    wv_strbuf_add(&next, input.data + at + drop, input.length - at - drop);
    wv_strbuf_free(&input);
    input = next;
}

static void change(const struct wv_strbuf *seeds, size_t count)
{
    size_t at = random_below(input.length + 1);
    size_t left = input.length - at;
    size_t some = left == 0 ? 0 : random_below(left < 40 ? left : 40) + 1;
    switch (random_below(5)) {
    case 0: {
        const char *piece = pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))];
        replace(at, 0, piece, strlen(piece));
        break;
    }
    case 1:
        replace(at, some, "", 0);
        break;
    case 2: {
        char *copy WV_AUTOFREE = wv_xmemdup(input.data + at, some);
        replace(random_below(input.length + 1), 0, copy, some);
        break;
    }
    case 3:
        if (left > 0)
            input.data[at] = (char)random_below(256);
        break;
    default: {
        const struct wv_strbuf *other = &seeds[random_below(count)];
        size_t from = random_below(other->length + 1);
        size_t length = other->length - from;
        replace(at, 0, other->data + from, length < 200 ? length : 200);
    }
    }
    if (input.length > INPUT_MAX)
        replace(INPUT_MAX, input.length - INPUT_MAX, "", 0);
}

static void keep_input(int number)
{
    int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd >= 0 && write(fd, input.data, input.length) >= 0)
        (void)close(fd);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static size_t read_seeds(const char *dir, struct wv_strbuf *seeds, size_t count)
{
    DIR *stream = opendir(dir);
    if (stream == NULL)
        return count;
    struct wv_file_buffer buffer = {0};
    for (const struct dirent *item; count < SEEDS_MAX && (item = readdir(stream)) != NULL;) {
        const char *dot = strrchr(item->d_name, '.');
        size_t length;
        struct wv_file_stamp stamp;
        if (dot == NULL || (strcmp(dot, ".sql") != 0 && strcmp(dot, ".txt") != 0) ||
            wv_file_read(dirfd(stream), item->d_name, &buffer, &length, &stamp) != 0)
            continue;
        wv_strbuf_add(&seeds[count], buffer.data, length);
        count++;
    }
    (void)closedir(stream);
    wv_file_buffer_free(&buffer);
    return count;
}

static int compare_seeds(const void *left, const void *right)
{
    const struct wv_strbuf *a = left;
    const struct wv_strbuf *b = right;
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->data, b->data, shorter);
    return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

int main(int argc, char **argv)
{
    static struct wv_strbuf seeds[SEEDS_MAX];
    size_t count = 0;
    if (argc < 4)
        return 2;
    uint64_t seed = strtoull(argv[1], NULL, 10);
    unsigned long rounds = strtoul(argv[2], NULL, 10);
    for (int i = 3; i < argc; i++)
        count = read_seeds(argv[i], seeds, count);
    if (count == 0 || seed == 0)
        return 2;
    qsort(seeds, count, sizeof(seeds[0]), compare_seeds); /* the order on disk must not matter */
    printf("seed %" PRIu64 ", %lu rounds, %zu starts\n", seed, rounds, count);
    (void)fflush(stdout);
    (void)signal(SIGABRT, keep_input);
    (void)signal(SIGSEGV, keep_input);
    random_state = seed;
    for (unsigned long round = 0; round < rounds; round++) {
        const struct wv_strbuf *start = &seeds[round % count];
        wv_strbuf_reset(&input);
        wv_strbuf_add(&input, start->data, start->length);
        for (size_t changes = round < count ? 0 : random_below(CHANGES_MAX) + 1; changes > 0;
             changes--)
            change(seeds, count);
        (void)LLVMFuzzerTestOneInput((const uint8_t *)input.data, input.length);
    }
    for (size_t i = 0; i < count; i++)
        wv_strbuf_free(&seeds[i]);
    wv_strbuf_free(&input);
    return 0;
}
