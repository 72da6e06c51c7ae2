/* SPDX-License-Identifier: MIT */
#include "net/refusal.h"

#include "net/refusal_phrase.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* An enhanced code in numbers; class 0: none. */
struct status {
    int class;
    int subject;
    int detail;
};

/* What the words and codes come to before they are weighed. */
struct evidence {
    int code;
    struct status status;
    bool is_transient;
    bool has_policy_status; /* a 5.7.x stands beside */
    uint32_t phrases;
};

static bool says(const struct evidence *evidence, enum refusal_phrase_meaning meaning)
{
    return evidence->phrases & (UINT32_C(1) << meaning);
}

/* ---- codes ---- */

/* "5.1.1" at the start of text, with at most three digits a number; *end behind it. */
static bool read_status(const char *text, struct status *status, const char **end)
{
    if ((*text != '2' && *text != '4' && *text != '5') || text[1] != '.')
        return false;
    int numbers[2] = { 0, 0 };
    const char *at = text + 1;
    for (int i = 0; i < 2; i++) {
        if (*at++ != '.')
            return false;
        size_t digits = strspn(at, "0123456789");
        if (digits < 1 || digits > 3)
            return false;
        numbers[i] = atoi(at);
        at += digits;
    }
    if (isalnum((unsigned char)*at) || (*at == '.' && isdigit((unsigned char)at[1])))
        return false; /* an address of a network, or a version */
    *status = (struct status){ *text - '0', numbers[0], numbers[1] };
    *end = at;
    return true;
}

/* A code that leaves the question open, so that words, or a code in the text, may answer it. */
static bool is_open(const struct status *status)
{
    if (!status->class || status->subject == 0 || status->subject == 5)
        return true;
    if (status->subject == 1)
        return status->detail == 0 || status->detail == 4 || status->detail == 5 ||
               status->detail == 9;
    return (status->subject == 2 || status->subject == 3) && status->detail == 0;
}

/* Codes in the text: gateways write 5.0.0, or a guess, above what the other side said. */
static void read_inner_codes(const char *text, struct evidence *evidence)
{
    bool is_first = true;
    for (const char *at = text; *at; at++) {
        struct status inner;
        const char *end;
        bool starts = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '.');
        if (!starts || !read_status(at, &inner, &end))
            continue;
        if (inner.class == 5 && inner.subject == 7)
            evidence->has_policy_status = true;
        bool knows_more = !evidence->status.class ||
                          (is_open(&evidence->status) && !is_open(&inner));
        if (is_first && knows_more &&
            (inner.class == 5 || !evidence->code || evidence->is_transient))
            evidence->status = inner;
        is_first = false;
        at = end - 1;
    }
}

static void gather(const struct refusal_words *words, struct evidence *evidence)
{
    const char *end;
    *evidence = (struct evidence){ .code = words->code,
                                   .phrases = refusal_phrases_find(words->text) };
    if (!read_status(words->enhanced, &evidence->status, &end))
        evidence->status = (struct status){ 0, 0, 0 };
    evidence->is_transient = words->code >= 400 && words->code < 500;
    read_inner_codes(words->text, evidence);
    if (!words->code || words->code >= 500)
        evidence->is_transient = evidence->status.class == 4;
    evidence->has_policy_status = evidence->has_policy_status ||
                                  (evidence->status.class == 5 && evidence->status.subject == 7);
}

/* ---- weighing ---- */

struct rule {
    enum refusal_phrase_meaning meaning;
    struct refusal refusal;
};

#define RULE_COUNT(rules) (sizeof(rules) / sizeof(rules)[0])

static bool first_said(const struct evidence *evidence, const struct rule *rules, size_t count,
                       struct refusal *refusal)
{
    for (size_t i = 0; i < count; i++) {
        if (says(evidence, rules[i].meaning)) {
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
        *refusal = (struct refusal){ REFUSAL_ADDRESS, says(evidence, PHRASE_NO_DOMAIN)
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
    bool is_lookup_later = says(evidence, PHRASE_LOOKUP_LATER);
    if (detail == 1 &&
        says(evidence, PHRASE_ACCESS_DENIED)) /* Microsoft 365: nobody by that name */
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS };
    else if ((detail == 4 || detail == 310) && !is_lookup_later)
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_NO_DOMAIN };
    else if (detail == 6 || detail == 14 || says(evidence, PHRASE_LOOP))
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
                                  says(evidence, PHRASE_ADDRESS_REJECTED))) {
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS };
        return true;
    }
    return false;
}

static void read_permanent(const struct evidence *evidence, struct refusal *refusal)
{
    if (evidence->has_policy_status) {
        int detail = evidence->status.subject == 7 ? evidence->status.detail : 0;
        *refusal = (struct refusal){ REFUSAL_OURS, policy_cause(detail) };
        return;
    }
    if (evidence->code == 551 && is_open(&evidence->status)) {
        *refusal = (struct refusal){ REFUSAL_ADDRESS, REFUSAL_UNKNOWN_ADDRESS };
        return;
    }
    if (read_permanent_status(evidence, refusal) || read_weak_words(evidence, refusal))
        return;
    *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_UNPLACED };
}

/* Never the address: who says "not now" may mean anything. */
static void read_transient(const struct evidence *evidence, struct refusal *refusal)
{
    const struct status *status = &evidence->status;
    bool is_system = status->class == 4 && status->subject == 3;
    if (status->subject == 7 && (status->class == 4 || status->class == 5))
        *refusal = (struct refusal){ REFUSAL_OURS, policy_cause(status->detail) };
    else if ((is_system && status->detail == 2) || evidence->code == 432 || evidence->code == 454)
        *refusal = (struct refusal){ REFUSAL_OURS, REFUSAL_SYSTEM };
    else if (status->subject == 2)
        *refusal = (struct refusal){ REFUSAL_MAILBOX,
                                     status->detail == 2 ? REFUSAL_FULL : REFUSAL_UNPLACED };
    else if (status->subject == 4 || says(evidence, PHRASE_TIMEOUT) ||
             says(evidence, PHRASE_LOOKUP_LATER))
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_TIMEOUT };
    else
        *refusal = (struct refusal){ REFUSAL_MAILBOX,
                                     is_system ? REFUSAL_SYSTEM : REFUSAL_UNPLACED };
}

/* Words of a full mailbox, of a rate or of an order of the house stand in texts about other things
 * too: the codes that can only mean a mailbox or its size are read before them. */
static bool read_sure_status(const struct evidence *evidence, struct refusal *refusal)
{
    const struct status *status = &evidence->status;
    if (status->subject != 2 || status->class < 4 || says(evidence, PHRASE_QUOTA))
        return false;
    if (status->detail == 2)
        *refusal = (struct refusal){ REFUSAL_MAILBOX, REFUSAL_FULL };
    return status->detail == 2;
}

void refusal_read(const struct refusal_words *words, struct refusal *refusal)
{
    struct evidence evidence;
    gather(words, &evidence);
    if (read_sure_status(&evidence, refusal) || read_strong_words(&evidence, refusal))
        return;
    if (evidence.is_transient)
        read_transient(&evidence, refusal);
    else
        read_permanent(&evidence, refusal);
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
