/* See state_dir.h. */
#include "state_dir.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xalloc.h"

char *wv_state_dir(void)
{
    const char *service = getenv("STATE_DIRECTORY");
    const char *xdg = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (service != NULL && *service == '/')
        return wv_xstrndup(service, strcspn(service, ":"));
    if (geteuid() == 0)
        return wv_xstrdup("/var/lib/woven");
    if (xdg != NULL && *xdg == '/')
        return wv_xasprintf("%s/woven", xdg);
    if (home != NULL && *home == '/')
        return wv_xasprintf("%s/.local/state/woven", home);
    return wv_xasprintf("/var/tmp/woven-%ld", (long)geteuid());
}
