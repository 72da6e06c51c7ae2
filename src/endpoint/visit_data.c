/* SPDX-License-Identifier: MIT */
#include "endpoint/visit.h"

#include "address/token.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "endpoint/pages.h"
#include "endpoint/person_document.h"
#include "endpoint/request.h"

#include <stdlib.h>

/* The person that a link good for one hour was mailed to; NULL: the answer says why not. */
static struct subscriber *person_of_link(const struct visit_office *desk, struct request *request)
{
    struct error error;
    bool failed = false;
    struct subscriber *person = NULL;
    struct subscriber_request *wanted = NULL;
    if (!subscriber_request_find(&desk->service, &request->arena, request->id, &wanted, &error)) {
        visit_fail(desk, request, &error);
        return NULL;
    }
    if (wanted && !wanted->is_void && wanted->expires_at > clock_now(desk->service.clock))
        person = subscriber_find_by_id(desk->service.database, &request->arena, wanted->subscriber,
                                       &failed, &error);
    if (failed) {
        visit_fail(desk, request, &error);
    } else if (!person) {
        const char *language = pages_language_of(desk->pages, request,
                                                 wanted ? wanted->language : NULL);
        /* Who presses the button twice is erased. */
        bool is_done = request->purpose == TOKEN_ERASE && !wanted;
        struct page_message message = { .name = is_done ? "erase_outdated" : "outdated",
                                        .status = 410 };
        pages_add_link(&message.links, pages_string(desk->pages, language, "page_outdated_link"),
                       pages_path(request, "preferences"));
        pages_say(desk->pages, request, language, &message);
    }
    return person;
}

static void answer_data(const struct visit_office *desk, struct request *request,
                        const struct subscriber *person)
{
    struct error error;
    json_t *document = person_document(desk->service.database, &request->arena, NULL,
                                       clock_now(desk->service.clock), person, &error);
    if (!document) {
        visit_fail(desk, request, &error);
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

static void show_button(const struct visit_office *desk, struct request *request,
                        const struct subscriber *person, const char *name)
{
    const char *language = pages_language_of(desk->pages, request, person->language);
    struct page_message message = { .name = name, .status = 200 };
    const char *key = arena_format(&request->arena, "page_%s_button", name);
    pages_add_button(&message.buttons, pages_string(desk->pages, language, key), "action", name);
    pages_say(desk->pages, request, language, &message);
}

void visit_my_data(const struct visit_office *desk, struct request *request)
{
    const struct subscriber *person = person_of_link(desk, request);
    if (person && request->is_post)
        answer_data(desk, request, person);
    else if (person)
        show_button(desk, request, person, "data");
}

void visit_erase(const struct visit_office *desk, struct request *request)
{
    struct error error;
    bool known = false;
    bool is_pending = false;
    const struct subscriber *person = person_of_link(desk, request);
    if (!person)
        return;
    if (!request->is_post) {
        show_button(desk, request, person, "erase");
        return;
    }
    const char *language = pages_language_of(desk->pages, request, person->language);
    if (!subscriber_forget(&desk->service, person->address, &known, &is_pending, &error)) {
        visit_fail(desk, request, &error);
        return;
    }
    if (is_pending)
        log_line(LOG_WARNING,
                 "serve: a person was erased, bytes pending: another process reads the journal; "
                 "the next erasing, or `pressroom run`, takes them away");
    pages_say_only(desk->pages, request, language, "erased", 200);
}
