/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_PUBLIC_FILES_H
#define ENDPOINT_PUBLIC_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct http_exchange;

/* Inside endpoint/ only: public/ over HTTP. Small files are kept in memory as ready responses,
 * shared by all who ask; each request asks the file system whether the file is still the same one,
 * so that what was withdrawn is gone at once. Only regular files beneath the folder are served:
 * nothing through a symbolic link, nothing whose name begins with a dot. */
struct public_files;

/* What goes with pages (text/html) besides. */
struct public_files_settings {
    const char *path;
    const char *content_security_policy;
};

/* NULL and *error where the folder cannot be opened. The caller closes; settings are borrowed. */
struct public_files *public_files_open(const struct public_files_settings *settings,
                                       struct error *error);

/* Takes NULL. */
void public_files_close(struct public_files *files);

/* Answers GET and HEAD of a path as it stands in the request ("/feeds/a.atom", not decoded), with
 * status 200 what the conditions and ranges ask for, with another status the whole. False: there is
 * no such file, and nothing was answered. A folder without its slash is redirected to it. */
bool public_files_answer(struct public_files *files, struct http_exchange *exchange,
                         const char *url, unsigned status);

/* Whether the file is there; relative, for ourselves. */
bool public_files_has(const struct public_files *files, const char *path);

enum { PUBLIC_PATH_MAXIMUM = 1024 };

/* The path of a file, relative to public/, for the path of a request: decoded, index.html added
 * behind a slash. False where it is longer than PUBLIC_PATH_MAXIMUM, malformed, has an empty
 * segment or one that begins with a dot, or holds a control character or a backslash. */
bool public_path_from_url(const char *url, char path[PUBLIC_PATH_MAXIMUM]);

#endif
