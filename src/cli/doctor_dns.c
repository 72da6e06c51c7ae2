/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "cli/context.h"
#include "cli/dns.h"
#include "cli/reserved_name.h"
#include "config/config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* For stories: PRESSROOM_RESOLVER=127.0.0.1:5353 is asked instead of the machine's resolvers, also
 * about names for examples. */
static bool test_resolver(struct sockaddr_in *server)
{
#ifdef PRESSROOM_TEST_HOOKS
    char address[INET_ADDRSTRLEN] = "";
    const char *value = getenv("PRESSROOM_RESOLVER"); /* NOLINT(concurrency-mt-unsafe) */
    const char *colon = value ? strchr(value, ':') : NULL;
    if (!colon || (size_t)(colon - value) >= sizeof address)
        return false;
    memcpy(address, value, (size_t)(colon - value));
    *server = (struct sockaddr_in){ .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10)) };
    return inet_pton(AF_INET, address, &server->sin_addr) == 1;
#else
    (void)server;
    return false;
#endif
}

/* The place that a verdict is told at: "DNS presse.nordhav.example". */
static const char *place_of(struct doctor *doctor, const char *name)
{
    return arena_format(doctor->context->arena, "DNS %s", name);
}

static void say_silence(struct doctor *doctor, const char *name)
{
    doctor_say(doctor, DOCTOR_SKIPPED, place_of(doctor, name), "nobody answers from here");
}

/* what: that was asked about, "SPF". */
static void say_broken(struct doctor *doctor, const char *name, const char *what)
{
    doctor_say(
        doctor, DOCTOR_WARNING, place_of(doctor, name),
        "%s: DNS answers with a failure (SERVFAIL or REFUSED), and mailbox providers may get "
        "the same; ask whoever runs the domain's DNS to look at its servers and its DNSSEC",
        what);
}

/* Whom mails seem to come from on their way: the domain of return paths. */
static void check_spf(struct doctor *doctor, struct dns *dns, const char *domain)
{
    const char *place = place_of(doctor, domain);
    struct dns_texts texts = dns_texts(dns, doctor->context->arena, domain, "v=spf1");
    if (texts.answer == DNS_SILENT)
        say_silence(doctor, domain);
    else if (texts.answer == DNS_BROKEN)
        say_broken(doctor, domain, "SPF");
    else if (texts.count == 0)
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "has no SPF record (v=spf1 …), and large mailbox providers refuse such mails; "
                   "name the relay in one");
    else if (texts.count > 1)
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "has more than one SPF record, so none of them counts; make them one");
    else if (strcasecmp(texts.records[0], "v=spf1 -all") == 0)
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "its SPF record lets nobody send (\"v=spf1 -all\"); name the relay in it");
    else
        doctor_say(doctor, DOCTOR_GOOD, place, "SPF: %s", texts.records[0]);
}

/* The label in front of the last one, and what follows. */
static const char *last_two_labels(const char *domain)
{
    const char *two = domain;
    for (const char *dot = strchr(domain, '.'); dot && strchr(dot + 1, '.');
         dot = strchr(dot + 1, '.'))
        two = dot + 1;
    return two;
}

/* An organizational domain has two labels at least: where these differ, it does, and SPF for the
 * one says nothing about mails from the other (RFC 7489 section 3.1.2). */
static void check_alignment(struct doctor *doctor, const char *from, const char *bounces)
{
    if (strcasecmp(last_two_labels(from), last_two_labels(bounces)) != 0)
        doctor_say(doctor, DOCTOR_WARNING, place_of(doctor, bounces),
                   "is where mail.bounces is, but mail.from is in %s, so SPF does not count for "
                   "DMARC; let the relay sign for %s (d=), or take an address there for "
                   "mail.bounces",
                   from, from);
}

/* What signs is the relay's, and so is the selector's name, and maybe the domain (d=): all that can
 * be seen from here is that the sender's has no key at all. */
static void check_dkim(struct doctor *doctor, struct dns *dns, const char *domain)
{
    struct arena *arena = doctor->context->arena;
    struct dns_texts texts = dns_texts(dns, arena, arena_format(arena, "_domainkey.%s", domain),
                                       "v=DKIM1");
    if (texts.answer == DNS_NO_NAME)
        doctor_say(doctor, DOCTOR_WARNING, place_of(doctor, domain),
                   "seems to have no DKIM key (nothing below _domainkey), and large mailbox "
                   "providers ask for signed mails; look at a delivered mail for a DKIM-Signature, "
                   "and where it has none let the relay sign, and publish its key");
    else if (texts.answer == DNS_BROKEN)
        say_broken(doctor, domain, "DKIM");
    else if (texts.answer != DNS_SILENT)
        doctor_say(doctor, DOCTOR_GOOD, place_of(doctor, domain),
                   "DKIM: there are names below _domainkey");
}

/* A domain without a policy of its own has that of the one above (RFC 7489 section 6.6.3). */
static struct dns_texts find_policy(struct doctor *doctor, struct dns *dns, const char *domain,
                                    const char **found_at)
{
    struct arena *arena = doctor->context->arena;
    struct dns_texts texts = { .answer = DNS_NONE };
    for (*found_at = domain; strchr(*found_at, '.'); *found_at = strchr(*found_at, '.') + 1) {
        texts = dns_texts(dns, arena, arena_format(arena, "_dmarc.%s", *found_at), "v=DMARC1");
        if (texts.answer == DNS_FOUND || texts.answer == DNS_SILENT || texts.answer == DNS_BROKEN)
            break;
    }
    return texts;
}

/* "p=none" among the record's tags. */
static bool has_policy(const char *record)
{
    for (const char *tag = strchr(record, ';'); tag; tag = strchr(tag, ';')) {
        tag += 1 + strspn(tag + 1, " ");
        if ((*tag == 'p' || *tag == 'P') && tag[1 + strspn(tag + 1, " ")] == '=')
            return true;
    }
    return false;
}

static void check_dmarc(struct doctor *doctor, struct dns *dns, const char *domain)
{
    const char *found_at = NULL;
    const char *place = place_of(doctor, domain);
    struct dns_texts texts = find_policy(doctor, dns, domain, &found_at);
    if (texts.answer == DNS_SILENT)
        say_silence(doctor, domain);
    else if (texts.answer == DNS_BROKEN)
        say_broken(doctor, domain, "DMARC");
    else if (texts.count == 0)
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "has no DMARC record, and large mailbox providers ask for one; begin with "
                   "\"v=DMARC1; p=none\" at _dmarc.%s",
                   domain);
    else if (texts.count > 1)
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "_dmarc.%s has more than one DMARC record, so none of them counts; leave one",
                   found_at);
    else if (!has_policy(texts.records[0]))
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "_dmarc.%s says no policy (p=…), so it does not count; add p=none at least",
                   found_at);
    else
        doctor_say(doctor, DOCTOR_GOOD, place, "DMARC: %s%s%s", texts.records[0],
                   found_at == domain ? "" : " – of _dmarc.", found_at == domain ? "" : found_at);
}

/* What comes back: bounces, and replies that confirm or leave. */
static void check_return(struct doctor *doctor, struct dns *dns, const char *key,
                         const char *domain)
{
    const char *place = place_of(doctor, domain);
    switch (dns_mail(dns, domain)) {
    case DNS_MAIL_SILENT:
        say_silence(doctor, domain);
        break;
    case DNS_MAIL_BROKEN:
        say_broken(doctor, domain, key);
        break;
    case DNS_MAIL_NOWHERE:
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "has neither a mail exchanger (MX) nor an address, so nothing comes back to "
                   "%s; add an MX record",
                   key);
        break;
    case DNS_MAIL_REFUSED:
        doctor_say(doctor, DOCTOR_WARNING, place,
                   "says that it takes no mail (MX 0 .), so nothing comes back to %s; name the "
                   "server that takes it",
                   key);
        break;
    case DNS_MAIL_TAKEN:
        doctor_say(doctor, DOCTOR_GOOD, place, "mail to %s has somewhere to go", key);
        break;
    }
}

static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? at + 1 : address;
}

static void check_domains(struct doctor *doctor, struct dns *dns)
{
    const struct config *config = doctor->context->config;
    const char *from = domain_of(config->mail.from_address);
    const char *bounces = domain_of(config->message_source.bounces);
    const char *replies = domain_of(config->mail.replies);
    check_spf(doctor, dns, bounces);
    check_alignment(doctor, from, bounces);
    check_dkim(doctor, dns, from);
    check_dmarc(doctor, dns, from);
    check_return(doctor, dns, "mail.bounces", bounces);
    if (strcasecmp(replies, bounces) != 0)
        check_return(doctor, dns, "mail.replies", replies);
}

void doctor_dns(struct doctor *doctor)
{
    struct dns dns;
    struct sockaddr_in server;
    const char *domain = domain_of(doctor->context->config->mail.from_address);
    bool is_test = test_resolver(&server);
    if (!is_test && name_is_reserved(domain)) {
        doctor_say(doctor, DOCTOR_SKIPPED, place_of(doctor, domain), "is a name for examples");
        return;
    }
    if (!dns_open(&dns, is_test ? &server : NULL)) {
        doctor_say(doctor, DOCTOR_SKIPPED, place_of(doctor, domain),
                   "the resolvers of this machine cannot be read (/etc/resolv.conf)");
        return;
    }
    check_domains(doctor, &dns);
    dns_close(&dns);
}
