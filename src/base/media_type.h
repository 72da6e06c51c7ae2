/* SPDX-License-Identifier: MIT */
#ifndef BASE_MEDIA_TYPE_H
#define BASE_MEDIA_TYPE_H

#include <stdbool.h>

/* The one table of media types: what intake takes as a picture or document of a release, what
 * feeds are announced as, and what `serve` says of a file. The web servers' files in packaging/ say
 * the same, and a test holds them to it. */
struct media_type {
    const char *folder;       /* below public/, for all that ends so there; "": anywhere */
    const char *extension;    /* "jpg" */
    const char *name;         /* "image/jpeg" */
    const char *content_type; /* as HTTP has it: of text with its character set */
    const char *container;    /* what its bytes alone show; NULL: the type itself */
    bool is_asset;            /* may be a picture or document of a release */
};

#define MEDIA_TYPE_ATOM "application/atom+xml"
#define MEDIA_TYPE_RSS "application/rss+xml"
#define MEDIA_TYPE_JSON_FEED "application/feed+json"
#define MEDIA_TYPE_ZIP "application/zip"
#define MEDIA_TYPE_OLE                                                                             \
    "application/x-ole-storage" /* of no file: what old Office documents are in */

/* By what stands behind the last dot of the path's last part, whatever its case; NULL where that is
 * not known. Folders count for a path relative to public/. */
const struct media_type *media_type_find(const char *path);

#endif
