/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_MEDIA_TYPE_H
#define INTAKE_MEDIA_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/message.h"

/* Inside intake/ only: what kind of file a picture or document is. */

/* How many bytes of a file media_type_of() wants to see. */
enum { MEDIA_TYPE_HEAD_SIZE = 4096 };

/* The media type by a file's first bytes; its name only decides where formats share a container
 * (DOCX is a zip). Static string, NULL for what a newsroom does not publish: unknown bytes,
 * programs, HTML, SVG. */
const char *media_type_of(const char *name, const unsigned char *head, size_t length);

/* Whether a picture (picture/picture.h): jpeg, png, gif, webp, tiff, heic, avif. */
bool media_type_is_image(const char *media_type);

/* Whether the name's ending fits the type ("x.png" with image/jpeg inside does not). */
bool media_type_fits_name(const char *media_type, const char *name);

/* Whether a file's ending says that it is a picture of these kinds. */
bool media_type_name_is_image(const char *name);

/* "a PNG picture": what a message calls such a file. */
enum intake_message_id media_type_message(const char *media_type);

/* Whether a file's ending says that it is a picture or document of a release, or at least meant as
 * one. */
bool media_type_name_is_known(const char *name);

#endif
