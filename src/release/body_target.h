/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_BODY_TARGET_H
#define RELEASE_BODY_TARGET_H

#include <stdbool.h>

struct body_node;
struct body_writer_options;
struct string_builder;

/* Inside release/ only: what both writers do with the target of a link or an image: appends the
 * address it stands for. False, with nothing appended, where it has none: then the writer leaves
 * the link's words. */
bool body_target_resolve(struct string_builder *text, const struct body_node *node,
                         const struct body_writer_options *options);

/* Appends the id of a heading that links lead to; false, with nothing appended, for any other. */
bool body_target_append_anchor(struct string_builder *text, const struct body_node *heading);

#endif
