/* Opens a file for somebody else: the daemon may read more than those it works for, and that must
 * not become theirs. Any thread; blocks on the disk. */
#ifndef WV_FILE_FOR_H
#define WV_FILE_FOR_H

#include <sys/types.h>

/* Opens the regular file `path` (absolute, without symbolic links) if the user could do so himself:
 * its mode and those of all folders on the way let him, as their owner or as anybody. Access that
 * only a group or an access list gives is not seen. Each is held open when it is looked at, so that
 * none is exchanged in between. Returns the descriptor, or a negative errno: -EACCES; -ELOOP for a
 * symbolic link; -EINVAL for what is no regular file. */
int wv_file_open_for(uid_t uid, const char *path);

#endif
