/* SPDX-License-Identifier: MIT */
#include "intake/message.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/printable.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "locale/locale.h"
#include "locale/zone.h"

#include <ctype.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum { MINUTES_OF_HOUR = 60, MINUTES_OF_DAY = 24 * MINUTES_OF_HOUR };

/* How many characters of a text are shown: of what the message is about, and of the rest, which may
 * be a list or what another module reports. */
enum { FIRST_MAXIMUM = 200, REST_MAXIMUM = 500 };

enum { KEY_SIZE = 40 };

#define NAME_OF(name) #name,
static const char *const names[] = { INTAKE_MESSAGES(NAME_OF) };
#undef NAME_OF

const char *intake_message_name(enum intake_message_id id, struct arena *arena)
{
    char *name = arena_copy(arena, names[id]);
    for (char *c = name; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

/* ---- values ---- */

struct intake_value intake_value_given(const char *text)
{
    return (struct intake_value){ .kind = INTAKE_VALUE_TEXT, .text = text };
}

struct intake_value intake_value_word(enum word_group group, const char *name)
{
    return (struct intake_value){ .kind = INTAKE_VALUE_WORD, .number = group, .text = name };
}

struct intake_value intake_value_weekday(int weekday)
{
    return intake_value_word(WORD_GROUP_WEEKDAY, word_group_names(WORD_GROUP_WEEKDAY)[weekday - 1]);
}

struct intake_value intake_value_written_time(const struct civil_time *civil)
{
    int64_t days = civil_to_days(civil->year, civil->month, civil->day);
    return (struct intake_value){ .kind = INTAKE_VALUE_WRITTEN_TIME,
                                  .number = days * MINUTES_OF_DAY + civil->hour * MINUTES_OF_HOUR +
                                            civil->minute };
}

struct intake_value intake_value_time(const struct zone *zone, int64_t at)
{
    struct civil_time civil;
    zone_civil(zone, at, &civil);
    struct intake_value value = intake_value_written_time(&civil);
    value.kind = INTAKE_VALUE_TIME;
    return value;
}

struct intake_value intake_value_message(const struct intake_message *message)
{
    return (struct intake_value){ .kind = INTAKE_VALUE_MESSAGE, .message = message };
}

/* ---- kept and compared ---- */

/* Cuts between characters; what was cut here before stays as it is. */
static const char *cut(const char *text, size_t maximum, struct arena *arena)
{
    size_t length = utf8_first(text, strlen(text), maximum);
    return arena_format(arena, "%.*s%s", (int)length, text, text[length] ? "…" : "");
}

struct intake_message intake_message_copy(const struct intake_message *message, struct arena *arena)
{
    struct intake_message copy = *message;
    for (int i = 0; i < INTAKE_VALUES; i++) {
        struct intake_value *value = &copy.values[i];
        if (value->text)
            value->text = cut(value->text, i ? REST_MAXIMUM : FIRST_MAXIMUM, arena);
        if (value->message) {
            struct intake_message *inner = arena_allocate(arena, sizeof *inner);
            *inner = intake_message_copy(value->message, arena);
            value->message = inner;
        }
    }
    return copy;
}

static bool value_is_same(const struct intake_value *one, const struct intake_value *other)
{
    if (one->kind != other->kind || one->number != other->number || !one->text != !other->text)
        return false;
    if (one->kind == INTAKE_VALUE_MESSAGE)
        return intake_message_is_same(one->message, other->message);
    return !one->text || strcmp(one->text, other->text) == 0;
}

bool intake_message_is_same(const struct intake_message *one, const struct intake_message *other)
{
    bool is_same = one->id == other->id;
    for (int i = 0; is_same && i < INTAKE_VALUES; i++)
        is_same = value_is_same(&one->values[i], &other->values[i]);
    return is_same;
}

const char *intake_message_code(const struct intake_message *message, struct arena *arena)
{
    const char *code = names[message->id];
    for (int i = 0; i < INTAKE_VALUES; i++) {
        const struct intake_value *value = &message->values[i];
        const char *text = value->message ? intake_message_code(value->message, arena)
                                          : value->text;
        code = arena_format(arena, "%s|%" PRId64 "|%s", code, value->number, text ? text : "");
    }
    return code;
}

/* ---- shown ---- */

static const char *key_of(enum intake_message_id id, char key[KEY_SIZE])
{
    size_t length = 0;
    for (; length < KEY_SIZE - 1 && names[id][length]; length++)
        key[length] = (char)tolower((unsigned char)names[id][length]);
    key[length] = '\0';
    return key;
}

const char *intake_message_pattern(enum intake_message_id id, const struct intake_wording *wording)
{
    char key[KEY_SIZE];
    const char *text = strings_get(wording->notes, wording->language, key_of(id, key));
    return text == key ? names[id] : text;
}

/* A text that may stand in a line: without terminal escapes. */
static const char *text_show(const char *text, struct arena *arena)
{
    struct string_builder shown;
    string_builder_init(&shown, 0);
    printable_append(&shown, text, strlen(text), false);
    const char *result = arena_copy_bytes(arena, shown.data, shown.length);
    string_builder_release(&shown);
    return result;
}

/* Our name for something as people write it in the language in which times are told: that of the
 * notes, which need not be the one asked for. */
static const char *word_show(enum word_group group, const char *name,
                             const struct intake_wording *wording, struct arena *arena)
{
    char key[KEY_SIZE];
    const char *language = strings_language(wording->notes, wording->language,
                                            key_of(INTAKE_MESSAGE_INSTANT, key));
    const char *word = language_words_show(wording->words, group, language, name);
    return word ? word : text_show(name, arena);
}

static const char *time_show(enum intake_message_id pattern, int64_t minutes,
                             const struct intake_wording *wording, struct arena *arena)
{
    enum { WEEK = 7, EPOCH_WEEKDAY = 3 }; /* 1970-01-01 was a Thursday */

    int64_t year;
    int month;
    int day;
    int of_day = (int)((minutes % MINUTES_OF_DAY + MINUTES_OF_DAY) % MINUTES_OF_DAY);
    int64_t days = (minutes - of_day) / MINUTES_OF_DAY;
    int weekday = (int)(((days + EPOCH_WEEKDAY) % WEEK + WEEK) % WEEK);
    civil_from_days(days, &year, &month, &day);
    return strings_format(
        arena, intake_message_pattern(pattern, wording), "weekday",
        word_show(WORD_GROUP_WEEKDAY, word_group_names(WORD_GROUP_WEEKDAY)[weekday], wording,
                  arena),
        "day", arena_format(arena, "%d", day), "month",
        word_show(WORD_GROUP_MONTH, word_group_names(WORD_GROUP_MONTH)[month - 1], wording, arena),
        "year", arena_format(arena, "%" PRId64, year), "hour",
        arena_format(arena, "%02d", of_day / MINUTES_OF_HOUR), "minute",
        arena_format(arena, "%02d", of_day % MINUTES_OF_HOUR), NULL);
}

const char *intake_value_show(const struct intake_value *value,
                              const struct intake_wording *wording, struct arena *arena)
{
    switch (value->kind) {
    case INTAKE_VALUE_TEXT:
        break;
    case INTAKE_VALUE_WORD:
        return word_show((enum word_group)value->number, value->text, wording, arena);
    case INTAKE_VALUE_TIME:
        return time_show(INTAKE_MESSAGE_INSTANT, value->number, wording, arena);
    case INTAKE_VALUE_WRITTEN_TIME:
        return time_show(INTAKE_MESSAGE_INSTANT_WRITTEN, value->number, wording, arena);
    case INTAKE_VALUE_MESSAGE:
        return intake_message_show(value->message, wording, arena);
    }
    return value->text ? text_show(value->text, arena) : "";
}

const char *intake_message_show(const struct intake_message *message,
                                const struct intake_wording *wording, struct arena *arena)
{
    return strings_format(arena, intake_message_pattern(message->id, wording), "a",
                          intake_value_show(&message->values[0], wording, arena), "b",
                          intake_value_show(&message->values[1], wording, arena), "c",
                          intake_value_show(&message->values[2], wording, arena), NULL);
}
