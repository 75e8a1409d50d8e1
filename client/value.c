/* See value.h. */
#include "value.h"

#include <string.h>

const char *wv_value_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int64_t wv_value_int(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

double wv_value_real(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

bool wv_value_true(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

json_t *wv_value_object(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return json_is_object(value) ? value : NULL;
}

json_t *wv_value_array(const json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return json_is_array(value) ? value : NULL;
}

size_t wv_value_count(const json_t *object, const char *key)
{
    return json_array_size(wv_value_array(object, key));
}
