/* The one pass over a revision file's text that loading and reading share. Internal to the files
 * of revision_file.h. */
#ifndef WV_REVISION_PARSE_H
#define WV_REVISION_PARSE_H

#include "revision_header.h"
#include "section_marker.h"

enum wv_section_name { WV_SECTION_UP, WV_SECTION_DOWN, WV_SECTIONS };

struct wv_section {
    bool present;
    int line;          /* of the marker */
    size_t begin, end; /* the marker line and all that follows */
    struct wv_section_options options;
    size_t count;                    /* of statements */
    struct wv_statements statements; /* point into the text; only when asked for */
};

struct wv_parse {
    struct wv_faults faults;
    struct wv_header header;
    struct wv_section sections[WV_SECTIONS];
    struct wv_checksum *checksum; /* borrowed; NULL: none is wanted */
    bool wants_statements;
    bool text_outside;
    const char *text;
    size_t length;
    struct wv_section *section; /* the open one; NULL: in the header, or after a bad marker */
    bool any_marker;
    struct wv_place place; /* of the newest statement, header line or marker */
    struct wv_lexer lexer;
    struct wv_splitter splitter;
};

/* `text` is normalised and stays the caller's. */
void wv_parse_init(struct wv_parse *parse, const char *path, const char *text, size_t length,
                   struct wv_problems *problems);
/* A whole file. */
void wv_parse_file(struct wv_parse *parse);
/* One section's text, whose marker line may be missing; it becomes sections[WV_SECTION_UP]. */
void wv_parse_stored(struct wv_parse *parse);
void wv_parse_free(struct wv_parse *parse);

#endif
