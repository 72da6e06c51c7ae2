/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_RELEASE_OUTPUT_H
#define PUBLISH_RELEASE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct output;
struct picture_records;
struct site;
struct string_builder;
struct presentation;

/* Inside publish/ only: the files of one release: what is written of its presentation, and its
 * pictures and documents. */

/* A file beside the page, or the page itself. */
struct release_output {
    const char *name;                                  /* in the release's folder */
    bool (*applies)(const struct presentation *shown); /* whether it has one */
    /* What is said comes from shown; of the site are the templates and the address of a person. */
    bool (*write)(struct site *site, const struct presentation *shown, struct string_builder *text,
                  struct error *error);
};

extern const struct release_output release_outputs[];
extern const size_t release_output_count;

/* Whether one of them has the name, which no picture or document may have then. */
bool release_output_is_named(const char *name);

/* "release:17" */
const char *release_output_owner(struct arena *arena, int64_t row_id);

/* Hands all files of the presentation to the output; on failure nothing of the release changes.
 * Pictures and documents are named and measured in passing. A picture that cannot be made is logged
 * once and left out, or stays as it stands. ERROR_INPUT, ERROR_PERMANENT: this release alone cannot
 * be written. */
bool release_output_write(struct site *site, struct output *output, struct picture_records *records,
                          struct presentation *shown, struct error *error)
    __attribute__((warn_unused_result));

#endif
