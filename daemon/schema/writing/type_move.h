/* Columns go over to another type, or to their own when it is made anew: how their values become
 * those of the new one. Internal to the folder. */
#ifndef WV_TYPE_MOVE_H
#define WV_TYPE_MOVE_H

#include "kind.h"
#include "strbuf.h"
#include "type_change.h"

/* From the least to the most that is lost of the server's own ways. */
enum wv_carrying {
    WV_CARRIED_AS_IT_IS,
    WV_CARRIED_BY_ITSELF,   /* the server assigns it */
    WV_CARRIED_BY_TEXT,     /* printed, and read again */
    WV_CARRIED_BY_CAST,     /* by the server's own cast, which has to be asked for */
    WV_CARRIED_BY_FUNCTION, /* by a cast that we make: a composite, attribute by attribute */
    WV_CARRIED_BY_NOTHING,
};

struct wv_conversion {
    enum wv_carrying how;
    struct wv_type_change what;
};

/* Of a column, or an attribute of a composite type, before and after. */
struct wv_conversion wv_conversion_find(const struct wv_ddl *ddl, const struct wv_object *old,
                                        const struct wv_object *new);

/* Is the column another table's all the time, which takes it along? */
bool wv_follows_parent(const struct wv_ddl *ddl, const struct wv_change *column);

/* By a cast that is written: "::text::public.e" behind the value. */
bool wv_is_cast_asked(const struct wv_conversion *conversion);
void wv_write_cast(struct wv_strbuf *out, const struct wv_conversion *conversion, const char *type);
/* What it may do to the values of a column, of the new schema; refuses to lose all of them. */
void wv_tell_conversion(struct wv_ddl_statement *statement, const struct wv_object *column,
                        const struct wv_type_change *change);
void wv_refuse_lost_values(struct wv_ddl *ddl, const struct wv_object *column,
                           const struct wv_conversion *conversion);

/* A column's value as that of the column in the table that is made anew; what that takes away. */
void wv_write_carried(struct wv_ddl *ddl, struct wv_strbuf *out, const struct wv_change *column);
void wv_tell_carried(const struct wv_ddl *ddl, struct wv_ddl_statement *statement,
                     const struct wv_change *column);

/* The cast from a composite type that is set aside to the new one, where text will not do. */
void wv_write_conversion(struct wv_ddl *ddl, const struct wv_object *type);
void wv_drop_conversion(struct wv_ddl *ddl, const struct wv_object *old);

#endif
