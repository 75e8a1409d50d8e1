/* One revision file: its header, its two sections, its name.
 *
 * The header is all that comes before the first section marker: blank lines and comments only. A
 * line comment there whose text begins with a word of small letters and underscores, a colon, and
 * then a blank or the line's end ("-- down_revision: 1f800961f8ae") is a header line; its key must
 * be message, revision, down_revision, branch_labels, depends_on, create_date or replaces, each at
 * most once. Every other comment is free ("-- Note: see below", "-- https://..."), and so are all
 * comments inside sections, but for the markers.
 *
 * A marker is a line comment, the first thing of its line, whose text begins with "woven:":
 * `-- woven:up` or `-- woven:down`, with the options transaction=on|off, lock_timeout=TIME,
 * statement_timeout=TIME; TIME is a number with ms, s, min or h, and 0 is no limit (not for
 * lock_timeout). Inside quotes or block comments there is no marker.
 *
 * The header says which revision the file is; its name holds that id as a word (file_name.h):
 * <revision>.sql, <revision>_<slug>.sql, or what the settings' file_template makes. */
#ifndef WV_REVISION_FILE_H
#define WV_REVISION_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "checksum.h"
#include "splitter.h"
#include "strlist.h"

enum { WV_REVISION_ID_MAX = 32 };

/* True for 1-32 bytes without blanks, control characters, commas, slashes and `@ - + :`, not
 * beginning with a dot, and none of the words that targets give a meaning (head, heads, base,
 * current). */
bool wv_revision_id_valid(const char *id);
/* True for a branch label: not empty, without blanks, control characters, commas and `@ + :`, and
 * none of those words. */
bool wv_label_valid(const char *label);

/* A file's identity and age; equal stamps mean an unchanged file. */
struct wv_file_stamp {
    uint64_t device, inode, size;
    int64_t mtime_ns, ctime_ns;
};

/* What is known of a revision without its SQL. A plain value that owns its strings. */
struct wv_revision {
    char *id;
    char *message; /* never NULL */
    char *create_date;
    char *path; /* as a user would type it: version directory, sub-folders, name */
    struct wv_strlist down;
    struct wv_strlist depends_on; /* ids or labels, as written */
    struct wv_strlist labels;
    struct wv_strlist replaces; /* ids (squash.h) */
    /* Lines of header lines; 0 where there is none. */
    int id_line, down_line, depends_line, labels_line, replaces_line;
    bool has_down; /* false: irreversible */
    bool up_transaction;
    bool down_transaction;
    size_t up_statements;
    size_t down_statements;
    unsigned char checksum[WV_CHECKSUM_SIZE];
    struct wv_file_stamp stamp;
};

void wv_revision_copy(struct wv_revision *to, const struct wv_revision *from);
void wv_revision_free(struct wv_revision *revision);

/* Parses `text` (changed: line ends are normalised), the content of `path`. True: `out` is
 * complete but for its stamp. False: there were faults, all of which are added to `problems`; then
 * `out` is filled as far as possible when its id is known, for the graph to see it, and else
 * untouched. A file that is no revision file at all (its name could not be one, and it has neither
 * a revision header nor a marker) is false without a problem. */
bool wv_revision_parse(struct wv_revision *out, const char *path, char *text, size_t length,
                       struct wv_checksum *checksum, struct wv_problems *problems) WV_MUST_CHECK;

/* A section, ready to run. Owns its memory; a plain value that may cross threads. */
struct wv_script {
    char *path; /* NULL: stored SQL */
    char *text; /* the section from its marker line to its last line: what the ledger stores */
    struct wv_statements statements; /* point into text */
    bool transaction;
    int64_t lock_timeout_ms;      /* -1: the default of the settings */
    int64_t statement_timeout_ms; /* -1: the default of the settings; 0: none */
    int line;                     /* of the marker */
};

struct wv_revision_sql {
    struct wv_script up;
    struct wv_script down; /* all zero when !has_down */
    bool has_down;
};

/* Reads the revision's file again. WV_FILE_CHANGED when its tokens are not those of the revision's
 * checksum any more, or it has gone (with problems when it is faulty now); WV_IO_ERROR. Blocks on
 * the disk. */
bool wv_revision_read_sql(struct wv_revision_sql *out, const struct wv_revision *revision,
                          struct wv_err *err) WV_MUST_CHECK;
void wv_revision_sql_free(struct wv_revision_sql *sql);

/* The same for SQL stored in the ledger (wv_script.text of then); text without a marker has the
 * default options. WV_LOAD_ERROR with problems, lines counted from the stored text's first. */
bool wv_script_parse_text(struct wv_script *out, const char *text, size_t length,
                          struct wv_err *err) WV_MUST_CHECK;
void wv_script_free(struct wv_script *script);

#endif
