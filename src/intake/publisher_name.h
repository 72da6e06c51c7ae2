/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PUBLISHER_NAME_H
#define INTAKE_PUBLISHER_NAME_H

#include <stdbool.h>

struct arena;

/* Inside intake/ only: comparing the names of publishers. */

/* Whether two names are one publisher's: case, marks, articles and the short words of legal forms
 * ("A/S", "the", "Ltd") do not count. */
bool publisher_name_is(struct arena *arena, const char *name, const char *publisher);

/* The same where one name may hold more than the other: "Region Nordhav", "Region Nordhav Presse".
 */
bool publisher_name_is_near(struct arena *arena, const char *name, const char *publisher);

/* Whether the text begins with the publisher's name. */
bool publisher_name_begins(struct arena *arena, const char *text, const char *publisher);

#endif
