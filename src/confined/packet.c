/* SPDX-License-Identifier: MIT */
#include "confined/packet.h"

#include "base/arena.h"
#include "base/string_builder.h"

#include <string.h>

enum { INTEGER_BYTES_MAXIMUM = 10, BITS_A_BYTE = 7, MORE = 0x80 };

static void put_unsigned(struct string_builder *packet, uint64_t value)
{
    char bytes[INTEGER_BYTES_MAXIMUM];
    size_t count = 0;
    while (value >= MORE) {
        bytes[count++] = (char)((value & (MORE - 1)) | MORE);
        value >>= BITS_A_BYTE;
    }
    bytes[count++] = (char)value;
    string_builder_append_bytes(packet, bytes, count);
}

/* The sign goes into the lowest bit, so that small numbers below zero are short too. */
void packet_put_integer(struct string_builder *packet, int64_t value)
{
    uint64_t doubled = (uint64_t)value << 1;
    put_unsigned(packet, value < 0 ? ~doubled : doubled);
}

void packet_put_bool(struct string_builder *packet, bool value)
{
    string_builder_append_character(packet, value ? 1 : 0);
}

void packet_put_bytes(struct string_builder *packet, const void *bytes, size_t length)
{
    put_unsigned(packet, length);
    if (length)
        string_builder_append_bytes(packet, bytes, length);
}

/* One more than its length, so that 0 is left for NULL. */
void packet_put_string(struct string_builder *packet, const char *string)
{
    size_t length = string ? strlen(string) : 0;
    put_unsigned(packet, string ? length + 1 : 0);
    if (length)
        string_builder_append_bytes(packet, string, length);
}

void packet_put_count(struct string_builder *packet, size_t count)
{
    put_unsigned(packet, count);
}

void packet_init(struct packet *packet, const void *bytes, size_t length)
{
    *packet = (struct packet){ .next = bytes, .end = (const unsigned char *)bytes + length };
}

static uint64_t spoil(struct packet *packet)
{
    packet->is_bad = true;
    packet->next = packet->end;
    return 0;
}

static uint64_t take_unsigned(struct packet *packet)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < INTEGER_BYTES_MAXIMUM * BITS_A_BYTE; shift += BITS_A_BYTE) {
        if (packet->next == packet->end)
            return spoil(packet);
        uint64_t byte = *packet->next++;
        value |= (byte & (MORE - 1)) << shift;
        if (byte < MORE)
            return value;
    }
    return spoil(packet);
}

int64_t packet_integer(struct packet *packet)
{
    uint64_t value = take_unsigned(packet);
    uint64_t half = value >> 1;
    return (int64_t)(value & 1 ? ~half : half);
}

int64_t packet_integer_within(struct packet *packet, int64_t least, int64_t most)
{
    int64_t value = packet_integer(packet);
    if (!packet->is_bad && value >= least && value <= most)
        return value;
    (void)spoil(packet);
    return least;
}

bool packet_bool(struct packet *packet)
{
    if (packet->next == packet->end || *packet->next > 1)
        return spoil(packet) != 0;
    return *packet->next++ == 1;
}

static const void *take(struct packet *packet, uint64_t length)
{
    const unsigned char *bytes = packet->next;
    if (length > (uint64_t)(packet->end - bytes)) {
        (void)spoil(packet);
        return NULL;
    }
    packet->next += length;
    return bytes;
}

const void *packet_bytes(struct packet *packet, size_t *length)
{
    uint64_t count = take_unsigned(packet);
    const void *bytes = packet->is_bad ? NULL : take(packet, count);
    *length = bytes ? (size_t)count : 0;
    return bytes;
}

char *packet_string(struct packet *packet, struct arena *arena)
{
    uint64_t count = take_unsigned(packet);
    if (count == 0)
        return NULL;
    const void *bytes = take(packet, count - 1);
    if (!bytes)
        return NULL;
    if (memchr(bytes, '\0', (size_t)count - 1)) {
        (void)spoil(packet);
        return NULL;
    }
    return arena_copy_bytes(arena, bytes, (size_t)count - 1);
}

size_t packet_count(struct packet *packet)
{
    uint64_t count = take_unsigned(packet);
    if (count > (uint64_t)(packet->end - packet->next))
        return (size_t)spoil(packet);
    return (size_t)count;
}

bool packet_is_good(const struct packet *packet)
{
    return !packet->is_bad && packet->next == packet->end;
}
