/* SPDX-License-Identifier: MIT */
#include "intake/text_part.h"

#include "base/arena.h"
#include "intake/contact_text.h"
#include "intake/file_line.h"
#include "intake/left_out.h"
#include "intake/reader.h"
#include "intake/text_block.h"
#include "intake/text_section.h"

#include <string.h>

struct parts {
    const struct text_sections *sections;
    struct text_lines text; /* of the body */
    bool parted;            /* something else stood between the body's last line and its next */
};

static void take_text(struct parts *parts, size_t index, bool is_rule)
{
    struct text_line line = parts->sections->lines->lines[index];
    line.after_gap = line.after_gap || parts->parted;
    line.is_rule = is_rule;
    parts->parted = false;
    parts->text.lines[parts->text.count++] = line;
}

static void take_contact(const struct parts *parts, size_t index)
{
    struct intake_reading *reading = parts->sections->reading;
    const struct text_line *line = &parts->sections->lines->lines[index];
    const char *entry = line->text;
    bool is_first = index == 0 || parts->sections->roles[index - 1] != TEXT_ROLE_CONTACT;
    if (text_section_is_contact(reading, line->text, &entry)) {
        is_first = true;
        left_out_as_mark(reading, line->text, (size_t)(entry - line->text));
    }
    if (is_first || strchr(entry, ';'))
        (void)contact_text_read(reading, entry, line->number);
    else
        contact_text_add(reading, entry, line->number, false);
}

/* How many lines from there on have the same role. */
static size_t run_of(const struct text_sections *sections, size_t index)
{
    size_t end = index;
    while (end < sections->lines->count && sections->roles[end] == sections->roles[index])
        end++;
    return end - index;
}

/* Reports a run of lines once, by its first words. */
static size_t report_run(const struct parts *parts, size_t index, enum intake_severity severity,
                         enum intake_message_id id)
{
    const struct text_line *lines = &parts->sections->lines->lines[index];
    struct intake_reading *reading = parts->sections->reading;
    size_t count = run_of(parts->sections, index);
    left_out_report(reading, severity, lines[0].number, id, lines[0].text, count);
    for (size_t i = 1; i < count; i++)
        left_out_as_mark(reading, lines[i].text, strlen(lines[i].text));
    return count;
}

/* Reports standard lines for editors that were left out; punctuation without letters needs no
 * report. */
static void report_furniture(const struct parts *parts, size_t index)
{
    const struct text_line *line = &parts->sections->lines->lines[index];
    if (left_out_count(line->text, strlen(line->text)) > 0)
        left_out_report(parts->sections->reading, INTAKE_ADVICE, line->number,
                        INTAKE_MESSAGE_FURNITURE_LEFT_OUT, line->text, 1);
}

/* Takes the line and returns how many more with it. */
static size_t take(struct parts *parts, size_t index)
{
    struct intake_reading *reading = parts->sections->reading;
    const struct text_line *line = &parts->sections->lines->lines[index];
    enum text_role role = parts->sections->roles[index];
    switch (role) {
    case TEXT_ROLE_RULE:
        report_furniture(parts, index);
        take_text(parts, index, true);
        return 1;
    case TEXT_ROLE_TEXT:
        take_text(parts, index, false);
        return 1;
    case TEXT_ROLE_TITLE:
        break;
    case TEXT_ROLE_HEADING:
        left_out_as_mark(reading, line->text, strlen(line->text));
        break;
    case TEXT_ROLE_CONTACT:
        if (reading->fields & INTAKE_FIELD_CONTACTS)
            return report_run(parts, index, INTAKE_NOTICE, INTAKE_MESSAGE_CONTACTS_LEFT_OUT);
        take_contact(parts, index);
        break;
    case TEXT_ROLE_IMAGE:
    case TEXT_ROLE_DOCUMENT:
        file_line_read(reading, line->text, line->number,
                       role == TEXT_ROLE_IMAGE ? RELEASE_IMAGE : RELEASE_DOCUMENT);
        break;
    case TEXT_ROLE_CAPTION:
        return report_run(parts, index, INTAKE_NOTICE, INTAKE_MESSAGE_FILES_LEFT_OUT);
    case TEXT_ROLE_ABOUT:
        if (run_of(parts->sections, index) == 1) { /* a heading without anything below it */
            left_out_as_mark(reading, line->text, strlen(line->text));
            break;
        }
        return report_run(parts, index, INTAKE_NOTICE, INTAKE_MESSAGE_ABOUT_LEFT_OUT);
    case TEXT_ROLE_PAGE:
        return report_run(parts, index, INTAKE_NOTICE, INTAKE_MESSAGE_PAGE_LEFT_OUT);
    case TEXT_ROLE_FURNITURE:
        report_furniture(parts, index);
        break;
    }
    return 1;
}

void text_parts_take_but_text(const struct text_sections *sections)
{
    struct parts parts = { .sections = sections };
    for (size_t index = 0; index < sections->lines->count;) {
        enum text_role role = sections->roles[index];
        if (role == TEXT_ROLE_RULE)
            report_furniture(&parts, index);
        index += role == TEXT_ROLE_TEXT || role == TEXT_ROLE_RULE ? 1 : take(&parts, index);
    }
}

void text_parts_take(const struct text_sections *sections)
{
    struct parts parts = { .sections = sections };
    parts.text.lines = arena_allocate_array(sections->reading->arena, sections->lines->count + 1,
                                            sizeof *parts.text.lines);
    for (size_t index = 0; index < sections->lines->count;) {
        enum text_role role = sections->roles[index];
        index += take(&parts, index);
        parts.parted = parts.parted || (role != TEXT_ROLE_TEXT && role != TEXT_ROLE_RULE);
    }
    text_blocks_append(sections->reading, &parts.text);
}
