/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DOCUMENT_FORMATS_H
#define INTAKE_DOCUMENT_FORMATS_H

#include "intake/document_file.h"

/* Inside intake/ only: whether a file of each format is there to its end, for document_end.c, which
 * chooses by the media type. */

/* document_ole.c: the Office formats up to 2003 */
bool document_ole_has_end(const struct document_file *file);

/* document_media.c: sound and film */
bool document_boxes_have_end(const struct document_file *file); /* MP4, QuickTime */
bool document_webm_has_end(const struct document_file *file);
bool document_wav_has_end(const struct document_file *file);
bool document_mp3_has_end(const struct document_file *file);

#endif
