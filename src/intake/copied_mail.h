/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_COPIED_MAIL_H
#define INTAKE_COPIED_MAIL_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;
struct text_lines;

/* Inside intake/ only. */

/* Whether the lines from first on are the header of a mail that somebody copied with it: that must
 * not be published, since it says who wrote to whom. */
bool copied_mail_is(const struct intake_reading *reading, const struct text_lines *lines,
                    size_t first);

#endif
