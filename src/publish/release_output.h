/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_RELEASE_OUTPUT_H
#define PUBLISH_RELEASE_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct error;
struct output;
struct picture_records;
struct site;
struct view;

/* Inside publish/ only: the files of one release: page, release.json, calendar, pictures and
 * documents. */

/* "release:17" */
const char *release_output_owner(struct arena *arena, int64_t row_id);

/* Hands all files of the view to the output; on failure nothing of the release changes.
 * Assets are named and measured in passing. A picture that cannot be made is logged once and
 * left out, or stays as it stands.
 * ERROR_INPUT, ERROR_PERMANENT: this release alone cannot be written. */
bool release_output_write(struct site *site, struct output *output, struct picture_records *records,
                          struct arena *arena, struct view *view, struct error *error)
    __attribute__((warn_unused_result));

#endif
