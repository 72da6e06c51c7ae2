/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_ROWS_H
#define SUBSCRIBER_ROWS_H

#include "subscriber/subscriber.h"

struct address;

/* Inside subscriber/ only: single rows, each within the caller's transaction. */
struct subscriber_row {
    int64_t row_id; /* 0: not known */
    enum subscriber_state state;
    const char *language;
    const char *rate_limit_key;
    int64_t created_at;
};

/* An unknown one has id 0 and state SUBSCRIBER_NONE; strings live in arena. */
bool subscriber_row_find(struct database *database, struct arena *arena, const char *folded,
                         struct subscriber_row *subscriber, struct error *error);
bool subscriber_row_find_by_row_id(struct database *database, struct arena *arena, int64_t row_id,
                                   struct subscriber_row *subscriber, struct error *error);

/* A new row under subscriber->row_id, with subscriber->state and language, created and changed at
 * now_at. */
bool subscriber_row_insert(struct database *database, const struct subscriber_row *subscriber,
                           const struct address *address, int64_t now_at, struct error *error);

/* Writes state and language; address too where it is not NULL. */
bool subscriber_row_update(struct database *database, const struct subscriber_row *subscriber,
                           const struct address *address, int64_t now_at, struct error *error);

/* Feeds are names with one space between everywhere in the rows. Appends to list the feeds of a
 * subscriber's subscriptions. */
bool subscriber_feeds(struct database *database, struct arena *arena, int64_t row_id,
                      const char **feeds, struct error *error);

struct subscription_row {
    int64_t subscriber;
    const char *feed;
    size_t feed_length;
    enum subscriber_cadence cadence;
    bool is_active;
    int64_t since_at;
};

/* An active row takes the place of what is there; a pending one leaves it alone. */
bool subscription_write(struct database *database, const struct subscription_row *row,
                        struct error *error);

/* The same for each feed of a list; row->feed is set here. */
bool subscriptions_write(struct database *database, const char *feeds, struct subscription_row *row,
                         struct error *error);
bool subscriptions_delete(struct database *database, int64_t subscriber_row_id,
                          struct error *error);

struct request_row {
    int64_t row_id;
    int64_t subscriber;
    enum subscriber_cadence cadence;
    const char *language;
    const char *feeds;
    int64_t created_at;
    int64_t expires_at;
};

bool request_insert(struct database *database, const struct request_row *row, struct error *error);
bool requests_void(struct database *database, int64_t subscriber_row_id, int64_t now_at,
                   struct error *error);

/* cadence "" writes NULL. */
bool event_insert(struct database *database, int64_t subscriber_row_id,
                  const struct subscriber_event_row *event, struct error *error);

/* How the subscriber last unsubscribed, bounced or complained; 0: never. Anybody can ask for mails
 * to any address: until the subscriber answers, that brings nobody back, and consent given
 * elsewhere may be from before. So who has such an event and is pending again is confirmed by
 * neither an import nor the command line. */
bool departure_find(struct database *database, int64_t subscriber_row_id,
                    enum subscriber_event *event, struct error *error);

/* ---- rate limits and the suppression list ---- */

/* Behind a rate limit key: what the subscriber alone can ask for, by a link that was mailed to him,
 * has a rate limit of its own. Whoever signs an address up again and again does not keep its owner
 * from his data. */
#define RATE_LIMIT_OF_DATA " data"

bool rate_limit_allows(struct database *database, const char *rate_limit_key, int64_t now_at,
                       bool *allowed, struct error *error);
bool rate_limit_count(const struct subscriber_service *service, const char *rate_limit_key,
                      int64_t now_at, struct error *error);

bool suppression_list_covers(const struct subscriber_service *service, const char *folded,
                             bool *covers, struct error *error);
bool suppression_list_add(const struct subscriber_service *service, const char *folded,
                          int64_t now_at, struct error *error);
bool suppression_list_remove(const struct subscriber_service *service, const char *folded,
                             struct error *error);

/* ---- requests ---- */

/* Checks feeds (each known, once; none: all that are open for sign-up) and makes their list.
 * only_open: closed ones are unknown. ERROR_INPUT otherwise. */
bool feeds_check(const struct subscriber_service *service, struct arena *arena,
                 const struct subscription_request *request, bool only_open, const char **feeds,
                 struct error *error);

#endif
