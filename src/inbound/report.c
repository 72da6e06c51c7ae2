/* SPDX-License-Identifier: MIT */
#include "inbound/report.h"

#include "base/arena.h"
#include "inbound/bounce.h"
#include "inbound/reading_token.h"
#include "inbound/reply.h"
#include "mime/mime.h"

#include <string.h>
#include <strings.h>

/* ---- whose mail it is about ---- */

/* ENVID, which is the token alone (RFC 3461 section 4.4). */
static bool take_envelope_id(const struct inbound_context *context,
                             const struct mime_message *message, struct inbound_reading *reading)
{
    const char *value = mime_field(message->report, "Original-Envelope-Id");
    return value && token_take_envelope_id(context, value, reading);
}

static const char *domain_of(struct arena *arena, const char *value)
{
    const struct mime_address *address = value ? mime_addresses(arena, value, 1) : NULL;
    const char *at = address ? strrchr(address->address, '@') : NULL;
    return at ? at + 1 : "";
}

/* Whether the message returned, as far as it came back, may be a mail of ours: a release has
 * List-Id, a transactional mail Auto-Submitted. What a press officer wrote by hand from the same
 * address has neither. */
static bool may_be_ours(const struct inbound_context *context, struct arena *arena,
                        const struct mime_field *original)
{
    const char *domain = domain_of(arena, mime_field(original, "From"));
    bool is_from_us = (context->from_domain && strcasecmp(domain, context->from_domain) == 0) ||
                      strcasecmp(domain, context->bounces.domain) == 0;
    return !original || (is_from_us && (mime_field(original, "List-Id") ||
                                        mime_field(original, "List-Unsubscribe") ||
                                        mime_field(original, "Auto-Submitted")));
}

/* Whether it came to a return path made like ours that is none: cut short, or forged. */
static bool came_to_false_path(const struct inbound_context *context,
                               const struct mime_message *message)
{
    const char *extension;
    size_t length;
    for (const struct mime_address *to = message->to; to; to = to->next)
        if (verp_parse(&context->bounces, to->address, strlen(to->address), &extension, &length))
            return true;
    return false;
}

/* By the addresses alone; the store has the last word (report_match.h). A person may write of
 * somebody's bounce, or pass it on: that is for a person to read, and says nothing of anybody. */
static enum inbound_knowledge known_by_address(const struct inbound_context *context,
                                               struct arena *arena,
                                               const struct mime_message *message,
                                               const struct bounce *bounce)
{
    bool has_address = false;
    for (const struct inbound_recipient *one = bounce->recipients; one; one = one->next)
        has_address = has_address || *one->address;
    if (!has_address || automatic_sign(context->phrases, arena, message) != AUTOMATIC_SURELY ||
        !may_be_ours(context, arena, bounce->original) || came_to_false_path(context, message))
        return KNOWN_NOT;
    return bounce->is_proper ? KNOWN_BY_REPORT : KNOWN_BY_FORM;
}

static enum inbound_knowledge find_owner(const struct inbound_context *context, struct arena *arena,
                                         const struct mime_message *message,
                                         const struct bounce *bounce, bool has_token,
                                         struct inbound_reading *reading)
{
    if (has_token || take_envelope_id(context, message, reading))
        return KNOWN_BY_TOKEN;
    if (token_take_original(context, arena, bounce->original, reading))
        return KNOWN_BY_HEADER;
    return known_by_address(context, arena, message, bounce);
}

/* ---- what it says ---- */

/* Of the one that counts: the address's own fault before all others. */
static void summarize(struct inbound_reading *reading)
{
    const struct inbound_recipient *chosen = reading->recipients;
    for (const struct inbound_recipient *one = chosen; one; one = one->next) {
        if (one->kind == REFUSAL_ADDRESS) {
            chosen = one;
            break;
        }
    }
    reading->recipient = chosen;
    if (!chosen)
        return;
    reading->smtp_code = chosen->code;
    reading->enhanced = *chosen->enhanced ? chosen->enhanced : NULL;
    reading->report = *chosen->text ? chosen->text : NULL;
    reading->blames_address = reading->kind == KIND_BOUNCE && chosen->kind == REFUSAL_ADDRESS;
}

bool report_read(const struct inbound_context *context, struct arena *arena,
                 const struct mime_message *message, bool has_token,
                 struct inbound_reading *reading)
{
    struct bounce bounce;
    if (complaint_read(context, arena, message, has_token, reading))
        return true;
    bounce_read(context->phrases, arena, message, &bounce);
    if (bounce.kind == KIND_UNKNOWN)
        return false;
    reading->kind = bounce.kind;
    reading->rule = bounce.rule;
    reading->recipients = bounce.recipients;
    reading->known_by = find_owner(context, arena, message, &bounce, has_token, reading);
    for (struct inbound_recipient *one = bounce.recipients; one; one = one->next)
        one->is_certain = reading->known_by == KNOWN_BY_TOKEN ||
                          reading->known_by == KNOWN_BY_HEADER;
    if (reading->known_by != KNOWN_NOT)
        reading->effect = bounce.kind == KIND_BOUNCE    ? INBOUND_BOUNCED
                          : bounce.kind == KIND_DELAYED ? INBOUND_DELAYED
                                                        : INBOUND_DELIVERED;
    summarize(reading);
    return true;
}
