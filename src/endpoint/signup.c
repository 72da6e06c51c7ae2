/* SPDX-License-Identifier: MIT */
#include "endpoint/signup.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"
#include "endpoint/suggestion.h"
#include "feed/feed.h"

#include <string.h>

/* ---- reading ---- */

static const struct feed *next_open(const struct feed *feed)
{
    while (feed && !feed->signup_open)
        feed = feed->next;
    return feed;
}

/* False where a named feed is unknown or closed. Doubles do no harm. */
static bool read_feeds(const struct pages *pages, struct request *request,
                       struct subscription_request *subscription_request)
{
    const char **feeds = arena_allocate_array(&request->arena, SUBSCRIBER_FEEDS_MAXIMUM,
                                              sizeof *feeds);
    subscription_request->feeds = feeds;
    for (const struct form_field *field = request->form.first; field; field = field->next) {
        if (strcmp(field->name, "feed") != 0)
            continue;
        const struct feed *feed = feed_find(pages_settings(pages)->feeds, field->value);
        if (!feed || !feed->signup_open ||
            subscription_request->feed_count == SUBSCRIBER_FEEDS_MAXIMUM)
            return false;
        feeds[subscription_request->feed_count++] = feed->id;
    }
    /* With a single open feed the form shows no choice, so that feed is meant. */
    const struct feed *first = next_open(pages_settings(pages)->feeds);
    if (subscription_request->feed_count == 0 && first && !next_open(first->next))
        feeds[subscription_request->feed_count++] = first->id;
    return true;
}

/* The field is hidden from people, so a machine filled it in. The answer is the usual one, so that
 * the machine learns nothing. */
static bool is_trapped(const struct request *request)
{
    const char *bait = form_value(&request->form, "website");
    return bait && *bait;
}

static const char *wording_version(const struct pages *pages, struct request *request)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(&pages_settings(pages)->templates_hash, hex);
    return arena_format(&request->arena, "%.12s", hex);
}

static bool read_signup(const struct pages *pages, struct suggestions *suggestions,
                        struct request *request)
{
    const char *cadence = form_value(&request->form, "cadence");
    const char *wanted = pages_language(pages, form_value(&request->form, "language"));
    const char *language = pages_language_of(pages, request, NULL);
    struct subscription_request *subscription_request = arena_allocate(
        &request->arena, sizeof *subscription_request);
    subscription_request->address = form_value(&request->form, "email");
    subscription_request->language = wanted ? wanted : language;
    subscription_request->proof = (struct subscriber_proof){
        .way = SUBSCRIBER_BY_WEB,
        .wording = pages_consent(pages, &request->arena, language),
        .wording_version = wording_version(pages, request),
        .network = request->network_text,
    };
    if (!next_open(pages_settings(pages)->feeds) ||
        !read_feeds(pages, request, subscription_request) ||
        (cadence && !subscriber_cadence_parse(cadence, &subscription_request->cadence))) {
        pages_subscribe(pages, request, "page_subscribe_choice");
        return false;
    }
    struct error error; /* what is wrong with it, the page says in words of its own */
    const char *typed = subscription_request->address;
    const struct address *address = typed ? address_parse(&request->arena, typed, strlen(typed),
                                                          &error)
                                          : NULL;
    /* A domain without a dot exists only inside one network, so a stranger's mail would go nowhere.
     */
    if (!address || !strchr(address->domain, '.')) {
        pages_subscribe(pages, request, "page_subscribe_address");
        return false;
    }
    /* Nothing ticked is refused instead of read as "all", because nobody may get what he did not
     * ask for. */
    if (subscription_request->feed_count == 0) {
        pages_subscribe(pages, request, "page_subscribe_feeds");
        return false;
    }
    request->suggestion = suggestions_offer(suggestions, request, address);
    if (request->suggestion) {
        pages_subscribe(pages, request, NULL);
        return false;
    }
    if (!is_trapped(request))
        request->subscription_request = subscription_request;
    return true;
}

static bool read_link(const struct pages *pages, struct suggestions *suggestions,
                      struct request *request)
{
    const char *typed = form_value(&request->form, "email");
    struct error error;
    /* By the rules for known addresses, because rules get stricter and who subscribed under older
     * ones has a right to the link. */
    const struct address *address = typed ? address_parse_known(&request->arena, typed,
                                                                strlen(typed), &error)
                                          : NULL;
    if (!address) {
        pages_link(pages, request, "page_subscribe_address");
        return false;
    }
    request->suggestion = suggestions_offer(suggestions, request, address);
    if (request->suggestion) {
        pages_link(pages, request, NULL);
        return false;
    }
    if (!is_trapped(request))
        request->link_address = typed;
    return true;
}

bool signup_read(const struct pages *pages, struct suggestions *suggestions,
                 struct request *request)
{
    return request->route == REQUEST_SUBSCRIBE ? read_signup(pages, suggestions, request)
                                               : read_link(pages, suggestions, request);
}

void signup_answer(const struct pages *pages, struct request *request)
{
    const char *name = request->route == REQUEST_SUBSCRIBE ? "subscribed" : "link_sent";
    pages_show_named(pages, request, pages_language_of(pages, request, NULL), name, 200);
}

/* ---- committing ---- */

static bool apply_signup(const struct request_service *service, const struct request *request,
                         struct error *error)
{
    struct subscriber_outcome outcome;
    bool is_queued = false;
    if (request->subscription_request)
        return subscriber_subscribe(&service->subscriber, request->subscription_request, &outcome,
                                    error);
    return !request->link_address ||
           subscriber_mail_link_to(&service->subscriber, request->link_address, &is_queued, error);
}

static bool apply_signups(const struct request_service *service, struct request **requests,
                          size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!apply_signup(service, requests[i], error))
            return false;
    return true;
}

static bool commit_signups(const struct request_service *service, struct request **requests,
                           size_t count, struct error *error)
{
    struct transaction transaction = transaction_of(service->subscriber.database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, apply_signups(service, requests, count, error), error);
    return transaction.is_done;
}

void signup_commit(const struct request_service *service, struct request **requests, size_t count)
{
    struct error error;
    if (commit_signups(service, requests, count, &error))
        return;
    /* One failed and took the others with it: each is tried in a transaction of its own. */
    for (size_t i = 0; i < count; i++) {
        if (count == 1 || !commit_signups(service, requests + i, 1, &error)) {
            /* The usual answer stands: another one would show that the address is known. */
            if (error.kind == ERROR_INPUT)
                log_line(LOG_DEBUG, "serve: sign-up: %s", error.message);
            else
                request_fail(service, requests[i], &error);
        }
    }
}
