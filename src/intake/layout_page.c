/* SPDX-License-Identifier: MIT */
/* What a page says of itself beside its text: its title, language, time, and what it is about. */
#include "intake/layout_parts.h"

#include "base/arena.h"
#include "base/clock.h"
#include "intake/encoding.h"
#include "intake/left_out.h"
#include "intake/publisher_name.h"
#include "intake/reader.h"
#include "locale/locale.h"
#include "release/release.h"
#include "rich_text/rich_text.h"

#include <string.h>

static bool is_page(const struct layout *layout)
{
    return layout->rich->page_letters > 0;
}

/* One line; NULL: the page does not say it. */
static const char *field_of(const struct layout *layout, enum rich_text_field_kind kind)
{
    for (const struct rich_text_field *field = layout->rich->fields; field; field = field->next)
        if (field->kind == kind) {
            const char *line = encoding_one_line(layout->reading->arena, field->value,
                                                 strlen(field->value));
            return *line ? line : NULL;
        }
    return NULL;
}

/* "Ny bro åbner | Region Nordhav": the site's name behind a title is none of its words. */
static const char *without_site(const struct layout *layout, const char *title)
{
    static const char *const marks[] = { " | ", " - ", " – ", " — ", " · ", " :: ", NULL };
    const struct intake_reading *reading = layout->reading;
    for (const char *const *mark = marks; reading->publisher && *mark; mark++) {
        const char *at = strstr(title, *mark);
        const char *next;
        while (at && (next = strstr(at + 1, *mark)))
            at = next;
        if (at && at > title &&
            publisher_name_is_near(reading->arena, at + strlen(*mark), reading->publisher))
            return arena_copy_bytes(reading->arena, title, (size_t)(at - title));
    }
    return title;
}

void layout_page_count(struct layout *layout)
{
    const char *words = body_plain_text(layout->reading->arena, layout->rich->body);
    layout->letters = is_page(layout) ? left_out_count(words, strlen(words)) : 0;
}

void layout_page_title_take(struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    const char *title = is_page(layout) ? field_of(layout, RICH_TEXT_FIELD_TITLE) : NULL;
    if (title && !reading->release->title && !(reading->fields & INTAKE_FIELD_TITLE))
        reading->release->title = without_site(layout, title);
}

/* Programs write that a page is in English where nobody says otherwise. A text with so many other
 * letters than English has is in none. */
static bool is_mistaken(const struct layout *layout, const char *language)
{
    enum { LETTERS_OF_ENGLISH = 100 };

    const struct intake_reading *reading = layout->reading;
    const char *words = body_plain_text(reading->arena, reading->release->body);
    size_t others = 0;
    for (const char *c = words; *c; c++)
        others += (unsigned char)*c >= 0xC3 && (unsigned char)*c < 0xE0;
    return strncmp(language, "en", 2) == 0 &&
           LETTERS_OF_ENGLISH * others > left_out_count(words, strlen(words));
}

static void take_language(const struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    const char *written = field_of(layout, RICH_TEXT_FIELD_LANGUAGE);
    const char *language = written ? language_canonical(reading->arena, written) : NULL;
    if (!language || (reading->fields & INTAKE_FIELD_LANGUAGE) || reading->source->name_language ||
        is_mistaken(layout, language))
        return;
    reading->release->language = language;
    reading->fields |= INTAKE_FIELD_LANGUAGE;
}

static void take_time(const struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    const char *written = field_of(layout, RICH_TEXT_FIELD_PUBLISHED);
    int64_t at;
    if (!written || (reading->fields & INTAKE_FIELD_PUBLISHED) ||
        !instant_parse_rfc3339(written, &at))
        return;
    reading->release->published_at = instant_written(at);
    reading->fields |= INTAKE_FIELD_PUBLISHED;
}

/* What search engines show of the page is a lead where the text begins with none. */
static void take_lead(const struct layout *layout)
{
    struct release *release = layout->reading->release;
    const struct body_node *first = release->body->first_child;
    const char *lead = field_of(layout, RICH_TEXT_FIELD_DESCRIPTION);
    if (lead && !release->lead && !(layout->reading->fields & INTAKE_FIELD_LEAD) && first &&
        first->kind != BODY_PARAGRAPH)
        release->lead = lead;
}

/* Somebody is to look at a page of which most was taken for what stands around its text. */
static void judge(const struct layout *layout)
{
    struct intake_reading *reading = layout->reading;
    if (2 * layout->letters >= layout->rich->page_letters)
        return;
    intake_problem_add(reading->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_PAGE_PART, NULL, NULL);
    reading->release->has_open_changes = true;
}

void layout_page_take(struct layout *layout)
{
    if (!is_page(layout))
        return;
    take_language(layout);
    take_time(layout);
    take_lead(layout);
    judge(layout);
}
