/* SPDX-License-Identifier: MIT */
#include "intake/reading_packet.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "base/utf8.h"
#include "confined/packet.h"
#include "intake/embargo.h"
#include "intake/intake.h"
#include "intake/problem.h"
#include "intake/reader.h"
#include "intake/reading_parts.h"
#include "intake/reading_value.h"
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
    reading_put_phrases(packet, source->phrases);
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
    source->phrases = reading_take_phrases(&packet, arena);
    return packet_is_good(&packet) && source->name && source->zone;
}

/* ---- problems ---- */

/* Limits: bytes of one text, with more characters than are shown; of all texts of a problem, since
 * messages within messages multiply them; messages within messages; problems of one text. */
enum {
    TEXT_MAXIMUM_BYTES = 4096,
    TEXTS_MAXIMUM_BYTES = 4 * TEXT_MAXIMUM_BYTES,
    DEPTH_MAXIMUM = 4,
    COUNT_MAXIMUM = 1 << 30
};

/* Of a value's number: minutes of some million years. */
static const int64_t number_maximum = INT64_C(1000000000000);

static void put_message(struct string_builder *packet, const struct intake_message *message)
{
    packet_put_integer(packet, message->id);
    for (int i = 0; i < INTAKE_VALUES; i++) {
        const struct intake_value *value = &message->values[i];
        packet_put_integer(packet, value->kind);
        packet_put_integer(packet, value->number);
        packet_put_string(packet, value->text);
        if (value->message)
            put_message(packet, value->message);
    }
}

static void put_problems(struct string_builder *packet, const struct intake_source *source,
                         const struct intake_problem_list *problems)
{
    size_t count = 0;
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next)
        count++;
    packet_put_count(packet, count);
    for (const struct intake_problem *problem = problems->first; problem; problem = problem->next) {
        packet_put_integer(packet, problem->severity);
        reading_put_file(packet, source, problem->file);
        packet_put_integer(packet, problem->line);
        put_message(packet, &problem->message);
    }
    packet_put_integer(packet, (int64_t)problems->refused);
    packet_put_integer(packet, (int64_t)problems->warnings);
    packet_put_integer(packet, (int64_t)problems->notices);
    packet_put_integer(packet, (int64_t)problems->advice);
    packet_put_integer(packet, (int64_t)problems->letters_left_out);
}

/* A message being read, or one within it; left: bytes that texts may still have. */
struct taking {
    struct packet *packet;
    struct arena *arena;
    size_t left;
};

static void take_message(struct taking *taking, int depth, struct intake_message *message);

/* The number and text that a value of its kind can have. */
static bool value_is_valid(struct taking *taking, const struct intake_value *value)
{
    size_t length = value->text ? strlen(value->text) : 0;
    if (length > TEXT_MAXIMUM_BYTES || length > taking->left)
        return false;
    taking->left -= length;
    if (value->kind == INTAKE_VALUE_WORD)
        return value->text && value->number >= 0 && value->number < WORD_GROUP_COUNT;
    return value->number > -number_maximum && value->number < number_maximum;
}

static struct intake_value take_value(struct taking *taking, int depth)
{
    struct packet *packet = taking->packet;
    struct intake_value value = { .kind = (enum intake_value_kind)packet_integer_within(
                                      packet, INTAKE_VALUE_TEXT, INTAKE_VALUE_MESSAGE) };
    value.number = packet_integer(packet);
    value.text = packet_string(packet, taking->arena);
    if (!value_is_valid(taking, &value) || depth > DEPTH_MAXIMUM)
        reading_refuse(packet);
    if (value.kind == INTAKE_VALUE_MESSAGE && !packet->is_bad) {
        struct intake_message *inner = arena_allocate(taking->arena, sizeof *inner);
        take_message(taking, depth + 1, inner);
        value.message = inner;
    }
    return value;
}

static void take_message(struct taking *taking, int depth, struct intake_message *message)
{
    /* not one of those around the problems of a note, which may have several lines */
    message->id = (enum intake_message_id)packet_integer_within(taking->packet, 0,
                                                                INTAKE_MESSAGE_FILE_REFUSED - 1);
    for (int i = 0; i < INTAKE_VALUES; i++)
        message->values[i] = take_value(taking, depth);
}

static void take_problem(struct packet *packet, struct arena *arena,
                         const struct intake_source *source, struct intake_problem_list *problems)
{
    struct intake_message message;
    enum intake_severity severity = (enum intake_severity)packet_integer_within(
        packet, INTAKE_ADVICE, INTAKE_REFUSED);
    problems->file = reading_take_file(packet, source);
    int line = reading_take_line_number(packet, source);
    take_message(&(struct taking){ packet, arena, TEXTS_MAXIMUM_BYTES }, 1, &message);
    if (!packet->is_bad)
        intake_problem_add_message(problems, severity, line, &message);
}

/* Reads a total, which is not less than what was kept and 0 where nothing was. */
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
    reading_put_release(packet, source, text);
    if (source->embargo)
        reading_put_embargo(packet, source->embargo);
    reading_put_body(packet, text->release->body);
}

/* Whether it is what intake_read_source() would accept or has refused with a message. */
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
    reading_take_release(&packet, arena, source, text);
    if (source->embargo)
        reading_take_embargo(&packet, arena, source, source->embargo);
    text->release->body = reading_take_body(&packet, arena);
    return packet_is_good(&packet) && is_usable(problems, text->release);
}
