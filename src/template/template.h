/* SPDX-License-Identifier: MIT */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct json_t; /* jansson's */
struct string_builder;

/* Mustache, to the letter of its specification (https://github.com/mustache/spec, v1.4: comments,
 * delimiters, interpolation, inverted, partials, sections), without lambdas. Where it leaves a
 * choice: false, null, "", 0 and [] are falsy; lists and objects interpolate as nothing. Templates
 * are parsed once into a set, where they find each other as partials by name. */
struct template_set;

enum template_escape {
    TEMPLATE_HTML, /* {{name}} escapes & < > " ' ; {{{name}}} and {{&name}} do not */
    TEMPLATE_PLAIN /* nothing is escaped: plain text */
};

enum {
    TEMPLATE_SOURCE_MAXIMUM = 1024 * 1024,
    TEMPLATE_DEPTH_MAXIMUM = 64 /* sections and partials inside each other while rendering */
};

struct template_set *template_set_new(void);

/* Takes NULL. */
void template_set_free(struct template_set *set);

/* Parses source (copied) and adds it under name; an earlier template of that name is replaced.
 * ERROR_USAGE "NAME: line N: what is wrong; what to do", and the set is as before. */
bool template_add(struct template_set *set, const char *name, const char *source, size_t length,
                  struct error *error);

/* The same, but parsed when it is first rendered: most runs of a program render few templates or
 * none. What is wrong with it is told then, so it is for templates that are known to be good. */
bool template_add_later(struct template_set *set, const char *name, const char *source,
                        size_t length, struct error *error);

/* The first partial that any template names and the set has not, NULL where all are there. What is
 * not parsed yet names none. *user
 * becomes the template that names it. Rendering takes a missing partial as empty, as the
 * specification says. Borrowed. */
const char *template_missing_partial(const struct template_set *set, const char **user);

/* Appends the rendered template to *text, whose maximum caps the output. context is any JSON value,
 * usually an object; borrowed, not altered. ERROR_USAGE where there is no such template,
 * ERROR_INPUT where the output passes the maximum or partials go too deep; *text may then hold a
 * part. */
bool template_render(const struct template_set *set, const char *name, const struct json_t *context,
                     enum template_escape escape, struct string_builder *text, struct error *error);

#endif
