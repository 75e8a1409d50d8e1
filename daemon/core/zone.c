/* See zone.h. Reads tables of 64 bits only (version 2 and later, which every system has had since
 * 2005); leap seconds are passed over, as POSIX time has none. */
#include "zone.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "file_read.h"

static const char folder[] = "/usr/share/zoneinfo";

enum { HEADER = 44, DAY = 86400 };

static uint32_t read_u32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t read_i64(const char *at)
{
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

/* How many of each there are, in the order of the header. */
struct counts {
    size_t isut, isstd, leap, times, types, chars;
};

static bool read_header(const char *data, size_t length, struct counts *counts)
{
    if (length < HEADER || memcmp(data, "TZif", 4) != 0 || data[4] < '2')
        return false;
    *counts = (struct counts){.isut = read_u32(data + 20),
                              .isstd = read_u32(data + 24),
                              .leap = read_u32(data + 28),
                              .times = read_u32(data + 32),
                              .types = read_u32(data + 36),
                              .chars = read_u32(data + 40)};
    return true;
}

static size_t body_size(const struct counts *c, size_t word)
{
    return c->times * (word + 1) + c->types * 6 + c->chars + c->leap * (word + 4) + c->isstd +
           c->isut;
}

/* The type that holds at `when`, an index; `*last`: nothing is said about later times. */
static size_t type_at(const char *body, const struct counts *counts, int64_t when, bool *last)
{
    size_t index = counts->times;
    while (index > 0 && read_i64(body + (index - 1) * 8) > when)
        index--;
    *last = index == counts->times;
    return index > 0 ? (unsigned char)body[counts->times * 8 + index - 1] : 0;
}

static bool table_type_offset(const char *body, const struct counts *counts, size_t type,
                              int *offset)
{
    if (type >= counts->types)
        return false;
    *offset = (int)(int32_t)read_u32(body + counts->times * 9 + type * 6);
    return true;
}

bool wv_zone_table_offset(const char *data, size_t length, int64_t when, int *offset)
{
    struct counts counts;
    if (!read_header(data, length, &counts))
        return false;
    size_t skip = HEADER + body_size(&counts, 4);
    if (skip > length || !read_header(data + skip, length - skip, &counts))
        return false;
    const char *body = data + skip + HEADER;
    size_t left = length - skip - HEADER;
    size_t size = body_size(&counts, 8);
    bool last;
    if (size > left)
        return false;
    size_t type = type_at(body, &counts, when, &last);
    const char *rule = body + size;
    left -= size;
    const char *end = left > 1 ? memchr(rule + 1, '\n', left - 1) : NULL;
    if (last && end != NULL && end > rule + 1) {
        char *text WV_AUTOFREE = wv_xstrndup(rule + 1, (size_t)(end - rule - 1));
        if (wv_zone_rule_offset(text, when, offset))
            return true;
    }
    return table_type_offset(body, &counts, type, offset);
}

/* A number of at most four digits. */
static bool take_number(const char **at, int *number)
{
    const char *from = *at;
    *number = 0;
    for (; isdigit((unsigned char)**at) != 0 && *at - from < 4; ++*at)
        *number = *number * 10 + (**at - '0');
    return *at > from;
}

static bool take_char(const char **at, char c)
{
    bool is = **at == c;
    *at += is;
    return is;
}

/* "[+-]h[:m[:s]]" in seconds. */
static bool take_time(const char **at, int *seconds)
{
    int parts[3] = {0};
    bool negative = take_char(at, '-');
    if (!negative)
        (void)take_char(at, '+');
    for (int i = 0; i < 3; i++) {
        if (i > 0 && !take_char(at, ':'))
            break;
        if (!take_number(at, &parts[i]))
            return false;
    }
    *seconds = (parts[0] * 60 + parts[1]) * 60 + parts[2];
    *seconds = negative ? -*seconds : *seconds;
    return true;
}

static bool take_name(const char **at)
{
    const char *from = *at;
    if (take_char(at, '<')) {
        *at += strcspn(*at, ">");
        return take_char(at, '>');
    }
    while (isalpha((unsigned char)**at) != 0)
        ++*at;
    return *at > from;
}

/* Days from 1970 to a day of a year; months and days count from 1, and may run over. */
static int64_t day_number(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    return timegm(&tm) / DAY;
}

/* "Mm.w.d": day d (0 is Sunday) of week w (5 is the last) of month m. */
static bool take_month_rule(const char **at, int year, int64_t *day)
{
    int month, week, weekday;
    if (!take_number(at, &month) || !take_char(at, '.') || !take_number(at, &week) ||
        !take_char(at, '.') || !take_number(at, &weekday) || month < 1 || month > 12 || week < 1 ||
        week > 5 || weekday > 6)
        return false;
    int64_t first = day_number(year, month, 1);
    int64_t next = day_number(year, month + 1, 1);
    /* 1970-01-01 was a Thursday. */
    int first_weekday = (int)(((first + 4) % 7 + 7) % 7);
    *day = first + (weekday - first_weekday + 7) % 7 + (week - 1) * 7;
    while (*day >= next)
        *day -= 7;
    return true;
}

/* ",rule[/time]" in the year: when the change comes, in seconds of the wall clock before it. */
static bool take_change(const char **at, int year, int64_t *when)
{
    int64_t day;
    int number;
    int time = 2 * 3600;
    if (!take_char(at, ','))
        return false;
    if (take_char(at, 'M')) {
        if (!take_month_rule(at, year, &day))
            return false;
    } else if (take_char(at, 'J')) {
        /* Without the 29th of February. */
        if (!take_number(at, &number) || number < 1 || number > 365)
            return false;
        day = day_number(year, 1, number);
        day += number >= 60 && day_number(year, 3, 1) - day_number(year, 2, 1) == 29;
    } else if (take_number(at, &number) && number <= 365) {
        day = day_number(year, 1, number + 1);
    } else {
        return false;
    }
    if (take_char(at, '/') && !take_time(at, &time))
        return false;
    *when = day * DAY + time;
    return true;
}

bool wv_zone_rule_offset(const char *rule, int64_t when, int *offset)
{
    int standard, summer;
    int64_t begins, ends;
    if (!take_name(&rule) || !take_time(&rule, &standard))
        return false;
    standard = -standard;
    if (*rule == '\0') {
        *offset = standard;
        return true;
    }
    if (!take_name(&rule))
        return false;
    summer = -(standard + 3600);
    if (*rule != ',' && !take_time(&rule, &summer))
        return false;
    summer = -summer;
    int year = wv_zone_tm(when, standard).tm_year + 1900;
    if (!take_change(&rule, year, &begins) || !take_change(&rule, year, &ends) || *rule != '\0')
        return false;
    begins -= standard;
    ends -= summer;
    bool in_summer =
        begins < ends ? when >= begins && when < ends : !(when >= ends && when < begins);
    *offset = in_summer ? summer : standard;
    return true;
}

static bool is_name(const char *zone)
{
    for (const char *p = zone; *p != '\0'; p++)
        if (isalnum((unsigned char)*p) == 0 && strchr("/_+-", *p) == NULL)
            return false;
    return *zone != '\0' && *zone != '/' && strlen(zone) < 64;
}

bool wv_zone_offset(const char *zone, int64_t when, int *offset, struct wv_err *err)
{
    if (strcmp(zone, "UTC") == 0) {
        *offset = 0;
        return true;
    }
    if (strcmp(zone, "local") == 0) {
        struct tm local;
        time_t time = (time_t)when;
        *offset = localtime_r(&time, &local) != NULL ? (int)local.tm_gmtoff : 0;
        return true;
    }
    struct wv_file_buffer buffer = {0};
    struct wv_file_stamp stamp;
    size_t length;
    char *path WV_AUTOFREE = wv_xasprintf("%s/%s", folder, zone);
    bool done = is_name(zone) && wv_file_read(AT_FDCWD, path, &buffer, &length, &stamp) == 0 &&
                wv_zone_table_offset(buffer.data, length, when, offset);
    wv_file_buffer_free(&buffer);
    if (done)
        return true;
    wv_err_set(err, WV_CONFIG_ERROR, "there is no time zone \"%.64s\"", zone);
    return wv_err_hint(err, "UTC, local, or a name below %s (Debian's package tzdata)", folder);
}

struct tm wv_zone_tm(int64_t when, int offset)
{
    time_t shifted = (time_t)(when + offset);
    struct tm tm = {0};
    (void)gmtime_r(&shifted, &tm);
    return tm;
}

char *wv_zone_iso(int64_t when, int offset)
{
    struct tm tm = wv_zone_tm(when, offset);
    char text[32];
    if (strftime(text, sizeof(text), "%FT%T", &tm) == 0)
        text[0] = '\0';
    if (offset == 0)
        return wv_xasprintf("%sZ", text);
    int minutes = (offset < 0 ? -offset : offset) / 60;
    return wv_xasprintf("%s%c%02d:%02d", text, offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}
