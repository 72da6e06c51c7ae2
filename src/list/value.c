/* SPDX-License-Identifier: MIT */
#include "list/value.h"

#include "base/clock.h"
#include "base/error.h"
#include "list/cell.h"
#include "list/when.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* ---- addresses ---- */

/* The text between, without blanks; in the record's arena. */
static const char *piece(struct list_reader *reader, const char *bytes, size_t length)
{
    return cell_trim(arena_copy_bytes(&reader->record, bytes, length));
}

/* "Anna Berg <anna@n.example>": what the name says does not matter, as long as there is one
 * address.
 */
static const char *between_brackets(struct list_reader *reader, const char *raw,
                                    struct error *error)
{
    size_t length = strlen(raw);
    const char *open = strchr(raw, '<');
    const char *close = strchr(raw, '>');
    if (open && close && close > open && close[1] == '\0' && !strchr(open + 1, '<'))
        return piece(reader, open + 1, length - (size_t)(open - raw) - 2);
    (void)error_set(error, ERROR_INPUT,
                    "this is not one address" ERROR_ADVICE
                    "write it alone, or as Name <name@example.org>, and a "
                    "line for each");
    return NULL;
}

static const char *without_scheme(const char *address)
{
    static const char scheme[] = "mailto:";
    if ((*address != 'm' && *address != 'M') ||
        strncasecmp(address, scheme, sizeof scheme - 1) != 0)
        return address;
    return address + sizeof scheme - 1;
}

/* 'anna@n.example', as mail programs put an address where there is no name. */
static const char *without_apostrophes(struct list_reader *reader, const char *address)
{
    size_t length = *address == '\'' ? strlen(address) : 0;
    return length > 2 && address[length - 1] == '\'' ? piece(reader, address + 1, length - 2)
                                                     : address;
}

/* "anna@n.example;" was one of several in a mail. */
static const char *without_end(struct list_reader *reader, const char *address)
{
    size_t length = strlen(address);
    bool has_end = length && (address[length - 1] == ';' || address[length - 1] == ',');
    return has_end ? piece(reader, address, length - 1) : address;
}

static bool address_read(struct list_reader *reader, struct error *error)
{
    const char *address = without_end(reader, reader->raw[LIST_ADDRESS]);
    if (strpbrk(address, "<>"))
        address = between_brackets(reader, address, error);
    if (!address) {
        reader->values[LIST_ADDRESS] = reader->raw[LIST_ADDRESS];
        return false;
    }
    reader->values[LIST_ADDRESS] = without_scheme(without_apostrophes(reader, address));
    return true;
}

/* ---- words ---- */

static void lower_append(struct string_builder *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        string_builder_append_character(text, (char)tolower((unsigned char)word[i]));
}

/* A list of another program's by the name that it has there; NULL: none that is said. */
static const char *feed_of(const struct list_reader *reader, const char *word, size_t length)
{
    for (size_t i = 0; i < reader->settings.list_count; i++) {
        const struct list_map *list = &reader->settings.lists[i];
        if (strlen(list->name) == length && strncasecmp(word, list->name, length) == 0)
            return list->meaning;
    }
    return NULL;
}

static void word_append(struct string_builder *text, const char *word, size_t length)
{
    if (length == 0)
        return;
    if (text->length)
        string_builder_append_character(text, ' ');
    lower_append(text, word, length);
}

/* Names with a space between. */
static void names_append(const struct list_reader *reader, struct string_builder *text,
                         const char *names, size_t length)
{
    const char *end = names + length;
    while (names < end) {
        size_t count = 0;
        while (names + count < end && !isspace((unsigned char)names[count]))
            count++;
        const char *feed = feed_of(reader, names, count);
        word_append(text, feed ? feed : names, feed ? strlen(feed) : count);
        names += count;
        while (names < end && isspace((unsigned char)*names))
            names++;
    }
}

/* Between commas and semicolons stand names; where --map-list knows all that stands there, it is
 * one name, spaces and all. */
static bool feeds_read(struct list_reader *reader, const char *raw, struct string_builder *feeds,
                       struct error *error)
{
    const char *whole = feed_of(reader, raw, strlen(raw));
    if (whole) {
        names_append(reader, feeds, whole, strlen(whole));
        raw = "";
    }
    while (*raw) {
        size_t length = strcspn(raw, ",;\n");
        const char *name = raw;
        raw += length + (raw[length] != '\0');
        while (length && isspace((unsigned char)*name)) {
            name++;
            length--;
        }
        while (length && isspace((unsigned char)name[length - 1]))
            length--;
        const char *feed = feed_of(reader, name, length);
        if (feed)
            word_append(feeds, feed, strlen(feed));
        else
            names_append(reader, feeds, name, length);
    }
    /* Nothing would mean every feed. */
    return feeds->length || error_set(error, ERROR_INPUT, "no feed is named between the commas");
}

static bool cadence_read(struct list_reader *reader, const char *raw,
                         struct string_builder *cadences, struct error *error)
{
    (void)reader;
    (void)error;
    while (*raw) {
        size_t length = strcspn(raw, ",; \t\n");
        word_append(cadences, raw, length);
        raw += length + (raw[length] != '\0');
    }
    return true;
}

/* da_DK.UTF-8 is how locales are called. */
static bool language_read(struct list_reader *reader, const char *raw,
                          struct string_builder *language, struct error *error)
{
    size_t length = strcspn(raw, ".@");
    (void)reader;
    (void)error;
    for (size_t i = 0; i < length; i++)
        string_builder_append_character(language, (char)(raw[i] == '_' ? '-' : raw[i]));
    return true;
}

static bool state_read(struct list_reader *reader, const char *raw, struct string_builder *state,
                       struct error *error)
{
    (void)reader;
    (void)error;
    lower_append(state, raw, strlen(raw));
    return true;
}

static bool confirmed_at_read(struct list_reader *reader, const char *raw,
                              struct string_builder *when, struct error *error)
{
    return when_read(reader, raw, when, error) || error_prefix(error, "confirmed_at");
}

/* ---- the record ---- */

typedef bool value_reader(struct list_reader *reader, const char *raw,
                          struct string_builder *meaning, struct error *error);

static value_reader *const readers[LIST_KEY_COUNT] = {
    [LIST_FEEDS] = feeds_read,
    [LIST_CADENCE] = cadence_read,
    [LIST_LANGUAGE] = language_read,
    [LIST_STATE] = state_read,
    [LIST_CONFIRMED_AT] = confirmed_at_read,
};

static bool value_read(struct list_reader *reader, enum list_key key, struct error *error)
{
    struct list_value *known = &reader->known[key];
    const char *raw = reader->raw[key];
    /* Whose file a tool has read, its lists are feeds already. */
    if (*raw == '\0' || !readers[key] || (key == LIST_FEEDS && reader->tool)) {
        reader->values[key] = raw;
        return true;
    }
    if (!known->is_known || strcmp(known->raw.data, raw) != 0) {
        string_builder_clear(&known->raw);
        string_builder_clear(&known->meaning);
        string_builder_append(&known->raw, raw);
        known->is_known = readers[key](reader, raw, &known->meaning, error);
    }
    reader->values[key] = known->is_known ? known->meaning.data : "";
    return known->is_known;
}

bool values_read(struct list_reader *reader, struct error *error)
{
    bool done = address_read(reader, error);
    for (int key = LIST_ADDRESS + 1; key < LIST_KEY_COUNT; key++) {
        struct error other;
        if (!value_read(reader, (enum list_key)key, done ? error : &other))
            done = false;
    }
    return done;
}
