/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_IIM_H
#define PICTURE_IIM_H

#include "picture/picture.h"
#include "picture/span.h"

struct arena;
struct string_builder;

/* Inside picture/ only: IPTC Information Interchange Model 4.2: data sets of a number and bytes. */

/* The data sets among Photoshop's image resources (0x0404); empty where there are none. */
struct span iim_in_photoshop(struct span resources);

/* Fills what is NULL in rights from data sets, strings in arena. */
void iim_read(struct arena *arena, struct span iim, struct picture_rights *rights);

/* Appends data sets with what rights hold of creator, credit, copyright and caption, in UTF-8;
 * nothing where they hold none. */
void iim_write(const struct picture_rights *rights, struct string_builder *out);

#endif
