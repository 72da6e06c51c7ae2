/* SPDX-License-Identifier: MIT */
#include "endpoint/suggestion.h"

#include "address/address.h"
#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "endpoint/endpoint.h"
#include "endpoint/request.h"
#include "release/newsroom.h"
#include "release/release.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_MAXIMUM = 32, REMEMBERED = 1024 };

/* Keyed hashes, and in memory only, so that no address can be read here. */
struct asked {
    struct hash who;
    int64_t at_ms; /* 0: nobody */
};

struct suggestions {
    const struct token_keys *keys;
    struct arena arena;
    const char *own[OWN_MAXIMUM];
    size_t own_count;
    pthread_mutex_t mutex;
    struct asked asked[REMEMBERED];
};

/* ---- the newsroom's own domains ---- */

static void add_domain(struct suggestions *suggestions, const char *domain)
{
    struct error error;
    const char *ascii = address_domain_ascii(&suggestions->arena, domain, &error);
    if (ascii && suggestions->own_count < OWN_MAXIMUM)
        suggestions->own[suggestions->own_count++] = ascii;
}

static void add_domain_of_address(struct suggestions *suggestions, const char *address)
{
    const char *at = address ? strrchr(address, '@') : NULL;
    if (at)
        add_domain(suggestions, at + 1);
}

/* Adds both "presse.nordhav.example" and "nordhav.example", because mail mostly comes from the
 * latter. */
static void add_domain_of_url(struct suggestions *suggestions, const char *url)
{
    const char *start = url ? strstr(url, "://") : NULL;
    if (!start)
        return;
    const char *host = arena_copy_bytes(&suggestions->arena, start + 3, strcspn(start + 3, "/:?"));
    const char *dot = strchr(host, '.');
    add_domain(suggestions, host);
    if (dot && strchr(dot + 1, '.'))
        add_domain(suggestions, dot + 1);
}

struct suggestions *suggestions_new(const struct endpoint_settings *settings)
{
    struct suggestions *suggestions = memory_allocate(sizeof *suggestions);
    if (pthread_mutex_init(&suggestions->mutex, NULL) != 0)
        memory_failed(sizeof suggestions->mutex);
    suggestions->keys = settings->keys;
    add_domain_of_address(suggestions, settings->sender);
    add_domain_of_address(suggestions, settings->signup_address);
    add_domain_of_url(suggestions, settings->newsroom->site_url);
    add_domain_of_url(suggestions, settings->newsroom->endpoint);
    for (const struct release_contact *contact = settings->newsroom->contacts; contact;
         contact = contact->next)
        add_domain_of_address(suggestions, contact->email);
    return suggestions;
}

void suggestions_free(struct suggestions *suggestions)
{
    if (!suggestions)
        return;
    (void)pthread_mutex_destroy(&suggestions->mutex);
    arena_release(&suggestions->arena);
    free(suggestions);
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

/* Remembers the address as well. */
static bool was_asked_of_late(struct suggestions *suggestions, struct request *request,
                              const struct address *address)
{
    struct hash who;
    uint32_t place = 0;
    const char *sent = arena_format(&request->arena, "%s %s", request->network_text,
                                    address->folded);
    keyed_hash(suggestions->keys, "suggestion", sent, strlen(sent), &who);
    memcpy(&place, who.bytes, sizeof place);
    (void)pthread_mutex_lock(&suggestions->mutex);
    struct asked *asked = &suggestions->asked[place % REMEMBERED];
    bool was_asked = asked->at_ms && request->arrived_ms - asked->at_ms < DURATION_HOUR &&
                     memcmp(&asked->who, &who, sizeof who) == 0;
    if (!was_asked)
        *asked = (struct asked){ .who = who, .at_ms = request->arrived_ms };
    (void)pthread_mutex_unlock(&suggestions->mutex);
    return was_asked;
}

const char *suggestions_offer(struct suggestions *suggestions, struct request *request,
                              const struct address *address)
{
    const char *meant = address_suggest(&request->arena, address, suggestions->own,
                                        suggestions->own_count);
    if (!meant || was_asked_by_form(request, address) ||
        was_asked_of_late(suggestions, request, address))
        return NULL;
    return meant;
}
