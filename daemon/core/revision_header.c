/* See revision_header.h. Knows the keys and the rules of ids, labels and names; nothing of SQL. */
#include "revision_header.h"

#include <stdlib.h>
#include <string.h>

#include "file_name.h"
#include "section_marker.h"

enum { LIST_MAX = 1000 };

static const char *const keys[WV_HEADER_KEYS] = {
    [WV_HEADER_MESSAGE] = "message",
    [WV_HEADER_REVISION] = "revision",
    [WV_HEADER_DOWN_REVISION] = "down_revision",
    [WV_HEADER_BRANCH_LABELS] = "branch_labels",
    [WV_HEADER_DEPENDS_ON] = "depends_on",
    [WV_HEADER_CREATE_DATE] = "create_date",
    [WV_HEADER_REPLACES] = "replaces",
};

static bool is_reserved(const char *word)
{
    static const char *const reserved[] = {"head", "heads", "base", "current"};
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (strcmp(word, reserved[i]) == 0)
            return true;
    return false;
}

static bool has_any(const char *word, const char *forbidden)
{
    for (const char *at = word; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F || strchr(forbidden, *at) != NULL)
            return true;
    return false;
}

bool wv_revision_id_valid(const char *id)
{
    size_t length = strlen(id);
    return length >= 1 && length <= WV_REVISION_ID_MAX && id[0] != '.' && !has_any(id, ",@-+:/") &&
           !is_reserved(id);
}

bool wv_label_valid(const char *label)
{
    return label[0] != '\0' && !has_any(label, ",@+:") && !is_reserved(label);
}

/* The length of the key that the comment's text begins with; 0 when it is a free comment. */
static size_t key_length(const struct wv_token *inner)
{
    size_t length = 0;
    while (length < inner->length && ((inner->text[length] >= 'a' && inner->text[length] <= 'z') ||
                                      inner->text[length] == '_'))
        length++;
    if (length == 0 || length == inner->length || inner->text[length] != ':')
        return 0;
    bool ends = length + 1 == inner->length;
    return ends || inner->text[length + 1] == ' ' || inner->text[length + 1] == '\t' ? length : 0;
}

void wv_header_take(struct wv_header *header, const struct wv_token *comment, const char *text,
                    int line, struct wv_faults *faults)
{
    struct wv_token inner = wv_comment_text(comment);
    size_t length = key_length(&inner);
    if (length == 0)
        return;
    size_t offset = (size_t)(inner.text - text);
    size_t key = 0;
    while (key < WV_HEADER_KEYS &&
           (strlen(keys[key]) != length || memcmp(keys[key], inner.text, length) != 0))
        key++;
    if (key == WV_HEADER_KEYS) {
        wv_faults_add(faults, offset, "unknown_key",
                      "there is no header key %.*s (a comment of this form needs a capital letter)",
                      (int)(length < 64 ? length : 64), inner.text);
        return;
    }
    if (header->lines[key].value != NULL) {
        wv_faults_add(faults, offset, "duplicate_key", "%s is given twice; first in line %d",
                      keys[key], header->lines[key].line);
        return;
    }
    const char *value = inner.text + length + 1;
    const char *end = inner.text + inner.length;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    header->lines[key] =
        (struct wv_header_line){.value = value, .length = (size_t)(end - value), .line = line};
}

static char *value_of(const struct wv_header *header, enum wv_header_key key)
{
    const struct wv_header_line *line = &header->lines[key];
    return wv_xstrndup(line->value != NULL ? line->value : "", line->length);
}

static bool is_id_list(enum wv_header_key key)
{
    return key == WV_HEADER_DOWN_REVISION || key == WV_HEADER_REPLACES;
}

/* One item of a list, checked by what the key may hold. */
static void take_item(const char *item, size_t offset, enum wv_header_key key,
                      struct wv_strlist *list, struct wv_faults *faults)
{
    if (item[0] == '\0')
        wv_faults_add(faults, offset, "bad_list", "%s: nothing between two commas", keys[key]);
    else if (is_id_list(key) && !wv_revision_id_valid(item))
        wv_faults_add(faults, offset, "illegal_id", "%s: \"%s\" cannot be a revision id", keys[key],
                      item);
    else if (!is_id_list(key) && !wv_label_valid(item))
        wv_faults_add(faults, offset, key == WV_HEADER_DEPENDS_ON ? "illegal_id" : "illegal_label",
                      "%s: \"%s\" cannot be a %s", keys[key], item,
                      key == WV_HEADER_DEPENDS_ON ? "revision id or branch label" : "branch label");
    else if (!wv_strlist_has(list, item))
        wv_strlist_add(list, item);
}

static void take_list(const struct wv_header *header, enum wv_header_key key, const char *text,
                      struct wv_strlist *list, struct wv_faults *faults)
{
    const struct wv_header_line *line = &header->lines[key];
    if (line->length == 0)
        return;
    const char *at = line->value;
    const char *end = at + line->length;
    for (size_t count = 0; at <= end; count++) {
        if (count == LIST_MAX) {
            wv_faults_add(faults, (size_t)(at - text), "bad_list", "%s: more than %d items",
                          keys[key], (int)LIST_MAX);
            return;
        }
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma != NULL ? comma : end;
        while (at < stop && (*at == ' ' || *at == '\t'))
            at++;
        const char *last = stop;
        while (last > at && (last[-1] == ' ' || last[-1] == '\t'))
            last--;
        char *item WV_AUTOFREE = wv_xstrndup(at, (size_t)(last - at));
        take_item(item, (size_t)(at - text), key, list, faults);
        at = stop + 1;
    }
}

static void take_id(const struct wv_header *header, const char *path, const char *text,
                    struct wv_revision *revision, struct wv_faults *faults)
{
    const struct wv_header_line *line = &header->lines[WV_HEADER_REVISION];
    if (line->value == NULL || line->length == 0) {
        wv_faults_add(faults, line->value != NULL ? (size_t)(line->value - text) : 0,
                      "missing_revision", "the header names no revision (`-- revision: ID`)");
        return;
    }
    size_t offset = (size_t)(line->value - text);
    char *id WV_AUTOFREE = value_of(header, WV_HEADER_REVISION);
    if (!wv_revision_id_valid(id))
        wv_faults_add(
            faults, offset, "illegal_id",
            "\"%s\" cannot be a revision id: 1 to 32 bytes, no blanks, commas, slashes or "
            "@ - + :, and not head, heads, base or current",
            id);
    else if (!wv_file_name_has(path, id))
        wv_faults_add(
            faults, offset, "name_mismatch",
            "the header says revision %s, but the file's name does not hold it as a word: "
            "rename the file, for example to %s_....sql, or correct the header",
            id, id);
    else
        revision->id = WV_STEAL(id);
}

void wv_header_finish(const struct wv_header *header, const char *path, const char *text,
                      struct wv_revision *revision, struct wv_faults *faults)
{
    take_id(header, path, text, revision, faults);
    take_list(header, WV_HEADER_DOWN_REVISION, text, &revision->down, faults);
    take_list(header, WV_HEADER_DEPENDS_ON, text, &revision->depends_on, faults);
    take_list(header, WV_HEADER_BRANCH_LABELS, text, &revision->labels, faults);
    take_list(header, WV_HEADER_REPLACES, text, &revision->replaces, faults);
    revision->message = value_of(header, WV_HEADER_MESSAGE);
    revision->create_date = value_of(header, WV_HEADER_CREATE_DATE);
    revision->id_line = header->lines[WV_HEADER_REVISION].line;
    revision->down_line = header->lines[WV_HEADER_DOWN_REVISION].line;
    revision->depends_line = header->lines[WV_HEADER_DEPENDS_ON].line;
    revision->labels_line = header->lines[WV_HEADER_BRANCH_LABELS].line;
    revision->replaces_line = header->lines[WV_HEADER_REPLACES].line;
}
