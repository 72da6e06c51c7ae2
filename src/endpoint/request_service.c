/* SPDX-License-Identifier: MIT */
#include "endpoint/request_service.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"

void request_fail(const struct request_service *service, struct request *request,
                  const struct error *error)
{
    const char *language = pages_language_of(service->pages, request, NULL);
    if (error->kind == ERROR_INPUT) {
        log_line(LOG_DEBUG, "serve: %s", error->message);
        pages_show_named(service->pages, request, language, "malformed", 400);
        return;
    }
    log_line(LOG_ERROR, "serve: %s", error->message);
    pages_show_named(service->pages, request, language, "busy", 503);
    request->answer.is_retry_later = true;
}

bool request_find_subscriber(const struct request_service *service, struct request *request,
                             const struct subscriber **subscriber)
{
    struct error error;
    bool failed = false;
    *subscriber = subscriber_find_by_row_id(service->subscriber.database, &request->arena,
                                            request->row_id, &failed, &error);
    if (failed)
        request_fail(service, request, &error);
    return !failed;
}

struct subscriber_proof request_proof(const struct request_service *service,
                                      struct request *request, const char *wording)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(&service->settings->templates_hash, hex);
    return (
        struct subscriber_proof){ .way = SUBSCRIBER_BY_WEB,
                                  .wording = wording,
                                  .wording_version = arena_format(&request->arena, "%.12s", hex),
                                  .network = request->network_text };
}

const char *request_wording(const struct request_service *service, struct request *request,
                            const char *language, const char *name, const char *button)
{
    struct arena *arena = &request->arena;
    const char *title = arena_format(arena, "page_%s_title", name);
    const char *text = arena_format(arena, "page_%s_text", name);
    return arena_format(arena, "%s %s [%s]", pages_text(service->pages, arena, language, title),
                        pages_text(service->pages, arena, language, text), button);
}

void request_ask_again(const struct request_service *service, struct request *request,
                       const struct subscription_request *subscription_request)
{
    struct error error;
    struct subscriber_outcome outcome = { 0 };
    const char *language = pages_language_of(service->pages, request,
                                             subscription_request->language);
    if (!subscriber_subscribe(&service->subscriber, subscription_request, &outcome, &error)) {
        request_fail(service, request, &error);
        return;
    }
    if (outcome.answer == SUBSCRIBER_RATE_LIMITED)
        pages_show_named(service->pages, request, language, "rationed", 429);
    else
        pages_show_named(service->pages, request, language, "subscribed", 200);
}
