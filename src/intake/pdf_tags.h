/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_PDF_TAGS_H
#define INTAKE_PDF_TAGS_H

#include <stddef.h>

/* Inside intake/ only: whether a PDF says what its headings and paragraphs are (ISO 32000-1,
 * section 14.8), so that it can be read aloud in order. */

enum pdf_tags {
    PDF_TAGS_UNKNOWN, /* it is encrypted, damaged, or packed in a way that is not read here */
    PDF_TAGS_NONE,    /* certainly none */
    PDF_TAGS_THERE
};

/* Files longer than that are not read. */
enum { PDF_TAGS_FILE_MAXIMUM = 20 * 1024 * 1024 };

/* Of a whole file. Time and memory stay within bounds whatever the bytes are. */
enum pdf_tags pdf_tags_read(const char *bytes, size_t length);

#endif
