/* SPDX-License-Identifier: MIT */
/* Markdown with YAML front matter: the reference form of a release. Where no field gives the title,
 * the text does: "# Title", or its first paragraph where there is no header at all. */
#include "intake/front_matter.h"
#include "intake/markdown_body.h"
#include "intake/reader.h"
#include "intake/title.h"

void markdown_read(struct intake_reading *reading)
{
    const char *body;
    int line;
    if (!intake_reading_decode(reading) || !front_matter_read(reading, &body, &line))
        return;
    markdown_read_body(reading, body, reading->length - (size_t)(body - reading->text), line);
    title_take_from_body(reading, body, body == reading->text);
}
