/* Values that a column may take, guessed from its type and from what the constraints on it mention.
 * Columns of equal types get equal values, so that foreign keys between tables of one row hold, but
 * where each is to have its own. Pure. */
#ifndef WV_ROW_VALUES_H
#define WV_ROW_VALUES_H

#include "strlist.h"

struct wv_row_column {
    const char *type;       /* pg_type.typname, of a domain's base */
    char category;          /* pg_type.typcategory */
    char sort;              /* pg_type.typtype */
    const char *label;      /* the first of an enum; NULL: of none */
    int fields;             /* of a composite type */
    int bits;               /* of bit(n); 0: of no fixed length */
    const char *conditions; /* constraints and partition bounds, as SQL; "" none */
    int number;             /* by which its value is to be told from others; 0: it is not */
};

/* Adds texts as the type's input function reads them; at least one. The first is the column's own,
 * or the type's; where there are conditions, more follow, the likeliest first. */
void wv_row_values(struct wv_strlist *values, const struct wv_row_column *column);

#endif
