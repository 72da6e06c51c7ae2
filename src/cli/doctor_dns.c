/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "cli/doctor_dmarc.h"
#include "cli/doctor_lookup.h"

#include "base/arena.h"
#include "cli/context.h"
#include "cli/dns.h"
#include "cli/reserved_name.h"
#include "config/config.h"

#include <strings.h>

/* SPF is looked up for the domain of the return path (RFC 7208 section 2.4). */
static void check_spf(struct doctor *doctor, struct dns *dns, const char *domain)
{
    const char *place = doctor_lookup_place(doctor, domain);
    struct dns_texts texts = dns_texts(dns, doctor->context->arena, domain, "v=spf1");
    if (texts.answer == DNS_UNANSWERED)
        doctor_lookup_unanswered(doctor, domain);
    else if (texts.answer == DNS_FAILED)
        doctor_lookup_failed(doctor, domain, "SPF");
    else if (texts.count == 0)
        doctor_report(
            doctor, DOCTOR_WARNING, place,
            "has no SPF record (v=spf1 …), and large mailbox providers refuse such mails" ERROR_ADVICE
            "name the relay in one");
    else if (texts.count > 1)
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "has more than one SPF record, so none of them counts" ERROR_ADVICE
                      "make them one");
    else if (strcasecmp(texts.records[0], "v=spf1 -all") == 0)
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "its SPF record lets nobody send (\"v=spf1 -all\")" ERROR_ADVICE
                      "name the relay in it");
    else
        doctor_report(doctor, DOCTOR_GOOD, place, "SPF: %s", texts.records[0]);
}

/* Selector and signing domain are the relay's choice and not known here: all that can be seen is
 * that the sender's domain has no key at all. */
static void check_dkim(struct doctor *doctor, struct dns *dns, const char *domain)
{
    struct arena *arena = doctor->context->arena;
    struct dns_texts texts = dns_texts(dns, arena, arena_format(arena, "_domainkey.%s", domain),
                                       "v=DKIM1");
    if (texts.answer == DNS_NO_NAME)
        doctor_report(doctor, DOCTOR_WARNING, doctor_lookup_place(doctor, domain),
                      "seems to have no DKIM key (nothing below _domainkey), and large mailbox "
                      "providers ask for signed mails" ERROR_ADVICE
                      "look at a delivered mail for a DKIM-Signature, "
                      "and where it has none let the relay sign, and publish its key");
    else if (texts.answer == DNS_FAILED)
        doctor_lookup_failed(doctor, domain, "DKIM");
    else if (texts.answer != DNS_UNANSWERED)
        doctor_report(doctor, DOCTOR_GOOD, doctor_lookup_place(doctor, domain),
                      "DKIM: there are names below _domainkey");
}

/* Whether bounces and replies can be delivered. */
static void check_return(struct doctor *doctor, struct dns *dns, const char *key,
                         const char *domain)
{
    const char *place = doctor_lookup_place(doctor, domain);
    switch (dns_mail(dns, domain)) {
    case DNS_MAIL_UNANSWERED:
        doctor_lookup_unanswered(doctor, domain);
        break;
    case DNS_MAIL_FAILED:
        doctor_lookup_failed(doctor, domain, key);
        break;
    case DNS_MAIL_NO_HOST:
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "has neither a mail exchanger (MX) nor an address, so nothing comes back to "
                      "%s" ERROR_ADVICE "add an MX record",
                      key);
        break;
    case DNS_MAIL_NULL_MX:
        doctor_report(
            doctor, DOCTOR_WARNING, place,
            "says that it takes no mail (MX 0 .), so nothing comes back to %s" ERROR_ADVICE
            "name the "
            "server that takes it",
            key);
        break;
    case DNS_MAIL_ACCEPTED:
        doctor_report(doctor, DOCTOR_GOOD, place, "mail to %s has somewhere to go", key);
        break;
    }
}

static void check_domains(struct doctor *doctor, struct dns *dns)
{
    const struct config *config = doctor->context->config;
    const char *from = doctor_lookup_domain(config->mail.from_address);
    const char *bounces = doctor_lookup_domain(config->message_source.bounces);
    const char *replies = doctor_lookup_domain(config->mail.replies);
    check_spf(doctor, dns, bounces);
    check_dkim(doctor, dns, from);
    doctor_dmarc(doctor, dns, from, bounces);
    check_return(doctor, dns, "mail.bounces", bounces);
    if (strcasecmp(replies, bounces) != 0)
        check_return(doctor, dns, "mail.replies", replies);
}

void doctor_dns(struct doctor *doctor)
{
    struct dns dns;
    const char *domain = doctor_lookup_domain(doctor->context->config->mail.from_address);
    bool is_test = false;
    bool is_open = doctor_lookup_open(&dns, &is_test);
    if (!is_open)
        doctor_report(doctor, DOCTOR_SKIPPED, doctor_lookup_place(doctor, domain),
                      "the resolvers of this machine cannot be read (/etc/resolv.conf)");
    else if (!is_test && name_is_reserved(domain))
        doctor_report(doctor, DOCTOR_SKIPPED, doctor_lookup_place(doctor, domain),
                      "is a name for examples");
    else
        check_domains(doctor, &dns);
    if (is_open)
        dns_close(&dns);
}
