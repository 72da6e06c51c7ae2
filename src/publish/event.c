/* SPDX-License-Identifier: MIT */
#include "publish/event.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "publish/site.h"
#include "release/newsroom.h"
#include "release/release.h"

#include <string.h>

enum { LINE_OCTETS = 75 }; /* RFC 5545 section 3.1 */

/* "2026-12-15": the day of the site's zone. */
static const char *day_of(const struct presentation *shown, int64_t at)
{
    const struct wording wording = { .locale = shown->settings->locale };
    return wording_day(&wording, shown->arena, at);
}

/* One content line, folded within 75 octets and never inside a character. */
static void line_append(struct string_builder *text, const char *line)
{
    size_t room = LINE_OCTETS;
    size_t length = strlen(line);
    while (length > room) {
        size_t cut = utf8_fit(line, room);
        string_builder_append_bytes(text, line, cut);
        string_builder_append(text, "\r\n ");
        line += cut;
        length -= cut;
        room = LINE_OCTETS - 1; /* the space counts */
    }
    string_builder_append(text, line);
    string_builder_append(text, "\r\n");
}

/* NAME:value with the value as TEXT (section 3.3.11); control characters become spaces. */
static void property_append(struct string_builder *text, const char *name, const char *value)
{
    struct string_builder line;
    if (!value || !*value)
        return;
    string_builder_init(&line, 0);
    string_builder_append_format(&line, "%s:", name);
    for (const char *at = value; *at; at++) {
        if (*at == '\n')
            string_builder_append(&line, "\\n");
        else if ((unsigned char)*at < ' ' || *at == 0x7F)
            string_builder_append_character(&line, ' ');
        else if (strchr("\\;,", *at))
            string_builder_append_format(&line, "\\%c", *at);
        else
            string_builder_append_character(&line, *at);
    }
    line_append(text, line.data);
    string_builder_release(&line);
}

/* In ISO 8601's basic format. */
static void basic_append(struct string_builder *text, const char *extended)
{
    for (; *extended; extended++)
        if (*extended != '-' && *extended != ':')
            string_builder_append_character(text, *extended);
    string_builder_append(text, "\r\n");
}

/* "20260612T080000Z" */
static void time_append(struct string_builder *text, struct arena *arena, const char *name,
                        int64_t at)
{
    const char *utc = instant_format_utc(arena, at);
    string_builder_append_format(text, "%s:", name);
    basic_append(text, utc);
}

/* "VALUE=DATE:20261215" */
static void date_append(struct string_builder *text, const struct presentation *shown,
                        const char *name, int64_t at)
{
    string_builder_append_format(text, "%s;VALUE=DATE:", name);
    basic_append(text, day_of(shown, at));
}

/* DTEND is the first day, or the first instant, that is no part of it. */
static void span_append(struct string_builder *text, const struct presentation *shown,
                        const struct release_event *event)
{
    if (event->is_all_day) {
        date_append(text, shown, "DTSTART", event->start_at);
        date_append(text, shown, "DTEND", event->end_at);
        return;
    }
    time_append(text, shown->arena, "DTSTART", event->start_at);
    if (event->end_at != INSTANT_NONE)
        time_append(text, shown->arena, "DTEND", event->end_at);
}

/* Whom to ask: who is asked about the release, as a bare mailto: (RFC 6047 section 2.3), the name
 * as parameter without the characters it may not hold. */
static void organizer_append(struct string_builder *text, const struct presentation *shown,
                             const char *address)
{
    struct arena *arena = shown->arena;
    const struct newsroom *newsroom = shown->settings->newsroom;
    const struct release_contact *contact = release_reply_contact(shown->release,
                                                                  newsroom->contacts);
    if (contact && !strpbrk(contact->email, " \t\r\n"))
        address = contact->email;
    char *name = arena_copy(arena, newsroom->name);
    for (char *at = name; *at; at++)
        if (*at == '"' || (unsigned char)*at < ' ')
            *at = ' ';
    line_append(text,
                arena_format(arena, "ORGANIZER;CN=\"%s\":%s%s", name, address ? "mailto:" : "",
                             address ? address : shown->settings->home));
}

bool calendar_applies(const struct presentation *shown)
{
    return shown->event != NULL;
}

bool calendar_write(struct site *site, const struct presentation *shown,
                    struct string_builder *text, struct error *error)
{
    struct arena *arena = shown->arena;
    const struct release_event *event = shown->release->event;
    string_builder_append(
        text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//pressroom//press events//EN\r\n"
              "METHOD:PUBLISH\r\nBEGIN:VEVENT\r\n");
    line_append(text, arena_format(arena, "UID:%s@%s", shown->public_id,
                                   shown->settings->newsroom->tag_authority));
    /* Rises with each revision, so that calendars take the newer of two (RFC 5545, 3.8.7.4). */
    line_append(text, arena_format(arena, "SEQUENCE:%lld", (long long)shown->revision - 1));
    time_append(text, arena, "DTSTAMP", shown->updated_at);
    span_append(text, shown, event);
    property_append(text, arena_format(arena, "SUMMARY;LANGUAGE=%s", shown->language),
                    shown->title);
    property_append(text, "LOCATION", event->place);
    property_append(text, "DESCRIPTION", arena_format(arena, "%s\n\n%s", shown->lead, shown->url));
    line_append(text, arena_format(arena, "URL:%s", shown->url));
    organizer_append(text, shown, site->settings->person_address);
    string_builder_append(text, "END:VEVENT\r\nEND:VCALENDAR\r\n");
    (void)error;
    return true;
}
