/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_WIRE_TEXT_H
#define INTAKE_WIRE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;

/* The parts of wire_text.c that stand in files of their own. */

/* "7.6.2022 18:57:25 CEST | Region Nordhav | Pressemeddelelse": fills published_at, type and
 * language as far as they are not given yet, and *publisher (in the release's arena). False, with
 * the problem, where the line is no such line. */
bool wire_dateline_read(struct intake_reading *reading, const char *line, int number,
                        const char **publisher);

/* One line of the section Kontakter/Contacts: "Name, title, phone, e-mail" in one line or spread
 * over several. */
void wire_contact_read(struct intake_reading *reading, const char *line, int number);

#endif
