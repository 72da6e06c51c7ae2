/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_CODE_PAGE_H
#define INTAKE_CODE_PAGE_H

#include <stddef.h>

/* Inside intake/ only: the encoding of text that is no UTF-8, guessed from its letters. */

/* The encodings that can be recognised, by where letters and symbols stand within words. */
enum code_page {
    CODE_PAGE_WINDOWS_1252, /* nothing speaks against it */
    CODE_PAGE_MIXED,        /* UTF-8 with other bytes between */
    CODE_PAGE_MAC_ROMAN,
    CODE_PAGE_DOS,    /* 437, 850, 865: their letters stand in the same places */
    CODE_PAGE_UNKNOWN /* no Windows-1252, and none of the others either */
};

/* Guesses the encoding of bytes that are no valid UTF-8. *evidence: offset of the byte that shows
 * it best: where UTF-8 ends, or the first byte that cannot be Windows-1252. */
enum code_page code_page_guess(const char *bytes, size_t length, size_t *evidence);

#endif
