/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_UNICODE_H
#define LOCALE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct string_builder;

/* Appends bytes (UTF-8; what is not becomes U+FFFD) in Unicode normalization form C. */
void unicode_append_nfc(struct string_builder *text, const char *bytes, size_t length);

/* string in normalization form C, in arena. */
const char *unicode_nfc(struct arena *arena, const char *string);

/* The same in form D, as file names are that a Mac wrote. */
const char *unicode_nfd(struct arena *arena, const char *string);

/* The same in form KC, which writes letters of other shapes (full width, mathematical bold) as
 * plain ones. What would grow beyond four times its length stays as it is. */
const char *unicode_nfkc(struct arena *arena, const char *string);

/* Full case folding, then form C: two strings that differ only in case have equal foldings. */
const char *unicode_fold(struct arena *arena, const char *string);

/* Appends bytes of a character set by its name in the web ("windows-1252", "iso-8859-15", "gbk",
 * "utf-16le"; WHATWG Encoding, 4.2), what it does not have as U+FFFD. False where there is none of
 * that name among them. */
bool unicode_append_charset(struct string_builder *text, const char *charset, const char *bytes,
                            size_t length);

/* Small letter of any script: "å". */
bool unicode_is_lower(uint32_t code_point);

/* Capital letter, or one that begins a word as a capital does. */
bool unicode_is_upper(uint32_t code_point);

/* Letter, digit or other number: what a word is made of. */
bool unicode_is_alphanumeric(uint32_t code_point);

#endif
