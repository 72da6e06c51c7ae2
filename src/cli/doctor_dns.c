/* SPDX-License-Identifier: MIT */
#include "cli/doctor_dns.h"

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

const char *doctor_dns_place(struct doctor *doctor, const char *name)
{
    return arena_format(doctor->context->arena, "DNS %s", name);
}

void doctor_dns_silent(struct doctor *doctor, const char *name)
{
    doctor_say(doctor, DOCTOR_SKIPPED, doctor_dns_place(doctor, name), "nobody answers from here");
}

void doctor_dns_broken(struct doctor *doctor, const char *name, const char *what)
{
    doctor_say(
        doctor, DOCTOR_WARNING, doctor_dns_place(doctor, name),
        "%s: DNS answers with a failure (SERVFAIL or REFUSED), and mailbox providers may get "
        "the same; ask whoever runs the domain's DNS to look at its servers and its DNSSEC",
        what);
}

/* Whom mails seem to come from on their way: the domain of return paths. */
static void check_spf(struct doctor *doctor, struct dns *dns, const char *domain)
{
    const char *place = doctor_dns_place(doctor, domain);
    struct dns_texts texts = dns_texts(dns, doctor->context->arena, domain, "v=spf1");
    if (texts.answer == DNS_SILENT)
        doctor_dns_silent(doctor, domain);
    else if (texts.answer == DNS_BROKEN)
        doctor_dns_broken(doctor, domain, "SPF");
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

/* What signs is the relay's, and so is the selector's name, and maybe the domain (d=): all that can
 * be seen from here is that the sender's has no key at all. */
static void check_dkim(struct doctor *doctor, struct dns *dns, const char *domain)
{
    struct arena *arena = doctor->context->arena;
    struct dns_texts texts = dns_texts(dns, arena, arena_format(arena, "_domainkey.%s", domain),
                                       "v=DKIM1");
    if (texts.answer == DNS_NO_NAME)
        doctor_say(doctor, DOCTOR_WARNING, doctor_dns_place(doctor, domain),
                   "seems to have no DKIM key (nothing below _domainkey), and large mailbox "
                   "providers ask for signed mails; look at a delivered mail for a DKIM-Signature, "
                   "and where it has none let the relay sign, and publish its key");
    else if (texts.answer == DNS_BROKEN)
        doctor_dns_broken(doctor, domain, "DKIM");
    else if (texts.answer != DNS_SILENT)
        doctor_say(doctor, DOCTOR_GOOD, doctor_dns_place(doctor, domain),
                   "DKIM: there are names below _domainkey");
}

/* What comes back: bounces, and replies that confirm or leave. */
static void check_return(struct doctor *doctor, struct dns *dns, const char *key,
                         const char *domain)
{
    const char *place = doctor_dns_place(doctor, domain);
    switch (dns_mail(dns, domain)) {
    case DNS_MAIL_SILENT:
        doctor_dns_silent(doctor, domain);
        break;
    case DNS_MAIL_BROKEN:
        doctor_dns_broken(doctor, domain, key);
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

const char *doctor_domain_of(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? at + 1 : address;
}

static void check_domains(struct doctor *doctor, struct dns *dns)
{
    const struct config *config = doctor->context->config;
    const char *from = doctor_domain_of(config->mail.from_address);
    const char *bounces = doctor_domain_of(config->message_source.bounces);
    const char *replies = doctor_domain_of(config->mail.replies);
    check_spf(doctor, dns, bounces);
    check_dkim(doctor, dns, from);
    doctor_dmarc(doctor, dns, from, bounces);
    check_return(doctor, dns, "mail.bounces", bounces);
    if (strcasecmp(replies, bounces) != 0)
        check_return(doctor, dns, "mail.replies", replies);
}

bool doctor_dns_open(struct dns *dns, bool *is_test)
{
    struct sockaddr_in server;
    *is_test = test_resolver(&server);
    return dns_open(dns, *is_test ? &server : NULL);
}

void doctor_dns(struct doctor *doctor)
{
    struct dns dns;
    const char *domain = doctor_domain_of(doctor->context->config->mail.from_address);
    bool is_test = false;
    bool is_open = doctor_dns_open(&dns, &is_test);
    if (!is_open)
        doctor_say(doctor, DOCTOR_SKIPPED, doctor_dns_place(doctor, domain),
                   "the resolvers of this machine cannot be read (/etc/resolv.conf)");
    else if (!is_test && name_is_reserved(domain))
        doctor_say(doctor, DOCTOR_SKIPPED, doctor_dns_place(doctor, domain),
                   "is a name for examples");
    else
        check_domains(doctor, &dns);
    if (is_open)
        dns_close(&dns);
}
