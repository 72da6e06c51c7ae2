/* SPDX-License-Identifier: MIT */
#include "inbound/reading.h"

#include "base/arena.h"
#include "base/error.h"
#include "inbound/answer.h"
#include "inbound/challenge.h"
#include "inbound/dmarc_store.h"
#include "inbound/reading_token.h"
#include "inbound/receipt_reply.h"
#include "inbound/reply.h"
#include "inbound/report.h"
#include "mime/mime.h"

#include <string.h>
#include <strings.h>

const char *inbound_kind_name(enum inbound_kind kind)
{
    static const char *const names[] = { INBOUND_KINDS(SQL_NAME) };
    return names[kind];
}

const char *inbound_knowledge_text(enum inbound_knowledge knowledge)
{
    static const char *const texts[] = { INBOUND_KNOWLEDGES(SQL_NAME) };
    return texts[knowledge];
}

/* Longest extension of a reply address: "unsubscribe-" and a token. */
enum { REPLY_EXTENSION_MAXIMUM = 12 + TOKEN_LENGTH };

bool inbound_context_init(struct inbound_context *context, struct arena *arena,
                          const struct inbound_settings *settings, const struct token_keys *keys,
                          struct error *error)
{
    char delimiter = settings->delimiter[0];
    const char *at = settings->from ? strrchr(settings->from, '@') : NULL;
    context->keys = keys;
    context->from_domain = at ? arena_copy(arena, at + 1) : NULL;
    context->words = settings->words;
    context->phrases = settings->phrases;
    own_addresses_init(&context->own, arena, settings);
    return verp_base_parse(arena, settings->replies, delimiter, REPLY_EXTENSION_MAXIMUM,
                           &context->replies, error) &&
           verp_base_parse(arena, settings->bounces, delimiter, TOKEN_BOUNCE_LENGTH,
                           &context->bounces, error);
}

/* ---- where it came to ---- */

enum address_use {
    USE_NONE,
    USE_BOUNCE,
    USE_CONFIRM,
    USE_UNSUBSCRIBE,
    USE_SUBSCRIBE,
    USE_ANSWER,
    USE_RECEIPT,
    USE_TEST
};

static enum address_use address_use(const struct inbound_context *context, const char *address,
                                    struct inbound_reading *reading)
{
    const char *extension;
    size_t length;
    if (token_take_return_path(context, address, reading))
        return USE_BOUNCE;
    if (!verp_parse(&context->replies, address, strlen(address), &extension, &length))
        return USE_NONE;
    if (token_take_extension(context, TOKEN_CONFIRM, "confirm", extension, length, reading))
        return USE_CONFIRM;
    if (token_take_extension(context, TOKEN_UNSUBSCRIBE, "unsubscribe", extension, length, reading))
        return USE_UNSUBSCRIBE;
    if (token_take_extension(context, TOKEN_ANSWER, "answer", extension, length, reading))
        return USE_ANSWER;
    if (token_take_extension(context, TOKEN_RECEIPT, "receipt", extension, length, reading))
        return USE_RECEIPT;
    if (length > strlen("test-") && strncasecmp(extension, "test-", strlen("test-")) == 0)
        return USE_TEST;
    if (length == strlen("subscribe") && strncasecmp(extension, "subscribe", length) == 0)
        return USE_SUBSCRIBE;
    return USE_NONE;
}

static enum address_use find_use(const struct inbound_context *context,
                                 const struct mime_message *message,
                                 struct inbound_reading *reading)
{
    for (const struct mime_address *to = message->to; to; to = to->next) {
        enum address_use use = address_use(context, to->address, reading);
        if (use != USE_NONE)
            return use;
    }
    return USE_NONE;
}

/* ---- what it says ---- */

/* Where the address was flattened, only a yes in words counts. A yes in words needs no proof that
 * what stands below is quoted. */
static bool is_flattened_yes(const struct inbound_context *context, struct arena *arena,
                             const struct mime_message *message, struct inbound_reading *reading)
{
    bool is_yes = reading->from && reply_is_yes(context->words, reading->own_text) &&
                  answered_find(context, arena, message, reading);
    if (is_yes)
        reading->unmarked = "";
    return is_yes;
}

static void read_reply(const struct inbound_context *context, struct arena *arena,
                       const struct mime_message *message, enum address_use use,
                       struct inbound_reading *reading)
{
    if (use == USE_RECEIPT || (use == USE_NONE && receipt_reply_answers(context, message, reading)))
        receipt_reply_read(context, reading);
    else if (use == USE_CONFIRM)
        answer_read_confirmation(context, arena, message, reading);
    else if (use == USE_NONE && is_flattened_yes(context, arena, message, reading))
        reading->effect = INBOUND_CONFIRMED;
    else if (use == USE_NONE &&
             token_find(context, TOKEN_UNSUBSCRIBE, "unsubscribe", message->subject, reading))
        reading->effect = INBOUND_UNSUBSCRIBED;
    else if (use == USE_SUBSCRIBE && reading->from)
        reading->effect = INBOUND_ASKED;
    else if (use == USE_NONE || use == USE_ANSWER)
        answer_read(context, arena, message, use == USE_ANSWER, reading);
}

static void read_letter(const struct inbound_context *context, struct arena *arena,
                        const struct mime_message *message, enum address_use use,
                        struct inbound_reading *reading)
{
    const char *challenge = challenge_rule(context->phrases, arena, message);
    if (challenge) {
        reading->rule = challenge;
        reading->effect = INBOUND_CHALLENGE;
    } else if (automatic_answer(context->phrases, arena, message) ||
               own_address(&context->own, arena, message->from) == OWN_WRITTEN) {
        reading->effect = INBOUND_AUTOMATIC;
        /* A person may have written what a list passed on, or about her absence: it stays. */
        if ((use == USE_ANSWER || use == USE_RECEIPT) &&
            automatic_is_uncertain(context->phrases, arena, message))
            reading->is_for_machine = false;
    } else if (use != USE_BOUNCE)
        read_reply(context, arena, message, use, reading);
}

static enum inbound_kind kind_of_effect(enum inbound_effect effect)
{
    static const enum inbound_kind kinds[INBOUND_EFFECT_COUNT] = {
        [INBOUND_NOT_OURS] = KIND_HUMAN,       [INBOUND_CONFIRMED] = KIND_REQUEST,
        [INBOUND_UNSUBSCRIBED] = KIND_REQUEST, [INBOUND_ASKED] = KIND_REQUEST,
        [INBOUND_AUTOMATIC] = KIND_AUTOMATIC,  [INBOUND_HUMAN] = KIND_HUMAN,
        [INBOUND_CHALLENGE] = KIND_CHALLENGE,  [INBOUND_LEAVE_HINT] = KIND_HUMAN,
        [INBOUND_CONFIRM_HINT] = KIND_HUMAN,   [INBOUND_STOPPED] = KIND_REQUEST,
        [INBOUND_APPROVED] = KIND_REQUEST,     [INBOUND_RECEIPT_WORDS] = KIND_HUMAN,
        [INBOUND_REASON] = KIND_REQUEST,
    };

    return kinds[effect];
}

static void read_words(const struct inbound_context *context, struct arena *arena,
                       const struct mime_message *message, struct inbound_reading *reading)
{
    const struct reply_language known = { context->words, context->phrases };
    struct reply reply = { .own = "", .unmarked = "" };
    if (message->text)
        reply_read(arena, &known, message->text, &reply);
    reading->own_text = reply.own;
    reading->unmarked = reply.unmarked;
}

void inbound_read(const struct inbound_context *context, struct arena *arena,
                  const struct mime_message *message, struct inbound_reading *reading)
{
    *reading = (struct inbound_reading){
        .from = message->from, .rule = "", .own_text = "", .unmarked = ""
    };
    if (dmarc_take(context, arena, message, reading))
        return;
    enum address_use use = find_use(context, message, reading);
    if (use == USE_TEST) { /* `doctor --send` waits for it, and takes it away itself */
        reading->kind = KIND_AUTOMATIC;
        reading->rule = "test";
        return;
    }
    reading->is_for_machine = use != USE_NONE;
    bool is_report = use != USE_UNSUBSCRIBE &&
                     report_read(context, arena, message, use == USE_BOUNCE, reading);
    if (!is_report)
        read_words(context, arena, message, reading);
    if (use == USE_UNSUBSCRIBE)
        reading->effect = INBOUND_UNSUBSCRIBED;
    else if (!is_report)
        read_letter(context, arena, message, use, reading);
    /* What nobody can read, encrypted or a picture alone, may be anything. */
    bool is_readable = message->text || message->is_blank;
    if (reading->kind == KIND_UNKNOWN && (is_readable || reading->effect != INBOUND_NOT_OURS))
        reading->kind = kind_of_effect(reading->effect);
}
