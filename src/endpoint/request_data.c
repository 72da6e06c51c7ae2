/* SPDX-License-Identifier: MIT */
#include "endpoint/request_handler.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "endpoint/endpoint.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"
#include "endpoint/request_service.h"

#include <stdlib.h>

/* The subscriber to whom a link that is good for one hour was mailed; NULL: answered with the
 * reason. */
static struct subscriber *subscriber_of_link(const struct request_service *service,
                                             struct request *request)
{
    struct error error;
    bool failed = false;
    struct subscriber *subscriber = NULL;
    struct subscriber_request *wanted = NULL;
    if (!subscriber_request_find(&service->subscriber, &request->arena, request->row_id, &wanted,
                                 &error)) {
        request_fail(service, request, &error);
        return NULL;
    }
    if (wanted && !wanted->is_void && wanted->expires_at > clock_now(service->subscriber.clock))
        subscriber = subscriber_find_by_row_id(service->subscriber.database, &request->arena,
                                               wanted->subscriber, &failed, &error);
    if (failed) {
        request_fail(service, request, &error);
    } else if (!subscriber) {
        const char *language = pages_language_of(service->pages, request,
                                                 wanted ? wanted->language : NULL);
        /* The request went with the subscriber, so a second press of the button finds nothing: it
         * succeeded. */
        bool is_done = request->purpose == TOKEN_ERASE && !wanted;
        struct page_message message = { .name = is_done ? "erase_outdated" : "outdated",
                                        .status = 410 };
        pages_add_link(&message.links, pages_string(service->pages, language, "page_outdated_link"),
                       pages_path(request, "preferences"));
        pages_show_message(service->pages, request, language, &message);
    }
    return subscriber;
}

static void answer_data(const struct request_service *service, struct request *request,
                        const struct subscriber *subscriber)
{
    struct error error;
    json_t *document = subscriber_document(service->subscriber.database, &request->arena, NULL,
                                           clock_now(service->subscriber.clock), subscriber,
                                           &error);
    if (!document) {
        request_fail(service, request, &error);
        return;
    }
    char *json = json_dumps(document, JSON_INDENT(2));
    request->answer.status = 200;
    request->answer.type = "application/json";
    request->answer.file_name = "my-data.json";
    string_builder_append(&request->answer.body, json ? json : "{}");
    string_builder_append(&request->answer.body, "\n");
    free(json);
    json_decref(document);
}

static void show_button(const struct request_service *service, struct request *request,
                        const struct subscriber *subscriber, const char *name)
{
    const char *language = pages_language_of(service->pages, request, subscriber->language);
    struct page_message message = { .name = name, .status = 200 };
    const char *key = arena_format(&request->arena, "page_%s_button", name);
    pages_add_button(&message.buttons, pages_string(service->pages, language, key), "action", name);
    pages_show_message(service->pages, request, language, &message);
}

void request_handle_my_data(const struct request_service *service, struct request *request)
{
    const struct subscriber *subscriber = subscriber_of_link(service, request);
    if (subscriber && request->is_post)
        answer_data(service, request, subscriber);
    else if (subscriber)
        show_button(service, request, subscriber, "data");
}

void request_handle_erase(const struct request_service *service, struct request *request)
{
    struct error error;
    bool known = false;
    bool is_pending = false;
    const struct subscriber *subscriber = subscriber_of_link(service, request);
    if (!subscriber)
        return;
    if (!request->is_post) {
        show_button(service, request, subscriber, "erase");
        return;
    }
    const char *language = pages_language_of(service->pages, request, subscriber->language);
    if (!subscriber_forget(&service->subscriber, subscriber->address, &known, &is_pending,
                           &error)) {
        request_fail(service, request, &error);
        return;
    }
    if (is_pending)
        log_line(LOG_WARNING,
                 "serve: a person was erased, bytes pending: another process reads the journal; "
                 "the next erasing, or `pressroom run`, takes them away");
    pages_show_named(service->pages, request, language, "erased", 200);
}
