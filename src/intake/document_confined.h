/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DOCUMENT_CONFINED_H
#define INTAKE_DOCUMENT_CONFINED_H

#include "intake/pdf_tags.h"

/* Inside intake/ only: documents of a release looked into by a confined process. */

struct document_reader;

/* Starts nothing yet. */
struct document_reader *document_reader_new(void);

/* Of the file behind descriptor, open for reading. UNKNOWN too where its reader died, was not done
 * in time, or cannot be had. */
enum pdf_tags document_read_tags(struct document_reader *reader, int descriptor);

/* Takes NULL. */
void document_reader_free(struct document_reader *reader);

#endif
