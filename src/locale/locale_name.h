/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_LOCALE_NAME_H
#define LOCALE_LOCALE_NAME_H

#include <stdbool.h>

/* Inside locale/ only. */
enum { LOCALE_NAME_SIZE = 64 };

/* ICU's name of a BCP 47 tag ("en_GB" for "en-GB"); false where the tag is not well-formed. */
bool locale_name(const char *tag, char name[LOCALE_NAME_SIZE]);

#endif
