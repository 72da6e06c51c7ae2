/* SPDX-License-Identifier: MIT */
/* Wire text: what a person copies from a press service's page. Title, a line with time, publisher
 * and kind, then the text, then sections, then page furniture.
 *
 * What the sections hold: contacts become contacts; names of pictures and documents that lie beside
 * the text are taken with it; "Information om …"/"About …" is left out where it names whose pages
 * these are, since each page shows publisher.about in its place. A section is one only where lines
 * of its kind follow; what reads as prose ends it and is text. What is left out is reported as
 * advice. Language: that of the kind's word, where one language alone has it ("Press release": en),
 * unless a field says it; for "Invitation" that of the first section's heading too ("Contacts":
 * en). */
#include "intake/wire_text.h"

#include "base/arena.h"
#include "intake/left_out.h"
#include "intake/publisher_name.h"
#include "intake/reader.h"
#include "intake/text_part.h"
#include "intake/text_section.h"
#include "release/release.h"

#include <string.h>

static void read_title(struct intake_reading *reading, const struct text_line *line)
{
    if (!(reading->fields & INTAKE_FIELD_TITLE))
        reading->release->title = line->text;
    else if (reading->release->title && strcmp(reading->release->title, line->text) == 0)
        left_out_as_mark(reading, line->text, strlen(line->text));
    else
        left_out_report(reading, INTAKE_NOTICE, line->number, INTAKE_MESSAGE_WIRE_TITLE, line->text,
                        1);
}

static void check_publisher(struct intake_reading *reading, const char *publisher, int line)
{
    if (reading->publisher && *publisher && reading->release->status != RELEASE_WITHDRAWN &&
        !publisher_name_is_near(reading->arena, publisher, reading->publisher))
        intake_problem_add(reading->problems, INTAKE_NOTICE, line, INTAKE_MESSAGE_WIRE_PUBLISHER,
                           publisher, reading->publisher);
}

void wire_text_read(struct intake_reading *reading, const struct text_lines *lines, size_t title)
{
    struct wire_dateline dateline;
    const struct text_line *line = &lines->lines[title + 1];
    for (size_t i = 0; i < title; i++)
        left_out_report(reading, INTAKE_ADVICE, lines->lines[i].number,
                        INTAKE_MESSAGE_FURNITURE_LEFT_OUT, lines->lines[i].text, 1);
    read_title(reading, &lines->lines[title]);
    left_out_as_mark(reading, line->text, strlen(line->text));
    if (!wire_dateline_read(reading, line->text, line->number, &dateline))
        return;
    check_publisher(reading, dateline.publisher, line->number);
    struct text_lines rest = { lines->lines + title + 2, lines->count - title - 2 };
    text_lines_join(reading->arena, &rest, 0);
    struct text_sections sections = { .reading = reading,
                                      .lines = &rest,
                                      .publisher = dateline.publisher };
    text_sections_find(&sections);
    if (dateline.kind && sections.word)
        wire_language_read(reading, dateline.kind, sections.word);
    text_parts_take(&sections);
}
