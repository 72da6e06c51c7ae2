/* SPDX-License-Identifier: MIT */
#include "endpoint/slip.h"

#include "address/address.h"
#include "address/suggest.h"
#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "endpoint/endpoint.h"
#include "endpoint/request.h"
#include "release/newsroom.h"
#include "release/release.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_MAXIMUM = 32, REMEMBERED = 1024 };

/* Of whom nothing can be read here: keyed hashes, and no longer than serve runs. */
struct asked {
    struct hash who;
    int64_t at_ms; /* 0: nobody */
};

struct slips {
    const struct token_keys *keys;
    struct arena arena;
    const char *own[OWN_MAXIMUM];
    size_t own_count;
    pthread_mutex_t mutex;
    struct asked asked[REMEMBERED];
};

/* ---- the newsroom's own domains ---- */

static void add_domain(struct slips *slips, const char *domain)
{
    struct error error;
    const char *ascii = address_domain_ascii(&slips->arena, domain, &error);
    if (ascii && slips->own_count < OWN_MAXIMUM)
        slips->own[slips->own_count++] = ascii;
}

static void add_domain_of_address(struct slips *slips, const char *address)
{
    const char *at = address ? strrchr(address, '@') : NULL;
    if (at)
        add_domain(slips, at + 1);
}

/* Mails come from the domain that "presse.nordhav.example" is below. */
static void add_domain_of_url(struct slips *slips, const char *url)
{
    const char *start = url ? strstr(url, "://") : NULL;
    if (!start)
        return;
    const char *host = arena_copy_bytes(&slips->arena, start + 3, strcspn(start + 3, "/:?"));
    const char *dot = strchr(host, '.');
    add_domain(slips, host);
    if (dot && strchr(dot + 1, '.'))
        add_domain(slips, dot + 1);
}

struct slips *slips_new(const struct endpoint_settings *settings)
{
    struct slips *slips = calloc(1, sizeof *slips);
    if (!slips || pthread_mutex_init(&slips->mutex, NULL) != 0)
        abort();
    slips->keys = settings->keys;
    add_domain_of_address(slips, settings->sender);
    add_domain_of_address(slips, settings->signup_address);
    add_domain_of_url(slips, settings->newsroom->site_url);
    add_domain_of_url(slips, settings->newsroom->endpoint);
    for (const struct release_contact *contact = settings->newsroom->contacts; contact;
         contact = contact->next)
        add_domain_of_address(slips, contact->email);
    return slips;
}

void slips_free(struct slips *slips)
{
    if (!slips)
        return;
    (void)pthread_mutex_destroy(&slips->mutex);
    arena_release(&slips->arena);
    free(slips);
}

/* ---- asking once ---- */

static bool was_asked_by_form(struct request *request, const struct address *address)
{
    struct error error;
    const char *checked = form_value(&request->form, "checked");
    const struct address *before = checked ? address_parse(&request->arena, checked,
                                                           strlen(checked), &error)
                                           : NULL;
    return before && strcmp(before->folded, address->folded) == 0;
}

/* Notes that it was, too. */
static bool was_asked_of_late(struct slips *slips, struct request *request,
                              const struct address *address)
{
    struct hash who;
    uint32_t place = 0;
    const char *sent = arena_format(&request->arena, "%s %s", request->network_text,
                                    address->folded);
    keyed_hash(slips->keys, "slip", sent, strlen(sent), &who);
    memcpy(&place, who.bytes, sizeof place);
    (void)pthread_mutex_lock(&slips->mutex);
    struct asked *asked = &slips->asked[place % REMEMBERED];
    bool was_asked = asked->at_ms && request->arrived_ms - asked->at_ms < DURATION_HOUR &&
                     memcmp(&asked->who, &who, sizeof who) == 0;
    if (!was_asked)
        *asked = (struct asked){ .who = who, .at_ms = request->arrived_ms };
    (void)pthread_mutex_unlock(&slips->mutex);
    return was_asked;
}

const char *slips_ask(struct slips *slips, struct request *request, const struct address *address)
{
    const char *meant = address_suggest(&request->arena, address, slips->own, slips->own_count);
    if (!meant || was_asked_by_form(request, address) || was_asked_of_late(slips, request, address))
        return NULL;
    return meant;
}
