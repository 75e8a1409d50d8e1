/* Who may do what: the lists of [access], resolved to numbers once, held against what the kernel
 * says of a caller. Loop thread. */
#ifndef WV_ACCESS_H
#define WV_ACCESS_H

#include "settings.h"
#include "usock.h"

enum wv_access_class { WV_ACCESS_READ, WV_ACCESS_MIGRATE, WV_ACCESS_ADMIN };

/* "read", "migrate", "admin". */
const char *wv_access_word(enum wv_access_class access);

struct wv_rights;

/* An entry is "*", a user's name or number, or "@" and a group's name or number. Names that do not
 * exist are logged and match nobody. An empty list is the class's default: everybody for read; root
 * and the daemon's own user for the others. Asks the user database: not for each request. */
struct wv_rights *wv_rights_new(const struct wv_access *access);
void wv_rights_free(struct wv_rights *rights);

/* Who may migrate or administer may also read; otherwise the lists say exactly who, root included.
 */
bool wv_rights_allow(const struct wv_rights *rights, enum wv_access_class access,
                     const struct wv_peer *peer);

#endif
