/* SPDX-License-Identifier: MIT */
#ifndef GUIDE_GUIDE_H
#define GUIDE_GUIDE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct intake_reader;
struct language_words;
struct zone;

/* guide/ of a newsroom: pages that tell a press officer what to do, in HTML files that need no
 * network and no other file; the list of all fields; and templates of releases to copy. They are
 * made of press-officer/ in the share folder (docs/press-officer/ of the source), a folder a
 * language: its Markdown files become pages, its pictures stand within them, its folders are copied
 * as they are. A language without pages gets the English ones, and its own list and templates. */

/* All borrowed. */
struct guide_settings {
    const char *share_directory;
    const char *directory; /* the newsroom; guide/ is made in it */
    const char *language;  /* whose texts the newsroom shows, as a folder is called: "nb" */
    const char *program;   /* "pressroom 0.2.0": the mark of pages that may be written over */
    struct intake_reader *reader;       /* reads the Markdown */
    const struct language_words *words; /* what the fields are called */
    const struct zone *zone;
};

struct guide_result {
    size_t pages;     /* written, or there already as they are to be */
    size_t templates; /* written; those that are there stay, for they may have been filled */
    const char *kept; /* "guide/index.html": the first file with a page's name that is none of ours,
                         and was left as it is; NULL: none. In arena */
};

/* Makes guide/, or makes its pages anew; what else lies there stays. Run again after being killed
 * it ends with the same files. ERROR_SYSTEM where the share folder lacks something or the disk
 * fails, and what the reader says. */
bool guide_make(const struct guide_settings *settings, struct arena *arena,
                struct guide_result *result, struct error *error)
    __attribute__((warn_unused_result));

/* Which program made the pages, as in guide_settings; NULL: there is no index of ours. In arena. */
const char *guide_maker(struct arena *arena, const char *directory);

#endif
