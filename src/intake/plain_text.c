/* SPDX-License-Identifier: MIT */
/* A text that somebody wrote without a format: its first line is the title, each further one a
 * paragraph, with contacts and names of files in sections as wire text has them. Words for editors
 * ("FOR IMMEDIATE RELEASE"), a date, an embargo or a contact may stand above the title. Fields
 * between "---" and "---" count as in Markdown; what begins with "# " is Markdown. A text with a
 * press service's line below its title is wire text. */
#include "base/arena.h"
#include "intake/copied_mail.h"
#include "intake/front_matter.h"
#include "intake/markdown_body.h"
#include "intake/reader.h"
#include "intake/text_line.h"
#include "intake/text_mark.h"
#include "intake/text_part.h"
#include "intake/text_section.h"
#include "intake/title.h"
#include "intake/wire_text.h"
#include "release/body.h"
#include "release/release.h"

#include <string.h>

/* Each line makes at least two nodes of the body, a block and its words. */
enum { LINES_MAXIMUM = BODY_NODES_MAXIMUM / 2 };

static bool is_notice(const struct intake_reading *reading, const char *line)
{
    bool plain;
    return text_furniture_of(reading, line, &plain) != TEXT_FURNITURE_NONE;
}

/* The line of the title where no field gives it: the first line of text that can be one. What
 * stands above it are words for editors, but an embargo there belongs to the text. */
static size_t find_title(struct text_sections *sections)
{
    struct intake_reading *reading = sections->reading;
    size_t count = sections->lines->count;
    for (size_t i = 0; i < count; i++) {
        const char *type;
        if (sections->roles[i] != TEXT_ROLE_TEXT)
            continue;
        enum title_line line = title_line_of(reading, sections->lines->lines[i].text, &type);
        if (line == TITLE_LINE_OTHER || i + 1 == count)
            return i;
        if (line != TITLE_LINE_EMBARGO)
            sections->roles[i] = TEXT_ROLE_FURNITURE;
        if (type && !(reading->fields & INTAKE_FIELD_TYPE))
            reading->release->type = arena_copy(reading->arena, type);
    }
    return count;
}

static void take_title(struct text_sections *sections)
{
    struct release *release = sections->reading->release;
    if (sections->reading->fields & INTAKE_FIELD_TITLE) {
        /* A first line that repeats the title is dropped, because the page shows the title itself.
         * */
        if (release->title && sections->lines->count &&
            strcmp(release->title, sections->lines->lines[0].text) == 0)
            sections->roles[0] = TEXT_ROLE_TITLE;
        return;
    }
    size_t title = find_title(sections);
    if (title == sections->lines->count)
        return;
    release->title = sections->lines->lines[title].text;
    sections->roles[title] = TEXT_ROLE_TITLE;
}

static void advise_markdown(struct intake_reading *reading, const char *body)
{
    const char *bold = strstr(body, "**");
    if (strstr(body, "](http") || (bold && strstr(bold + 2, "**")))
        intake_problem_add(reading->problems, INTAKE_NOTICE, 0, INTAKE_MESSAGE_LOOKS_LIKE_MARKDOWN,
                           NULL, NULL);
}

static void read_plain(struct intake_reading *reading, struct text_lines *lines)
{
    struct text_sections sections = { .reading = reading, .lines = lines, .publisher = "" };
    text_lines_join(reading->arena, lines, 0);
    text_sections_find(&sections);
    take_title(&sections);
    text_parts_take(&sections);
    /* A single line without fields is no release but a memo that lies there. */
    if (!reading->fields && reading->release->title && !reading->release->body->first_child)
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_LINE_ALONE, NULL,
                           NULL);
}

void plain_text_read(struct intake_reading *reading)
{
    const char *body;
    int number;
    size_t title = 0;
    if (!intake_reading_decode(reading) || !front_matter_read(reading, &body, &number))
        return;
    if (text_line_begins(body + strspn(body, "\n"), "# ")) {
        markdown_read_body(reading, body, strlen(body), number);
        title_take_from_body(reading, body, body == reading->text);
        return;
    }
    struct text_lines lines = text_lines_split(reading->arena, body, number);
    if (lines.count > LINES_MAXIMUM) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, 0, INTAKE_MESSAGE_BODY_TOO_LARGE,
                           NULL, NULL);
        reading->fields_unread = true;
        return;
    }
    while (title < lines.count && is_notice(reading, lines.lines[title].text))
        title++;
    if (title + 1 < lines.count && wire_dateline_is(lines.lines[title + 1].text)) {
        wire_text_read(reading, &lines, title);
        return;
    }
    if (copied_mail_is(reading, &lines, title)) {
        intake_problem_add(reading->problems, INTAKE_REFUSED, lines.lines[title].number,
                           INTAKE_MESSAGE_COPIED_MAIL, lines.lines[title].text, NULL);
        reading->fields_unread = true; /* so that the missing title is not reported as well */
        return;
    }
    advise_markdown(reading, body);
    read_plain(reading, &lines);
}
