/* SPDX-License-Identifier: MIT */
#ifndef BASE_STRING_BUILDER_H
#define BASE_STRING_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Growing bytes, always ended by NUL, with a maximum given at init. What would pass the maximum is
 * not appended and marks the text as overflowed, once and for all: append freely, ask
 * string_builder_overflowed() once at the end. Out of memory aborts, as in an arena. */
struct string_builder {
    char *data; /* never NULL after string_builder_init */
    size_t length;
    size_t capacity;
    size_t maximum;
    bool overflowed;
};

enum { STRING_BUILDER_MAXIMUM_DEFAULT = 64 * 1024 * 1024 };

/* maximum_bytes 0 means STRING_BUILDER_MAXIMUM_DEFAULT. Allocates nothing yet. */
void string_builder_init(struct string_builder *text, size_t maximum_bytes);

/* Frees the bytes; the text is empty and can be used again with the same maximum. */
void string_builder_release(struct string_builder *text);

/* Empties it and keeps the memory. */
void string_builder_clear(struct string_builder *text);

void string_builder_append(struct string_builder *text, const char *string);
void string_builder_append_bytes(struct string_builder *text, const void *bytes, size_t length);
void string_builder_append_character(struct string_builder *text, char character);
/* In decimal, several times as fast as by a format. */
void string_builder_append_number(struct string_builder *text, int64_t number);
void string_builder_append_format(struct string_builder *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for so many bytes more behind the others, to be filled by the caller at once; NULL, and
 * nothing appended, where they would pass the maximum. */
char *string_builder_append_room(struct string_builder *text, size_t length);

/* Shortens to length (no effect where it is longer already). */
void string_builder_truncate(struct string_builder *text, size_t length);

bool string_builder_overflowed(const struct string_builder *text);

#endif
