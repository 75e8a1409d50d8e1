/* What a client sends: bytes become lines, and each descriptor (SCM_RIGHTS, unix(7)) goes with the
 * line that it was sent with. Never blocks. Loop thread; knows no session and no JSON. */
#ifndef WV_INTAKE_H
#define WV_INTAKE_H

#include <stdint.h>

#include "frame.h"
#include "passed_texts.h"

struct wv_intake {
    struct wv_frame frame;
    uint64_t received; /* bytes, from the first on */
    struct {
        int fd;
        uint64_t end; /* a byte before this, of the line that it is of, came with it */
    } passed[WV_PASSED_TEXTS];
    size_t passed_count;
};

void wv_intake_init(struct wv_intake *intake);

enum wv_intake_status {
    WV_INTAKE_FED,     /* something came */
    WV_INTAKE_EMPTY,   /* nothing is there for now */
    WV_INTAKE_END,     /* and nothing more will come */
    WV_INTAKE_BROKEN,  /* the connection is */
    WV_INTAKE_CROWDED, /* more descriptors came than one line may have, or than this process */
};

/* One read of the socket. Without `trusted` the kernel closes what descriptors come. */
enum wv_intake_status wv_intake_read(struct wv_intake *intake, int socket, bool trusted);
/* Reads, and throws all away. */
enum wv_intake_status wv_intake_skip(int socket);
/* As wv_frame_next(); the descriptors of the line are added to `texts`, which is empty before. */
enum wv_frame_status wv_intake_next(struct wv_intake *intake, const char **line, size_t *length,
                                    struct wv_passed_texts *texts);
void wv_intake_free(struct wv_intake *intake);

#endif
