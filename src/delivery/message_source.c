/* SPDX-License-Identifier: MIT */
#include "delivery/message_source.h"

#include "delivery/deliver.h"
#include "delivery/source_cache.h"

#include "address/address.h"
#include "address/token.h"
#include "address/verp.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/localized.h"
#include "base/string_builder.h"
#include "feed/feed.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "mail/composition.h"
#include "mail/mail.h"
#include "queue/queue.h"
#include "queue/sending.h"
#include "queue/transactional_mail.h"
#include "release/newsroom.h"
#include "subscriber/subscriber.h"

#include <stdlib.h>
#include <string.h>

struct message_source {
    const struct message_source_settings *settings;
    const struct subscriber_service *service;
    struct source_cache cache;
    struct verp_base bounces;
    const char *domain;          /* of Message-IDs */
    struct arena arena;          /* as long as the source */
    struct arena delivery;       /* what the present message needs beyond these: */
    struct string_builder bytes; /* itself */
    struct string_builder sender;
    struct string_builder message_id;
    struct string_builder in_reply_to;
    char unsubscribe[TOKEN_SIZE];
    char preferences[TOKEN_SIZE];
    char answer[TOKEN_SIZE];
};

enum { VALUE_MAXIMUM = 1024 };

static bool source_prepare(struct message_source *source, struct error *error)
{
    const struct message_source_settings *settings = source->settings;
    const char *at = strrchr(settings->resources->settings->from_address, '@');
    source->domain = at ? address_domain_ascii(&source->arena, at + 1, error) : NULL;
    if (!at)
        return error_set(error, ERROR_USAGE, "mail.from: is no address");
    return source->domain &&
           (verp_base_parse(&source->arena, settings->bounces, settings->delimiter[0],
                            TOKEN_BOUNCE_LENGTH, &source->bounces, error) ||
            error_prefix(error, "mail.bounces"));
}

struct message_source *message_source_open(const struct message_source_settings *settings,
                                           const struct subscriber_service *service,
                                           struct error *error)
{
    struct message_source *source = calloc(1, sizeof *source);
    if (!source) {
        (void)error_set(error, ERROR_SYSTEM, "mail: no memory");
        return NULL;
    }
    source->settings = settings;
    source->service = service;
    string_builder_init(&source->bytes, 0);
    string_builder_init(&source->sender, VALUE_MAXIMUM);
    string_builder_init(&source->message_id, VALUE_MAXIMUM);
    string_builder_init(&source->in_reply_to, VALUE_MAXIMUM);
    source_cache_init(&source->cache, settings, service->database);
    if (source_prepare(source, error))
        return source;
    message_source_close(source);
    return NULL;
}

void message_source_close(struct message_source *source)
{
    if (!source)
        return;
    source_cache_release(&source->cache);
    string_builder_release(&source->bytes);
    string_builder_release(&source->sender);
    string_builder_release(&source->message_id);
    string_builder_release(&source->in_reply_to);
    arena_release(&source->arena);
    arena_release(&source->delivery);
    free(source);
}

void message_source_renew(struct message_source *source)
{
    source_cache_renew(&source->cache);
}

/* ---- one subscriber's values ---- */

static const char *write_message_id(const struct message_source *source, const char *name,
                                    struct string_builder *id)
{
    string_builder_clear(id);
    string_builder_append_character(id, '<');
    string_builder_append(id, name);
    string_builder_append_character(id, '@');
    string_builder_append(id, source->domain);
    string_builder_append_character(id, '>');
    return id->data;
}

/* A function of the row alone, so that a message sent again after a lost answer is known as the
 * same one. */
static const char *delivery_message_id(struct message_source *source, int64_t announcement,
                                       int64_t subscriber, struct string_builder *id)
{
    char name[MESSAGE_ID_DIGITS + 1];
    message_id_of_delivery(source->service->keys, announcement, subscriber, name);
    return write_message_id(source, name, id);
}

/* The same row gets the same Message-ID at each try, so that a mail that arrives twice is shown
 * once. */
static const char *transactional_message_id(struct message_source *source, int64_t row_id)
{
    char name[MESSAGE_ID_DIGITS + 1];
    message_id_of_transactional_mail(source->service->keys, row_id, name);
    return write_message_id(source, name, &source->message_id);
}

/* A request is asked about once. Its mail's name says which one, so that an answer is known by it
 * also where the reply address was flattened. */
static const char *confirmation_message_id(struct message_source *source, int64_t request)
{
    char name[TOKEN_SIZE];
    const struct token token = { .purpose = TOKEN_CONFIRM_MAIL, .row_id = request };
    token_write(source->service->keys, &token, name);
    return write_message_id(source, name, &source->message_id);
}

static const char *subscriber_token(struct message_source *source, enum token_purpose purpose,
                                    int64_t row_id, char string[TOKEN_SIZE])
{
    const struct token token = { .purpose = purpose, .row_id = row_id };
    token_write(source->service->keys, &token, string);
    return string;
}

static const char *request_token(struct message_source *source, enum token_purpose purpose,
                                 int64_t row_id)
{
    return subscriber_token(source, purpose, row_id, arena_allocate(&source->delivery, TOKEN_SIZE));
}

/* The token in it tells whose mail came back, whatever the bounce itself says (VERP). */
static const char *return_path(struct message_source *source, const struct queue_row *row)
{
    char string[TOKEN_SIZE];
    const struct token token = row->transactional
                                   ? (struct token){ .purpose = TOKEN_BOUNCE_TRANSACTIONAL,
                                                     .row_id = row->transactional }
                                   : (struct token){ .purpose = TOKEN_BOUNCE,
                                                     .row_id = row->subscriber,
                                                     .announcement = row->announcement };
    token_write(source->service->keys, &token, string);
    string_builder_clear(&source->sender);
    verp_append(&source->sender, &source->bounces, string);
    return source->sender.data;
}

/* Printable ASCII without what could end a command or a field: an address that was checked when it
 * came in, and needs no conversion. */
static bool is_plain_address(const char *address)
{
    for (const char *cursor = address; *cursor; cursor++)
        if (*cursor <= ' ' || *cursor > '~' || *cursor == '<' || *cursor == '>')
            return false;
    return strchr(address, '@') && strlen(address) <= ADDRESS_MAXIMUM;
}

/* The header says what the envelope says, but for a local part that is not ASCII: that one has to
 * travel as it is (RFC 6532). */
static bool set_recipient(struct message_source *source, const struct queue_row *row,
                          struct delivery_message *message, struct mail_values *values,
                          struct error *error)
{
    message->recipient = row->address;
    values->values[MAIL_SLOT_TO] = row->address;
    if (!row->address)
        return error_set(error, ERROR_INPUT, "mail: the recipient is not known any more");
    if (is_plain_address(row->address))
        return true;
    const struct address *address = address_parse_known(&source->delivery, row->address,
                                                        strlen(row->address), error);
    if (!address)
        return false;
    message->recipient = address->envelope;
    values->values[MAIL_SLOT_TO] = address->is_international ? address->typed : address->envelope;
    return true;
}

/* ---- deliveries ---- */

/* An answer's token names the announcement too, because the same subscriber answers many releases.
 */
static const char *answer_token(struct message_source *source, const struct queue_row *row)
{
    const struct token token = { .purpose = TOKEN_ANSWER,
                                 .row_id = row->subscriber,
                                 .announcement = row->announcement };
    token_write(source->service->keys, &token, source->answer);
    return source->answer;
}

static bool compose_delivery(struct message_source *source, const struct queue_row *row,
                             struct mail_values *values, struct delivery_message *message,
                             struct error *error)
{
    const struct source_key key = { .mailing = row->mailing,
                                    .is_digest = row->kind == QUEUE_DIGEST,
                                    .version = row->version,
                                    .language = row->language };
    const struct source_entry *entry = source_cache_find(&source->cache, &key, error);
    if (!entry)
        return false;
    values->values[MAIL_SLOT_DATE] = entry->date;
    values->values[MAIL_SLOT_MESSAGE_ID] = delivery_message_id(
        source, row->announcement, row->subscriber, &source->message_id);
    if (entry->first_announcement)
        values->values[MAIL_SLOT_IN_REPLY_TO] = delivery_message_id(
            source, entry->first_announcement, row->subscriber, &source->in_reply_to);
    values->values[MAIL_SLOT_UNSUBSCRIBE] = subscriber_token(source, TOKEN_UNSUBSCRIBE,
                                                             row->subscriber, source->unsubscribe);
    values->values[MAIL_SLOT_PREFERENCES] = subscriber_token(source, TOKEN_PREFERENCES,
                                                             row->subscriber, source->preferences);
    if (source->settings->resources->settings->is_answered)
        values->values[MAIL_SLOT_ANSWER] = answer_token(source, row);
    /* Stands in the row with its mark, because a correction goes to those who were sent an older
     * one. */
    message->revision = entry->revision;
    return mail_splice(entry->composition, values, &source->bytes, error);
}

/* ---- transactional mails ---- */

/* A feed that is gone by now is called by its id. */
static struct mail_feed *feed_new(struct message_source *source, const char *id,
                                  const char *language, enum subscriber_cadence cadence)
{
    struct mail_feed *item = arena_allocate(&source->delivery, sizeof *item);
    const struct feed *feed = feed_find(source->settings->feeds, id);
    const char *title = feed ? localized_get(feed->title, language) : NULL;
    *item = (struct mail_feed){ .title = title ? title : id,
                                .cadence = subscriber_cadence_name(cadence) };
    return item;
}

static const struct mail_feed *requested_feeds(struct message_source *source,
                                               const struct subscriber_request *request)
{
    struct mail_feed *first = NULL;
    struct mail_feed **end = &first;
    char *rest = NULL;
    for (char *id = strtok_r(arena_copy(&source->delivery, request->feeds), " ", &rest); id;
         id = strtok_r(NULL, " ", &rest)) {
        *end = feed_new(source, id, request->language, request->cadence);
        end = &(*end)->next;
    }
    return first;
}

static bool compose_confirmation(struct message_source *source, const struct queue_row *row,
                                 struct mail_values *values, struct error *error)
{
    struct subscriber_request *request = NULL;
    if (!subscriber_request_find(source->service, &source->delivery, row->request, &request, error))
        return false;
    /* Erased while its mail waited: composing comes before the mark, which would say the same. */
    if (!request)
        return error_set(error, ERROR_INPUT, "mail: the request it would confirm is gone");
    const struct confirmation_request wanted = {
        .language = request->language,
        .feeds = requested_feeds(source, request),
    };
    const struct mail_message *mail = confirmation_mail_build(
        &source->delivery, source->settings->resources, &wanted, error);
    values->values[MAIL_SLOT_MESSAGE_ID] = confirmation_message_id(source, row->request);
    values->values[MAIL_SLOT_CONFIRM] = request_token(source, TOKEN_CONFIRM, row->request);
    return mail && mail_build(&source->delivery, mail, values, &source->bytes, error);
}

/* What the subscriber follows now. */
static bool followed_feeds(struct message_source *source, const struct queue_row *row,
                           struct mail_feed **first, struct error *error)
{
    struct arena *arena = &source->delivery;
    bool failed = false;
    struct mail_feed **end = first;
    const struct subscriber *subscriber = subscriber_find_by_row_id(
        source->service->database, arena, row->subscriber, &failed, error);
    *first = NULL;
    if (failed)
        return false;
    if (!subscriber)
        return error_set(error, ERROR_INPUT, "mail: the recipient is not known any more");
    for (const struct subscriber_subscription *item = subscriber->subscriptions; item;
         item = item->next) {
        if (!item->is_active)
            continue;
        *end = feed_new(source, item->feed, row->language, item->cadence);
        end = &(*end)->next;
    }
    return true;
}

/* Of the token of a mail that is about one request. */
static enum token_purpose link_purpose(enum notice_kind kind)
{
    return kind == NOTICE_CONFIRM_HINT ? TOKEN_CONFIRM
           : kind == NOTICE_ERASE      ? TOKEN_ERASE
                                       : TOKEN_MY_DATA;
}

static bool compose_notice(struct message_source *source, const struct queue_row *row,
                           enum notice_kind kind, struct mail_values *values, struct error *error)
{
    struct mail_feed *feeds = NULL;
    if ((kind == NOTICE_WELCOME || kind == NOTICE_ALREADY) &&
        !followed_feeds(source, row, &feeds, error))
        return false;
    const struct notice_request wanted = { kind, row->language, feeds };
    const struct mail_message *mail = notice_mail_build(
        &source->delivery, source->settings->resources, &wanted, error);
    if (row->request)
        values->values[MAIL_SLOT_CONFIRM] = request_token(source, link_purpose(kind), row->request);
    values->values[MAIL_SLOT_UNSUBSCRIBE] = subscriber_token(source, TOKEN_UNSUBSCRIBE,
                                                             row->subscriber, source->unsubscribe);
    values->values[MAIL_SLOT_PREFERENCES] = subscriber_token(source, TOKEN_PREFERENCES,
                                                             row->subscriber, source->preferences);
    return mail && mail_build(&source->delivery, mail, values, &source->bytes, error);
}

static bool compose_forward(struct message_source *source, const struct queue_row *row,
                            struct delivery_message *message, const struct mail_values *values,
                            struct error *error)
{
    bool found = false;
    struct queue_forward forward;
    if (!queue_forward_find(source->service->database, &source->delivery, row->transactional,
                            &forward, &found, error))
        return false;
    if (!found)
        return error_set(error, ERROR_INPUT, "mail: what it would send on is gone");
    const struct forward_request request = {
        .language = row->language,
        .to = values->values[MAIL_SLOT_TO],
        .date = values->values[MAIL_SLOT_DATE],
        .message_id = values->values[MAIL_SLOT_MESSAGE_ID],
        .writer = forward.address,
        .title = forward.title,
        .page = forward.page,
        .is_answer = forward.subscriber != 0,
        .answers = forward.answers,
        .bytes = forward.bytes,
        .length = forward.length,
        .is_whole = forward.is_whole,
        .wants_seven_bits = row->attempts > 0, /* that may be why it did not go */
    };
    return forward_mail_build(&source->delivery, source->settings->resources, &request,
                              &source->bytes, &message->is_eight_bit, error);
}

/* Written when it was queued: what it tells of may be otherwise by now. */
static bool compose_receipt(struct message_source *source, const struct queue_row *row,
                            struct error *error)
{
    bool found = false;
    struct queue_prepared prepared;
    if (!queue_prepared_find(source->service->database, &source->delivery, row->transactional,
                             &prepared, &found, error))
        return false;
    if (!found)
        return error_set(error, ERROR_INPUT, "mail: what it would say is gone");
    string_builder_append_bytes(&source->bytes, prepared.bytes, prepared.length);
    return true;
}

static bool compose_transactional(struct message_source *source, const struct queue_row *row,
                                  struct delivery_message *message, struct mail_values *values,
                                  struct error *error)
{
    const struct zone *zone = locale_context_zone(source->settings->resources->locale);
    values->values[MAIL_SLOT_DATE] = zone_format_rfc822(zone, &source->delivery, row->created_at);
    values->values[MAIL_SLOT_MESSAGE_ID] = transactional_message_id(source, row->transactional);
    switch (row->transactional_kind) {
    case QUEUE_TRANSACTIONAL_CONFIRMATION:
        return compose_confirmation(source, row, values, error);
    case QUEUE_TRANSACTIONAL_WELCOME:
        return compose_notice(source, row, NOTICE_WELCOME, values, error);
    case QUEUE_TRANSACTIONAL_ALREADY:
        return compose_notice(source, row, NOTICE_ALREADY, values, error);
    case QUEUE_TRANSACTIONAL_PREFERENCES:
        return compose_notice(source, row, NOTICE_PREFERENCES, values, error);
    case QUEUE_TRANSACTIONAL_MY_DATA:
        return compose_notice(source, row, NOTICE_MY_DATA, values, error);
    case QUEUE_TRANSACTIONAL_ERASE:
        return compose_notice(source, row, NOTICE_ERASE, values, error);
    case QUEUE_TRANSACTIONAL_PROBE:
        return compose_notice(source, row, NOTICE_PROBE, values, error);
    case QUEUE_TRANSACTIONAL_UNSUBSCRIBE_LINK:
        return compose_notice(source, row, NOTICE_UNSUBSCRIBE_LINK, values, error);
    case QUEUE_TRANSACTIONAL_CONFIRM_HINT:
        return compose_notice(source, row, NOTICE_CONFIRM_HINT, values, error);
    case QUEUE_TRANSACTIONAL_FORWARD:
        return compose_forward(source, row, message, values, error);
    case QUEUE_TRANSACTIONAL_RECEIPT:
        return compose_receipt(source, row, error);
    }
    return error_set(error, ERROR_INPUT, "mail: no message for transactional mails of kind %d",
                     (int)row->transactional_kind);
}

bool message_source_compose(struct message_source *source, const struct queue_row *row,
                            struct delivery_message *message, struct error *error)
{
    struct mail_values values = { { NULL } };
    arena_release(&source->delivery);
    string_builder_clear(&source->bytes);
    *message = (struct delivery_message){ .sender = return_path(source, row) };
    if (!set_recipient(source, row, message, &values, error))
        return false;
    bool done = row->transactional ? compose_transactional(source, row, message, &values, error)
                                   : compose_delivery(source, row, &values, message, error);
    message->bytes = source->bytes.data;
    message->length = source->bytes.length;
    message->text = &source->bytes;
    return done;
}
