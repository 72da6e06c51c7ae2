/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FIELDS_DATE_H
#define INTAKE_FIELDS_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "locale/written_date.h"

struct scope;

/* Inside intake/ only: dates in fields. */

/* A date in a field, as people write it. */
struct fields_date {
    struct written_date written;
    int64_t at;  /* of a day alone: where it begins */
    bool is_day; /* no time of day is said */
};

/* Reads the field; false where it is absent or, with a problem, cannot be read in one way alone. */
bool fields_date_read(struct scope *scope, const char *key, struct fields_date *date);

/* The same for an end, which may be a time of day alone: of the day when start is. */
bool fields_date_read_end(struct scope *scope, const char *key, const struct fields_date *start,
                          struct fields_date *date);

/* Whether a value is one plain date, with a time or without. No problem is added. */
bool fields_date_of(const struct scope *scope, const char *value, struct fields_date *date);

/* "10. december 2026 kl. 10–12": a start with a time, and the end behind a dash. No problem is
 * added where the value is none such. */
bool fields_date_split(const struct scope *scope, const char *value, struct fields_date *start,
                       struct fields_date *end);

/* Where the day behind a date begins. */
int64_t fields_date_next_day(const struct scope *scope, const struct fields_date *date);

#endif
