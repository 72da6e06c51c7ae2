/* SPDX-License-Identifier: MIT */
#include "inbound/reply.h"

#include "inbound/reading_token.h"
#include "mime/mime.h"

#include <ctype.h>
#include <string.h>

/* Which mail of ours an answer answers, where the address that it came to no longer says so: some
 * programs and servers take "+confirm-TOKEN" away, or answer to From. */

/* A Message-ID of ours among those in value. */
static bool take_message_id(const struct inbound_context *context, const char *value,
                            struct inbound_reading *reading)
{
    struct token token;
    for (const char *at = value; *at;) {
        size_t length = 0;
        while (isalnum((unsigned char)at[length]))
            length++;
        if (context->keys && at[length] == '@' &&
            token_read(context->keys, TOKEN_CONFIRM_MAIL, at, length, &token)) {
            reading->token = (struct token){ .purpose = TOKEN_CONFIRM, .row_id = token.row_id };
            token_write(context->keys, &reading->token, reading->token_text);
            return true;
        }
        at += length ? length : 1;
    }
    return false;
}

/* The message answered is In-Reply-To or, without it, the last of References (RFC 5322 section
 * 3.6.4). Not the others there: somebody of ours may have written in between, and a yes to that is
 * none to us. */
static bool answers_ours(const struct inbound_context *context, const struct mime_message *message,
                         struct inbound_reading *reading)
{
    const char *parent = mime_field(message->fields, "In-Reply-To");
    if (!parent || !*parent) {
        const char *references = mime_field(message->fields, "References");
        const char *last = references ? strrchr(references, '<') : NULL;
        parent = last ? last : references;
    }
    return parent && take_message_id(context, parent, reading);
}

static bool quotes_ours(const struct inbound_context *context, struct arena *arena,
                        const struct mime_message *message, struct inbound_reading *reading)
{
    const char *texts[] = { message->text, message->links };
    const struct reply_language known = { context->words, context->phrases };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i] && token_find(context, TOKEN_CONFIRM, "confirm",
                                   reply_answered(arena, &known, texts[i]), reading))
            return true;
    return false;
}

bool answered_find(const struct inbound_context *context, struct arena *arena,
                   const struct mime_message *message, struct inbound_reading *reading)
{
    if (answers_ours(context, message, reading))
        reading->named_by = NAMED_BY_ANSWER;
    else if (quotes_ours(context, arena, message, reading))
        reading->named_by = NAMED_BY_QUOTATION;
    else if (token_find(context, TOKEN_CONFIRM, "confirm", message->subject, reading))
        reading->named_by = NAMED_BY_SUBJECT;
    else
        return false;
    return true;
}
