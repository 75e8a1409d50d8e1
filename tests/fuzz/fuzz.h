/* The entry that libFuzzer and mutate.c call. */
#ifndef WV_FUZZ_H
#define WV_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
