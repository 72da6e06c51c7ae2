/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FILE_LINE_H
#define INTAKE_FILE_LINE_H

#include <stdbool.h>

#include "release/release.h"

struct intake_reading;

/* Inside intake/ only: lines that name a picture or document. */

/* A line of a list of pictures or documents: "Foto.jpg", or "Sygehuset i aften, Foto.jpg". */
bool file_line_is(const char *line);

/* Adds the file that such a line names, what else it says as its caption or title. */
void file_line_read(struct intake_reading *reading, const char *line, int number,
                    enum release_asset_kind kind);

#endif
