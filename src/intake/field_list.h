/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FIELD_LIST_H
#define INTAKE_FIELD_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "locale/language_words.h"

struct arena;

/* The fields that a release may have, as a list that people read. It is made of the tables that
 * headers are read with, so that it names every field and no other. */

/* What is written behind the colon. */
enum intake_field_kind {
    INTAKE_FIELD_KIND_UNKNOWN, /* of none: field_list.c lacks its row */
    INTAKE_FIELD_KIND_TEXT,
    INTAKE_FIELD_KIND_NAME,   /* letters a–z, digits, hyphens */
    INTAKE_FIELD_KIND_CHOICE, /* one of the words of values */
    INTAKE_FIELD_KIND_TIME,   /* a day and a time of day */
    INTAKE_FIELD_KIND_FILE,   /* a file beside the text, or another release's */
    INTAKE_FIELD_KIND_PHONE,
    INTAKE_FIELD_KIND_EMAIL,
    INTAKE_FIELD_KIND_LIST,   /* several, with commas between */
    INTAKE_FIELD_KIND_PERSONS /* one a line */
};

struct intake_field_entry {
    const char *parent; /* the field that it stands in: "contacts"; NULL: of the release itself */
    const char *name;   /* ours: "translation_of" */
    enum intake_field_kind kind;
    bool is_required;       /* of what it stands in */
    bool has_values;        /* it takes words of a group, and these alone */
    enum word_group values; /* that group, where has_values */
    const char *const *own; /* our names of those of them that it takes, ended by NULL */
};

/* All fields, those of the release first, then what stands in each; *count of them, in arena. */
const struct intake_field_entry *intake_field_list(struct arena *arena, size_t *count);

#endif
