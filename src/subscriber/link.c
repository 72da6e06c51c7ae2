/* SPDX-License-Identifier: MIT */
#include "subscriber/rows.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "database/database.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"

#include <string.h>

static enum queue_transactional_kind mail_kind(enum subscriber_link link)
{
    switch (link) {
    case SUBSCRIBER_LINK_MY_DATA:
        return QUEUE_TRANSACTIONAL_MY_DATA;
    case SUBSCRIBER_LINK_ERASE:
        return QUEUE_TRANSACTIONAL_ERASE;
    case SUBSCRIBER_LINK_UNSUBSCRIBE:
        return QUEUE_TRANSACTIONAL_UNSUBSCRIBE_LINK;
    case SUBSCRIBER_LINK_PREFERENCES:
        break;
    }
    return QUEUE_TRANSACTIONAL_PREFERENCES;
}

/* One mail that a request caused, where it may still go to that address. */
static bool mail_rate_limited(const struct subscriber_service *service, const char *rate_limit_key,
                              const struct queue_transactional_mail *mail, bool *is_queued,
                              struct error *error)
{
    int64_t row_id = 0;
    if (!rate_limit_allows(service->database, rate_limit_key, mail->created_at, is_queued, error))
        return false;
    return !*is_queued || (rate_limit_count(service, rate_limit_key, mail->created_at, error) &&
                           queue_add_transactional(service->database, mail, &row_id, error));
}

/* In the caller's transaction. */
static bool link_mail(const struct subscriber_service *service, struct arena *arena,
                      const struct subscriber_row *subscriber, enum subscriber_link link,
                      bool *is_queued, struct error *error)
{
    int64_t now_at = clock_now(service->clock);
    bool needs_request = link == SUBSCRIBER_LINK_MY_DATA || link == SUBSCRIBER_LINK_ERASE;
    bool is_repeated = false;
    struct request_row request = { .row_id = random_positive(service->random),
                                   .subscriber = subscriber->row_id,
                                   .language = subscriber->language,
                                   .feeds = "",
                                   .created_at = now_at,
                                   .expires_at = now_at + SUBSCRIBER_LINK_MS };
    struct queue_transactional_mail mail = { .kind = mail_kind(link),
                                             .subscriber = subscriber->row_id,
                                             .request = needs_request ? request.row_id : 0,
                                             .language = subscriber->language,
                                             .created_at = now_at };
    *is_queued = false;
    if (subscriber->row_id == 0 || (!needs_request && subscriber->state != SUBSCRIBER_CONFIRMED))
        return true;
    if (link == SUBSCRIBER_LINK_UNSUBSCRIBE &&
        !queue_transactional_since(service->database, &mail,
                                   now_at - SUBSCRIBER_LINK_UNSUBSCRIBE_MS, &is_repeated, error))
        return false;
    if (is_repeated)
        return true;
    const char *rate_limit_key = needs_request ? arena_format(arena, "%s" RATE_LIMIT_OF_DATA,
                                                              subscriber->rate_limit_key)
                                               : subscriber->rate_limit_key;
    if (!mail_rate_limited(service, rate_limit_key, &mail, is_queued, error))
        return false;
    return !*is_queued || !needs_request || request_insert(service->database, &request, error);
}

bool subscriber_mail_link(const struct subscriber_service *service, int64_t subscriber_row_id,
                          enum subscriber_link link, bool *is_queued, struct error *error)
{
    struct arena arena = { 0 };
    struct subscriber_row subscriber;
    bool queued = false;
    struct transaction transaction = transaction_part_of(service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        subscriber_row_find_by_row_id(service->database, &arena, subscriber_row_id,
                                                      &subscriber, error) &&
                            link_mail(service, &arena, &subscriber, link, &queued, error),
                        error);
    arena_release(&arena);
    if (transaction.is_done)
        *is_queued = queued;
    return transaction.is_done;
}

bool subscriber_mail_link_to(const struct subscriber_service *service, const char *address,
                             bool *is_queued, struct error *error)
{
    struct arena arena = { 0 };
    struct subscriber_row subscriber;
    bool queued = false;
    struct transaction transaction = transaction_part_of(service->database);
    const struct address *parsed = address_parse_known(&arena, address, strlen(address), error);
    while (parsed && transaction_run(&transaction, error))
        transaction_end(
            &transaction,
            subscriber_row_find(service->database, &arena, parsed->folded, &subscriber, error) &&
                link_mail(service, &arena, &subscriber, SUBSCRIBER_LINK_PREFERENCES, &queued,
                          error),
            error);
    arena_release(&arena);
    if (transaction.is_done)
        *is_queued = queued;
    return transaction.is_done;
}

/* In the caller's transaction. */
static bool hint_mail(const struct subscriber_service *service, struct arena *arena, int64_t row_id,
                      bool *is_queued, struct error *error)
{
    int64_t now_at = clock_now(service->clock);
    bool is_repeated = false;
    struct subscriber_row subscriber;
    struct subscriber_request *request = NULL;
    *is_queued = false;
    if (!subscriber_request_find(service, arena, row_id, &request, error))
        return false;
    if (!request || request->is_void || request->used_at || request->expires_at <= now_at)
        return true;
    const struct queue_transactional_mail mail = { .kind = QUEUE_TRANSACTIONAL_CONFIRM_HINT,
                                                   .subscriber = request->subscriber,
                                                   .request = row_id,
                                                   .language = request->language,
                                                   .created_at = now_at };
    if (!queue_transactional_since(service->database, &mail, 0, &is_repeated, error) ||
        !subscriber_row_find_by_row_id(service->database, arena, request->subscriber, &subscriber,
                                       error))
        return false;
    return is_repeated ||
           mail_rate_limited(service, subscriber.rate_limit_key, &mail, is_queued, error);
}

bool subscriber_mail_hint(const struct subscriber_service *service, int64_t request,
                          bool *is_queued, struct error *error)
{
    struct arena arena = { 0 };
    bool queued = false;
    struct transaction transaction = transaction_part_of(service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, hint_mail(service, &arena, request, &queued, error), error);
    arena_release(&arena);
    if (transaction.is_done)
        *is_queued = queued;
    return transaction.is_done;
}
