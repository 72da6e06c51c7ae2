/* SPDX-License-Identifier: MIT */
#include "publish/text_file.h"

#include "base/arena.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"

#include <string.h>

enum { WIDTH = 72 };

/* A part of the file, before or behind the release's own text, as a text like that one: so its
 * lines are filled and its addresses stand by the same writer. */
struct part {
    const struct presentation *shown;
    struct arena *arena;
    struct body_node *body;
};

static const char *word(const struct part *part, const char *key)
{
    return strings_get(part->shown->settings->strings, part->shown->language, key);
}

/* Nothing for NULL or "". */
static void block_add(const struct part *part, enum body_kind kind, const char *words)
{
    if (words && *words)
        body_append_text(part->arena, body_append(part->arena, part->body, kind), words,
                         strlen(words));
}

static void labelled_add(const struct part *part, const char *key, const char *words)
{
    if (words)
        block_add(part, BODY_PARAGRAPH,
                  arena_format(part->arena, "%s: %s", word(part, key), words));
}

static void line_add(const struct part *part, struct body_node *block, const char *words)
{
    if (block->first_child)
        (void)body_append(part->arena, block, BODY_BREAK);
    body_append_text(part->arena, block, words, strlen(words));
}

/* Words, a second line that may be NULL, and an address as the text has its own. */
static void linked_add(const struct part *part, const char *words, const char *second,
                       const char *address)
{
    struct body_node *block = body_append(part->arena, part->body, BODY_PARAGRAPH);
    line_add(part, block, words);
    if (second)
        line_add(part, block, second);
    line_add(part, block, arena_format(part->arena, "<%s>", address));
}

static void part_write(struct part *part, struct string_builder *text)
{
    const struct presentation_form form = { .medium = PRESENTATION_TEXT, .width = WIDTH };
    if (!part->body->first_child)
        return;
    if (text->length)
        string_builder_append_character(text, '\n');
    presentation_write(part->shown, &form, part->body, text);
    part->body = body_new(part->arena);
}

/* ---- parts ---- */

static void head_fill(const struct part *part)
{
    const struct presentation *shown = part->shown;
    const char *language = shown->language;
    block_add(part, BODY_HEADING, shown->title);
    block_add(part, BODY_PARAGRAPH,
              arena_format(
                  part->arena, "%s · %s · %s", presentation_date(shown, language, shown->public_at),
                  shown->settings->newsroom->name, presentation_type_name(shown, language)));
    if (shown->is_updated)
        labelled_add(part, "updated", presentation_date(shown, language, shown->updated_at));
    labelled_add(part, "correction", shown->correction);
    if (shown->event) {
        labelled_add(part, "event_time", shown->event->when);
        labelled_add(part, "event_place", shown->event->place);
        linked_add(part, word(part, "event_calendar"), NULL, shown->event->calendar);
    }
}

/* "Den nye indgang (JPEG, 1,2 MB, 4000 × 2250 pixel)", the credit and the address below. */
static void picture_add(const struct part *part, const struct presentation_file *picture)
{
    struct body_image_words words;
    const char *name = picture->asset->alt;
    presentation_picture_words(part->shown->settings, part->arena, picture, part->shown->language,
                               &words);
    if (words.caption || !name || !*name)
        name = words.caption ? words.caption : release_asset_name(picture->asset);
    linked_add(part, arena_format(part->arena, "%s (%s)", name, words.original_text), words.credit,
               words.original_address);
}

static void document_add(const struct part *part, const struct presentation_file *document)
{
    linked_add(part,
               arena_format(part->arena, "%s (%s)", release_asset_name(document->asset),
                            presentation_file_words(part->shown->settings, part->arena, document,
                                                    part->shown->language)),
               NULL, document->full.url);
}

/* Those of one kind, below a heading. All pictures, as those in the text have no address there. */
static void files_fill(const struct part *part, bool are_pictures)
{
    const struct presentation *shown = part->shown;
    bool is_begun = false;
    for (size_t i = 0; i < shown->file_count; i++) {
        const struct presentation_file *file = &shown->files[i];
        if (file->is_picture != are_pictures || file->is_unreadable)
            continue;
        if (!is_begun)
            block_add(part, BODY_HEADING, word(part, are_pictures ? "pictures" : "documents"));
        is_begun = true;
        if (are_pictures)
            picture_add(part, file);
        else
            document_add(part, file);
    }
}

static void foot_fill(const struct part *part)
{
    const struct presentation *shown = part->shown;
    const struct newsroom *newsroom = shown->settings->newsroom;
    const struct presentation_contacts *contacts = &shown->contacts;
    const char *about = localized_get(newsroom->about, shown->language);
    files_fill(part, true);
    files_fill(part, false);
    if (contacts->count)
        block_add(part, BODY_HEADING, word(part, "contact"));
    for (size_t i = 0; i < contacts->count; i++)
        block_add(part, BODY_PARAGRAPH, presentation_contact_line(part->arena, &contacts->list[i]));
    if (about)
        block_add(part, BODY_HEADING,
                  arena_format(part->arena, "%s %s", word(part, "about"), newsroom->name));
    block_add(part, BODY_PARAGRAPH, about);
    linked_add(part, word(part, "mail_read_online"), NULL, shown->url);
}

bool text_applies(const struct presentation *shown)
{
    return !shown->is_withdrawn;
}

bool text_write(struct site *site, const struct presentation *shown, struct string_builder *text,
                struct error *error)
{
    (void)site;
    (void)error;
    struct arena *arena = shown->arena;
    struct part part = { shown, arena, body_new(arena) };
    head_fill(&part);
    part_write(&part, text);
    /* Where the lead is the text's first paragraph, the text has it already. */
    if (!shown->lead_is_first_paragraph)
        block_add(&part, BODY_PARAGRAPH, shown->lead_paragraph ? shown->lead : NULL);
    part_write(&part, text);
    part.body = shown->release->body;
    if (part.body)
        part_write(&part, text);
    part.body = body_new(arena);
    foot_fill(&part);
    part_write(&part, text);
    return true;
}
