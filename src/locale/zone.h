/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_ZONE_H
#define LOCALE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct error;

/* A time zone of the IANA database, as ICU knows it. Independent of the process-wide TZ. For one
 * thread at a time. */
struct zone;

/* A date and time of day as a clock on the wall shows it. */
struct civil_time {
    int64_t year;
    int month; /* 1 … 12 */
    int day;
    int hour;
    int minute;
    int second;
    int millisecond;
    int weekday;        /* 1 Monday … 7 Sunday; only set by zone_civil() */
    int offset_seconds; /* of local time from UTC, east positive; only set by zone_civil() */
};

/* ERROR_USAGE where there is no such zone. The caller closes. */
struct zone *zone_open(const char *name, struct error *error);

/* Takes NULL. */
void zone_close(struct zone *zone);

/* The IANA name that it was opened with. */
const char *zone_name(const struct zone *zone);

void zone_civil(const struct zone *zone, int64_t instant, struct civil_time *civil);

/* Refuses (ERROR_INPUT) dates and times that do not exist, and times that the zone leaves out when
 * clocks go forward. Of a time that exists twice, when clocks go back, the later is taken: the safe
 * side for an embargo. */
bool zone_instant(const struct zone *zone, const struct civil_time *civil, int64_t *instant,
                  struct error *error);

/* "2022-06-07T18:57:25+02:00", "2022-06-07 18:57:25", "2022-06-07T18:57", "2022-06-07" (midnight);
 * seconds may have a fraction; Z or an offset (+02:00, +0200, +02) may follow a time; without, it
 * is local time of zone, by the rules of zone_instant(). ERROR_INPUT says what is wrong with it. */
bool zone_parse(const struct zone *zone, const char *string, int64_t *instant, struct error *error);

/* Offset from UTC of a zone's abbreviation as press services print it (CET CEST MEZ MESZ GMT UTC Z
 * BST WET WEST EET EEST MSK EST EDT CST CDT MST MDT PST PDT, in any case), or of "+02:00",
 * "UTC+2", "GMT+1". False where it is not known. */
bool zone_abbreviation_offset(const char *abbreviation, int *offset_minutes);

/* Local time at a known offset, for what zone_abbreviation_offset() gave. ERROR_INPUT where date or
 * time of day do not exist. */
bool zone_instant_at_offset(const struct civil_time *civil, int offset_minutes, int64_t *instant,
                            struct error *error);

/* "2022-06-07T18:57:25+02:00" (RFC 3339), with ".250" where milliseconds is true; Z for an offset
 * of 0. */
const char *zone_format_rfc3339(const struct zone *zone, struct arena *arena, int64_t instant,
                                bool milliseconds);

/* "Tue, 07 Jun 2022 18:57:25 +0200": RSS and mail (RFC 5322 section 3.3), English whatever the
 * language. */
const char *zone_format_rfc822(const struct zone *zone, struct arena *arena, int64_t instant);

#endif
