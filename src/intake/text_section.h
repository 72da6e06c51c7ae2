/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEXT_SECTION_H
#define INTAKE_TEXT_SECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/text_line.h"

struct intake_reading;

/* Inside intake/ only: the parts of a text without a format that are not its text: contacts,
 * names of pictures and documents, what a press service's page adds, words and marks for editors.
 * */

enum text_role {
    TEXT_ROLE_TEXT,
    TEXT_ROLE_TITLE,
    TEXT_ROLE_RULE,    /* parts two blocks of the text */
    TEXT_ROLE_HEADING, /* of one of the sections below */
    TEXT_ROLE_CONTACT,
    TEXT_ROLE_IMAGE,
    TEXT_ROLE_DOCUMENT,
    TEXT_ROLE_CAPTION,  /* in a list of pictures or documents without their files */
    TEXT_ROLE_ABOUT,    /* what the publisher says of itself: each page shows its own */
    TEXT_ROLE_PAGE,     /* what the page shows below a release */
    TEXT_ROLE_FURNITURE /* "FOR IMMEDIATE RELEASE", "###" */
};

struct text_sections {
    struct intake_reading *reading;
    const struct text_lines *lines;
    enum text_role *roles; /* one a line */
    const char **folded;   /* one a line, case-folded; NULL: not asked for yet */
    bool wants_gap;        /* as text_heading_wants_gap() says */
    const char *publisher; /* whose page it is; "": nobody's: a text that somebody wrote */
    const char *word;      /* heading of the first section, case-folded; NULL: there is none */
};

/* Finds the role of each line. */
void text_sections_find(struct text_sections *sections);

/* Whether a line is "Kontakt: " and a contact, which begins at *entry; else that stays. */
bool text_section_is_contact(const struct intake_reading *reading, const char *line,
                             const char **entry);

#endif
