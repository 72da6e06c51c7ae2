/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TITLE_H
#define INTAKE_TITLE_H

#include <stdbool.h>

struct intake_reading;

/* Inside intake/ only: titles that no field gives. */

/* What stands above a title. */
enum title_line {
    TITLE_LINE_OTHER,   /* may be the title itself */
    TITLE_LINE_DATE,    /* nothing but a date */
    TITLE_LINE_EMBARGO, /* "EMBARGO: …" */
    TITLE_LINE_TYPE,    /* "PRESSEINVITATION" */
    TITLE_LINE_NOTICE   /* "TIL OMGÅENDE BRUG", "###" */
};

/* *type: our name for what TITLE_LINE_TYPE says. */
enum title_line title_line_of(const struct intake_reading *reading, const char *line,
                              const char **type);

/* Takes the title of Markdown out of the release's body: "# Title" at its beginning, or, with
 * is_whole (there is no header above), a short first paragraph. Nothing where a field gives it, or
 * where no block is one. body: the source. */
void title_take_from_body(struct intake_reading *reading, const char *body, bool is_whole);

#endif
