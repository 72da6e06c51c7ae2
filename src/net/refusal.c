/* SPDX-License-Identifier: MIT */
#include "net/refusal.h"

#include "net/refusal_phrase.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The words and codes of a refusal, taken apart. */
struct evidence {
    int code;
    struct enhanced_status status;
    struct enhanced_status policy; /* a 5.7.x that stands there or beside; class 0: none */
    bool is_transient;
    uint32_t phrases;
};

static bool has_phrase(const struct evidence *evidence, enum phrase_meaning meaning)
{
    return evidence->phrases & (UINT32_C(1) << meaning);
}

/* ---- codes ---- */

/* How much a code says of the reason. Gateways write 5.0.0 or 5.5.0, or a guess, above what the
 * other side said.
 */
enum specificity {
    SPECIFIC_NOTHING,
    SPECIFIC_CLASS, /* that it failed */
    SPECIFIC_FIELD, /* only roughly where, so that words, or a code in the text, decide the rest */
    SPECIFIC_ALL
};

static enum specificity specificity_of(const struct enhanced_status *status)
{
    if (!status->class)
        return SPECIFIC_NOTHING;
    if (status->subject == 0 || status->subject == 5)
        return status->detail == 0 ? SPECIFIC_CLASS : SPECIFIC_FIELD;
    if (status->subject == 1 &&
        (status->detail == 0 || status->detail == 4 || status->detail == 5 || status->detail == 9))
        return SPECIFIC_FIELD;
    return (status->subject == 2 || status->subject == 3) && status->detail == 0 ? SPECIFIC_FIELD
                                                                                 : SPECIFIC_ALL;
}

static bool is_policy(const struct enhanced_status *status)
{
    return status->class == 5 && status->subject == 7;
}

/* Codes in the text: the first one counts where it says more than the Status. */
static void read_inner_codes(const char *text, struct evidence *evidence)
{
    struct enhanced_status inner;
    size_t length;
    bool is_first = true;
    for (const char *at = text; (at = enhanced_status_find(at, &inner, &length)); at += length) {
        if (is_policy(&inner) && !evidence->policy.class)
            evidence->policy = inner;
        if (is_first && specificity_of(&inner) > specificity_of(&evidence->status))
            evidence->status = inner;
        is_first = false;
    }
}

static void gather(const struct refusal_words *words, struct evidence *evidence)
{
    *evidence = (struct evidence){ .code = words->code,
                                   .phrases = refusal_phrases_find(words->phrases, words->text) };
    (void)enhanced_status_begins(words->enhanced, strlen(words->enhanced), &evidence->status);
    if (evidence->status.class == 2)
        evidence->status.class = 0; /* what did not fail is no reason */
    if (is_policy(&evidence->status))
        evidence->policy = evidence->status;
    const struct enhanced_status given = evidence->status;
    read_inner_codes(words->text, evidence);
    /* A 5xx is final whatever 4.x.x stands in its words. */
    bool is_given = specificity_of(&given) == specificity_of(&evidence->status);
    evidence->is_transient = (words->code >= 400 && words->code < 500) ||
                             (evidence->status.class == 4 &&
                              (words->code == 0 || (words->code >= 500 && is_given)));
}

/* ---- weighing ---- */

struct rule {
    enum phrase_meaning meaning;
    struct refusal refusal;
};

#define RULE_COUNT(rules) (sizeof(rules) / sizeof(rules)[0])

static bool first_said(const struct evidence *evidence, const struct rule *rules, size_t count,
                       struct refusal *refusal)
{
    for (size_t i = 0; i < count; i++) {
        if (has_phrase(evidence, rules[i].meaning)) {
            *refusal = rules[i].refusal;
            return true;
        }
    }
    return false;
}

/* Words that win over every code. */
static bool read_strong_words(const struct evidence *evidence, struct refusal *refusal)
{
    static const struct rule rules[] = {
        { PHRASE_GREYLISTED, { REFUSAL_MAILBOX, REFUSAL_GREYLISTED } },
        { PHRASE_MAILBOX_RATE, { REFUSAL_MAILBOX, REFUSAL_RATE } },
        { PHRASE_QUOTA, { REFUSAL_OURS, REFUSAL_QUOTA } },
        { PHRASE_FULL, { REFUSAL_MAILBOX, REFUSAL_FULL } },
        { PHRASE_CONNECTIONS, { REFUSAL_OURS, REFUSAL_CONNECTIONS } },
        { PHRASE_RATE, { REFUSAL_OURS, REFUSAL_RATE } },
        { PHRASE_RELAYING, { REFUSAL_OURS, REFUSAL_RELAYING } },
        { PHRASE_AUTHENTICATION, { REFUSAL_OURS, REFUSAL_AUTHENTICATION } },
        { PHRASE_SENDER, { REFUSAL_OURS, REFUSAL_SENDER } },
        { PHRASE_REVERSE_NAME, { REFUSAL_OURS, REFUSAL_REVERSE_NAME } },
        { PHRASE_BLOCKLIST, { REFUSAL_OURS, REFUSAL_BLOCKLIST } },
        { PHRASE_SPAM, { REFUSAL_OURS, REFUSAL_SPAM } },
        { PHRASE_POLICY, { REFUSAL_OURS, REFUSAL_POLICY } },
    };
    return first_said(evidence, rules, RULE_COUNT(rules), refusal);
}

/* x.7.x, by number. */
static enum refusal_cause policy_cause(int detail)
{
    static const struct {
        int first, last;
        enum refusal_cause cause;
    } causes[] = {
        { 8, 9, REFUSAL_AUTHENTICATION },     { 20, 24, REFUSAL_AUTHENTICATION },
        { 25, 25, REFUSAL_REVERSE_NAME },     { 26, 26, REFUSAL_AUTHENTICATION },
        { 27, 27, REFUSAL_SENDER },           { 28, 28, REFUSAL_RATE },
        { 30, 32, REFUSAL_AUTHENTICATION },   { 500, 500, REFUSAL_RATE },
        { 501, 504, REFUSAL_SPAM },           { 506, 506, REFUSAL_REVERSE_NAME },
        { 508, 508, REFUSAL_RATE },           { 509, 509, REFUSAL_AUTHENTICATION },
        { 511, 513, REFUSAL_BLOCKLIST },      { 515, 515, REFUSAL_AUTHENTICATION },
        { 606, 649, REFUSAL_BLOCKLIST },      { 705, 708, REFUSAL_QUOTA },
        { 750, 750, REFUSAL_AUTHENTICATION },
    };

    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++) {
        if (detail >= causes[i].first && detail <= causes[i].last)
            return causes[i].cause;
    }
    return REFUSAL_POLICY;
}

/* 5.1.x: the address; 7 and 8 are the sender's. */
static bool read_addressing(const struct evidence *evidence, struct refusal *refusal)
{
    switch (evidence->status.detail) {
    case 1:
    case 3:
    case 6:
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS };
        return true;
    case 2:
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_NO_DOMAIN };
        return true;
    case 10: /* RFC 7505: a null MX; Exchange says so of an unknown recipient */
        *refusal = (struct refusal){ REFUSAL_ADDRESS, has_phrase(evidence, PHRASE_NO_DOMAIN)
                                                          ? REFUSAL_NO_DOMAIN
                                                          : REFUSAL_UNKNOWN_ADDRESS };
        return true;
    case 7:
    case 8:
        *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_SENDER };
        return true;
    default:
        return false;
    }
}

static bool read_mailbox(const struct evidence *evidence, struct refusal *refusal)
{
    switch (evidence->status.detail) {
    case 1:
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_DISABLED };
        return true;
    case 2:
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_FULL };
        return true;
    case 3:
        *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_SIZE };
        return true;
    case 121: /* Exchange: what this person may receive in an hour */
    case 122:
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_RATE };
        return true;
    default:
        return false;
    }
}

static bool read_system(const struct evidence *evidence, struct refusal *refusal)
{
    switch (evidence->status.detail) {
    case 1:
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_SYSTEM };
        return true;
    case 4:
        *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_SIZE };
        return true;
    case 0:
        return false;
    default:
        *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_SYSTEM };
        return true;
    }
}

/* 5.4.x: the way there. */
static bool read_routing(const struct evidence *evidence, struct refusal *refusal)
{
    int detail = evidence->status.detail;
    bool is_lookup_later = has_phrase(evidence, PHRASE_LOOKUP_LATER);
    if (detail == 1 &&
        has_phrase(evidence, PHRASE_ACCESS_DENIED)) /* Microsoft 365: nobody by that name */
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS };
    else if ((detail == 4 || detail == 310) && !is_lookup_later)
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_NO_DOMAIN };
    else if (detail == 6 || detail == 14 || has_phrase(evidence, PHRASE_LOOP))
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_SYSTEM };
    else
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_TIMEOUT };
    return true;
}

static bool read_permanent_status(const struct evidence *evidence, struct refusal *refusal)
{
    switch (evidence->status.subject) {
    case 1:
        return read_addressing(evidence, refusal);
    case 2:
        return read_mailbox(evidence, refusal);
    case 3:
        return read_system(evidence, refusal);
    case 4:
        return read_routing(evidence, refusal);
    case 6:
        *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_CONTENT };
        return true;
    default:
        return false;
    }
}

/* Where the code leaves it open. */
static bool read_weak_words(const struct evidence *evidence, struct refusal *refusal)
{
    static const struct rule rules[] = {
        { PHRASE_LOOKUP_LATER, { REFUSAL_MAILBOX, REFUSAL_TIMEOUT } },
        { PHRASE_LOOP, { REFUSAL_MAILBOX, REFUSAL_SYSTEM } },
        { PHRASE_DISABLED, { REFUSAL_ADDRESS, REFUSAL_DISABLED } },
        { PHRASE_NO_DOMAIN, { REFUSAL_ADDRESS, REFUSAL_NO_DOMAIN } },
        { PHRASE_UNKNOWN_ADDRESS, { REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS } },
        { PHRASE_SIZE, { REFUSAL_OURS, REFUSAL_SIZE } },
        { PHRASE_CONTENT, { REFUSAL_OURS, REFUSAL_CONTENT } },
        { PHRASE_TIMEOUT, { REFUSAL_MAILBOX, REFUSAL_TIMEOUT } },
    };
    if (first_said(evidence, rules, RULE_COUNT(rules), refusal))
        return true;
    /* "5.1.0 Address rejected": a gateway that knows who is there. */
    if (evidence->code == 551 || (evidence->status.class == 5 && evidence->status.subject == 1 &&
                                  has_phrase(evidence, PHRASE_ADDRESS_REJECTED))) {
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS };
        return true;
    }
    return false;
}

static void read_permanent(const struct evidence *evidence, struct refusal *refusal)
{
    if (evidence->policy.class) {
        *refusal = (struct refusal){ REFUSAL_OURS, policy_cause(evidence->policy.detail) };
        return;
    }
    if (evidence->code == 551 && specificity_of(&evidence->status) < SPECIFIC_ALL) {
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS };
        return;
    }
    bool is_placed = read_permanent_status(evidence, refusal);
    /* A 4.x.x within a 5xx says where the trouble is, and never that nobody is there. */
    if (evidence->status.class == 4 && refusal->kind == REFUSAL_ADDRESS)
        is_placed = false;
    if (is_placed || read_weak_words(evidence, refusal))
        return;
    *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_UNPLACED };
}

/* A 4xx never counts against the address, because servers say "not now" for any reason. */
static void read_transient(const struct evidence *evidence, struct refusal *refusal)
{
    const struct enhanced_status *status = &evidence->status;
    bool is_system = status->class == 4 && status->subject == 3;
    if (status->subject == 7 && (status->class == 4 || status->class == 5))
        *refusal = (struct refusal){ REFUSAL_OURS, policy_cause(status->detail) };
    else if ((is_system && status->detail == 2) || evidence->code == 432 || evidence->code == 454)
        *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_SYSTEM };
    else if (status->subject == 2)
        *refusal = (struct refusal){ REFUSAL_MAILBOX,
                                     status->detail == 2 ? REFUSAL_FULL : REFUSAL_UNPLACED };
    else if (status->subject == 4 || has_phrase(evidence, PHRASE_TIMEOUT) ||
             has_phrase(evidence, PHRASE_LOOKUP_LATER))
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_TIMEOUT };
    else
        *refusal = (struct refusal){ REFUSAL_MAILBOX,
                                     is_system ? REFUSAL_SYSTEM : REFUSAL_UNPLACED };
}

/* Words of a full mailbox, of a rate or of an order of the house stand in texts about other things
 * too: the codes that can only mean a mailbox or its size are read before them. */
static bool read_sure_status(const struct evidence *evidence, struct refusal *refusal)
{
    const struct enhanced_status *status = &evidence->status;
    if (status->subject != 2 || status->class < 4 || has_phrase(evidence, PHRASE_QUOTA))
        return false;
    if (status->detail == 2)
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_FULL };
    return status->detail == 2;
}

void refusal_read(const struct refusal_words *words, struct refusal *refusal)
{
    char enhanced[ENHANCED_STATUS_SIZE];
    refusal_read_by(words, refusal, enhanced);
}

void refusal_read_by(const struct refusal_words *words, struct refusal *refusal,
                     char enhanced[ENHANCED_STATUS_SIZE])
{
    struct evidence evidence;
    gather(words, &evidence);
    *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_UNPLACED };
    if (!read_sure_status(&evidence, refusal) && !read_strong_words(&evidence, refusal)) {
        if (evidence.is_transient)
            read_transient(&evidence, refusal);
        else
            read_permanent(&evidence, refusal);
    }
    bool is_by_policy = evidence.policy.class && refusal->kind == REFUSAL_OURS &&
                        !evidence.is_transient;
    enhanced_status_write(is_by_policy ? &evidence.policy : &evidence.status, enhanced);
}

bool refusal_is_of_session(const struct mail_phrases *phrases, const char *text)
{
    const struct evidence evidence = { .phrases = refusal_phrases_find(phrases, text) };
    return has_phrase(&evidence, PHRASE_SESSION) && has_phrase(&evidence, PHRASE_MESSAGES);
}

const char *refusal_kind_name(enum refusal_kind kind)
{
    switch (kind) {
    case REFUSAL_ADDRESS:
        return "address";
    case REFUSAL_MAILBOX:
        return "mailbox";
    case REFUSAL_OURS:
        break;
    }
    return "ours";
}
