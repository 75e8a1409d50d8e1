/* What client and daemon agree on about the texts that go with a request as descriptors
 * (docs/protocol.md, "Texts"). */
#ifndef WV_TEXT_LIMITS_H
#define WV_TEXT_LIMITS_H

enum {
    WV_PASSED_TEXTS = 4, /* with one request, at most */
    WV_PASSED_TEXT_SIZE = 64 * 1024 * 1024,
};

#endif
