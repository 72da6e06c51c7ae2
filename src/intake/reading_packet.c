/* SPDX-License-Identifier: MIT */
#include "intake/reading_packet.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "confined/packet.h"
#include "intake/embargo.h"
#include "intake/encoding.h"
#include "intake/problem.h"
#include "intake/reader.h"
#include "intake/reading.h"
#include "intake/reading_parts.h"
#include "locale/unicode.h"
#include "release/release.h"

#include <string.h>

/* ---- a source ---- */

enum has_part {
    HAS_ZONE = 1 << 0,
    HAS_WORDS = 1 << 1,
    HAS_LOCALE = 1 << 2,
    HAS_LANGUAGE = 1 << 3,
    HAS_PUBLISHER = 1 << 4,
    HAS_EMBARGO = 1 << 5,
    HAS_ALL = (1 << 6) - 1
};

void reading_put_source(struct string_builder *packet, const struct intake_source *source)
{
    int parts = (source->zone ? HAS_ZONE : 0) | (source->words ? HAS_WORDS : 0) |
                (source->locale ? HAS_LOCALE : 0) | (source->language ? HAS_LANGUAGE : 0) |
                (source->publisher ? HAS_PUBLISHER : 0) | (source->embargo ? HAS_EMBARGO : 0);
    packet_put_integer(packet, parts);
    packet_put_integer(packet, source->now_at);
    packet_put_string(packet, source->name);
    packet_put_string(packet, source->name_language);
    packet_put_string(packet, source->sidecar_name);
    packet_put_bytes(packet, source->bytes, source->length);
    packet_put_bytes(packet, source->sidecar_bytes,
                     source->sidecar_name ? source->sidecar_length : 0);
}

bool reading_take_source(const void *bytes, size_t length, struct arena *arena,
                         struct intake_source *source, bool *has_embargo)
{
    struct packet packet;
    packet_init(&packet, bytes, length);
    int parts = (int)packet_integer_within(&packet, 0, HAS_ALL);
    source->zone = parts & HAS_ZONE ? source->zone : NULL;
    source->words = parts & HAS_WORDS ? source->words : NULL;
    source->locale = parts & HAS_LOCALE ? source->locale : NULL;
    source->language = parts & HAS_LANGUAGE ? source->language : NULL;
    source->publisher = parts & HAS_PUBLISHER ? source->publisher : NULL;
    *has_embargo = parts & HAS_EMBARGO;
    source->now_at = packet_integer(&packet);
    source->name = packet_string(&packet, arena);
    source->name_language = packet_string(&packet, arena);
    source->sidecar_name = packet_string(&packet, arena);
    source->bytes = packet_bytes(&packet, &source->length);
    source->sidecar_bytes = packet_bytes(&packet, &source->sidecar_length);
    return packet_is_good(&packet) && source->name && source->zone;
}

/* ---- strings ---- */

/* Any of those that skip_letters() passes: next to a joiner they are all the same. */
enum { LETTER = 'x' };

void reading_refuse(struct packet *packet)
{
    packet->is_bad = true;
}

/* Whether a character stays in a line, behind another one: spaces stand alone, between words. */
static bool stays_in_line(uint32_t before, uint32_t c)
{
    if (c == ' ')
        return before != 0 && before != ' ';
    return c >= 0xA0 && !utf8_is_space(c);
}

static bool stays(uint32_t before, uint32_t c, bool is_line)
{
    return utf8_is_xml_character(c) && !invisible_is_left_out(before, c) &&
           (!is_line || stays_in_line(before, c));
}

/* Behind the letters of ASCII at offset, and those of two bytes from U+00C0 to U+02FF, none of
 * which is ever left out or takes another form: most of all texts. */
static size_t skip_letters(const char *string, size_t offset)
{
    const unsigned char *c = (const unsigned char *)string + offset;
    for (;;) {
        while ((unsigned)*c - '!' < 0x7f - '!')
            c++;
        if (*c < 0xC3 || *c > 0xCB || (c[1] & 0xC0) != 0x80)
            return (size_t)(c - (const unsigned char *)string);
        c += 2;
    }
}

/* Whether nothing is to be mended, as in nearly all. */
static bool is_clean(const char *string, bool is_line)
{
    size_t length = strlen(string);
    size_t offset = 0;
    uint32_t before = 0;
    bool is_plain = true;
    for (;;) {
        size_t start = offset;
        offset = skip_letters(string, offset);
        if (offset > start)
            before = LETTER;
        if (offset == length)
            break;
        uint32_t c = (unsigned char)string[offset];
        if (c == ' ' && (!is_line || (before != 0 && before != ' ')))
            offset++;
        else if (!utf8_next(string, length, &offset, &c) || !stays(before, c, is_line))
            return false;
        is_plain = is_plain && c <= ' ';
        before = c;
    }
    return !(is_line && before == ' ') && (is_plain || !encoding_may_need_form(string, length));
}

static const char *mend_lines(struct arena *arena, const char *string)
{
    struct string_builder characters;
    struct string_builder clean;
    size_t length = strlen(string);
    string_builder_init(&characters, length + 1);
    string_builder_init(&clean, length + 1);
    utf8_append_clean(&characters, string, length);
    invisible_append_others(&clean, characters.data, characters.length);
    const char *mended = arena_copy_bytes(arena, clean.data, clean.length);
    if (encoding_may_need_form(mended, clean.length))
        mended = unicode_nfc(arena, mended);
    string_builder_release(&characters);
    string_builder_release(&clean);
    return mended;
}

const char *reading_take_line(struct packet *packet, struct arena *arena)
{
    const char *line = packet_string(packet, arena);
    return !line || is_clean(line, true) ? line : encoding_one_line(arena, line, strlen(line));
}

const char *reading_take_lines(struct packet *packet, struct arena *arena)
{
    const char *lines = packet_string(packet, arena);
    return !lines || is_clean(lines, false) ? lines : mend_lines(arena, lines);
}

/* ---- places ---- */

int reading_take_line_number(struct packet *packet, const struct intake_source *source)
{
    size_t most = source->length > source->sidecar_length ? source->length : source->sidecar_length;
    return (int)packet_integer_within(packet, 0,
                                      (int64_t)(most < INT32_MAX ? most : INT32_MAX - 1) + 1);
}

void reading_put_file(struct string_builder *packet, const struct intake_source *source,
                      const char *file)
{
    packet_put_bool(packet, file == source->sidecar_name);
}

const char *reading_take_file(struct packet *packet, const struct intake_source *source)
{
    bool is_sidecar = packet_bool(packet);
    if (is_sidecar && !source->sidecar_name)
        reading_refuse(packet);
    return is_sidecar && source->sidecar_name ? source->sidecar_name : source->name;
}

/* ---- problems ---- */

/* A value in both languages, of characters of up to four bytes, and more than is shown of one. */
enum { VALUE_MAXIMUM_BYTES = 8192, COUNT_MAXIMUM = 1 << 30 };

static void put_problems(struct string_builder *packet, const struct intake_source *source,
                         const struct intake_problem_list *problems)
{
    size_t count = 0;
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        count++;
    packet_put_count(packet, count);
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        packet_put_integer(packet, problem->severity);
        packet_put_integer(packet, problem->parts->id);
        reading_put_file(packet, source, problem->file);
        packet_put_integer(packet, problem->line);
        for (int i = 0; i < 3; i++)
            packet_put_string(packet, problem->parts->values[i]);
    }
    packet_put_integer(packet, (int64_t)problems->refused);
    packet_put_integer(packet, (int64_t)problems->warnings);
    packet_put_integer(packet, (int64_t)problems->notices);
    packet_put_integer(packet, (int64_t)problems->advice);
    packet_put_integer(packet, (int64_t)problems->letters_left_out);
}

static void take_problem(struct packet *packet, struct arena *arena,
                         const struct intake_source *source, struct intake_problem_list *problems)
{
    const char *values[3];
    enum intake_severity severity = (enum intake_severity)packet_integer_within(
        packet, INTAKE_ADVICE, INTAKE_REFUSED);
    enum intake_message_id id = (enum intake_message_id)packet_integer_within(
        packet, 0, INTAKE_MESSAGE_ID_COUNT - 1);
    problems->file = reading_take_file(packet, source);
    int line = reading_take_line_number(packet, source);
    for (int i = 0; i < 3; i++) {
        values[i] = packet_string(packet, arena);
        if (values[i] && strlen(values[i]) > VALUE_MAXIMUM_BYTES)
            reading_refuse(packet);
    }
    if (!packet->is_bad)
        intake_problem_add_three(problems, severity, line, id, values[0], values[1], values[2]);
}

/* How many there were, of which some were not kept: none where none was kept. */
static void take_total(struct packet *packet, size_t *total)
{
    size_t kept = *total;
    *total = (size_t)packet_integer_within(packet, (int64_t)kept, COUNT_MAXIMUM);
    if (kept == 0 && *total > 0)
        reading_refuse(packet);
}

static void take_problems(struct packet *packet, struct arena *arena,
                          const struct intake_source *source, struct intake_problem_list *problems)
{
    size_t count = packet_count(packet);
    if (count > (size_t)2 * INTAKE_PROBLEM_MAXIMUM)
        reading_refuse(packet);
    for (size_t i = 0; i < count && !packet->is_bad; i++)
        take_problem(packet, arena, source, problems);
    problems->file = source->name;
    take_total(packet, &problems->refused);
    take_total(packet, &problems->warnings);
    take_total(packet, &problems->notices);
    take_total(packet, &problems->advice);
    problems->letters_left_out = (size_t)packet_integer_within(packet, 0, COUNT_MAXIMUM);
}

/* ---- all of it ---- */

void reading_put_text(struct string_builder *packet, const struct intake_source *source,
                      const struct intake_text *text, const struct intake_problem_list *problems)
{
    put_problems(packet, source, problems);
    reading_put_release(packet, source, text->release, text->mentions);
    if (source->embargo)
        reading_put_embargo(packet, source->embargo);
    reading_put_body(packet, text->release->body);
}

/* What intake_read_source() refuses itself, with words. */
static bool is_usable(const struct intake_problem_list *problems, const struct release *release)
{
    if (problems->refused)
        return true;
    size_t length = release->title ? utf8_length(release->title) : 0;
    return length > 0 && length <= RELEASE_TITLE_MAXIMUM;
}

bool reading_take_text(const void *bytes, size_t length, struct arena *arena,
                       const struct intake_source *source, struct intake_text *text,
                       struct intake_problem_list *problems)
{
    struct packet packet;
    packet_init(&packet, bytes, length);
    take_problems(&packet, arena, source, problems);
    text->release = reading_take_release(&packet, arena, source, &text->mentions);
    if (source->embargo)
        reading_take_embargo(&packet, arena, source, source->embargo);
    text->release->body = reading_take_body(&packet, arena);
    return packet_is_good(&packet) && is_usable(problems, text->release);
}
