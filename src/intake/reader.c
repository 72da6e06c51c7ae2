/* SPDX-License-Identifier: MIT */
#include "intake/reader.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/embargo.h"
#include "intake/embargo_phrase.h"
#include "intake/embargo_text.h"
#include "intake/encoding.h"
#include "intake/fields.h"
#include "intake/format_advice.h"
#include "intake/layout.h"
#include "intake/prose_event.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

/* ---- what must hold for every format ---- */

static void check_title(struct intake_reading *reading)
{
    const char *title = reading->release->title;
    size_t length = title ? utf8_length(title) : 0;
    if (length == 0) {
        /* otherwise the reason is reported already */
        if (!(reading->fields & INTAKE_FIELD_TITLE) && !reading->fields_unread)
            intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_TITLE_MISSING,
                               NULL, NULL);
    } else if (length > RELEASE_TITLE_MAXIMUM) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_TITLE_TOO_LONG,
                           arena_format(reading->arena, "%d", RELEASE_TITLE_MAXIMUM), NULL);
    } else if (length > RELEASE_TITLE_ADVISED) {
        intake_problem_add(reading->problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_TITLE_LONG,
                           arena_format(reading->arena, "%zu", length), NULL);
    }
}

/* Counts nodes, and notes the depth of the deepest. */
static size_t measure(const struct body_node *node, int depth, int *deepest)
{
    size_t count = 1;
    if (depth > *deepest)
        *deepest = depth;
    if (depth <= BODY_DEPTH_MAXIMUM)
        for (const struct body_node *child = node->first_child; child; child = child->next)
            count += measure(child, depth + 1, deepest);
    return count;
}

static void check_body(struct intake_reading *reading)
{
    int deepest = 0;
    const struct release *release = reading->release;
    if (measure(release->body, 0, &deepest) > BODY_NODES_MAXIMUM || deepest > BODY_DEPTH_MAXIMUM)
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_BODY_TOO_LARGE,
                           NULL, NULL);
    if (!release->body->first_child && !release->lead && !reading->problems->refused &&
        release->status != RELEASE_WITHDRAWN)
        intake_problem_add(reading->problems, INTAKE_ADVICE, 0, INTAKE_MESSAGE_TEXT_MISSING, NULL,
                           NULL);
}

static void read_sidecar(struct intake_reading *reading, const struct intake_source *source)
{
    const char *text;
    size_t length;
    reading->problems->file = source->sidecar_name;
    if (encoding_decode(reading->arena, source->sidecar_bytes, source->sidecar_length,
                        reading->problems, &text, &length)) {
        /* An empty file is what a full disk or an unfinished save leaves; its embargo may be lost.
         * */
        if (text[strspn(text, " \t\n")] == '\0')
            intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_SIDECAR_EMPTY,
                               NULL, NULL);
        fields_read(reading, text, length, 1);
        if (reading->words)
            embargo_text_find_comments(reading, text, length, 1);
    }
    reading->sidecar = source->sidecar_name;
}

/* A file that is not what its name says: refused by name, whatever a reader would make of it. */
static bool is_of_another_kind(struct intake_reading *reading)
{
    struct intake_message message;
    const struct intake_source *source = reading->source;
    if (!format_advice_of_lie(reading->arena, source->name, source->bytes, source->length,
                              &message))
        return false;
    intake_problem_add_message(reading->problems, INTAKE_REFUSED, 0, &message);
    reading->is_unreadable = true;
    return true;
}

/* Nobody sees numbers of lines in such a text, so messages name words alone. */
static void forget_lines(struct intake_reading *reading)
{
    const char *file = reading->source->name;
    for (struct intake_problem *problem = reading->problems->first; problem;
         problem = problem->next)
        if (problem->file == file)
            problem->line = 0;
    for (struct intake_mention *mention = reading->mentions; mention; mention = mention->next)
        if (mention->file == file)
            mention->line = 0;
    for (struct embargo_phrase *phrase = reading->embargo; phrase; phrase = phrase->next)
        phrase->line = 0;
}

static void read_text(struct intake_reading *reading)
{
    const struct intake_source *source = reading->source;
    const struct intake_format *format = source->format ? source->format
                                                        : intake_format_of(source->name);
    reading->problems->file = source->name;
    if (!format || is_of_another_kind(reading))
        return;
    format->read(reading);
    if (reading->is_unreadable)
        return;
    embargo_text_find(reading);
    prose_event_report(reading);
    check_title(reading);
    check_body(reading);
    if (format->is_rich) {
        forget_lines(reading);
        layout_hint_fields(reading->problems);
    }
}

/* A field "en-GB" does not contradict a name "x.en.md". */
static void take_name_language(struct intake_reading *reading, const char *language)
{
    struct release *release = reading->release;
    size_t length = strcspn(language, "-");
    if (!(reading->fields & INTAKE_FIELD_LANGUAGE))
        release->language = language;
    else if (release->language && (strcspn(release->language, "-") != length ||
                                   strncmp(release->language, language, length) != 0))
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_VERSION_LANGUAGE,
                           language, release->language);
}

/* Decides about the embargo by words and fields together. */
static void decide_embargo(const struct intake_reading *reading, struct embargo_words *asked)
{
    struct embargo_words words = { .phrases = reading->embargo,
                                   .has_field = reading->fields & INTAKE_FIELD_EMBARGO,
                                   .is_none = reading->embargo_is_none };
    struct embargo_input of = { .words = &words,
                                .release = reading->release,
                                .zone = reading->zone,
                                .language_words = reading->words,
                                .now_at = reading->now_at,
                                .problems = reading->problems };
    if (asked)
        embargo_fill(&of);
    else
        embargo_judge(&of);
    if (asked)
        *asked = words;
}

void intake_read_source(struct arena *arena, const struct intake_source *source,
                        struct intake_text *text, struct intake_problem_list *problems)
{
    struct release *release = arena_allocate(arena, sizeof *release);
    release->status = RELEASE_READY;
    release->mail = true;
    release->body = body_new(arena);
    struct intake_reading reading = {
        .arena = arena,
        .source = source,
        .text = "",
        .zone = source->zone,
        .language = source->language,
        .words = source->words,
        .locale = source->locale,
        .now_at = source->now_at,
        .publisher = source->publisher,
        .release = release,
        .problems = problems,
        .format_of = intake_format_of,
    };
    release->language = source->name_language;
    if (source->sidecar_name)
        read_sidecar(&reading, source);
    read_text(&reading);
    if (source->name_language)
        take_name_language(&reading, source->name_language);
    decide_embargo(&reading, source->embargo);
    *text = (struct intake_text){ .release = release,
                                  .mentions = reading.mentions,
                                  .parts = reading.parts };
}
