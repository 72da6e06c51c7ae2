/* SPDX-License-Identifier: MIT */
#include "inbound/message_batch.h"

#include <string.h>
#include <strings.h>

/* What a process that reads several messages reports of one of them may be forged by another, which
 * took the process over by a fault in a library. That one knows the content of the others, but no
 * key of ours, and can neither open nor send anything. So what such a process reports is believed
 * only in two cases:
 * - that a message is a report about a mail of ours, where the token that names this mail stands in
 *   the message's own bytes: the worst that could be said so is that a mail did not arrive which
 *   did, or the reverse, about somebody whose report was in the same batch: a person is lost to no
 *   such report alone. But to that of a transactional mail, a confirmation or a probe; and the link
 * to leave may stand in what a person answers: those are read alone;
 * - that a message is for a person to read, where its bytes name no address of ours that asks for
 *   something: it stays where it is.
 * All else (a yes, a leave, a wish to join, a complaint, what is removed without an effect, what is
 * sent on) is rare beside those, and read once more by a process that has seen no other message. So
 * are all of a batch whose reader died. */

/* "svar+": an address of ours with something behind the delimiter, in any case of letters. */
static bool names_extension(const struct batched_message *item, const struct verp_base *base)
{
    size_t length = strlen(base->local);
    const char *end = item->bytes + item->length;
    const char *at = item->bytes;
    while ((at = memchr(at, base->delimiter, (size_t)(end - at))) != NULL) {
        if ((size_t)(at - item->bytes) >= length &&
            strncasecmp(at - length, base->local, length) == 0)
            return true;
        at++;
    }
    return false;
}

static bool holds_token(const struct batched_message *item)
{
    const char *token = item->reading.token_text;
    bool is_token = item->reading.known_by == KNOWN_BY_TOKEN ||
                    item->reading.known_by == KNOWN_BY_HEADER;
    return is_token && item->reading.token.purpose == TOKEN_BOUNCE && *token &&
           memmem(item->bytes, item->length, token, strlen(token)) != NULL;
}

static bool is_report(enum inbound_effect effect)
{
    return effect == INBOUND_BOUNCED || effect == INBOUND_DELAYED || effect == INBOUND_DELIVERED;
}

bool batched_message_is_trusted(const struct batched_message *item,
                                const struct inbound_context *context)
{
    const struct inbound_reading *reading = &item->reading;
    if (is_report(reading->effect))
        return holds_token(item);
    bool stays = reading->effect == INBOUND_NOT_OURS ||
                 (reading->effect == INBOUND_AUTOMATIC && !reading->is_for_machine);
    return stays && !names_extension(item, &context->replies) &&
           !names_extension(item, &context->bounces);
}
