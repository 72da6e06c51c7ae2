/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_ASSET_FAULT_H
#define INTAKE_ASSET_FAULT_H

#include <stdbool.h>

#include "intake/problem.h"

struct arena;
struct asset_import;
struct picture_facts;
struct release_asset;

/* Inside intake/ only: what is wrong with a picture or document, as it is reported to the press
 * officer. */

/* What is wrong with a picture or document. */
struct asset_fault {
    struct intake_message message; /* its {a} is the file */
    bool is_inside; /* the file is there, but cannot be used: where no text names it, it is left out
                       and the release goes out all the same */
};

/* Finds what is wrong, by what asset_import() found and, for a picture that was examined, its
 * facts. False: nothing is wrong, or it is ASSET_TROUBLE_UNSTABLE. */
bool asset_fault_find(const char *file, const struct asset_import *import,
                      const struct picture_facts *facts, struct arena *arena,
                      struct asset_fault *fault);

/* Whether the file would not open by its name, or is to be shown as a picture and is none. A
 * picture with the ending of another picture format is shown all the same. */
bool asset_fault_of_type(const struct release_asset *asset, struct arena *arena,
                         struct asset_fault *fault);

/* A message about the file whose {b} says what it really is. */
void asset_fault_name_type(const struct release_asset *asset, enum intake_message_id id,
                           struct arena *arena, struct intake_message *message);

#endif
