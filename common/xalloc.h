/* Memory that never fails to come: each call aborts the program when there is none left.
 * Inputs are bounded by limits long before that. Safe from any thread. What is returned is the
 * caller's, to free with free(). */
#ifndef WV_XALLOC_H
#define WV_XALLOC_H

#include <stdarg.h>
#include <stddef.h>

#define WV_MUST_CHECK   __attribute__((warn_unused_result))
#define WV_PRINTF(f, a) __attribute__((format(printf, f, a)))

void *wv_xmalloc(size_t size);
void *wv_xcalloc(size_t count, size_t size);
/* Room for `count` items of `size`; aborts also when the product overflows. */
void *wv_xreallocarray(void *ptr, size_t count, size_t size);
/* NULL gives NULL. */
char *wv_xstrdup(const char *text);
char *wv_xstrndup(const char *text, size_t length);
void *wv_xmemdup(const void *data, size_t size);
char *wv_xasprintf(const char *format, ...) WV_PRINTF(1, 2);
char *wv_xvasprintf(const char *format, va_list args) WV_PRINTF(1, 0);

/* Grows `array` (of `*capacity` items) so that one more than `count` fits. */
#define WV_GROW(array, count, capacity)                                                            \
    do {                                                                                           \
        if ((count) == (capacity)) {                                                               \
            (capacity) = (capacity) == 0 ? 8 : (capacity)*2;                                       \
            (array) = wv_xreallocarray((array), (capacity), sizeof(*(array)));                     \
        }                                                                                          \
    } while (0)

/* A local `char *x WV_AUTOFREE = ...;` is freed at the end of its scope. */
void wv_autofree_cleanup(void *pointer_to_pointer);
#define WV_AUTOFREE __attribute__((cleanup(wv_autofree_cleanup)))

/* Takes the pointer out of a variable and leaves NULL: hands an owned local on. */
#define WV_STEAL(pointer)                                                                          \
    __extension__({                                                                                \
        __typeof__(pointer) wv_stolen_ = (pointer);                                                \
        (pointer) = NULL;                                                                          \
        wv_stolen_;                                                                                \
    })

#endif
