/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_CONTACT_TEXT_H
#define INTAKE_CONTACT_TEXT_H

#include <stdbool.h>

struct intake_reading;

/* Inside intake/ only: contacts as people write them: "Mads Overby, pressechef, tlf. 51 00 00 10,
 * mads@nordhav.example", in one line or in several, parted by commas, dashes, bars or nothing but
 * the shape of the numbers. Labels ("Tlf.", "Kontakt:") go; all else of the words is kept: what
 * has no field of its own becomes part of the title. */

/* Adds the contacts of one text, behind those that are there; parted by ";" or line ends. line:
 * where it stands, for problems. Returns how many were added. */
int contact_text_read(struct intake_reading *reading, const char *text, int line);

/* One line of a list of contacts, without its end: goes on with the last contact of the release
 * where it reads so ("Tlf. 51 00 00 10", or a title below a lone name), else adds one. is_new: it
 * never goes on. */
void contact_text_add(struct intake_reading *reading, const char *text, int line, bool is_new);

/* Whether a line reads as one of a list of contacts: short, and no sentence. */
bool contact_text_is_entry(const struct intake_reading *reading, const char *line);

/* Whether a telephone number or an e-mail address stands in it. */
bool contact_text_has_number(const struct intake_reading *reading, const char *line);

#endif
