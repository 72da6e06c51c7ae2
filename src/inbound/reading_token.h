/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_READING_TOKEN_H
#define INBOUND_READING_TOKEN_H

#include "inbound/reading.h"

struct mime_field;

/* Inside inbound/ only: tokens of ours in what a message holds. What finds one returns true and
 * fills token and token_text of the reading; else the reading is as it was. */

/* "confirm-TOKEN": whether extension is word, a hyphen and a token of that purpose. */
bool token_take_extension(const struct inbound_context *context, enum token_purpose purpose,
                          const char *word, const char *extension, size_t length,
                          struct inbound_reading *reading);

/* WORD, a hyphen or slash, and a token of that purpose, anywhere in a text: in a subject, in a
 * field of ours that came back, in a link, also one that was rewritten on the way. text NULL: none.
 */
bool token_find(const struct inbound_context *context, enum token_purpose purpose, const char *word,
                const char *text, struct inbound_reading *reading);

/* A bounce's token alone: of a delivery, or of a transactional mail. */
bool token_take_envelope_id(const struct inbound_context *context, const char *token,
                            struct inbound_reading *reading);

/* The token of a return path of ours. */
bool token_take_return_path(const struct inbound_context *context, const char *address,
                            struct inbound_reading *reading);

/* The token in the header of a message that is returned or complained of: it is there where that
 * message was a mail of ours. */
bool token_take_original(const struct inbound_context *context, struct arena *arena,
                         const struct mime_field *fields, struct inbound_reading *reading);

#endif
