/* SPDX-License-Identifier: MIT */
#ifndef PUBLISH_FEED_ENTRY_H
#define PUBLISH_FEED_ENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct presentation;

/* Inside publish/ only: what an entry of a feed is, worked out once for all formats: they differ
 * only in the writing. NULL is absent. */

struct feed_media {
    const char *url;
    const char *media_type;
    int64_t size_bytes; /* 0: not known */
    int width;          /* of a picture */
    int height;
};

/* A document, or a picture as readers show it. */
struct feed_file {
    struct feed_media media;
    struct feed_media original; /* the picture at full size; url NULL: that is media itself */
    const char *original_title; /* "Download the picture in full size (JPEG, …)" */
    const char *title;          /* of a document; a picture's caption */
    bool is_picture;
    const char *alt;
    const char *credit;
};

struct feed_category {
    const char *term;
    const char *scheme;
    const char *label;
};

struct feed_entry {
    const char *id;  /* tag: URI, the same for ever (RFC 4151) */
    const char *url; /* of the page */
    const char *language;
    const char *title;   /* plain text; says so when withdrawn */
    const char *summary; /* one line of plain text */
    const char *content; /* HTML, every address absolute */
    int64_t published_at;
    int64_t updated_at; /* last significant change, the withdrawal included */
    bool is_withdrawn;
    const char *reason;                     /* of the withdrawal */
    const struct feed_category *categories; /* type, then topics */
    size_t category_count;
    const struct feed_file *files; /* pictures first */
    size_t file_count;
    const char *image_url; /* first picture, sized for pages */
};

/* The presentation has the sizes of its files. In its arena. */
struct feed_entry *feed_entry_new(const struct presentation *shown);

/* Leaves of a content that is too large for a feed its summary and where it can be read whole. */
void feed_entry_shorten(struct feed_entry *entry, struct arena *arena);

#endif
