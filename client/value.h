/* Reading what the daemon sent without trusting it: a field that is missing or of another type
 * reads as nothing. All results are borrowed from the object. */
#ifndef WV_VALUE_H
#define WV_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

const char *wv_value_text(const json_t *object, const char *key); /* NULL: no string */
int64_t wv_value_int(const json_t *object, const char *key);      /* 0: no number */
double wv_value_real(const json_t *object, const char *key);      /* 0: no number */
bool wv_value_true(const json_t *object, const char *key);
json_t *wv_value_object(const json_t *object, const char *key); /* NULL: no object */
json_t *wv_value_array(const json_t *object, const char *key);  /* NULL: no array */
size_t wv_value_count(const json_t *object, const char *key);   /* of an array; 0: none */

#endif
