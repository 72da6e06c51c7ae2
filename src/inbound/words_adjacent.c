/* SPDX-License-Identifier: MIT */
#include "inbound/bounce_words.h"

#include "base/arena.h"
#include "locale/mail_phrases.h"
#include "mime/mime.h"

#include <string.h>
#include <strings.h>

enum {
    FILLERS_MAXIMUM = 6, /* words between a phrase and the address it announces */
    CANDIDATES_MAXIMUM = 50
};

/* ---- addresses beside a phrase ---- */

/* The length of a word that may stand between a phrase and its address; 0: it is none. */
static size_t filler_length(const struct mail_phrases *phrases, const char *at, const char *end)
{
    const struct phrase *filler = NULL;
    while ((filler = mail_phrases_begin(phrases, REPORT_FILLER, filler, at)) != NULL)
        if ((size_t)(end - at) > filler->length && strchr(" \t\r\n:", at[filler->length]))
            return filler->length;
    return 0;
}

static const char *skip_fillers(const struct mail_phrases *phrases, const char *at, const char *end)
{
    for (unsigned count = 0; count < FILLERS_MAXIMUM; count++) {
        while (at < end && strchr(" \t\r\n:;,.\"'`<([=-*>", *at))
            at++;
        size_t length = filler_length(phrases, at, end);
        if (!length)
            break;
        at += length;
    }
    return at;
}

static bool is_recipient(const struct words *words, struct span address)
{
    return address.length && !address_is_role(address) && !words_party(words, address);
}

static void take_adjacent(struct words *words, enum phrase_meaning meaning)
{
    for (size_t i = 0; i < words->notice.hit_count; i++) {
        const struct notice_hit *hit = &words->notice.hits[i];
        const char *behind = NULL;
        const char *end = words->notice.text + hit->end;
        if (hit->phrase->meaning != meaning || end > words->end)
            continue;
        struct span address = meaning == NOTICE_SAME
                                  ? address_begins(
                                        skip_fillers(words->list.phrases, end, words->end),
                                        words->end, &behind)
                                  : address_before(words->notice.text,
                                                   words->notice.text + hit->start);
        if (!is_recipient(words, address))
            continue;
        if (!words->list.first)
            words->rule = hit->phrase->rule;
        (void)words_take(words, address);
    }
}

/* ---- without any phrase ---- */

/* Whether its To may be a list's, and not whom the server was to deliver it to. */
static bool is_of_list(const struct mime_field *original)
{
    static const char *const names[] = {
        "List-Post",         "X-BeenThere", "X-Mailing-List", "Mailing-List", "Precedence",
        "X-Mailman-Version", NULL
    };
    for (const char *const *name = names; *name; name++)
        if (mime_field(original, *name))
            return true;
    return false;
}

static bool is_in_original(const struct words *words, const struct mime_field *original,
                           struct span address)
{
    static const char *const names[] = { "To", "Cc", "Delivered-To", "X-Original-To", NULL };
    for (const char *const *name = names; *name; name++) {
        const char *value = mime_field(original, *name);
        for (const struct mime_address *to = value ? mime_addresses(words->arena, value, 20) : NULL;
             to; to = to->next)
            if (span_is(address, to->address))
                return true;
    }
    return false;
}

/* A server that says all of it in its subject. */
static void take_from_subject(struct words *words)
{
    const char *at = words->message->subject;
    const char *end = at + strlen(at);
    struct span address = address_next(at, end, &at);
    if (words->is_from_daemon && is_recipient(words, address) &&
        !address_next(at, end, &at).length) {
        words->rule = "subject";
        (void)words_take(words, address);
    }
}

/* The only address there, or the only one that the message returned was for. */
static void take_single(struct words *words, const struct mime_field *original)
{
    struct span only = { NULL, 0 };
    struct span wanted = { NULL, 0 };
    unsigned count = 0;
    unsigned wanted_count = 0;
    const char *at = words->notice.text;
    for (unsigned i = 0; i < CANDIDATES_MAXIMUM && at < words->end; i++) {
        struct span address = address_next(at, words->end, &at);
        if (!address.length)
            break;
        if (!is_recipient(words, address))
            continue;
        if (!count || !span_is(only, address_copy(words->arena, address)))
            count++;
        only = address;
        if (is_in_original(words, original, address) &&
            (!wanted_count || !span_is(wanted, address_copy(words->arena, address)))) {
            wanted = address;
            wanted_count++;
        }
    }
    /* One whom the message returned was not for may be anybody, unless that was a list's. */
    bool may_be_other = !mime_field(original, "To") || is_of_list(original);
    if (wanted_count == 1 || (count == 1 && may_be_other)) {
        words->rule = "single-address";
        (void)words_take(words, wanted_count == 1 ? wanted : only);
    }
}

/* Nobody is named: the only one that the message returned was for, where that is no list's. */
static void take_returned(struct words *words, const struct mime_field *original)
{
    const char *to = mime_field(original, "To");
    const struct mime_address *address = to ? mime_addresses(words->arena, to, 2) : NULL;
    if (!address || address->next || is_of_list(original) || mime_field(original, "Cc"))
        return;
    const struct span span = { address->address, strlen(address->address) };
    if (is_recipient(words, span)) {
        words->rule = "message-returned";
        (void)words_take(words, span);
    }
}

/* Exim and those that took it from there. */
void words_take_failed_field(struct words *words)
{
    const char *value = mime_field(words->message->fields, "X-Failed-Recipients");
    const struct mime_address *address = value ? mime_addresses(words->arena, value,
                                                                MIME_ADDRESSES_MAXIMUM)
                                               : NULL;
    for (; address; address = address->next) {
        const struct span span = { address->address, strlen(address->address) };
        words->rule = "x-failed-recipients";
        (void)words_take(words, span);
    }
}

void words_take_anywhere(struct words *words, const struct mime_field *original, bool has_failed)
{
    take_adjacent(words, NOTICE_SAME);
    if (!words->list.first)
        take_adjacent(words, NOTICE_BEFORE);
    if (!words->list.first && has_failed)
        take_single(words, original);
    if (!words->list.first && has_failed)
        take_from_subject(words);
    if (!words->list.first && has_failed)
        take_returned(words, original);
}
