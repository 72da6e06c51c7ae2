/* SPDX-License-Identifier: MIT */
#ifndef CONFINED_PACKET_H
#define CONFINED_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct string_builder;

/* Values one after the other as bytes, for what goes between a process and its confined one.
 * Reading trusts nothing: whatever the bytes are, no read passes their end, and a packet that was
 * read wrong once gives zeros and NULLs from then on; ask packet_is_good() at the end. */

void packet_put_integer(struct string_builder *packet,
                        int64_t value); /* 1 to 10 bytes, small ones short */
void packet_put_bool(struct string_builder *packet, bool value);
void packet_put_bytes(struct string_builder *packet, const void *bytes, size_t length);
void packet_put_string(struct string_builder *packet, const char *string); /* NULL stays NULL */
void packet_put_count(struct string_builder *packet, size_t count);        /* for packet_count() */

struct packet {
    const unsigned char *next;
    const unsigned char *end;
    bool is_bad;
};

void packet_init(struct packet *packet, const void *bytes, size_t length);

int64_t packet_integer(struct packet *packet);

/* The same within bounds, both included; what lies outside makes the packet bad and gives least. */
int64_t packet_integer_within(struct packet *packet, int64_t least, int64_t most);

bool packet_bool(struct packet *packet);

/* Borrowed from the packet's bytes; NULL and 0 where it is bad. */
const void *packet_bytes(struct packet *packet, size_t *length);

/* A copy in arena, which holds no NUL inside; NULL where NULL was put. */
char *packet_string(struct packet *packet, struct arena *arena);

/* A count of things of which each takes at least one byte: never more than bytes are left. */
size_t packet_count(struct packet *packet);

/* Whether all was read right, and nothing is left. */
bool packet_is_good(const struct packet *packet);

#endif
