/* SPDX-License-Identifier: MIT */
#ifndef CLI_PREVIEW_FILES_H
#define CLI_PREVIEW_FILES_H

#include <stdbool.h>

#include "publish/publish.h"

struct command_context;
struct error;
struct intake_check;
struct intake_part;

/* Inside cli/ only: the pictures and documents of a file that is previewed: what came within it,
 * and what lies beside it. */
struct preview_files {
    struct publish_files files; /* for publish/; payload is this struct: it must not be moved */
    const struct intake_part *parts;
    int directory;
};

/* check is that of the command's first word, and must live as long. The caller closes. */
bool preview_files_open(struct preview_files *files, struct command_context *context,
                        const struct intake_check *check, struct error *error);
void preview_files_close(struct preview_files *files);

#endif
