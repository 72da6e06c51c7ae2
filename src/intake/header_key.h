/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_HEADER_KEY_H
#define INTAKE_HEADER_KEY_H

#include <stdbool.h>
#include <stddef.h>

struct intake_reading;

/* Inside intake/ only: the fields of a header and what people call them. */

/* Our names of the fields of a release (parent NULL), or of what stands within one: "contacts",
 * "images", "documents", "event". Ended by NULL; NULL where nothing has names within. Static. */
const char *const *header_key_names(const char *parent);

/* Whether the field is text to the end of its line, whatever stands in it. */
bool header_key_is_text(const char *name);

/* Whether lines below the key, further in, are a list or fields of their own. */
bool header_key_is_nested(const char *name);

/* What a written key is. */
struct header_key {
    const char *name; /* ours; NULL: none of the fields */
    bool is_other;    /* another system's word for the field */
    bool is_ignored;  /* begins with "x-" */
};

/* Looks up what is written among names: our own first, then the newsroom's language, then the other
 * languages; case, and whether "_", "-" or a space parts words, do not count. Other systems' words
 * only with has_other. */
struct header_key header_key_find(const struct intake_reading *reading, const char *const *names,
                                  const char *written, bool has_other);

/* Whether what is written is any field, also of those within others. */
bool header_key_is_any(const struct intake_reading *reading, const char *written);

/* The language that most of these keys are written in; of several, and where the newsroom's lacks
 * but one of the keys of another, the newsroom's; then English. */
const char *header_key_language(const struct intake_reading *reading, const char *const *written,
                                size_t count);

/* What to write in a language for the field that another system calls otherwise: "emner"; a draft
 * is a status. */
const char *header_key_ours(const struct intake_reading *reading, const char *name,
                            const char *language);

/* The word for one of names that is nearest to what is written, of language's if it has one so
 * near; NULL: none is near. */
const char *header_key_nearest(const struct intake_reading *reading, const char *const *names,
                               const char *written, const char *language);

/* "title, lead, published, …" */
const char *header_key_list(const struct intake_reading *reading, const char *const *names,
                            const char *language);

#endif
