/* SPDX-License-Identifier: MIT */
#ifndef MIME_MIME_PACKET_H
#define MIME_MIME_PACKET_H

#include <stddef.h>

struct arena;
struct mime_message;
struct string_builder;

/* Inside mime/ only: a message on its way out of the confined process. */

/* The longest one that can come of MIME_MESSAGE_MAXIMUM octets. */
enum { MIME_PACKET_MAXIMUM = 16 * 1024 * 1024 };

void mime_packet_write(struct string_builder *packet, const struct mime_message *message);

/* Trusts nothing: NULL where the bytes are no message within the bounds of mime.h, or hold a string
 * that is not clean UTF-8. The result lives in arena and borrows nothing. */
const struct mime_message *mime_packet_read(struct arena *arena, const void *bytes, size_t length);

#endif
