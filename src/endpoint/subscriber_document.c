/* SPDX-License-Identifier: MIT */
#include "endpoint/subscriber_document.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/words.h"
#include "locale/zone.h"
#include "queue/queue.h"
#include "release/release_store.h"
#include "subscriber/standing.h"
#include "subscriber/subscriber.h"

#include <jansson.h>
#include <string.h>

struct writer {
    struct database *database;
    struct arena *arena;
    const struct zone *zone;
    json_t *mails;
};

static void set(json_t *object, const char *name, const char *value)
{
    (void)json_object_set_new(object, name, value ? json_string(value) : json_null());
}

static void set_instant(const struct writer *writer, json_t *object, const char *name, int64_t at)
{
    if (at == INSTANT_NONE)
        set(object, name, NULL);
    else if (writer->zone)
        set(object, name, zone_format_rfc3339(writer->zone, writer->arena, at, false));
    else
        set(object, name, instant_format_utc(writer->arena, at));
}

json_t *words_array(const char *words)
{
    json_t *array = json_array();
    const char *rest = words ? words : "";
    const char *word = NULL;
    size_t length = 0;
    while (words_next(&rest, &word, &length))
        (void)json_array_append_new(array, json_stringn(word, length));
    return array;
}

static json_t *subscriptions_array(const struct writer *writer, const struct subscriber *subscriber)
{
    json_t *array = json_array();
    for (const struct subscriber_subscription *item = subscriber->subscriptions; item;
         item = item->next) {
        json_t *object = json_object();
        set(object, "feed", item->feed);
        set(object, "cadence", subscriber_cadence_name(item->cadence));
        set(object, "state", item->is_active ? "active" : "pending");
        set_instant(writer, object, "since", item->since_at);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *events_array(const struct writer *writer, const struct subscriber *subscriber)
{
    json_t *array = json_array();
    for (const struct subscriber_event_row *event = subscriber->events; event;
         event = event->next) {
        json_t *object = json_object();
        set_instant(writer, object, "at", event->at);
        set(object, "event", subscriber_event_name(event->event));
        set(object, "way", subscriber_way_name(event->proof.way));
        (void)json_object_set_new(object, "feeds", words_array(event->feeds));
        set(object, "cadence", event->cadence && *event->cadence ? event->cadence : NULL);
        set(object, "language", event->language);
        set_instant(writer, object, "consent", event->consent_at);
        set(object, "wording", event->proof.wording);
        set(object, "wording_version", event->proof.wording_version);
        set(object, "evidence", event->proof.evidence);
        set(object, "network", event->proof.network);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *requests_array(const struct writer *writer, const struct subscriber *subscriber)
{
    json_t *array = json_array();
    for (const struct subscriber_request_row *request = subscriber->requests; request;
         request = request->next) {
        json_t *object = json_object();
        set_instant(writer, object, "made", request->created_at);
        set_instant(writer, object, "expires", request->expires_at);
        set_instant(writer, object, "used", request->used_at);
        set_instant(writer, object, "void", request->voided_at);
        (void)json_object_set_new(object, "feeds", words_array(request->feeds));
        set(object, "cadence", subscriber_cadence_name(request->cadence));
        set(object, "language", request->language);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static bool mail_add(void *payload, const struct queue_subscriber_mail *mail, struct error *error)
{
    struct writer *writer = payload;
    bool failed = false;
    json_t *object = json_object();
    const struct release_row *release = NULL;
    if (mail->release)
        release = release_find_by_number(writer->database, writer->arena, mail->release, &failed,
                                         error);
    set_instant(writer, object, "at", mail->at);
    set(object, "kind", mail->kind);
    set(object, "release", release ? release->id : NULL);
    set(object, "state", queue_state_name(mail->state));
    (void)json_object_set_new(object, "bounced", json_boolean(mail->is_bounced));
    (void)json_object_set_new(object, "complained", json_boolean(mail->is_complained));
    (void)json_array_append_new(writer->mails, object);
    return !failed;
}

static json_t *returns_array(const struct writer *writer, const struct standing *standing)
{
    json_t *array = json_array();
    for (const struct standing_return *item = standing->returns; item; item = item->next) {
        json_t *object = json_object();
        set_instant(writer, object, "at", item->at);
        set(object, "kind", item->mailing ? "mailing" : "single");
        (void)json_object_set_new(object, "code", json_integer(item->smtp_code));
        set(object, "status", *item->enhanced ? item->enhanced : NULL);
        set(object, "weight", standing_weight_name(item->weight));
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *probes_array(const struct writer *writer, const struct standing *standing)
{
    json_t *array = json_array();
    for (const struct standing_probe *probe = standing->probes; probe; probe = probe->next) {
        json_t *object = json_object();
        set_instant(writer, object, "at", probe->at);
        set(object, "result", standing_probe_end_name(probe->end));
        set_instant(writer, object, "ended", probe->ended_at);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *standing_object(const struct writer *writer, const struct standing *standing)
{
    json_t *object = json_object();
    (void)json_object_set_new(object, "points", json_real(standing->points));
    set_instant(writer, object, "probe_since", standing->probe_since_at);
    (void)json_object_set_new(object, "returned", returns_array(writer, standing));
    (void)json_object_set_new(object, "probes", probes_array(writer, standing));
    return object;
}

json_t *subscriber_document(struct database *database, struct arena *arena, const struct zone *zone,
                            int64_t now_at, const struct subscriber *subscriber,
                            struct error *error)
{
    struct standing standing;
    struct writer writer = {
        .database = database, .arena = arena, .zone = zone, .mails = json_array()
    };
    if (!queue_subscriber_mail_each(database, subscriber->id, mail_add, &writer, error) ||
        !standing_find(database, arena, subscriber->id, now_at, &standing, error)) {
        json_decref(writer.mails);
        return NULL;
    }
    json_t *document = json_object();
    set(document, "address", subscriber->address);
    set(document, "state", subscriber_state_name(subscriber->state));
    set(document, "language", subscriber->language);
    set_instant(&writer, document, "created", subscriber->created_at);
    set_instant(&writer, document, "changed", subscriber->changed_at);
    (void)json_object_set_new(document, "subscriptions", subscriptions_array(&writer, subscriber));
    (void)json_object_set_new(document, "requests", requests_array(&writer, subscriber));
    (void)json_object_set_new(document, "events", events_array(&writer, subscriber));
    (void)json_object_set_new(document, "mails", writer.mails);
    (void)json_object_set_new(document, "standing", standing_object(&writer, &standing));
    return document;
}
