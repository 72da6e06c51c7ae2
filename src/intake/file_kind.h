/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FILE_KIND_H
#define INTAKE_FILE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/message.h"

struct arena;

/* Inside intake/ only: what a file is that somebody meant as a release, by its bytes. */

enum file_kind {
    FILE_KIND_UNKNOWN, /* a text, or bytes that nothing is known of */
    FILE_KIND_RTF,
    FILE_KIND_DOC,   /* of Word up to 2003 */
    FILE_KIND_MSG,   /* a mail as Outlook saves it */
    FILE_KIND_PAGES, /* of Apple's Pages */
    FILE_KIND_DOCX,
    FILE_KIND_ODT,
    FILE_KIND_OFFICE, /* sheets and slides, of any age */
    FILE_KIND_ZIP,    /* any other */
    FILE_KIND_PDF,
    FILE_KIND_PICTURE
};

/* Bytes of a file's beginning, and of its end, that are enough. */
enum { FILE_KIND_PIECE = 64 * 1024 };

/* Of a file's bytes: all of them, or its beginning and end one behind the other. Nothing in them is
 * followed, names alone are looked for. */
enum file_kind file_kind_of(const char *bytes, size_t length);

/* The same of a file below directory; UNKNOWN where it cannot be read. */
enum file_kind file_kind_read(int directory, const char *path);

/* Whether files of the kind may be called so; of one that is not known all may. */
bool file_kind_fits(enum file_kind kind, const char *name);

/* Of one that is known: whether somebody may have written a release in it, the ending of its names
 * without the dot ("" where there are many), and what it is called in words. */
bool file_kind_is_text(enum file_kind kind);
const char *file_kind_ending(enum file_kind kind);
enum intake_message_id file_kind_name(enum file_kind kind);

/* A message as a value of another, in arena. */
struct intake_value file_kind_value(struct arena *arena, enum intake_message_id id);

/* “Word document (.docx)”: as what a text is to be saved, as programs call it. */
struct intake_value file_kind_wanted(struct arena *arena, bool reads_word);

#endif
