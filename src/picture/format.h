/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_FORMAT_H
#define PICTURE_FORMAT_H

#include <stddef.h>

/* picture_format_of() and picture_media_type() are in picture/picture.h. */

/* The media type of film or sound in ISO base media (MP4, QuickTime) by the brands in its first
 * bytes: "video/mp4", "video/quicktime", "audio/mp4". NULL for anything else, pictures included. */
const char *picture_film_type(const void *head, size_t length);

#endif
