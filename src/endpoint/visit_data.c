/* SPDX-License-Identifier: MIT */
#include "endpoint/visit.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "endpoint/pages.h"
#include "endpoint/request.h"

#include <stdlib.h>
#include <string.h>

/* The person that a link good for one hour was mailed to; NULL: the answer says why not. */
static struct subscriber *person_of_link(const struct visit_office *desk, struct request *request)
{
    struct error error;
    bool failed = false;
    struct subscriber *person = NULL;
    struct subscriber_request *wanted = NULL;
    if (!subscriber_request_find(&desk->office, &request->arena, request->id, &wanted, &error)) {
        visit_fail(desk, request, &error);
        return NULL;
    }
    if (wanted && !wanted->is_void && wanted->expires_at > clock_now(desk->office.clock))
        person = subscriber_find_by_id(desk->office.database, &request->arena, wanted->subscriber,
                                       &failed, &error);
    if (failed) {
        visit_fail(desk, request, &error);
    } else if (!person) {
        const char *language = pages_language_of(desk->pages, request,
                                                 wanted ? wanted->language : NULL);
        struct page_message message = { .name = "outdated", .status = 410 };
        pages_add_link(&message.links, pages_string(desk->pages, language, "page_outdated_link"),
                       pages_path(request, "preferences"));
        pages_say(desk->pages, request, language, &message);
    }
    return person;
}

static void set_instant(struct request *request, json_t *object, const char *name, int64_t at)
{
    pages_set(object, name, at == INSTANT_NONE ? NULL : instant_format_utc(&request->arena, at));
}

static json_t *words_array(struct arena *arena, const char *words)
{
    json_t *array = json_array();
    char *rest = NULL;
    char *copy = arena_copy(arena, words ? words : "");
    for (char *word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        (void)json_array_append_new(array, json_string(word));
    return array;
}

static json_t *subscriptions_array(struct request *request, const struct subscriber *person)
{
    json_t *array = json_array();
    for (const struct subscriber_subscription *item = person->subscriptions; item;
         item = item->next) {
        json_t *object = json_object();
        pages_set(object, "feed", item->feed);
        pages_set(object, "cadence", subscriber_cadence_name(item->cadence));
        pages_set(object, "state", item->is_active ? "active" : "pending");
        set_instant(request, object, "since", item->since_at);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *events_array(struct request *request, const struct subscriber *person)
{
    json_t *array = json_array();
    for (const struct subscriber_event_row *event = person->events; event; event = event->next) {
        json_t *object = json_object();
        set_instant(request, object, "at", event->at);
        pages_set(object, "event", subscriber_event_name(event->event));
        pages_set(object, "way", subscriber_way_name(event->proof.way));
        (void)json_object_set_new(object, "feeds", words_array(&request->arena, event->feeds));
        pages_set(object, "cadence", event->cadence && *event->cadence ? event->cadence : NULL);
        pages_set(object, "language", event->language);
        set_instant(request, object, "consent", event->consent_at);
        pages_set(object, "wording", event->proof.wording);
        pages_set(object, "wording_version", event->proof.wording_version);
        pages_set(object, "evidence", event->proof.evidence);
        pages_set(object, "network", event->proof.network);
        (void)json_array_append_new(array, object);
    }
    return array;
}

/* All that is kept of the person, in the names of `subscriber show --json`. */
static void answer_data(struct request *request, const struct subscriber *person)
{
    json_t *document = json_object();
    pages_set(document, "address", person->address);
    pages_set(document, "state", subscriber_state_name(person->state));
    pages_set(document, "language", person->language);
    set_instant(request, document, "created", person->created_at);
    (void)json_object_set_new(document, "subscriptions", subscriptions_array(request, person));
    (void)json_object_set_new(document, "events", events_array(request, person));
    char *json = json_dumps(document, JSON_INDENT(2));
    request->answer.status = 200;
    request->answer.type = "application/json";
    request->answer.file_name = "my-data.json";
    text_append(&request->answer.body, json ? json : "{}");
    text_append(&request->answer.body, "\n");
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
        answer_data(request, person);
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
    if (!subscriber_forget(&desk->office, person->address, &known, &is_pending, &error)) {
        visit_fail(desk, request, &error);
        return;
    }
    if (is_pending)
        log_line(LOG_WARNING,
                 "serve: a person was erased, bytes pending: another process reads the journal; "
                 "the next erasing, or `pressroom run`, takes them away");
    pages_say_only(desk->pages, request, language, "erased", 200);
}
