/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_WRITTEN_DATE_H
#define LOCALE_WRITTEN_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct language_words;
struct zone;

/* Dates as people write them: "9. juni 2026 kl. 9", "tirsdag den 9/6", "6 a.m. on Tuesday 9 June",
 * "2026-06-09T06:00:00+02:00". Nothing is guessed: what is not understood, or reads two ways, is
 * returned as such. */

enum written_zone {
    WRITTEN_ZONE_NONE,         /* none is said */
    WRITTEN_ZONE_OFFSET,       /* +02:00, UTC, GMT, Z */
    WRITTEN_ZONE_PLACE,        /* "dansk tid": an IANA name */
    WRITTEN_ZONE_ABBREVIATION, /* CET */
    WRITTEN_ZONE_UNKNOWN /* words behind the time that may be a zone, but that we cannot read */
};

/* What stands there, part by part. */
struct written_date {
    size_t length; /* bytes of the text, from its first on; 0: no part of a date begins there */
    bool has_day;  /* day and month */
    bool has_year; /* four digits */
    bool has_short_year;
    bool has_time;
    int64_t year;
    int month; /* 1 … 12; as written, so perhaps none that exists */
    int day;
    int hour; /* up to 24, the end of the day */
    int minute;
    int second;
    int weekday;        /* 1 Monday … 7 Sunday; 0: none is said */
    bool is_swappable;  /* numbers that an English reader may take for month and day too */
    bool is_half_day;   /* an English hour that may be before or after noon */
    bool is_midnight;   /* the word: the day's first or its last */
    bool has_second;    /* another date or time follows: a range, or a choice */
    bool is_impossible; /* a time of day that does not exist */
    enum written_zone zone;
    int offset_minutes;        /* WRITTEN_ZONE_OFFSET; WRITTEN_ZONE_ABBREVIATION: in its winter */
    int summer_offset_minutes; /* WRITTEN_ZONE_ABBREVIATION */
    const char *zone_place;    /* WRITTEN_ZONE_PLACE */
};

/* Reads the parts of a date that text begins with, in any of the languages of words (NULL: numbers
 * alone). language: of the text, a BCP 47 tag; in English 06/09/2026 and 6:00 read two ways. White
 * space, also line feeds, soft hyphens and the like do not matter between and in the parts. Looks
 * at a bounded piece of text only. Strings of the result belong to words. */
void written_date_read(const struct language_words *words, const char *language,
                       struct arena *arena, const char *text, struct written_date *date);

enum written_fault {
    WRITTEN_FULL,       /* an instant */
    WRITTEN_NO_DAY,     /* no day and month, or several */
    WRITTEN_IMPOSSIBLE, /* no such day, time of day, or local time */
    WRITTEN_NO_YEAR,    /* none, and no weekday that finds it; or two digits */
    WRITTEN_WEEKDAY,    /* the day is another weekday's */
    WRITTEN_TWO_WAYS,   /* reads two ways */
    WRITTEN_OTHER_ZONE, /* a zone that is not read */
    WRITTEN_NO_TIME     /* the day alone */
};

struct written_instant {
    enum written_fault fault;
    int64_t at; /* WRITTEN_FULL; WRITTEN_NO_TIME: where the day begins in zone; WRITTEN_TWO_WAYS:
                   the earlier reading */
    int64_t other_at; /* WRITTEN_TWO_WAYS: the later reading */
    int weekday;      /* WRITTEN_WEEKDAY: which it is, 1 Monday … 7 Sunday */
};

/* When that is in zone. A year that is missing is filled in where the weekday fits the one such day
 * of the 300 from now_at on (0: never). Of zones, the named one's own names, offsets, UTC and GMT
 * count. Of a local time that exists twice the later is meant, as in zone_instant(). */
void written_date_resolve(const struct written_date *date, const struct zone *zone, int64_t now_at,
                          struct written_instant *result);

#endif
