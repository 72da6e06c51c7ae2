/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_FILE_KIND_H
#define INTAKE_FILE_KIND_H

#include <stdbool.h>
#include <stddef.h>

#include "intake/message.h"

struct arena;

/* Inside intake/ only: what a file is that somebody meant as a release, by its bytes, and what he
 * is told where that can be none, or is called something else. */

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

/* Whether a file of that name that is no release may be what somebody meant as one: "x.rtf",
 * "x.pdf". */
bool file_kind_is_meant(const char *name);

/* Why a file is no release that has the name and is of that kind, and what to do; its values
 * live in arena. */
struct intake_message file_kind_advice(struct arena *arena, const char *name, enum file_kind kind);

/* The same where it is what a folder has instead of a text. */
struct intake_message file_kind_advice_of_folder(struct arena *arena, const char *file,
                                                 enum file_kind kind);

/* Whether a file whose name says a format that we read is of another kind than it says; then
 * *message is the advice. */
bool file_kind_lies(struct arena *arena, const char *name, const char *bytes, size_t length,
                    struct intake_message *message);

/* “Word document (.docx)”: as what a text is to be saved, as programs call it. */
struct intake_value file_kind_wanted(struct arena *arena);

#endif
