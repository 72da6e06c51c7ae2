/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_FORM_H
#define ENDPOINT_FORM_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Inside endpoint/ only: what a browser or a mail provider sends: pairs of name and value, in their
 * order, from an address or a body. Both are UTF-8 without NUL. */
struct form_field {
    const char *name;
    const char *value;
    struct form_field *next;
};

struct form {
    struct form_field *first;
    struct form_field **end; /* where the next one goes; NULL: at first */
    size_t count;
};

enum { FORM_FIELDS_MAXIMUM = 250, FORM_BODY_MAXIMUM = 16 * 1024, FORM_BOUNDARY_MAXIMUM = 70 };

/* The octet that two hexadecimal digits at digits stand for; -1: there are no two. */
int form_octet(const char *digits);

/* Decodes %XX (RFC 3986 section 2.1), and with is_form also + as a space. NULL where a % has no two
 * hexadecimal digits behind it, or where the result holds a NUL or is no UTF-8. */
char *form_decode(struct arena *arena, const char *bytes, size_t length, bool is_form);

/* application/x-www-form-urlencoded (WHATWG URL section 5.1), as in an address behind its question
 * mark. False where anything is malformed. */
bool form_parse_urlencoded(struct arena *arena, const char *bytes, size_t length,
                           struct form *form);

/* By the Content-Type; NULL, or an empty body: an empty form. False for other types too. */
bool form_parse_body(struct arena *arena, const char *content_type, const char *bytes,
                     size_t length, struct form *form);

/* The first value of that name; NULL: there is none. */
const char *form_value(const struct form *form, const char *name);

#endif
