/* SPDX-License-Identifier: MIT */
#include "inbound/reading_token.h"

#include "mime/mime.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool take_token(const struct inbound_context *context, enum token_purpose purpose,
                       const char *bytes, size_t length, struct inbound_reading *reading)
{
    if (!context->keys || length >= TOKEN_SIZE ||
        !token_read(context->keys, purpose, bytes, length, &reading->token))
        return false;
    memcpy(reading->token_text, bytes, length);
    reading->token_text[length] = '\0';
    return true;
}

bool token_take_extension(const struct inbound_context *context, enum token_purpose purpose,
                          const char *word, const char *extension, size_t length,
                          struct inbound_reading *reading)
{
    size_t word_length = strlen(word);
    return length > word_length + 1 && strncasecmp(extension, word, word_length) == 0 &&
           extension[word_length] == '-' &&
           take_token(context, purpose, extension + word_length + 1, length - word_length - 1,
                      reading);
}

/* "confirm-", "confirm/" and what services that check links make of it: "confirm%2F", "confirm_".
 */
static size_t mark_length(const char *at)
{
    return strncasecmp(at, "%2F", 3) == 0 ? 3 : *at == '-' || *at == '/' || *at == '_';
}

bool token_find(const struct inbound_context *context, enum token_purpose purpose, const char *word,
                const char *text, struct inbound_reading *reading)
{
    for (const char *at = text; at && (at = strcasestr(at, word)) != NULL; at++) {
        const char *mark = at + strlen(word);
        const char *token = mark + mark_length(mark);
        size_t length = 0;
        if (token == mark) /* before what follows is looked at: "confirmconfirm…" may be long */
            continue;
        while (isalnum((unsigned char)token[length]))
            length++;
        if (take_token(context, purpose, token, length, reading))
            return true;
    }
    return false;
}

static bool take_bounce_token(const struct inbound_context *context, const char *bytes,
                              size_t length, struct inbound_reading *reading)
{
    return take_token(context, TOKEN_BOUNCE, bytes, length, reading) ||
           take_token(context, TOKEN_BOUNCE_TRANSACTIONAL, bytes, length, reading);
}

bool token_take_envelope_id(const struct inbound_context *context, const char *token,
                            struct inbound_reading *reading)
{
    return take_bounce_token(context, token, strcspn(token, " \t;("), reading);
}

bool token_take_return_path(const struct inbound_context *context, const char *address,
                            struct inbound_reading *reading)
{
    const char *extension;
    size_t length;
    return verp_parse(&context->bounces, address, strlen(address), &extension, &length) &&
           take_bounce_token(context, extension, length, reading);
}

bool token_take_original(const struct inbound_context *context, struct arena *arena,
                         const struct mime_field *fields, struct inbound_reading *reading)
{
    static const char *const paths[] = { "Return-Path", "X-Original-Return-Path", "X-Envelope-From",
                                         NULL };
    for (const char *const *path = paths; *path; path++) {
        const char *value = mime_field(fields, *path);
        const struct mime_address *address = value ? mime_addresses(arena, value, 1) : NULL;
        if (address && token_take_return_path(context, address->address, reading))
            return true;
    }
    return token_find(context, TOKEN_UNSUBSCRIBE, "unsubscribe",
                      mime_field(fields, "List-Unsubscribe"), reading);
}
