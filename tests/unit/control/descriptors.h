/* How many descriptors this process has open: one more after a test than before it is leaked,
 * whatever its number is. */
#ifndef WV_TEST_DESCRIPTORS_H
#define WV_TEST_DESCRIPTORS_H

#include <dirent.h>
#include <stdlib.h>

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

#endif
