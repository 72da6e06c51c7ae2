/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_FEED_ENTRY_H
#define PUBLISH_FEED_ENTRY_H

struct presentation;
struct presentation_file;

/* Inside publish/ only: what an entry of a feed says beyond its presentation, worked out once for
 * all formats: they differ only in the writing. */
struct feed_entry {
    const struct presentation *shown; /* with the sizes of its files */
    const char *title;                /* says so when withdrawn */
    const char *summary;              /* one line of plain text; NULL */
    const char *content;              /* HTML, every address absolute */
};

/* In the arena of the presentation. */
struct feed_entry *feed_entry_new(const struct presentation *shown);

/* "Download the picture in full size (JPEG, …)"; NULL where what is shown is that one. */
const char *feed_original_title(const struct presentation *shown,
                                const struct presentation_file *file);

/* Leaves of a content that is too large for a feed its summary and where it can be read whole. */
void feed_entry_shorten(struct feed_entry *entry);

#endif
