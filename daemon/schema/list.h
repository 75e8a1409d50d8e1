/* Lists as the queries give them: "a, b", whose items may hold quoted text and parentheses. Pure,
 * any thread. */
#ifndef WV_LIST_H
#define WV_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the first item (a comma and blanks follow it, or the end); the list behind that; is
 * this item in the list (NULL: none are)? */
size_t wv_list_item(const char *list);
const char *wv_list_next(const char *list);
bool wv_list_has(const char *list, const char *item);

/* Of an item "key value": how long the key is; of a list: its item with this key, or NULL. */
size_t wv_list_key(const char *item);
const char *wv_list_find(const char *list, const char *key, size_t length);

/* The last part of a dotted name, as it is quoted; borrowed of it. */
const char *wv_last_part(const char *name);

#endif
