/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_RIGHTS_H
#define PICTURE_RIGHTS_H

#include "picture/picture.h"
#include "picture/span.h"

struct arena;
struct string_builder;

/* Inside picture/ only: what a picture says of itself (struct picture_rights): XMP first, then
 * IIM, EXIF and PNG's own texts, each field by itself; of several languages as xmp_read() has it.
 * Strings in arena. */
void rights_read(struct arena *arena, enum picture_format format, struct span file,
                 const char *language, struct picture_rights *rights);

/* Appends the file of a JPEG or PNG, its pixels byte for byte, with nothing beside them but rights:
 * of JPEG in XMP and IIM, of PNG in XMP. orientation: 2 to 8 stays in an EXIF entry of a JPEG, else
 * none does. False, with nothing appended, where the file is neither or is not whole, or out is too
 * small: RIGHTS_ROOM more than the file always suffices. */
bool rights_filter(enum picture_format format, struct span file,
                   const struct picture_rights *rights, int orientation,
                   struct string_builder *out);

enum { RIGHTS_ROOM = 128 * 1024 };

#endif
