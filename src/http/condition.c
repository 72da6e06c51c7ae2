/* SPDX-License-Identifier: MIT */
#include "http/http.h"

#include "base/clock.h"

#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char weekdays[] = "ThuFriSatSunMonTueWed"; /* from 1970-01-01 */

enum { SECONDS_A_DAY = 86400 };

void http_date_format(int64_t seconds, char text[HTTP_DATE_SIZE])
{
    int64_t days = seconds / SECONDS_A_DAY;
    int64_t rest = seconds % SECONDS_A_DAY;
    int64_t year;
    int month;
    int day;
    if (rest < 0) {
        rest += SECONDS_A_DAY;
        days--;
    }
    civil_from_days(days, &year, &month, &day);
    int length = snprintf(text, HTTP_DATE_SIZE, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT",
                          weekdays + 3 * ((days % 7 + 7) % 7), day,
                          months + 3 * (size_t)(month - 1), (int)(year % 10000), (int)(rest / 3600),
                          (int)(rest / 60 % 60), (int)(rest % 60));
    if (length < 0)
        *text = '\0';
}

/* ---- reading dates: a cursor that becomes NULL at the first thing that is not as it should be
 * ----
 */

static void skip(const char **cursor, const char *characters)
{
    for (; *cursor && *characters; characters++)
        *cursor = **cursor == *characters ? *cursor + 1 : NULL;
}

/* minimum … maximum digits */
static int number(const char **cursor, int minimum, int maximum)
{
    int value = 0;
    int count = 0;
    while (*cursor && count < maximum && isdigit((unsigned char)**cursor)) {
        value = value * 10 + (**cursor - '0');
        (*cursor)++;
        count++;
    }
    if (count < minimum)
        *cursor = NULL;
    return value;
}

static int month_of(const char **cursor)
{
    for (int i = 0; *cursor && i < 12; i++) {
        if (strncmp(*cursor, months + 3 * (size_t)i, 3) == 0) {
            *cursor += 3;
            return i + 1;
        }
    }
    *cursor = NULL;
    return 0;
}

struct date {
    int64_t year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
};

static void time_of_day(const char **cursor, struct date *date)
{
    date->hour = number(cursor, 2, 2);
    skip(cursor, ":");
    date->minute = number(cursor, 2, 2);
    skip(cursor, ":");
    date->second = number(cursor, 2, 2);
}

/* "06 Nov 1994 08:49:37 GMT", "06-Nov-94 08:49:37 GMT" */
static void date_behind_comma(const char **cursor, struct date *date)
{
    skip(cursor, " ");
    date->day = number(cursor, 2, 2);
    bool is_old = *cursor && **cursor == '-';
    skip(cursor, is_old ? "-" : " ");
    date->month = month_of(cursor);
    skip(cursor, is_old ? "-" : " ");
    date->year = number(cursor, is_old ? 2 : 4, is_old ? 2 : 4);
    /* Two digits: 70 to 99 are of the 1900s; the dates compared with are of files, in the past. */
    if (is_old)
        date->year += date->year < 70 ? 2000 : 1900;
    skip(cursor, " ");
    time_of_day(cursor, date);
    skip(cursor, " GMT");
}

/* "Nov  6 08:49:37 1994" */
static void date_of_asctime(const char **cursor, struct date *date)
{
    date->month = month_of(cursor);
    skip(cursor, " ");
    if (*cursor && **cursor == ' ')
        skip(cursor, " ");
    date->day = number(cursor, 1, 2);
    skip(cursor, " ");
    time_of_day(cursor, date);
    skip(cursor, " ");
    date->year = number(cursor, 4, 4);
}

bool http_date_parse(const char *string, int64_t *seconds)
{
    struct date date = { 0 };
    const char *cursor = strchr(string, ',');
    if (cursor) {
        cursor++;
        date_behind_comma(&cursor, &date);
    } else if (strlen(string) > 4 && string[3] == ' ') {
        cursor = string + 4;
        date_of_asctime(&cursor, &date);
    }
    if (!cursor || *cursor != '\0' || !civil_is_valid(date.year, date.month, date.day) ||
        date.hour > 23 || date.minute > 59 || date.second > 60)
        return false;
    *seconds = civil_to_days(date.year, date.month, date.day) * SECONDS_A_DAY +
               date.hour * INT64_C(3600) + date.minute * INT64_C(60) + date.second;
    return true;
}

/* ---- conditions ---- */

/* Whether the list of entity tags holds etag, W/ before either left aside. */
static bool etags_contain(const char *list, const char *etag)
{
    size_t length = strlen(etag);
    const char *cursor = list;
    while (*cursor) {
        cursor += strspn(cursor, " \t,");
        if (*cursor == '*')
            return true;
        if (strncmp(cursor, "W/", 2) == 0)
            cursor += 2;
        if (*cursor != '"')
            return false;
        const char *end = strchr(cursor + 1, '"');
        if (!end)
            return false;
        if ((size_t)(end + 1 - cursor) == length && memcmp(cursor, etag, length) == 0)
            return true;
        cursor = end + 1;
    }
    return false;
}

bool condition_not_modified(const struct validator *validator, const char *if_none_match,
                            const char *if_modified_since)
{
    int64_t since;
    if (if_none_match)
        return etags_contain(if_none_match, validator->etag);
    return if_modified_since && http_date_parse(if_modified_since, &since) &&
           validator->modified_seconds <= since;
}

bool condition_range_counts(const struct validator *validator, const char *if_range)
{
    int64_t date;
    if (!if_range)
        return true;
    if (*if_range == '"')
        return strcmp(if_range, validator->etag) == 0;
    return http_date_parse(if_range, &date) && date == validator->modified_seconds;
}

/* ---- ranges ---- */

static bool position(const char **cursor, uint64_t *value)
{
    const char *start = *cursor;
    *value = 0;
    for (; isdigit((unsigned char)**cursor); (*cursor)++) {
        if (*cursor - start >= 18)
            return false;
        *value = *value * 10 + (uint64_t)(**cursor - '0');
    }
    return *cursor != start;
}

/* "-500": the last so many bytes. */
static enum range_result range_suffix(uint64_t count, uint64_t size, uint64_t *first,
                                      uint64_t *last)
{
    if (count == 0 || size == 0)
        return RANGE_UNSATISFIABLE;
    *first = count < size ? size - count : 0;
    *last = size - 1;
    return RANGE_PART;
}

enum range_result range_parse(const char *range, uint64_t size, uint64_t *first, uint64_t *last)
{
    uint64_t from = 0;
    uint64_t to = UINT64_MAX;
    if (!range || strncasecmp(range, "bytes=", 6) != 0)
        return RANGE_WHOLE;
    const char *cursor = range + 6;
    cursor += strspn(cursor, " \t");
    bool has_first = position(&cursor, &from);
    if (*cursor++ != '-')
        return RANGE_WHOLE;
    bool has_last = position(&cursor, &to);
    cursor += strspn(cursor, " \t");
    if (*cursor != '\0' || (!has_first && !has_last) || (has_first && has_last && to < from))
        return RANGE_WHOLE;
    if (!has_first)
        return range_suffix(to, size, first, last);
    if (from >= size)
        return RANGE_UNSATISFIABLE;
    *first = from;
    *last = has_last && to < size ? to : size - 1;
    return RANGE_PART;
}

/* ---- what is preferred ---- */

int http_weight(const char *parameters, size_t length)
{
    const char *equals = memchr(parameters, '=', length);
    int weight = 0;
    int unit = 1000;
    if (!equals)
        return 1000;
    for (const char *at = equals + 1; at < parameters + length && unit > 0; at++) {
        if (isdigit((unsigned char)*at)) {
            weight += (*at - '0') * unit;
            unit /= 10;
        } else if (*at != '.' && *at != ' ' && *at != '\t') {
            break;
        }
    }
    return weight;
}

static bool is_coding(const char *name, size_t length, const char *coding)
{
    return length == strlen(coding) && strncasecmp(name, coding, length) == 0;
}

bool prefers_gzip(const char *accept_encoding)
{
    enum { UNSAID = -1 };

    int gzip = UNSAID;
    int identity = UNSAID;
    int others = UNSAID;
    const char *cursor = accept_encoding;
    while (cursor && *cursor) {
        cursor += strspn(cursor, " \t,");
        size_t length = strcspn(cursor, ",");
        size_t name = strcspn(cursor, "; \t,");
        int weight = http_weight(cursor + name, length - name);
        if (is_coding(cursor, name, "gzip") || is_coding(cursor, name, "x-gzip"))
            gzip = weight;
        else if (is_coding(cursor, name, "identity"))
            identity = weight;
        else if (is_coding(cursor, name, "*"))
            others = weight;
        cursor += length;
    }
    if (gzip == UNSAID)
        gzip = others;
    if (identity == UNSAID)
        identity = others;
    return gzip > 0 && gzip >= identity;
}
