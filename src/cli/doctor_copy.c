/* SPDX-License-Identifier: MIT */
#include "cli/doctor_send.h"

#include "base/arena.h"
#include "cli/context.h"
#include "cli/dns.h"
#include "cli/doctor_dmarc.h"
#include "cli/doctor_hops.h"
#include "cli/doctor_lookup.h"
#include "config/config.h"
#include "dkim/dkim.h"

#include <string.h>
#include <strings.h>

static const char place[] = "doctor --send";

struct copy {
    struct doctor *doctor;
    struct arena *arena;
    const struct test_message *message;
    struct dkim_header header;
    struct dns *dns; /* NULL: the machine knows no resolver */
    const char *from_domain;
};

/* ---- keys in DNS ---- */

static enum dkim_answer ask_for_key(void *payload, const char *name, const char **record)
{
    const struct copy *copy = payload;
    if (!copy->dns)
        return DKIM_ANSWER_SILENT;
    struct dns_texts texts = dns_texts(copy->dns, copy->arena, name, NULL);
    if (texts.answer == DNS_UNANSWERED || texts.answer == DNS_FAILED)
        return DKIM_ANSWER_SILENT;
    for (size_t i = 0; i < texts.count; i++) {
        *record = texts.records[i];
        if (strstr(*record, "p="))
            return DKIM_ANSWER_FOUND;
    }
    return DKIM_ANSWER_NONE;
}

/* ---- signatures ---- */

/* Why a signature does not count; NULL: it holds. */
static const char *weakness(enum dkim_verdict verdict)
{
    switch (verdict) {
    case DKIM_GOOD:
        return NULL;
    case DKIM_MALFORMED:
        return "cannot be read" ERROR_ADVICE "look at what signs";
    case DKIM_UNKNOWN:
        return "is of a kind that receivers do not know" ERROR_ADVICE
               "let the relay sign with rsa-sha256";
    case DKIM_WEAK:
        return "is too weak to count (rsa-sha1, or a key below 1024 bits)" ERROR_ADVICE
               "let the relay sign with "
               "rsa-sha256 and a key of 2048 bits";
    case DKIM_OVER:
        return "is over already (x=)" ERROR_ADVICE "look at the clock of what signs";
    case DKIM_NO_KEY:
        return "has no key in DNS that fits it" ERROR_ADVICE "publish the relay's";
    case DKIM_REVOKED:
        return "has a key that was taken back (p= is empty)" ERROR_ADVICE
               "publish the relay's present one";
    case DKIM_KEY_UNKNOWN:
        return "was not verified, as no name server answers from here";
    case DKIM_BODY_CHANGED:
        return "does not hold, as the text was changed behind it" ERROR_ADVICE
               "let nothing behind the relay add "
               "to mails";
    case DKIM_HEADER_CHANGED:
        return "does not hold: a signed field was changed behind it, or DNS has another key" ERROR_ADVICE
               "compare the published key with the relay's";
    case DKIM_CUT:
        return "was not verified, as the copy is too long";
    }
    return "?";
}

static bool is_open(enum dkim_verdict verdict)
{
    return verdict == DKIM_KEY_UNKNOWN || verdict == DKIM_CUT;
}

/* A signature, and whether it is of the sender's own organization. */
struct sign {
    const struct dkim_signature *signature;
    bool is_aligned;
};

/* Sorts valid signatures before undecided and broken ones, and aligned before others. */
static int worth(const struct sign *sign)
{
    enum dkim_verdict verdict = sign->signature->verdict;
    int sort = verdict == DKIM_GOOD ? 2 : is_open(verdict) ? 1 : 0;
    return 2 * sort + sign->is_aligned;
}

static void report_signature(const struct copy *copy, const struct sign *sign)
{
    const struct dkim_signature *signature = sign->signature;
    struct doctor *doctor = copy->doctor;
    const char *bad = weakness(signature->verdict);
    const char *of = arena_format(copy->arena, "d=%s, s=%s", signature->domain,
                                  signature->selector);
    if (bad) {
        doctor_report(doctor, is_open(signature->verdict) ? DOCTOR_SKIPPED : DOCTOR_WARNING, place,
                      "DKIM: the signature (%s) %s", of, bad);
    } else if (signature->is_testing) {
        doctor_report(
            doctor, DOCTOR_WARNING, place,
            "DKIM: the signature (%s) holds, but its key says that it is a test (t=y), so "
            "receivers may pass it over" ERROR_ADVICE "take t=y out of the record",
            of);
    } else {
        const char *bits = signature->key_bits
                               ? arena_format(copy->arena, ", %u bits", signature->key_bits)
                               : "";
        doctor_report(doctor, DOCTOR_GOOD, place, "DKIM: the signature holds (%s, %s%s)", of,
                      signature->algorithm, bits);
    }
    if (!sign->is_aligned && *signature->domain)
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "DKIM: it is signed by %s, and mail.from is in %s, so it does not count for "
                      "DMARC" ERROR_ADVICE "let the relay sign for %s (d=)",
                      signature->domain, copy->from_domain, copy->from_domain);
}

/* How far a signature covers the List-Unsubscribe fields. */
enum coverage { COVERS_NONE, COVERS_FIRST, COVERS_BOTH };

static enum coverage coverage_of(const struct copy *copy, const struct dkim_signature *signature)
{
    if (!dkim_covers(signature, "list-unsubscribe"))
        return COVERS_NONE;
    return !copy->message->unsubscribe_post || dkim_covers(signature, "list-unsubscribe-post")
               ? COVERS_BOTH
               : COVERS_FIRST;
}

/* RFC 8058 section 4: one signature that holds covers both. */
static void report_coverage(const struct copy *copy, const struct dkim_signature *signatures,
                            size_t count)
{
    const char *both = copy->message->unsubscribe_post ? " and List-Unsubscribe-Post" : "";
    enum coverage best = COVERS_NONE;
    bool holds = false;
    for (size_t i = 0; i < count; i++) {
        enum coverage coverage = coverage_of(copy, &signatures[i]);
        bool may_hold = signatures[i].verdict == DKIM_GOOD || is_open(signatures[i].verdict);
        holds |= coverage == COVERS_BOTH && may_hold;
        best = coverage > best ? coverage : best;
    }
    if (best < COVERS_BOTH)
        doctor_report(copy->doctor, DOCTOR_WARNING, place,
                      "DKIM: no signature covers List-Unsubscribe%s (h=), so leaving by one click "
                      "does not count at large providers (RFC 8058)" ERROR_ADVICE
                      "let the relay sign that field "
                      "as well",
                      best == COVERS_FIRST ? "-Post" : both);
    else if (holds)
        doctor_report(copy->doctor, DOCTOR_GOOD, place, "DKIM: List-Unsubscribe%s signed (h=)",
                      *both ? " and List-Unsubscribe-Post are" : " is");
    else
        doctor_report(
            copy->doctor, DOCTOR_SKIPPED, place,
            "DKIM: List-Unsubscribe%s named in h=, which counts once that signature holds",
            *both ? " and List-Unsubscribe-Post are" : " is");
}

static void check_signatures(struct copy *copy, const struct test_result *result)
{
    struct dkim_signature found[DKIM_SIGNATURES_MAXIMUM];
    struct sign best = { .signature = NULL };
    const struct dkim_circumstances circumstances = { ask_for_key, copy,
                                                      clock_now(&copy->doctor->context->clock),
                                                      result->is_cut };
    size_t count = dkim_examine(copy->arena, result->bytes, result->length, &circumstances, found);
    for (size_t i = 0; i < count; i++) {
        const struct sign sign = { &found[i],
                                   doctor_dmarc_is_aligned(copy->dns, copy->arena,
                                                           copy->from_domain, found[i].domain) };
        if (!best.signature || worth(&sign) > worth(&best))
            best = sign;
    }
    if (!best.signature) {
        doctor_report(
            copy->doctor, DOCTOR_WARNING, place,
            "DKIM: the copy is not signed, and large mailbox providers refuse such mails" ERROR_ADVICE
            "let the relay sign for %s, and publish its key",
            copy->from_domain);
        return;
    }
    report_signature(copy, &best);
    report_coverage(copy, found, count);
}

/* ---- what the server that took it says ---- */

/* "dkim=pass": the word behind METHOD=, in arena; NULL: not there. */
static const char *result_of(struct arena *arena, const char *value, const char *method)
{
    size_t length = strlen(method);
    for (const char *at = value; (at = strcasestr(at, method)) != NULL; at += length) {
        bool begins = at == value || strchr(" ;\t", at[-1]);
        if (begins && at[length] == '=') {
            const char *word = at + length + 1;
            return arena_copy_bytes(arena, word, strspn(word, "abcdefghijklmnopqrstuvwxyz"));
        }
    }
    return NULL;
}

/* Each server adds its field on top. The mail left without any, so all of them were added on the
 * way. */
static void check_verdicts(const struct copy *copy)
{
    static const char *const methods[] = { "spf", "dkim", "dmarc" };
    size_t from = 0;
    const char *value = dkim_header_value(copy->arena, &copy->header, "Authentication-Results",
                                          &from);
    const char *counts = "";
    bool has_failed = false;
    if (!value) {
        doctor_report(copy->doctor, DOCTOR_SKIPPED, place,
                      "the server that took it says nothing of SPF, DKIM and DMARC "
                      "(Authentication-Results)");
        return;
    }
    for (size_t i = 0; i < 3; i++) {
        const char *result = result_of(copy->arena, value, methods[i]);
        if (!result)
            continue;
        counts = arena_format(copy->arena, "%s %s=%s", counts, methods[i], result);
        has_failed |= strcmp(result, "pass") != 0 && strcmp(result, "none") != 0;
    }
    const char *server = arena_copy_bytes(copy->arena, value, strcspn(value, "; \t"));
    if (has_failed)
        doctor_report(copy->doctor, DOCTOR_WARNING, place,
                      "%s says:%s" ERROR_ADVICE
                      "what does not pass there, others may refuse: see the records above",
                      server, counts);
    else
        doctor_report(copy->doctor, DOCTOR_GOOD, place, "%s says:%s", server,
                      *counts ? counts : " nothing of SPF, DKIM and DMARC");
}

/* ---- fields that are ours ---- */

static const char *value_of(const struct copy *copy, const char *name)
{
    size_t from = 0;
    return dkim_header_value(copy->arena, &copy->header, name, &from);
}

/* Compares without white space, because servers may fold fields anew. */
static bool is_same(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " \t");
        b += strspn(b, " \t");
        if (*a != *b)
            return false;
        if (!*a)
            return true;
        a++;
        b++;
    }
}

static void check_field(const struct copy *copy, const char *name, const char *sent,
                        const char *consequence)
{
    const char *got = value_of(copy, name);
    if (sent && (!got || !is_same(got, sent)))
        doctor_report(copy->doctor, DOCTOR_WARNING, place,
                      "on its way %s was %s, so %s" ERROR_ADVICE
                      "ask the relay's operator to leave it alone",
                      name, got ? "changed" : "taken out", consequence);
}

static void check_fields(const struct copy *copy)
{
    const struct config *config = copy->doctor->context->config;
    const char *path = value_of(copy, "Return-Path");
    const char *from = value_of(copy, "From");
    check_field(copy, "Message-ID", copy->message->message_id,
                "replies and some bounces cannot be matched with what they are about");
    check_field(copy, "List-Unsubscribe", copy->message->unsubscribe,
                "who leaves by the mail program's button may not leave here");
    check_field(copy, "List-Unsubscribe-Post", copy->message->unsubscribe_post,
                "leaving by one click does not work");
    if (path && !strcasestr(path, copy->message->sender))
        doctor_report(
            copy->doctor, DOCTOR_WARNING, place,
            "the return path arrived as %s instead of <%s>, so bounces do not come back to "
            "mail.bounces" ERROR_ADVICE "ask the relay's operator to leave it alone",
            path, copy->message->sender);
    if (!from || !strcasestr(from, config->mail.from_address))
        doctor_report(copy->doctor, DOCTOR_WARNING, place,
                      "the sender arrived as %s instead of %s" ERROR_ADVICE
                      "let the relay allow it",
                      from ? from : "nobody", config->mail.from_address);
}

/* ---- a mail that came back ---- */

/* The rest of the first line that begins so, with what continues it; NULL: none. */
static const char *line_behind(struct arena *arena, const char *bytes, const char *beginning)
{
    enum { REASON_MAXIMUM = 400 };

    const char *at = strcasestr(bytes, beginning);
    char *reason = arena_allocate(arena, REASON_MAXIMUM + 1);
    size_t used = 0;
    if (!at)
        return NULL;
    for (at += strlen(beginning); *at && used < REASON_MAXIMUM; at++) {
        if (*at == '\n' && at[1] != ' ' && at[1] != '\t')
            break;
        if (!strchr(" \t\r\n", *at))
            reason[used++] = *at;
        else if (used && reason[used - 1] != ' ')
            reason[used++] = ' ';
    }
    while (used && reason[used - 1] == ' ')
        used--;
    reason[used] = '\0';
    return reason;
}

static void report_bounce(const struct copy *copy, const struct test_result *result)
{
    const char *reason = line_behind(copy->arena, result->bytes, "\nDiagnostic-Code:");
    if (!reason)
        reason = value_of(copy, "Subject");
    doctor_report(copy->doctor, DOCTOR_PROBLEM, place,
                  "instead of the test mail came a message about it: %s" ERROR_ADVICE
                  "see that mail to %s reaches "
                  "mail.inbox",
                  reason ? reason : "without a reason", copy->message->recipient);
}

/* ---- all of it ---- */

void test_message_examine(struct doctor *doctor, const struct test_message *message,
                          const struct test_result *result)
{
    struct dns dns;
    bool is_test = false;
    struct copy copy = { .doctor = doctor,
                         .arena = doctor->context->arena,
                         .message = message,
                         .from_domain = doctor_lookup_domain(
                             doctor->context->config->mail.from_address) };
    dkim_header_read(copy.arena, result->bytes, result->length, &copy.header);
    if (result->kind == TEST_BOUNCE) {
        report_bounce(&copy, result);
        return;
    }
    if (doctor_lookup_open(&dns, &is_test))
        copy.dns = &dns;
    doctor_report(doctor, DOCTOR_GOOD, place, "its copy came back to mail.inbox");
    check_signatures(&copy, result);
    check_verdicts(&copy);
    doctor_hops(doctor, place, &copy.header);
    check_fields(&copy);
    if (copy.dns)
        dns_close(copy.dns);
}
