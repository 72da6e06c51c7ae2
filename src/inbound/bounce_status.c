/* SPDX-License-Identifier: MIT */
#include "inbound/bounce.h"

#include "base/arena.h"
#include "inbound/bounce_address.h"
#include "mime/mime.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Reports as RFC 3464 and RFC 6533 want them. */

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strncasecmp(word, *words, strlen(*words)) == 0)
            return true;
    return false;
}

/* What the Action says, and where it says none that is known, what the Status does. */
static enum inbound_kind kind_of(const struct mime_recipient_status *status)
{
    static const char *const failed[] = { "fail", "error", "undeliver", "expired", "bounce", NULL };
    static const char *const delayed[] = { "delay", "deferred", "retry", "transient", NULL };
    static const char *const delivered[] = { "deliver", "relay", "expand", "success", NULL };
    const char *action = status->action ? status->action : "";
    if (is_one_of(action, failed))
        return KIND_BOUNCE;
    if (is_one_of(action, delayed))
        return KIND_DELAYED;
    if (is_one_of(action, delivered))
        return KIND_DELIVERED;
    switch (status->status ? *status->status : '\0') {
    case '5':
        return KIND_BOUNCE;
    case '4':
        return KIND_DELAYED;
    case '2':
        return KIND_DELIVERED;
    default:
        return KIND_UNKNOWN;
    }
}

/* Of several the one that a person must know of first: BOUNCE, DELAYED, DELIVERED. */
static enum inbound_kind gravest(const struct mime_recipient_status *statuses)
{
    enum inbound_kind kind = KIND_UNKNOWN;
    for (const struct mime_recipient_status *status = statuses; status; status = status->next) {
        enum inbound_kind one = kind_of(status);
        if (one != KIND_UNKNOWN && (kind == KIND_UNKNOWN || one < kind))
            kind = one;
    }
    return kind;
}

static const char *action_name(enum inbound_kind kind, const char *action)
{
    if (kind == KIND_BOUNCE)
        return "failed";
    if (kind == KIND_DELAYED)
        return "delayed";
    if (action && strncmp(action, "relay", 5) == 0)
        return "relayed";
    return action && strncmp(action, "expand", 6) == 0 ? "expanded" : "delivered";
}

/* Whether somebody could be mailed there: "user@hostname" is for inside, "dav...@b" redacted. */
static bool is_whole(const char *address)
{
    const char *behind;
    const char *end = address ? address + strlen(address) : NULL;
    return address && address_begins(address, end, &behind).length == (size_t)(end - address);
}

/* "user+2Btag@b", where a server kept the escapes of ORCPT (RFC 3461 section 4). */
static bool is_escaped(const char *address, const char *plain)
{
    for (; *address && *plain; address++, plain++) {
        unsigned letter;
        if (*address == '+' && sscanf(address + 1, "%2X", &letter) == 1 &&
            (unsigned char)*plain == letter)
            address += 2;
        else if (*address != *plain)
            return false;
    }
    return !*address && !*plain;
}

/* As it was mailed; where that is not said, where it failed, or was sent on to. */
static const char *address_of(const struct mime_recipient_status *status)
{
    const char *mailed = status->original_recipient;
    const char *failed = status->final_recipient;
    if (is_whole(mailed) && !(is_whole(failed) && is_escaped(mailed, failed)))
        return mailed;
    if (is_whole(failed))
        return failed;
    return is_whole(status->actual_recipient) ? status->actual_recipient : NULL;
}

/* "5.1.1"; some write SMTP's code there. */
static void take_code(struct inbound_recipient *recipient, const char *status)
{
    int code = 0;
    int length = 0;
    if (status[0] && status[1] == '.')
        recipient->enhanced = status;
    else if (sscanf(status, "%3d%n", &code, &length) == 1 && length == 3 && code >= 200)
        recipient->code = code;
}

static const char *other_of(const struct mime_recipient_status *status, const char *address)
{
    const char *const others[] = { status->original_recipient, status->final_recipient };
    for (size_t i = 0; address && i < sizeof others / sizeof others[0]; i++)
        if (is_whole(others[i]) && strcasecmp(others[i], address) != 0)
            return others[i];
    return "";
}

static void take_status(struct recipient_list *list, const struct mime_recipient_status *status,
                        enum inbound_kind kind, const char *words)
{
    const char *address = address_of(status);
    const char *diagnostic = status->diagnostic ? status->diagnostic : "";
    if (address && recipient_list_find(list, address))
        return;
    struct inbound_recipient *recipient = recipient_list_add(list);
    if (!recipient)
        return;
    recipient->address = address ? address : "";
    recipient->other = other_of(status, address);
    take_code(recipient, status->status ? status->status : "");
    recipient->remote_host = status->remote_host ? status->remote_host : "";
    recipient->action = action_name(kind, status->action);
    /* Without a Diagnostic-Code all that is known stands in the words above. */
    recipient_judge(list, recipient, *diagnostic ? diagnostic : words, kind);
}

bool bounce_read_statuses(const struct mail_phrases *phrases, struct arena *arena,
                          const struct mime_message *message, struct bounce *bounce)
{
    enum inbound_kind kind = gravest(message->statuses);
    struct recipient_list list;
    if (kind == KIND_UNKNOWN)
        return false;
    recipient_list_init(&list, phrases, arena);
    const char *words = message->text ? message->text : "";
    for (const struct mime_recipient_status *status = message->statuses; status;
         status = status->next)
        if (kind_of(status) == kind)
            take_status(&list, status, kind, words);
    bounce->kind = kind;
    bounce->rule = "report";
    bounce->is_proper = true;
    bounce->recipients = list.first;
    return true;
}
