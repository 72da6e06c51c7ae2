/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_EMBARGO_BODY_H
#define INTAKE_EMBARGO_BODY_H

#include <stdbool.h>

struct embargo_phrase;
struct intake_reading;

/* Inside intake/ only: what a body tree says of an embargo, for embargo_text.c. */

/* What the first lines and the last paragraph of the body say; what may go is taken out. */
struct embargo_phrase *embargo_body_find(struct intake_reading *reading);

/* Takes the first block with words out of the body, as the title; NULL where there is none that
 * could be one. */
const char *embargo_body_take_title(struct intake_reading *reading);

#endif
