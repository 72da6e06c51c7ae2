/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_REPLY_H
#define PICTURE_REPLY_H

#include "picture/picture.h"

struct string_builder;

/* Inside picture/ only: what the confined process answers, as bytes. Taking trusts nothing: whoever
 * took that process over may say anything, and what comes through is still what picture.h says. */

/* The longest facts: each field has its maximum (picture/field_text.h). */
enum { REPLY_FACTS_MAXIMUM = 16 * 1024 };

/* To PICTURE_EXAMINE. */
void reply_put_facts(struct string_builder *reply, const struct picture_facts *facts);

/* False: the bytes are no facts. Strings in arena. */
bool reply_take_facts(const void *bytes, size_t length, struct arena *arena,
                      struct picture_facts *facts);

/* To PICTURE_MAKE, in place of what reply held; the picture's bytes follow where it is good. */
void reply_put_head(struct string_builder *reply, enum picture_trouble trouble, int width,
                    int height);

/* PICTURE_GOOD: image->bytes are those of reply, and a picture of the format that was asked for.
 * PICTURE_FATAL where the bytes are no answer. */
enum picture_trouble reply_take_image(struct string_builder *reply, enum picture_format shown,
                                      struct picture_image *image);

#endif
