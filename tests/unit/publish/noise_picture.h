/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PUBLISH_NOISE_PICTURE_H
#define TESTS_UNIT_PUBLISH_NOISE_PICTURE_H

#include "base/string_builder.h"

#include <stdint.h>
#include <string.h>

/* A PNG whose pixels are noise: what no encoder makes much shorter. Stored, not compressed. */

static inline void noise_number(struct string_builder *text, uint32_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        string_builder_append_character(text, (char)(number >> shift));
}

static inline uint32_t noise_crc(const char *bytes, size_t length)
{
    uint32_t crc = 0xffffffff;
    for (size_t i = 0; i < length; i++) {
        crc ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
    }
    return crc ^ 0xffffffff;
}

static inline void noise_chunk(struct string_builder *png, const char *name,
                               const struct string_builder *data)
{
    size_t start = png->length + 4;
    noise_number(png, (uint32_t)data->length);
    string_builder_append(png, name);
    string_builder_append_bytes(png, data->data, data->length);
    noise_number(png, noise_crc(png->data + start, png->length - start));
}

/* The rows with their filter bytes, as a zlib stream of stored blocks. */
static inline void noise_rows(struct string_builder *stream, int width, int height,
                              unsigned strength, int alpha)
{
    enum { BLOCK = 65535 };

    struct string_builder rows;
    uint32_t seed = 1;
    uint32_t low = 1;
    uint32_t high = 0;
    string_builder_init(&rows, 0);
    for (int y = 0; y < height; y++) {
        string_builder_append_character(&rows, '\0');
        for (int i = 0; i < 3 * width; i++) {
            seed = seed * 1664525 + 1013904223;
            string_builder_append_character(&rows, (char)(100 + (seed >> 16) % strength));
            if (alpha >= 0 && i % 3 == 2)
                string_builder_append_character(&rows, (char)alpha);
        }
    }
    string_builder_append(stream, "\x78\x01");
    for (size_t at = 0; at < rows.length; at += BLOCK) {
        size_t length = rows.length - at < BLOCK ? rows.length - at : BLOCK;
        const char head[5] = { (char)(at + length == rows.length), (char)length,
                               (char)(length >> 8), (char)~length, (char)(~length >> 8) };
        string_builder_append_bytes(stream, head, sizeof head);
        string_builder_append_bytes(stream, rows.data + at, length);
    }
    for (size_t i = 0; i < rows.length; i++) {
        low = (low + (unsigned char)rows.data[i]) % 65521;
        high = (high + low) % 65521;
    }
    noise_number(stream, high << 16 | low);
    string_builder_release(&rows);
}

/* strength: how many values a sample may have; 120 is more than a photograph's. alpha: of all
 * pixels; -1: there is none. */
static inline void noise_png(struct string_builder *png, int width, int height, unsigned strength,
                             int alpha)
{
    struct string_builder data;
    string_builder_init(&data, 0);
    string_builder_append_bytes(png, "\x89PNG\r\n\x1a\n", 8);
    noise_number(&data, (uint32_t)width);
    noise_number(&data, (uint32_t)height);
    string_builder_append_bytes(&data, alpha >= 0 ? "\x08\x06\0\0\0" : "\x08\x02\0\0\0", 5);
    noise_chunk(png, "IHDR", &data);
    string_builder_clear(&data);
    noise_rows(&data, width, height, strength, alpha);
    noise_chunk(png, "IDAT", &data);
    string_builder_clear(&data);
    noise_chunk(png, "IEND", &data);
    string_builder_release(&data);
}

#endif
