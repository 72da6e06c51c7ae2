/* SPDX-License-Identifier: MIT */
/* Markdown with YAML front matter: the reference form of a release. */
#include "intake/front_matter.h"
#include "intake/markdown_body.h"
#include "intake/reader.h"

void markdown_read(struct intake_reading *reading)
{
    const char *body;
    int line;
    if (front_matter_read(reading, &body, &line))
        markdown_read_body(reading, body, reading->length - (size_t)(body - reading->text), line);
}
