/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_VERSION_NAME_H
#define INTAKE_VERSION_NAME_H

#include <stdbool.h>

struct arena;
struct drop_entry;
struct intake_settings;

/* Inside intake/ only: what the name of a text says of its language. */

/* What the name of a text says of its language: "x.en.md" is the English version of "x.md". */
struct version_name {
    const char *language; /* BCP 47 tag; NULL: the name says nothing */
    const char *original; /* path of the release that it is a version of: "x.md", "x/"; NULL: there
                             is none */
    const char *wanted;   /* what that would be called */
    bool is_own;          /* the newsroom's language: without an original it is one */
};

/* The tag of a text's name, and *stem what stands before it; NULL where none can be one. Says
 * nothing of whether there is an original. */
const char *version_name_tag(struct arena *arena, const char *text, const char **stem);

/* Looks for the original of an entry of directory: beside it, or in its folder, where a version is
 * an entry beside the folder's own. A name that ends in the
 * newsroom's own language, without an original beside it, is that of an original. A language that
 * the newsroom has no words for only counts where there is an original. */
void version_name_read(int directory, const struct drop_entry *entry,
                       const struct intake_settings *settings, struct arena *arena,
                       struct version_name *name);

#endif
