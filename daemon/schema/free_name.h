/* Names for what is there for a while only. Pure. */
#ifndef WV_FREE_NAME_H
#define WV_FREE_NAME_H

#include "difference.h"

/* Made of another name and a suffix, within PostgreSQL's 63 bytes, quoted: nothing in the schema
 * has it, before or after, and no other name leads to it. The same each time it is asked for. The
 * caller's own. */
char *wv_free_name(const struct wv_difference *difference, const char *schema, const char *name,
                   const char *suffix);

#endif
