/* The server may print an expression in two ways that mean the same: as it was typed, and as it was
 * loaded from its own print. Which texts are such is seen in settled catalogs, those of databases
 * that were loaded from a dump of the first ones. Pure, any thread. */
#ifndef WV_SETTLED_H
#define WV_SETTLED_H

#include "catalog.h"

/* Is there an expression in both whose text is not the same, so that to settle them may tell more?
 */
bool wv_catalog_has_other_texts(const struct wv_catalog *catalog, const struct wv_catalog *other);

/* The expressions of `catalog` whose text differs from that in `other` but is the same where both
 * are settled take the other's text: they are no difference then. Only expressions: a dump leaves
 * out other things that do differ (whether a materialized view holds rows). Are there any left
 * whose settled texts are not those that they had, so that to settle these as well may tell more?
 */
bool wv_catalog_settle(struct wv_catalog *catalog, const struct wv_catalog *other,
                       const struct wv_catalog *settled, const struct wv_catalog *other_settled);

#endif
