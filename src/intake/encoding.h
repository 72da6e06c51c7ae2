/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ENCODING_H
#define INTAKE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct intake_problem_list;

/* Inside intake/ only: the bytes of a file as text. */

/* The bytes of a text file as all readers want them: UTF-8 without byte order mark, in
 * normalization form C, line ends as line feeds, XML characters only. UTF-16 is taken by its mark;
 * what is no UTF-8 is Windows-1252, with advice. False, with a problem, for what is no text. */
bool encoding_decode(struct arena *arena, const char *bytes, size_t length,
                     struct intake_problem_list *problems, const char **text, size_t *text_length);

/* One line: every run of white space and line ends is a space, none at an end, no control
 * characters, form C. For titles and all else that ends up in headers and attributes. */
const char *encoding_one_line(struct arena *arena, const char *bytes, size_t length);

/* Whether the text can be in another form than C at all: it holds a character outside Latin and the
 * common punctuation. Spares most texts the way through UTF-16. */
bool encoding_may_need_form(const char *bytes, size_t length);

#endif
