/* SPDX-License-Identifier: MIT */
#include "cli/doctor_dmarc.h"

#include "cli/doctor_lookup.h"

#include "base/arena.h"
#include "cli/context.h"
#include "cli/dns.h"
#include "dmarc/dmarc.h"

#include <string.h>
#include <strings.h>

struct asking {
    struct arena *arena;
    struct dns *dns;
    const char *domain;   /* at which a record that does not count is looked for */
    const char *misspelt; /* such a one; NULL */
};

/* ---- records in DNS ---- */

static enum dmarc_answer ask(void *payload, const char *domain, struct dmarc_record *record)
{
    struct asking *asking = payload;
    size_t count = 0;
    struct dns_texts texts = dns_texts(asking->dns, asking->arena,
                                       arena_format(asking->arena, "_dmarc.%s", domain), NULL);
    for (size_t i = 0; i < texts.count; i++) {
        struct dmarc_record found;
        if (dmarc_record_read(asking->arena, texts.records[i], &found)) {
            *record = found;
            count++;
        } else if (domain == asking->domain && strcasestr(texts.records[i], "dmarc1")) {
            asking->misspelt = texts.records[i];
        }
    }
    if (count)
        return count > 1 ? DMARC_SEVERAL : DMARC_FOUND;
    if (texts.answer == DNS_UNANSWERED)
        return DMARC_SILENT;
    return texts.answer == DNS_FAILED ? DMARC_BROKEN : DMARC_NONE;
}

/* ---- what the record says ---- */

static void report_faults(struct doctor *doctor, const char *place, const char *at,
                          const struct dmarc_record *record)
{
    static const struct {
        unsigned fault;
        const char *text;
    } faults[] = {
        { DMARC_LACKS_POLICY, "says no policy (p=…), which counts as p=none, but some providers "
                              "still pass over such a record" ERROR_ADVICE "add p=none at least" },
        { DMARC_BAD_POLICY,
          "has a p, sp or np that is no policy, so all of it counts as p=none" ERROR_ADVICE
          "write none, quarantine or reject" },
        { DMARC_HAS_PERCENT,
          "has pct, which is gone (RFC 9989): the policy counts for all mails" ERROR_ADVICE
          "leave pct out, and write t=y as long as the policy is a test" },
        { DMARC_HAS_FORMAT,
          "has rf, which is gone (RFC 9989) and means nothing" ERROR_ADVICE "leave it out" },
        { DMARC_HAS_INTERVAL,
          "has ri, which is gone (RFC 9989) and means nothing" ERROR_ADVICE "leave it out" },
        { DMARC_BAD_TEST,
          "has a t that is neither y nor n, so it counts as t=n" ERROR_ADVICE "write one of "
          "them" },
        { DMARC_BAD_ALIGNMENT,
          "has an adkim or aspf that is neither r nor s, so it counts as r" ERROR_ADVICE
          "write one of them" },
        { DMARC_BAD_REPORTS,
          "has an address in rua that no report can be sent to" ERROR_ADVICE "write "
          "rua=mailto:NAME@DOMAIN" },
        { DMARC_HAS_SIZE,
          "has a size (!) behind an address in rua, which is gone (RFC 9989)" ERROR_ADVICE
          "leave it out" },
        { DMARC_BAD_SUFFIX, "has a psd that is none of y, n and u" ERROR_ADVICE "leave it out" },
    };

    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (record->faults & faults[i].fault)
            doctor_report(doctor, DOCTOR_WARNING, place, "_dmarc.%s %s", at, faults[i].text);
}

static void report_record(struct doctor *doctor, const char *from, const struct dmarc_walk *walk)
{
    struct arena *arena = doctor->context->arena;
    const struct dmarc_record *record = &walk->record;
    const char *place = doctor_lookup_place(doctor, from);
    bool is_above = walk->found_at != from;
    const char *policy = dmarc_policy_name(dmarc_record_policy(record, is_above));
    bool has_other = is_above && record->subdomains != DMARC_NO_POLICY;
    if (dmarc_record_is_void(record)) {
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "_dmarc.%s has a p, sp or np that is no policy, and no rua, so it does not "
                      "count" ERROR_ADVICE "write none, quarantine or reject",
                      walk->found_at);
        return;
    }
    doctor_report(doctor, DOCTOR_GOOD, place, "DMARC: %s%s%s%s%s", record->text,
                  is_above ? " – of _dmarc." : "", is_above ? walk->found_at : "",
                  has_other ? arena_format(arena, " – sp: here p=%s counts", policy) : "",
                  record->is_testing ? " – t=y: the policy is a test, and not carried out" : "");
    report_faults(doctor, place, walk->found_at, record);
    if (record->suffix == 'y' && !is_above)
        doctor_report(
            doctor, DOCTOR_WARNING, place,
            "_dmarc.%s says that everybody can have a name below it, as below a country's "
            "(psd=y)" ERROR_ADVICE "leave that out",
            walk->found_at);
    if (record->is_strict_dkim)
        doctor_report(doctor, DOCTOR_SKIPPED, place,
                      "adkim=s: of DKIM's signatures only that of %s itself counts" ERROR_ADVICE
                      "look at a "
                      "delivered mail for d=%s",
                      from, from);
}

/* ---- whom reports go to (RFC 9990 section 4) ---- */

static void check_destination(struct doctor *doctor, struct asking *asking,
                              const struct dmarc_walk *walk, const char *address)
{
    struct dmarc_walk other;
    struct dmarc_record record;
    const char *host = doctor_lookup_domain(address);
    const char *place = doctor_lookup_place(doctor, walk->found_at);
    dmarc_walk(host, ask, asking, &other);
    if (strcasecmp(other.organization, walk->organization) == 0)
        return;
    const char *name = arena_format(asking->arena, "%s._report._dmarc.%s", walk->found_at, host);
    struct dns_texts texts = dns_texts(asking->dns, asking->arena, name, NULL);
    for (size_t i = 0; i < texts.count; i++)
        if (dmarc_record_read(asking->arena, texts.records[i], &record))
            return;
    if (texts.answer == DNS_UNANSWERED)
        doctor_lookup_unanswered(doctor, name);
    else if (texts.answer == DNS_FAILED)
        doctor_lookup_failed(doctor, name, "rua");
    else
        doctor_report(
            doctor, DOCTOR_WARNING, place,
            "rua: %s is outside %s and does not say that it takes these reports, so nobody "
            "sends them" ERROR_ADVICE "let whoever runs %s put a TXT record v=DMARC1 at %s",
            host, walk->organization, host, name);
}

/* ---- SPF for DMARC (RFC 9989 section 4.4.2) ---- */

/* The label in front of the last one, and what follows. */
static const char *last_two_labels(const char *domain)
{
    const char *two = domain;
    for (const char *dot = strchr(domain, '.'); dot && strchr(dot + 1, '.');
         dot = strchr(dot + 1, '.'))
        two = dot + 1;
    return two;
}

static bool is_aligned(struct asking *asking, const struct dmarc_walk *walk, const char *from,
                       const char *bounces)
{
    struct dmarc_walk other;
    bool is_strict = walk->answer == DMARC_FOUND && walk->record.is_strict_spf;
    if (is_strict || strcasecmp(from, bounces) == 0)
        return strcasecmp(from, bounces) == 0;
    /* An organizational domain has two labels at least: where these differ, it does. */
    if (strcasecmp(last_two_labels(from), last_two_labels(bounces)) != 0)
        return false;
    if (walk->answer != DMARC_FOUND || walk->trouble_at)
        return true;
    dmarc_walk(bounces, ask, asking, &other);
    return other.trouble_at || strcasecmp(walk->organization, other.organization) == 0;
}

static void check_alignment(struct doctor *doctor, struct asking *asking,
                            const struct dmarc_walk *walk, const char *from, const char *bounces)
{
    if (is_aligned(asking, walk, from, bounces))
        return;
    const char *place = doctor_lookup_place(doctor, bounces);
    if (walk->answer == DMARC_FOUND && walk->record.is_strict_spf)
        doctor_report(
            doctor, DOCTOR_WARNING, place,
            "is where mail.bounces is, but _dmarc.%s asks for the very domain of mail.from "
            "(aspf=s), so SPF does not count for DMARC" ERROR_ADVICE "take an address in %s for "
            "mail.bounces, or write aspf=r",
            walk->found_at, from);
    else
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "is where mail.bounces is, but mail.from is in %s, so SPF does not count for "
                      "DMARC" ERROR_ADVICE
                      "let the relay sign for %s (d=), or take an address there for "
                      "mail.bounces",
                      from, from);
}

/* ---- all ---- */

static void report_missing(struct doctor *doctor, const struct asking *asking,
                           const struct dmarc_walk *walk, const char *from)
{
    const char *place = doctor_lookup_place(doctor, from);
    if (asking->misspelt)
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "_dmarc.%s does not begin with v=DMARC1 in these capitals, so it does not "
                      "count: %s" ERROR_ADVICE "write it so",
                      from, asking->misspelt);
    else if (!walk->several_at)
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "has no DMARC record, and large mailbox providers ask for one" ERROR_ADVICE
                      "begin with "
                      "\"v=DMARC1; p=none\" at _dmarc.%s",
                      from);
}

void doctor_dmarc(struct doctor *doctor, struct dns *dns, const char *from, const char *bounces)
{
    struct dmarc_walk walk;
    struct asking asking = { .arena = doctor->context->arena, .dns = dns, .domain = from };
    dmarc_walk(from, ask, &asking, &walk);
    if (walk.several_at)
        doctor_report(
            doctor, DOCTOR_WARNING, doctor_lookup_place(doctor, from),
            "_dmarc.%s has more than one DMARC record, so none of them counts" ERROR_ADVICE
            "leave one",
            walk.several_at);
    if (walk.answer == DMARC_SILENT)
        doctor_lookup_unanswered(doctor, from);
    else if (walk.answer == DMARC_BROKEN)
        doctor_lookup_failed(doctor, from, "DMARC");
    else if (walk.answer != DMARC_FOUND)
        report_missing(doctor, &asking, &walk, from);
    else
        report_record(doctor, from, &walk);
    check_alignment(doctor, &asking, &walk, from, bounces);
    for (size_t i = 0; walk.answer == DMARC_FOUND && i < walk.record.report_count; i++)
        check_destination(doctor, &asking, &walk, walk.record.reports[i]);
}

/* Whether both are the same name, or one is a parent of the other and no top-level domain. */
static bool is_within(const char *above, const char *below)
{
    size_t length = strlen(above);
    size_t whole = strlen(below);
    return strchr(above, '.') && whole >= length &&
           strcasecmp(below + whole - length, above) == 0 &&
           (whole == length || below[whole - length - 1] == '.');
}

bool doctor_dmarc_is_aligned(struct dns *dns, struct arena *arena, const char *from,
                             const char *domain)
{
    struct dmarc_walk own;
    struct dmarc_walk other;
    if (!dns)
        return is_within(from, domain) || is_within(domain, from);
    struct asking asking = { .arena = arena, .dns = dns };
    dmarc_walk(from, ask, &asking, &own);
    dmarc_walk(domain, ask, &asking, &other);
    if (own.answer == DMARC_SILENT || own.answer == DMARC_BROKEN || other.answer == DMARC_SILENT ||
        other.answer == DMARC_BROKEN)
        return is_within(from, domain) || is_within(domain, from);
    if (own.answer == DMARC_FOUND && own.record.is_strict_dkim)
        return strcasecmp(from, domain) == 0;
    return strcasecmp(own.organization, other.organization) == 0;
}
