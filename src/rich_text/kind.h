/* SPDX-License-Identifier: MIT */
#ifndef RICH_TEXT_KIND_H
#define RICH_TEXT_KIND_H

#include <stddef.h>

struct package;

/* Inside rich_text/ only: what a file is, whatever its name ends in. */

/* Of a package: "docx", "odt", or the usual extension of another ("xlsx", "epub", "pages"); "zip"
 * for any other. Templates of texts are texts. "encrypted": of OpenDocument, with a password. */
const char *kind_of_package(struct package *package);

/* Of what is no zip file: "doc", "rtf", "pdf", "html", "mht", "fodt"; "encrypted": an Office file
 * with a password; NULL: nobody knows. */
const char *kind_of_bytes(const char *bytes, size_t length);

#endif
