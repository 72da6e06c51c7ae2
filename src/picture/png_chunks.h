/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_PNG_CHUNKS_H
#define PICTURE_PNG_CHUNKS_H

#include "picture/parts.h"
#include "picture/picture.h"
#include "picture/span.h"

struct arena;
struct string_builder;

/* A PNG file (W3C PNG specification) as the list of its chunks: no pixel is decoded. */

enum { PNG_TYPE_SIZE = 4 };

struct png_chunk {
    struct span type; /* four letters */
    struct span data;
    struct span whole; /* with length, type and check sum */
};

/* The chunk at *at, which moves behind it; begin with *at = 0, which passes the signature. False
 * where the file ends first. */
bool png_next(struct span file, size_t *at, struct png_chunk *chunk);

bool png_is(const struct png_chunk *chunk, const char *type);

/* Whether the check sum is that of the bytes. */
bool png_is_sound(const struct png_chunk *chunk);

/* Unpacks what zlib packed into at most size bytes. Its length; 0 where it is damaged or longer. */
size_t png_unpack(struct span packed, void *bytes, size_t size);

/* PICTURE_GOOD, PICTURE_CUT (no end), PICTURE_DAMAGED (a check sum of what the pixels need is
 * wrong, or a first or last chunk is none), or PICTURE_NONE. *frames: how many pictures it shows,
 * one after another. */
enum picture_trouble png_structure(struct span file, size_t *frames);

/* Its metadata; what is packed or written in digits is unpacked in arena. */
void png_parts(struct arena *arena, struct span file, struct picture_parts *parts);

/* Appends the picture to out, its pixels byte for byte, with what says how they are meant (palette,
 * transparency, colours, density) and xmp where it is not empty; a profile that unpacks to more
 * than any has, texts, EXIF, times, further frames, unknown chunks and what stands behind the end
 * go. False, with nothing appended, unless png_structure() finds it good and out takes it: file and
 * xmp with PNG_INSERTION_ROOM more always suffice. */
bool png_filter(struct span file, struct span xmp, struct string_builder *out);

enum { PNG_INSERTION_ROOM = 64 };

#endif
