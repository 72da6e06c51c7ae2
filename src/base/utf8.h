/* SPDX-License-Identifier: MIT */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct string_builder;

/* Reads the code point at bytes[*offset] and moves *offset behind it. False at the end, or where
 * the bytes are not well-formed UTF-8 (RFC 3629 section 4: no overlong forms, no surrogates,
 * nothing over U+10FFFF). */
bool utf8_next(const char *bytes, size_t length, size_t *offset, uint32_t *code_point);

bool utf8_is_valid(const char *bytes, size_t length);

bool utf8_is_ascii(const char *bytes, size_t length);

/* White space and line ends, those of Unicode too; the no-break space is none. */
bool utf8_is_space(uint32_t code_point);

/* Number of code points; bytes that are no UTF-8 count one each. */
size_t utf8_length(const char *string);

/* How many octets of string are shown where there is room for maximum: as many whole characters as
 * fit. What is no UTF-8 is cut anywhere. */
size_t utf8_fit(const char *string, size_t maximum);

/* How many octets the first maximum characters of bytes are; what is no UTF-8 counts one each. */
size_t utf8_first(const char *bytes, size_t length, size_t maximum);

/* Where the last character of bytes, of UTF-8, begins; 0 where there is none. */
size_t utf8_last(const char *bytes, size_t length);

void utf8_append(struct string_builder *text, uint32_t code_point);

/* Whether XML 1.0 allows the character (section 2.2, production 2), noncharacters left out as well.
 */
bool utf8_is_xml_character(uint32_t code_point);

/* Appends bytes without what is no UTF-8 or no XML character: what passes here may stand in any of
 * our documents. */
void utf8_append_clean(struct string_builder *text, const char *bytes, size_t length);

/* Appends Windows-1252 as UTF-8 (the five unassigned bytes become U+FFFD). */
void utf8_append_windows1252(struct string_builder *text, const char *bytes, size_t length);

#endif
