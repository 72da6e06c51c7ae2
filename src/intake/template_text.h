/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_TEMPLATE_TEXT_H
#define INTAKE_TEMPLATE_TEXT_H

#include <stddef.h>

struct arena;
struct release;

/* Inside intake/ only: what a template says between "<" and ">" for somebody to write over. */

enum { TEMPLATE_PLACES_MAXIMUM = 20 }; /* more are not told */

struct template_places {
    struct arena *arena; /* of the texts */
    const char *texts[TEMPLATE_PLACES_MAXIMUM];
    size_t count;
};

/* Adds the places of the release that nobody has written yet, each once: "<headline, at most 90
 * characters>". */
void template_text_find(struct template_places *places, const struct release *release);

#endif
