/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_XMP_H
#define PICTURE_XMP_H

#include "picture/picture.h"
#include "picture/span.h"

struct arena;
struct string_builder;

/* Inside picture/ only: packets of XMP (ISO 16684-1), with the properties of IPTC Photo Metadata
 * 2025.1 that struct picture_rights holds. */

enum { XMP_PACKET_MAXIMUM = 1024 * 1024 }; /* longer ones are not read */

/* Fills what is NULL in rights from a packet in UTF-8 or UTF-16, strings in arena. What it says in
 * several languages is taken in language (BCP 47; NULL: none is wanted), else in its default, else
 * in the first. What cannot be read of it counts as not there. */
void xmp_read(struct arena *arena, struct span packet, const char *language,
              struct picture_rights *rights);

/* Appends a packet with what rights hold and nothing else; nothing where they hold nothing. Never
 * over 60,000 bytes. */
void xmp_write(const struct picture_rights *rights, struct string_builder *out);

#endif
