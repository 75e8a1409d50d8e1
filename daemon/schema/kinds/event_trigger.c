/* Event triggers. See kind.h. */
#include "kinds.h"

static const struct wv_attribute attributes[] = {
    {"event", WV_WAY_RECREATE}, {"tags", WV_WAY_RECREATE}, {"function", WV_WAY_RECREATE},
    {"enabled", WV_WAY_ALTER},  {NULL, WV_WAY_NONE},
};

const struct wv_kind wv_kind_event_trigger = {
    .name = "event trigger",
    .sql_name = "EVENT TRIGGER",
    .rank = 120,
    .attributes = attributes,
};
