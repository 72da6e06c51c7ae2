/* SPDX-License-Identifier: MIT */
#include "intake/prose_event.h"

#include "base/arena.h"
#include "intake/reader.h"
#include "locale/language_words.h"
#include "locale/unicode.h"
#include "locale/written_date.h"
#include "locale/zone.h"
#include "release/body.h"
#include "release/release.h"

#include <ctype.h>
#include <string.h>

/* How much of a text is searched, and the size of a weekday's name. */
enum { TEXT_MAXIMUM = 6000, WEEKDAY_SIZE = 24 };

/* Whether a date may begin there: a number or a weekday, at the beginning of a word. */
static bool may_begin(const struct intake_reading *reading, const char *text, size_t at)
{
    bool is_within = at > 0 &&
                     (isalnum((unsigned char)text[at - 1]) || (unsigned char)text[at - 1] >= 0x80);
    if (is_within || (!isalnum((unsigned char)text[at]) && (unsigned char)text[at] < 0xC0))
        return false;
    if (isdigit((unsigned char)text[at]))
        return true;
    const char *word = arena_copy_bytes(reading->arena, text + at,
                                        strnlen(text + at, WEEKDAY_SIZE));
    const char *folded = unicode_fold(reading->arena, word);
    return language_words_prefix(reading->words, WORD_GROUP_WEEKDAY, NULL, folded) != NULL;
}

/* The first day with an hour that lies ahead; INSTANT_NONE: there is none. */
static int64_t find_instant(const struct intake_reading *reading, const char *text)
{
    const char *language = intake_reading_language(reading);
    size_t length = strnlen(text, TEXT_MAXIMUM);
    for (size_t at = 0; at < length; at++) {
        struct written_date date;
        struct written_instant instant;
        if (!may_begin(reading, text, at))
            continue;
        written_date_read(reading->words, language, reading->arena, text + at, &date);
        if (!date.has_day || !date.has_time)
            continue;
        /* Words and the end of a span may follow the date, because this is only a proposal. */
        if (date.zone == WRITTEN_ZONE_UNKNOWN)
            date.zone = WRITTEN_ZONE_NONE;
        date.has_second = false;
        written_date_resolve(&date, reading->zone, reading->now_at, &instant);
        if (instant.fault == WRITTEN_FULL && instant.at > reading->now_at)
            return instant.at;
        at += date.length - 1;
    }
    return 0;
}

void prose_event_report(struct intake_reading *reading)
{
    const struct release *release = reading->release;
    struct civil_time civil;
    if (!reading->words || !release->type || strcmp(release->type, "invitation") != 0 ||
        (reading->fields & INTAKE_FIELD_EVENT) || release->event || release->translation_of ||
        release->status == RELEASE_WITHDRAWN)
        return;
    const char *text = arena_format(
        reading->arena, "%s\n%s\n%s", release->title ? release->title : "",
        release->lead ? release->lead : "", body_plain_text(reading->arena, release->body));
    int64_t at = find_instant(reading, text);
    if (!at) {
        if (reading->problems->refused) /* what was meant for one may be what is refused */
            return;
        intake_problem_add(reading->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_EVENT_NONE, NULL,
                           NULL);
        return;
    }
    zone_civil(reading->zone, at, &civil);
    const struct intake_message message = { INTAKE_MESSAGE_EVENT_TO_PASTE,
                                            { intake_value_written_time(&civil),
                                              intake_value_time(reading->zone, at) } };
    intake_problem_add_message(reading->problems, INTAKE_NOTICE, 0, &message);
}
