/* SPDX-License-Identifier: MIT */
#include "cli/doctor_lookup.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/context.h"
#include "cli/dns.h"
#include "cli/report.h"
#include "cli/report_dmarc.h"
#include "cli/reserved_name.h"
#include "config/config.h"
#include "dmarc/dmarc.h"
#include "inbound/inbound.h"

#include <inttypes.h>
#include <string.h>

/* Anybody can mail a forged report, so each figure is printed with its reporter, and none is a
 * problem, which would end with exit code 1. */

#define PLACE "DMARC reports"

enum { PERCENT_GOOD = 95 }; /* of the relay's, that should align */

/* ---- which is the relay ---- */

/* The host of smtp://[2001:db8::1]:587. */
static const char *relay_host(struct arena *arena, const char *url)
{
    const char *start = strstr(url, "://");
    start = start ? start + 3 : url;
    if (*start == '[')
        return arena_copy_bytes(arena, start + 1, strcspn(start + 1, "]"));
    return arena_copy_bytes(arena, start, strcspn(start, ":/"));
}

/* By what the relay is recognized among the sources. Its address alone is not enough, because large
 * providers send from many addresses other than those where they take mail. */
enum relay_known {
    RELAY_UNKNOWN,
    RELAY_BY_ADDRESS, /* DNS has it for mail.smtp */
    RELAY_BY_SHARE,   /* it sent at least half of all */
    RELAY_BY_PASSING  /* who passes has our key, or stands in our SPF record */
};

struct relay {
    enum relay_known known;
    struct dns_texts addresses;
    struct inbound_dmarc_source sum; /* of its sources */
    int64_t count;                   /* of them */
    const char *name;                /* "the relay (192.0.2.10)" */
};

static bool is_of(const struct relay *relay, const struct inbound_dmarc_source *source)
{
    if (relay->known == RELAY_BY_PASSING)
        return *source->source && source->passed * 2 >= source->messages;
    for (size_t i = 0; i < relay->addresses.count; i++)
        if (strcmp(relay->addresses.records[i], source->source) == 0)
            return true;
    return false;
}

static void add(struct inbound_dmarc_source *sum, const struct inbound_dmarc_source *source)
{
    sum->messages += source->messages;
    sum->passed += source->passed;
    sum->dkim += source->dkim;
    sum->spf += source->spf;
    sum->signed_by_another += source->signed_by_another;
    sum->sent_for_another += source->sent_for_another;
    sum->forwarded += source->forwarded;
    if (!sum->reporters)
        sum->reporters = source->reporters;
}

/* False: none is known so. */
static bool add_up(struct relay *relay, enum relay_known known, const struct inbound_dmarc *summary)
{
    relay->known = known;
    for (const struct inbound_dmarc_source *source = summary->sources; source;
         source = source->next)
        if (is_of(relay, source)) {
            add(&relay->sum, source);
            relay->count++;
        }
    if (!relay->count)
        relay->known = RELAY_UNKNOWN;
    return relay->count > 0;
}

static struct dns_texts relay_addresses(struct arena *arena, struct dns *dns, const char *url)
{
    char address[DMARC_SOURCE_SIZE];
    const char *host = relay_host(arena, url);
    if (dmarc_source_read(host, address))
        return (struct dns_texts){ .count = 1, .records = { arena_copy(arena, address) } };
    return dns ? dns_addresses(dns, arena, host) : (struct dns_texts){ .count = 0 };
}

static void find_relay(struct doctor *doctor, struct dns *dns, const struct inbound_dmarc *summary,
                       struct relay *relay)
{
    struct arena *arena = doctor->context->arena;
    const char *url = doctor->context->config->deliver.smtp.url;
    const struct inbound_dmarc_source *most = report_dmarc_relay(summary);
    *relay = (struct relay){ .known = RELAY_UNKNOWN };
    if (url)
        relay->addresses = relay_addresses(arena, dns, url);
    if (add_up(relay, RELAY_BY_ADDRESS, summary)) {
        relay->name = "the relay";
    } else if (most) {
        relay->addresses = (struct dns_texts){ .count = 1, .records = { most->source } };
        (void)add_up(relay, RELAY_BY_SHARE, summary);
        relay->name = arena_format(arena, "%s, by its share most likely the relay", most->source);
    } else if (add_up(relay, RELAY_BY_PASSING, summary)) {
        relay->name = arena_format(
            arena, "the relay, most likely, with %s",
            report_counted(arena, relay->count, "address that passes", "addresses that pass"));
    }
}

/* ---- what is said of it ---- */

static bool is_low(int64_t count, int64_t of)
{
    return count * 100 < of * PERCENT_GOOD;
}

static const char *advice_for(struct doctor *doctor, const struct inbound_dmarc_source *sum)
{
    struct arena *arena = doctor->context->arena;
    const struct config *config = doctor->context->config;
    const char *from = doctor_lookup_domain(config->mail.from_address);
    const char *bounces = doctor_lookup_domain(config->message_source.bounces);
    const char *dkim = "";
    const char *spf = "";
    if (is_low(sum->dkim, sum->messages))
        dkim = arena_format(
            arena, "let it sign with d=%s%s", from,
            sum->signed_by_another * 2 > sum->messages ? " (it signs for another domain)" : "");
    if (is_low(sum->spf, sum->messages))
        spf = sum->sent_for_another * 2 > sum->messages
                  ? arena_format(arena, "let it keep the return path that it is given (%s)",
                                 bounces)
                  : arena_format(arena, "name it in the SPF record of %s", bounces);
    return arena_format(arena, "%s%s%s", dkim, *dkim && *spf ? ", and " : "", spf);
}

static void judge_relay(struct doctor *doctor, const struct relay *relay)
{
    struct arena *arena = doctor->context->arena;
    const struct inbound_dmarc_source *sum = &relay->sum;
    const char *advice = advice_for(doctor, sum);
    const char *figures = arena_format(
        arena, "%s: of %s in %d days %s passed, %s by DKIM and %s by SPF (reported by %s)",
        relay->name, report_counted(arena, sum->messages, "message", "messages"),
        INBOUND_DMARC_DAYS, report_share(arena, sum->passed, sum->messages),
        report_share(arena, sum->dkim, sum->messages), report_share(arena, sum->spf, sum->messages),
        sum->reporters);
    if (!*advice)
        doctor_report(doctor, DOCTOR_GOOD, PLACE, "%s", figures);
    else
        doctor_report(doctor, DOCTOR_WARNING, PLACE, "%s" ERROR_ADVICE "%s", figures, advice);
}

/* ---- and of the others ---- */

static void judge_others(struct doctor *doctor, const struct inbound_dmarc *summary,
                         const struct relay *relay)
{
    struct arena *arena = doctor->context->arena;
    struct inbound_dmarc_source sum = { .messages = 0 };
    const struct inbound_dmarc_source *worst = NULL;
    int64_t count = 0;
    int64_t worst_failed = 0;
    for (const struct inbound_dmarc_source *source = summary->sources; source;
         source = source->next) {
        int64_t failed = inbound_dmarc_failed(source);
        if (is_of(relay, source))
            continue;
        add(&sum, source);
        count++;
        if (failed > worst_failed) {
            worst = source;
            worst_failed = failed;
        }
    }
    if (count == 0)
        return;
    int64_t failed = inbound_dmarc_failed(&sum);
    const char *addresses = report_counted(arena, count, relay->name ? "other address" : "address",
                                           relay->name ? "other addresses" : "addresses");
    if (worst && failed * 100 > summary->messages * INBOUND_DMARC_FAILED_PERCENT)
        doctor_report(doctor, DOCTOR_WARNING, PLACE,
                      "%s sent %s in our name, of which %" PRId64 " did not pass (most of all %s: "
                      "%" PRId64 ", reported by %s)" ERROR_ADVICE
                      "where it is ours, let it sign and name it in SPF, else "
                      "p=quarantine or p=reject keeps such mails out",
                      addresses, report_counted(arena, sum.messages, "message", "messages"), failed,
                      *worst->source ? worst->source : "many", worst_failed,
                      *worst->reporters ? worst->reporters : "many");
    else
        doctor_report(doctor, DOCTOR_GOOD, PLACE,
                      "%s sent %s in our name: %" PRId64 " passed, %" PRId64
                      " were sent on by others, %" PRId64 " did not pass",
                      addresses, report_counted(arena, sum.messages, "message", "messages"),
                      sum.passed, sum.forwarded, failed);
}

static void judge(struct doctor *doctor, const struct inbound_dmarc *summary)
{
    struct dns dns;
    struct relay relay;
    bool is_test = false;
    const char *url = doctor->context->config->deliver.smtp.url;
    bool is_open = doctor_lookup_open(&dns, &is_test);
    bool can_ask = is_open && url &&
                   (is_test || !name_is_reserved(relay_host(doctor->context->arena, url)));
    find_relay(doctor, can_ask ? &dns : NULL, summary, &relay);
    if (is_open)
        dns_close(&dns);
    if (relay.name)
        judge_relay(doctor, &relay);
    judge_others(doctor, summary, &relay);
}

void doctor_dmarc_reports(struct doctor *doctor)
{
    struct error error;
    struct inbound_dmarc summary;
    struct command_context *context = doctor->context;
    if (!context->config->inbox.url)
        return;
    if (!inbound_dmarc_read(context->database, context->arena, clock_now(&context->clock), &summary,
                            &error))
        doctor_report_error(doctor, PLACE, &error);
    else if (summary.reports == 0)
        doctor_report(doctor, DOCTOR_SKIPPED, PLACE,
                      "none came in %d days" ERROR_ADVICE
                      "to see who sends in its name, let the DMARC record of %s "
                      "have them sent (rua=mailto:…) to an address that mail.inbox reads",
                      INBOUND_DMARC_DAYS, doctor_lookup_domain(context->config->mail.from_address));
    else if (summary.messages == 0)
        doctor_report(doctor, DOCTOR_GOOD, PLACE, "%s in %d days, and nobody sent in our name",
                      report_counted(context->arena, summary.reports, "report", "reports"),
                      INBOUND_DMARC_DAYS);
    else
        judge(doctor, &summary);
}
