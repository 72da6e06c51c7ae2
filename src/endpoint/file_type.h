/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_FILE_TYPE_H
#define ENDPOINT_FILE_TYPE_H

/* Inside endpoint/ only: the Content-Type of a file in public/, by its name; path is relative to
 * public/: JSON under feeds/ is a JSON Feed. "application/octet-stream" for what is not known. */
const char *file_type_of(const char *path);

/* The Cache-Control of a file in public/: feeds 5 minutes, pages 1 minute, what carries its hash in
 * its name a year. */
const char *cache_control_of(const char *path);

#endif
