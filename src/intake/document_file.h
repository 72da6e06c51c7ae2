/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DOCUMENT_FILE_H
#define INTAKE_DOCUMENT_FILE_H

#include <stdbool.h>
#include <stdint.h>

/* Inside intake/ only: a document that is being checked for its end. */
struct document_file {
    int descriptor;
    int64_t size;
};

/* Reads length bytes at offset; false where the file does not have all of them. */
bool document_bytes(const struct document_file *file, int64_t offset, void *bytes, int64_t length);

#endif
