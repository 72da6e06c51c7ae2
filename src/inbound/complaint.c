/* SPDX-License-Identifier: MIT */
#include "inbound/report.h"

#include "base/arena.h"
#include "inbound/bounce.h"
#include "inbound/reading_token.h"
#include "mime/mime.h"

#include <string.h>
#include <strings.h>

/* Feedback reports: a reader pressed "spam", or a provider saw mail in our name. */

enum complaint_meaning {
    MEANS_NOTHING, /* not spam after all, a virus: for a person to read */
    MEANS_LEAVING, /* "I do not want this" */
    MEANS_FORGERY  /* somebody else's mail in our name, or ours that is not signed */
};

/* RFC 5965 section 3.1, RFC 6591 section 3.1 and their registry. */
static enum complaint_meaning meaning_of(const char *type)
{
    static const struct {
        const char *type;
        enum complaint_meaning meaning;
    } types[] = {
        { "abuse", MEANS_LEAVING },        { "opt-out", MEANS_LEAVING },
        { "opt-out-list", MEANS_LEAVING }, { "other", MEANS_LEAVING },
        { "complaint", MEANS_LEAVING },    { "auth-failure", MEANS_FORGERY },
        { "fraud", MEANS_FORGERY },
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcasecmp(type, types[i].type) == 0)
            return types[i].meaning;
    return MEANS_NOTHING;
}

static const char junk_recipient[] = "X-HmXmrOriginalRecipient";

/* Whom it was mailed to, where the provider did not take that out. */
static struct inbound_recipient *recipients_of(struct arena *arena,
                                               const struct mime_message *message)
{
    static const char *const names[] = { "Original-Rcpt-To", "Removal-Recipient", NULL };
    struct recipient_list list;
    recipient_list_init(&list, NULL, arena);
    for (const char *const *name = names; *name && !list.first; name++) {
        for (const struct mime_field *field = message->feedback; field; field = field->next) {
            if (strcasecmp(field->name, *name) != 0)
                continue;
            const struct mime_address *address = mime_addresses(arena, field->value, 1);
            bool is_new = address && !recipient_list_find(&list, address->address);
            struct inbound_recipient *recipient = is_new ? recipient_list_add(&list) : NULL;
            if (recipient)
                recipient->address = address->address;
        }
    }
    const char *to = list.first ? NULL : mime_field(message->original, junk_recipient);
    if (!to)
        to = list.first ? NULL : mime_field(message->original, "To");
    const struct mime_address *address = to ? mime_addresses(arena, to, 2) : NULL;
    if (address && !address->next)
        recipient_list_add(&list)->address = address->address;
    for (struct inbound_recipient *recipient = list.first; recipient; recipient = recipient->next) {
        recipient->kind = REFUSAL_ADDRESS;
        recipient->action = "complained";
    }
    return list.first;
}

static bool is_domain(const struct verp_base *base, const char *domain)
{
    return domain && strcasecmp(base->domain, domain) == 0;
}

/* Whether it is about a mail in our name (RFC 5965 section 3.2, Reported-Domain). */
static bool is_of_our_domain(const struct inbound_context *context, struct arena *arena,
                             const struct mime_message *message)
{
    const char *domain = mime_field(message->feedback, "Reported-Domain");
    const char *from = mime_field(message->original, "From");
    const struct mime_address *sender = from ? mime_addresses(arena, from, 1) : NULL;
    const char *at = sender ? strrchr(sender->address, '@') : NULL;
    return is_domain(&context->bounces, domain) || is_domain(&context->replies, domain) ||
           (at && (is_domain(&context->bounces, at + 1) || is_domain(&context->replies, at + 1)));
}

static enum inbound_knowledge owner_of(const struct inbound_context *context, struct arena *arena,
                                       const struct mime_message *message, bool has_token,
                                       struct inbound_reading *reading)
{
    /* A feedback report may hold the return path beside the header returned. */
    const char *value = mime_field(message->feedback, "Original-Mail-From");
    const struct mime_address *path = value ? mime_addresses(arena, value, 1) : NULL;
    if (has_token || (path && token_take_return_path(context, path->address, reading)))
        return KNOWN_BY_TOKEN;
    return token_take_original(context, arena, message->original, reading) ? KNOWN_BY_HEADER
                                                                           : KNOWN_NOT;
}

bool complaint_read(const struct inbound_context *context, struct arena *arena,
                    const struct mime_message *message, bool has_token,
                    struct inbound_reading *reading)
{
    const char *type = mime_field(message->feedback, "Feedback-Type");
    /* Microsoft's come without a report: the message complained of, with a field put in. */
    bool is_bare = !message->feedback && mime_field(message->original, junk_recipient);
    if (!message->feedback && !is_bare)
        return false;
    if (!type)
        type = is_bare ? "complaint" : "of no type";
    struct inbound_recipient *recipients = recipients_of(arena, message);
    reading->kind = KIND_COMPLAINT;
    reading->rule = is_bare ? "junk-mail-report" : "feedback-report";
    reading->recipients = recipients;
    reading->known_by = owner_of(context, arena, message, has_token, reading);
    reading->report = arena_format(arena, "feedback report: %.40s", type);
    bool is_known = reading->known_by != KNOWN_NOT;
    for (struct inbound_recipient *one = recipients; one; one = one->next)
        one->is_certain = is_known;
    enum complaint_meaning meaning = meaning_of(type);
    if (meaning == MEANS_LEAVING && is_known)
        reading->effect = INBOUND_COMPLAINED;
    else if (meaning == MEANS_FORGERY && (is_known || is_of_our_domain(context, arena, message)))
        reading->effect = INBOUND_REPORTED;
    reading->stays = reading->effect == INBOUND_REPORTED;
    return true;
}
