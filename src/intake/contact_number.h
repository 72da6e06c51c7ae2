/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_CONTACT_NUMBER_H
#define INTAKE_CONTACT_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Inside intake/ only: telephone numbers and e-mail addresses within a line of words. */

enum contact_number_kind { CONTACT_PHONE, CONTACT_EMAIL };

struct contact_number {
    enum contact_number_kind kind;
    size_t start; /* in bytes from the line's begin */
    size_t length;
};

/* The first one in length bytes. A number has seven digits or more, five where nothing else stands
 * in the bytes, three where they are behind a label; dates and years are none. */
bool contact_number_find(const char *bytes, size_t length, bool is_labelled,
                         struct contact_number *number);

#endif
