/* SPDX-License-Identifier: MIT */
/* What a text says of its embargo, as bytes. */
#include "intake/reading_parts.h"
#include "intake/reading_value.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "confined/packet.h"
#include "intake/embargo.h"
#include "intake/embargo_phrase.h"

/* Numbers of a date may be wrong, since a person wrote them; these bounds only keep them within
 * what can be computed. */
enum {
    PHRASES_MAXIMUM = 100000,
    NUMBER_MAXIMUM = 9999,
    YEAR_MAXIMUM = 999999999,
    WEEKDAY_MAXIMUM = 7,
    OFFSET_MAXIMUM = 100 * 60,
    LENGTH_MAXIMUM = 1 << 20
};

static void put_date(struct string_builder *packet, const struct written_date *date)
{
    packet_put_integer(packet, (int64_t)date->length);
    packet_put_bool(packet, date->has_day);
    packet_put_bool(packet, date->has_year);
    packet_put_bool(packet, date->has_short_year);
    packet_put_bool(packet, date->has_time);
    packet_put_integer(packet, date->year);
    packet_put_integer(packet, date->month);
    packet_put_integer(packet, date->day);
    packet_put_integer(packet, date->hour);
    packet_put_integer(packet, date->minute);
    packet_put_integer(packet, date->second);
    packet_put_integer(packet, date->weekday);
    packet_put_bool(packet, date->is_swappable);
    packet_put_bool(packet, date->is_half_day);
    packet_put_bool(packet, date->is_midnight);
    packet_put_bool(packet, date->has_second);
    packet_put_bool(packet, date->is_impossible);
    packet_put_integer(packet, date->zone);
    packet_put_integer(packet, date->offset_minutes);
    packet_put_integer(packet, date->summer_offset_minutes);
    packet_put_string(packet, date->zone_place);
}

static int take_number(struct packet *packet, int most)
{
    return (int)packet_integer_within(packet, 0, most);
}

static void take_date(struct packet *packet, struct arena *arena, struct written_date *date)
{
    date->length = (size_t)packet_integer_within(packet, 0, LENGTH_MAXIMUM);
    date->has_day = packet_bool(packet);
    date->has_year = packet_bool(packet);
    date->has_short_year = packet_bool(packet);
    date->has_time = packet_bool(packet);
    date->year = take_number(packet, YEAR_MAXIMUM);
    date->month = take_number(packet, NUMBER_MAXIMUM);
    date->day = take_number(packet, NUMBER_MAXIMUM);
    date->hour = take_number(packet, NUMBER_MAXIMUM);
    date->minute = take_number(packet, NUMBER_MAXIMUM);
    date->second = take_number(packet, NUMBER_MAXIMUM);
    date->weekday = take_number(packet, WEEKDAY_MAXIMUM);
    date->is_swappable = packet_bool(packet);
    date->is_half_day = packet_bool(packet);
    date->is_midnight = packet_bool(packet);
    date->has_second = packet_bool(packet);
    date->is_impossible = packet_bool(packet);
    date->zone = (enum written_zone)packet_integer_within(packet, WRITTEN_ZONE_NONE,
                                                          WRITTEN_ZONE_UNKNOWN);
    date->offset_minutes = (int)packet_integer_within(packet, -OFFSET_MAXIMUM, OFFSET_MAXIMUM);
    date->summer_offset_minutes = (int)packet_integer_within(packet, -OFFSET_MAXIMUM,
                                                             OFFSET_MAXIMUM);
    date->zone_place = reading_take_line(packet, arena);
    if (date->zone == WRITTEN_ZONE_PLACE && !date->zone_place)
        reading_refuse(packet);
}

void reading_put_embargo(struct string_builder *packet, const struct embargo_words *words)
{
    size_t count = 0;
    for (const struct embargo_phrase *phrase = words->phrases; phrase; phrase = phrase->next)
        count++;
    packet_put_bool(packet, words->has_field);
    packet_put_bool(packet, words->is_none);
    packet_put_count(packet, count);
    for (const struct embargo_phrase *phrase = words->phrases; phrase; phrase = phrase->next) {
        packet_put_string(packet, phrase->quote);
        packet_put_integer(packet, phrase->alone_in);
        packet_put_bool(packet, phrase->has_limit);
        packet_put_bool(packet, phrase->is_release);
        packet_put_bool(packet, phrase->is_left_out);
        packet_put_integer(packet, phrase->line);
        put_date(packet, &phrase->date);
    }
}

void reading_take_embargo(struct packet *packet, struct arena *arena,
                          const struct intake_source *source, struct embargo_words *words)
{
    struct embargo_phrase *first = NULL;
    struct embargo_phrase **end = &first;
    *words = (struct embargo_words){ .phrases = NULL };
    words->has_field = packet_bool(packet);
    words->is_none = packet_bool(packet);
    size_t count = packet_count(packet);
    if (count > PHRASES_MAXIMUM)
        reading_refuse(packet);
    for (size_t i = 0; i < count && !packet->is_bad; i++) {
        struct embargo_phrase *phrase = arena_allocate(arena, sizeof *phrase);
        phrase->quote = reading_take_lines(packet, arena);
        phrase->alone_in = (enum embargo_container)packet_integer_within(packet, EMBARGO_IN_TEXT,
                                                                         EMBARGO_IN_BOLD);
        phrase->has_limit = packet_bool(packet);
        phrase->is_release = packet_bool(packet);
        phrase->is_left_out = packet_bool(packet);
        phrase->line = reading_take_line_number(packet, source);
        take_date(packet, arena, &phrase->date);
        if (!phrase->quote)
            reading_refuse(packet);
        *end = phrase;
        end = &phrase->next;
    }
    words->phrases = first;
}
