/* SPDX-License-Identifier: MIT */
#ifndef RELEASE_BODY_FIGURE_H
#define RELEASE_BODY_FIGURE_H

struct body_image_words;
struct body_node;
struct body_writer_options;

/* Inside release/ only: what both writers show of a picture beside itself. */

/* The caption of a figure that has words; NULL. */
const struct body_node *body_figure_caption(const struct body_node *figure);

/* What the release says of the picture (image_words of options); its caption is left out where it
 * is the words of own, a caption that stands there already, or NULL. */
void body_image_describe(const struct body_writer_options *options, const struct body_node *image,
                         const struct body_node *own, struct body_image_words *words);

#endif
