/* SPDX-License-Identifier: MIT */
#include "cli/doctor_lookup.h"

#include "base/arena.h"
#include "cli/context.h"
#include "cli/dns.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

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

const char *doctor_lookup_place(struct doctor *doctor, const char *name)
{
    return arena_format(doctor->context->arena, "DNS %s", name);
}

void doctor_lookup_unanswered(struct doctor *doctor, const char *name)
{
    doctor_report(doctor, DOCTOR_SKIPPED, doctor_lookup_place(doctor, name),
                  "nobody answers from here");
}

void doctor_lookup_failed(struct doctor *doctor, const char *name, const char *what)
{
    doctor_report(
        doctor, DOCTOR_WARNING, doctor_lookup_place(doctor, name),
        "%s: DNS answers with a failure (SERVFAIL or REFUSED), and mailbox providers may get "
        "the same" ERROR_ADVICE
        "ask whoever runs the domain's DNS to look at its servers and its DNSSEC",
        what);
}

const char *doctor_lookup_domain(const char *address)
{
    const char *at = strrchr(address, '@');
    return at ? at + 1 : address;
}

bool doctor_lookup_open(struct dns *dns, bool *is_test)
{
    struct sockaddr_in server;
    *is_test = test_resolver(&server);
    return dns_open(dns, *is_test ? &server : NULL);
}
