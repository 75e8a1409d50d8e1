/* See xalloc.h. */
#include "xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_abort(void *ptr)
{
    if (ptr == NULL) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return ptr;
}

void *wv_xmalloc(size_t size)
{
    return or_abort(malloc(size == 0 ? 1 : size));
}

void *wv_xcalloc(size_t count, size_t size)
{
    return or_abort(calloc(count == 0 ? 1 : count, size == 0 ? 1 : size));
}

void *wv_xreallocarray(void *ptr, size_t count, size_t size)
{
    return or_abort(reallocarray(ptr, count == 0 ? 1 : count, size == 0 ? 1 : size));
}

char *wv_xstrdup(const char *text)
{
    return text == NULL ? NULL : or_abort(strdup(text));
}

char *wv_xstrndup(const char *text, size_t length)
{
    return or_abort(strndup(text, length));
}

void *wv_xmemdup(const void *data, size_t size)
{
    void *copy = wv_xmalloc(size);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *wv_xvasprintf(const char *format, va_list args)
{
    char *text;
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    return or_abort(text);
}

char *wv_xasprintf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = wv_xvasprintf(format, args);
    va_end(args);
    return text;
}

void wv_autofree_cleanup(void *pointer_to_pointer)
{
    void *ptr;
    memcpy(&ptr, pointer_to_pointer, sizeof(ptr));
    free(ptr);
}
