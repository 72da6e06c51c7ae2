/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_SIDECAR_H
#define INTAKE_SIDECAR_H

#include <stdbool.h>

struct arena;
struct entry_list;
struct file_list;
struct name_list;

/* Inside intake/ only: the file NAME.yaml that gives the fields of a text, and what is nearly
 * called so: whoever wrote it means it to count, and an embargo may stand in it. */

/* "x.yaml", "x.yml" in any case, and what an editor makes of them that saves text only:
 * "x.yaml.txt". */
bool sidecar_is_name(const char *name);

/* What the sidecar of a text is called: "x.md" → "x.yaml". */
const char *sidecar_name(struct arena *arena, const char *text);

/* How that may stand on a disk, the likeliest first: as the text's own name is written, and in the
 * normalization forms C and D, since a Mac decomposes names that others compose. */
enum { SIDECAR_FORMS = 3 };

void sidecar_names(struct arena *arena, const char *text, const char *names[SIDECAR_FORMS]);

/* Whether a name that is never read is that of a sidecar on its way: "x.yaml.part", rsync's
 * ".x.yaml.Qz81aB". */
bool sidecar_is_on_its_way(struct arena *arena, const char *name);

/* Sets misnamed_sidecar of entries: from the sidecars that no text has claimed and, for a text
 * without one, from those under temporary names. */
void sidecar_match_misnamed(const struct file_list *sidecars, const bool *claimed,
                            const struct name_list *on_their_way, struct entry_list *entries,
                            struct arena *arena);

#endif
