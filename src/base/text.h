/* SPDX-License-Identifier: MIT */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Growing bytes, always ended by NUL, with a maximum given at init. What would pass the maximum is
 * not appended and marks the text as overflowed, once and for all: append freely, ask
 * text_overflowed() once at the end. Out of memory aborts, as in an arena. */
struct text {
    char *data; /* never NULL after text_init */
    size_t length;
    size_t capacity;
    size_t maximum;
    bool overflowed;
};

enum { TEXT_MAXIMUM_DEFAULT = 64 * 1024 * 1024 };

/* maximum_bytes 0 means TEXT_MAXIMUM_DEFAULT. Allocates nothing yet. */
void text_init(struct text *text, size_t maximum_bytes);

/* Frees the bytes; the text is empty and can be used again with the same maximum. */
void text_release(struct text *text);

/* Empties it and keeps the memory. */
void text_clear(struct text *text);

void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const void *bytes, size_t length);
void text_append_character(struct text *text, char character);
/* In decimal, several times as fast as by a format. */
void text_append_number(struct text *text, int64_t number);
void text_append_format(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for so many bytes more behind the others, to be filled by the caller at once; NULL, and
 * nothing appended, where they would pass the maximum. */
char *text_append_room(struct text *text, size_t length);

/* Shortens to length (no effect where it is longer already). */
void text_truncate(struct text *text, size_t length);

bool text_overflowed(const struct text *text);

#endif
