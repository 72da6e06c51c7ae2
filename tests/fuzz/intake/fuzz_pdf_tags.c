/* SPDX-License-Identifier: MIT */
/* The input is a PDF, more or less: whatever it is, what is said of its tags is one of three
 * things. */
#include "intake/pdf_tags.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum pdf_tags tags = pdf_tags_read((const char *)data, size);
    if (tags != PDF_TAGS_UNKNOWN && tags != PDF_TAGS_NONE && tags != PDF_TAGS_THERE)
        abort();
    return 0;
}
