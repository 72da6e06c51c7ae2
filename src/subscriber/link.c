/* SPDX-License-Identifier: MIT */
#include "subscriber/rows.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/random.h"
#include "database/database.h"
#include "queue/queue.h"

#include <string.h>

static enum queue_single_kind mail_kind(enum subscriber_link link)
{
    switch (link) {
    case SUBSCRIBER_LINK_MY_DATA:
        return QUEUE_SINGLE_MY_DATA;
    case SUBSCRIBER_LINK_ERASE:
        return QUEUE_SINGLE_ERASE;
    case SUBSCRIBER_LINK_PREFERENCES:
        break;
    }
    return QUEUE_SINGLE_PREFERENCES;
}

/* In the caller's transaction. */
static bool link_mail(const struct subscriber_office *office, const struct person *person,
                      enum subscriber_link link, bool *is_queued, struct error *error)
{
    int64_t now_at = clock_now(office->clock);
    int64_t number = 0;
    bool needs_request = link != SUBSCRIBER_LINK_PREFERENCES;
    struct request_row request = { .number = random_positive(office->random),
                                   .subscriber = person->id,
                                   .language = person->language,
                                   .feeds = "",
                                   .created_at = now_at,
                                   .expires_at = now_at + SUBSCRIBER_LINK_MS };
    struct queue_single_mail mail = { .kind = mail_kind(link),
                                      .subscriber = person->id,
                                      .request = needs_request ? request.number : 0,
                                      .language = person->language,
                                      .created_at = now_at };
    *is_queued = false;
    if (person->id == 0 || (!needs_request && person->state != SUBSCRIBER_CONFIRMED))
        return true;
    if (!ration_allows(office->database, person->budget, now_at, is_queued, error))
        return false;
    if (!*is_queued)
        return true;
    return (!needs_request || request_insert(office->database, &request, error)) &&
           ration_take(office, person->budget, now_at, error) &&
           queue_add_single(office->database, &mail, &number, error);
}

bool subscriber_mail_link(const struct subscriber_office *office, int64_t subscriber,
                          enum subscriber_link link, bool *is_queued, struct error *error)
{
    struct arena arena = { 0 };
    struct person person;
    bool queued = false;
    bool is_own = false;
    if (!database_begin_part(office->database, &is_own, error))
        return false;
    bool done = person_find_by_id(office->database, &arena, subscriber, &person, error) &&
                link_mail(office, &person, link, &queued, error);
    done = database_end_part(office->database, is_own, done, error);
    arena_release(&arena);
    if (done)
        *is_queued = queued;
    return done;
}

bool subscriber_mail_link_to(const struct subscriber_office *office, const char *address,
                             bool *is_queued, struct error *error)
{
    struct arena arena = { 0 };
    struct person person;
    bool queued = false;
    bool is_own = false;
    const struct address *parsed = address_parse(&arena, address, strlen(address), error);
    bool done = parsed && database_begin_part(office->database, &is_own, error);
    if (done) {
        done = person_find(office->database, &arena, parsed->folded, &person, error) &&
               link_mail(office, &person, SUBSCRIBER_LINK_PREFERENCES, &queued, error);
        done = database_end_part(office->database, is_own, done, error);
    }
    arena_release(&arena);
    if (done)
        *is_queued = queued;
    return done;
}
