/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_SOURCE_TYPE_H
#define PICTURE_SOURCE_TYPE_H

struct arena;

/* Inside picture/ only: the URI of IPTC's Digital Source Type NewsCodes for what a picture says,
 * be it that URI (with http or https) or the code's name alone; NULL for anything else. In arena,
 * or value. */
const char *source_type_uri(struct arena *arena, const char *value);

#endif
