/* SPDX-License-Identifier: MIT */
#include "endpoint/endpoint.h"

#include "base/clock.h"
#include "base/error.h"
#include "locale/zone.h"
#include "queue/queue.h"
#include "release/release_store.h"
#include "subscriber/standing.h"
#include "subscriber/subscriber.h"
#include "template/json_value.h"

#include <jansson.h>
#include <string.h>

struct writer {
    struct database *database;
    struct arena *arena;
    const struct zone *zone;
};

static void set_instant(const struct writer *writer, json_t *object, const char *name, int64_t at)
{
    if (at == INSTANT_NONE)
        json_set_text(object, name, NULL);
    else if (writer->zone)
        json_set_text(object, name, zone_format_rfc3339(writer->zone, writer->arena, at, false));
    else
        json_set_text(object, name, instant_format_utc(writer->arena, at));
}

static json_t *subscriptions_array(const struct writer *writer, const struct subscriber *subscriber)
{
    json_t *array = json_array();
    for (const struct subscriber_subscription *item = subscriber->subscriptions; item;
         item = item->next) {
        json_t *object = json_object();
        json_set_text(object, "feed", item->feed);
        json_set_text(object, "cadence", subscriber_cadence_name(item->cadence));
        json_set_text(object, "state", item->is_active ? "active" : "pending");
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
        json_set_text(object, "event", subscriber_event_name(event->event));
        json_set_text(object, "way", subscriber_way_name(event->proof.way));
        json_set_value(object, "feeds", json_words(event->feeds));
        json_set_text(object, "cadence", event->cadence && *event->cadence ? event->cadence : NULL);
        json_set_text(object, "language", event->language);
        set_instant(writer, object, "consent", event->consent_at);
        json_set_text(object, "wording", event->proof.wording);
        json_set_text(object, "wording_version", event->proof.wording_version);
        json_set_text(object, "evidence", event->proof.evidence);
        json_set_text(object, "network", event->proof.network);
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
        json_set_value(object, "feeds", json_words(request->feeds));
        json_set_text(object, "cadence", subscriber_cadence_name(request->cadence));
        json_set_text(object, "language", request->language);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static bool add_mail(const struct writer *writer, json_t *mails,
                     const struct queue_subscriber_mail *mail, struct error *error)
{
    bool failed = false;
    json_t *object = json_object();
    const struct release_row *release = NULL;
    if (mail->release)
        release = release_find_by_row_id(writer->database, writer->arena, mail->release, &failed,
                                         error);
    set_instant(writer, object, "at", mail->at);
    json_set_text(object, "kind", mail->kind);
    json_set_text(object, "release", release ? release->public_id : NULL);
    json_set_text(object, "state", queue_state_name(mail->state));
    json_set_boolean(object, "bounced", mail->is_bounced);
    json_set_boolean(object, "complained", mail->is_complained);
    (void)json_array_append_new(mails, object);
    return !failed;
}

/* NULL with *error filled on failure. */
static json_t *mails_array(const struct writer *writer, const struct subscriber *subscriber,
                           struct error *error)
{
    struct queue_subscriber_mail_cursor cursor;
    const struct queue_subscriber_mail *mail;
    bool done = true;
    json_t *mails = json_array();
    queue_subscriber_mail_cursor_open(&cursor, writer->database, subscriber->row_id);
    while (done && queue_subscriber_mail_cursor_next(&cursor, &mail, error))
        done = add_mail(writer, mails, mail, error);
    if (queue_subscriber_mail_cursor_close(&cursor) && done)
        return mails;
    json_decref(mails);
    return NULL;
}

static json_t *returns_array(const struct writer *writer, const struct standing *standing)
{
    json_t *array = json_array();
    for (const struct standing_return *item = standing->returns; item; item = item->next) {
        json_t *object = json_object();
        set_instant(writer, object, "at", item->at);
        json_set_text(object, "kind", item->mailing ? "mailing" : "single");
        json_set_number(object, "code", item->smtp_code);
        json_set_text(object, "status", *item->enhanced ? item->enhanced : NULL);
        json_set_text(object, "weight", standing_weight_name(item->weight));
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
        json_set_text(object, "result", standing_probe_end_name(probe->end));
        set_instant(writer, object, "ended", probe->ended_at);
        (void)json_array_append_new(array, object);
    }
    return array;
}

static json_t *standing_object(const struct writer *writer, const struct standing *standing)
{
    json_t *object = json_object();
    json_set_value(object, "points", json_real(standing->points));
    set_instant(writer, object, "probe_since", standing->probe_since_at);
    json_set_value(object, "returned", returns_array(writer, standing));
    json_set_value(object, "probes", probes_array(writer, standing));
    return object;
}

json_t *subscriber_document(struct database *database, struct arena *arena, const struct zone *zone,
                            int64_t now_at, const struct subscriber *subscriber,
                            struct error *error)
{
    struct standing standing;
    const struct writer writer = { .database = database, .arena = arena, .zone = zone };
    if (!standing_find(database, arena, subscriber->row_id, now_at, &standing, error))
        return NULL;
    json_t *mails = mails_array(&writer, subscriber, error);
    if (!mails)
        return NULL;
    json_t *document = json_object();
    json_set_text(document, "address", subscriber->address);
    json_set_text(document, "state", subscriber_state_name(subscriber->state));
    json_set_text(document, "language", subscriber->language);
    set_instant(&writer, document, "created", subscriber->created_at);
    set_instant(&writer, document, "changed", subscriber->changed_at);
    json_set_value(document, "subscriptions", subscriptions_array(&writer, subscriber));
    json_set_value(document, "requests", requests_array(&writer, subscriber));
    json_set_value(document, "events", events_array(&writer, subscriber));
    json_set_value(document, "mails", mails);
    json_set_value(document, "standing", standing_object(&writer, &standing));
    return document;
}
