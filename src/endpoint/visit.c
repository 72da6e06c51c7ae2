/* SPDX-License-Identifier: MIT */
#include "endpoint/visit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/log.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"

void visit_fail(const struct visit_office *desk, struct request *request, const struct error *error)
{
    const char *language = pages_language_of(desk->pages, request, NULL);
    if (error->kind == ERROR_INPUT) {
        log_line(LOG_DEBUG, "serve: %s", error->message);
        pages_say_only(desk->pages, request, language, "malformed", 400);
        return;
    }
    log_line(LOG_ERROR, "serve: %s", error->message);
    pages_say_only(desk->pages, request, language, "busy", 503);
    request->answer.is_retry_later = true;
}

bool visit_find_person(const struct visit_office *desk, struct request *request,
                       const struct subscriber **person)
{
    struct error error;
    bool failed = false;
    *person = subscriber_find_by_id(desk->service.database, &request->arena, request->id, &failed,
                                    &error);
    if (failed)
        visit_fail(desk, request, &error);
    return !failed;
}

struct subscriber_proof visit_proof(const struct visit_office *desk, struct request *request,
                                    const char *wording)
{
    char hex[HASH_HEX_SIZE];
    hash_to_hex(&desk->settings->templates_hash, hex);
    return (
        struct subscriber_proof){ .way = SUBSCRIBER_BY_WEB,
                                  .wording = wording,
                                  .wording_version = arena_format(&request->arena, "%.12s", hex),
                                  .network = request->network_text };
}

const char *visit_wording(const struct visit_office *desk, struct request *request,
                          const char *language, const char *name, const char *button)
{
    struct arena *arena = &request->arena;
    const char *title = arena_format(arena, "page_%s_title", name);
    const char *text = arena_format(arena, "page_%s_text", name);
    return arena_format(arena, "%s %s [%s]", pages_text(desk->pages, arena, language, title),
                        pages_text(desk->pages, arena, language, text), button);
}

void visit_ask_again(const struct visit_office *desk, struct request *request,
                     const struct subscriber_wish *wish)
{
    struct error error;
    struct subscriber_outcome outcome = { 0 };
    const char *language = pages_language_of(desk->pages, request, wish->language);
    if (!subscriber_ask(&desk->service, wish, &outcome, &error)) {
        visit_fail(desk, request, &error);
        return;
    }
    if (outcome.answer == SUBSCRIBER_RATIONED)
        pages_say_only(desk->pages, request, language, "rationed", 429);
    else
        pages_say_only(desk->pages, request, language, "subscribed", 200);
}

void visit_answer(const struct visit_office *desk, struct request *request)
{
    if (request->route == REQUEST_METRICS) {
        visit_metrics(desk, request);
        return;
    }
    switch (request->purpose) {
    case TOKEN_CONFIRM:
        visit_confirm(desk, request);
        return;
    case TOKEN_UNSUBSCRIBE:
        visit_unsubscribe(desk, request);
        return;
    case TOKEN_PREFERENCES:
        visit_preferences(desk, request);
        return;
    case TOKEN_MY_DATA:
        visit_my_data(desk, request);
        return;
    case TOKEN_ERASE:
        visit_erase(desk, request);
        return;
    case TOKEN_BOUNCE:
    case TOKEN_BOUNCE_SINGLE:
    case TOKEN_CONFIRM_MAIL:
    case TOKEN_ANSWER:
        break;
    }
    pages_say_unknown(desk->pages, request, pages_language_of(desk->pages, request, NULL));
}
