/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_SUBSCRIBER_H
#define SUBSCRIBER_SUBSCRIBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "subscriber/state.h"

struct clock;
struct database;
struct database_schema;
struct error;
struct feed;
struct hash;
struct random;
struct token_keys;

/* Who follows what, how it came to be, and the changes to it. Every function that changes something
 * is one transaction of its own, unless it says otherwise: state, event, request and the queue's
 * rows change together or not at all. Subscribing, confirming, changing, unsubscribing and
 * deactivating join the caller's transaction where one is open, so that several of them, or a note
 * of where they came from, share a commit; after a failure the caller rolls back. */
extern const struct database_schema subscriber_schema;

/* What every function here needs; borrowed. */
struct subscriber_service {
    struct database *database;
    const struct clock *clock;
    struct random *random;
    const struct feed *feeds;      /* all of the newsroom: no others are accepted */
    const struct token_keys *keys; /* NULL only where nothing is asked, confirmed or imported */
    const char *default_language;
};

/* Numbers of cadences, of states of subscriptions and of ways stand in the database: they never
 * change. */
#define SUBSCRIBER_CADENCES(X)                                                                     \
    X(SUBSCRIBER_IMMEDIATE, 0, "immediate")                                                        \
    X(SUBSCRIBER_DAILY, 1, "daily")                                                                \
    X(SUBSCRIBER_WEEKLY, 2, "weekly")

enum subscriber_cadence { SUBSCRIBER_CADENCES(SQL_NAMED_ENUMERATOR) };

#define SUBSCRIPTION_STATES(X)                                                                     \
    X(SUBSCRIPTION_PENDING, 0) /* its request is not confirmed */                                  \
    X(SUBSCRIPTION_ACTIVE, 1)

enum subscription_state { SUBSCRIPTION_STATES(SQL_ENUMERATOR) };

const char *subscriber_cadence_name(enum subscriber_cadence cadence);
bool subscriber_cadence_parse(const char *name, enum subscriber_cadence *cadence);

#define SUBSCRIBER_WAYS(X)                                                                         \
    X(SUBSCRIBER_BY_WEB, 0, "web")                                                                 \
    X(SUBSCRIBER_BY_MAIL, 1, "mail")                                                               \
    X(SUBSCRIBER_BY_CLI, 2, "cli")                                                                 \
    X(SUBSCRIBER_BY_IMPORT, 3, "import")                                                           \
    X(SUBSCRIBER_BY_ITSELF, 4, "system") /* time passed, a mail bounced */

enum subscriber_way { SUBSCRIBER_WAYS(SQL_NAMED_ENUMERATOR) };

const char *subscriber_way_name(enum subscriber_way way);

/* What is kept as proof with an event. All may be NULL. */
struct subscriber_proof {
    enum subscriber_way way;
    const char *wording;         /* exactly what the subscriber was shown */
    const char *wording_version; /* of the template it came from */
    const char *evidence;        /* where consent was given, in the newsroom's words */
    const char *network;         /* truncated by the caller to /24 or /48 */
};

enum {
    SUBSCRIBER_FEEDS_MAXIMUM = 100,    /* in one request */
    SUBSCRIBER_EVIDENCE_MAXIMUM = 2000 /* octets */
};

/* ---- to ask, to grant, to confirm (consent.c) ---- */

struct subscription_request {
    const char *address;      /* as typed */
    const char *const *feeds; /* ids; none: every feed that is open for sign-up */
    size_t feed_count;
    enum subscriber_cadence cadence;
    const char *language; /* NULL: the newsroom's */
    struct subscriber_proof proof;
};

enum subscriber_answer {
    SUBSCRIBER_ASKS_CONFIRMATION, /* a request waits, its mail is queued */
    SUBSCRIBER_ALREADY_FOLLOWS, /* confirmed, and nothing new was asked for; by web or mail the mail
                                   that says so is queued */
    SUBSCRIBER_RATE_LIMITED,    /* too many mails to this address lately: nothing happened */
    SUBSCRIBER_IS_CONFIRMED     /* granted */
};

struct subscriber_outcome {
    enum subscriber_answer answer;
    int64_t subscriber;
    int64_t request; /* 0: none made */
};

/* Mails that requests caused to one address (its rate limit key), at most; as many again with links
 * to a subscriber's data, which nobody but that subscriber can ask for. */
enum { SUBSCRIBER_MAILS_AN_HOUR = 4, SUBSCRIBER_MAILS_A_DAY = 10 };

#define SUBSCRIBER_REQUEST_MS (INT64_C(7) * 24 * 60 * 60 * 1000)
#define SUBSCRIBER_LINK_MS (INT64_C(60) * 60 * 1000)

/* Double opt-in: pending (or, for a confirmed subscriber, as before) with a request that waits 7
 * days, and its confirmation mail. ERROR_INPUT: malformed address, unknown feed. By web or mail,
 * feeds that are not open for sign-up are unknown too, and the domain of who is not known yet has a
 * dot.
 */
bool subscriber_subscribe(const struct subscriber_service *service,
                          const struct subscription_request *request,
                          struct subscriber_outcome *outcome, struct error *error);

/* Consent given elsewhere at consent_at: confirmed at once, no mail. ERROR_INPUT also without
 * evidence, and for who left, bounced or complained: then only a request of the subscriber's own
 * helps. */
bool subscriber_grant(const struct subscriber_service *service,
                      const struct subscription_request *request, int64_t consent_at,
                      struct subscriber_outcome *outcome, struct error *error);

enum subscriber_token_result {
    SUBSCRIBER_TOKEN_WORKED,  /* also when it was used before: twice is harmless */
    SUBSCRIBER_TOKEN_EXPIRED, /* ours, but too old or void: offer a new mail */
    SUBSCRIBER_TOKEN_NOT_OURS
};

/* Looks up what a confirmation token stands for, changing nothing: for the page with the button. */
struct subscriber_request {
    int64_t row_id;
    int64_t subscriber;
    const char *address;
    const char *language;
    const char *feeds; /* "a b" */
    enum subscriber_cadence cadence;
    int64_t created_at;
    int64_t expires_at;
    bool is_void;
    int64_t used_at;
};

bool subscriber_request_find(const struct subscriber_service *service, struct arena *arena,
                             int64_t row_id, struct subscriber_request **request,
                             struct error *error);

/* Confirms exactly what the request listed. By web or mail, the first confirmation queues the
 * welcome mail. outcome may be NULL. */
bool subscriber_confirm(const struct subscriber_service *service, const char *token,
                        const struct subscriber_proof *proof, enum subscriber_token_result *result,
                        struct subscriber_outcome *outcome, struct error *error);

/* ---- to change, to leave (unsubscribe.c) ---- */

/* Leaves everything: subscriptions go, requests are void, what is queued is suppressed. Harmless
 * when repeated. *known false: no such subscriber. */
bool subscriber_unsubscribe(const struct subscriber_service *service, int64_t subscriber_row_id,
                            const struct subscriber_proof *proof, bool *known, struct error *error);

/* A hard bounce or a complaint: SUBSCRIBER_BOUNCES or SUBSCRIBER_COMPLAINS. */
bool subscriber_deactivate(const struct subscriber_service *service, int64_t subscriber_row_id,
                           enum subscriber_event event, const struct subscriber_proof *proof,
                           struct error *error);

/* New feeds, cadences and language of a confirmed subscriber; feeds that are missing end. No feed
 * at all is ERROR_INPUT: that is leaving. Rows still queued are not taken back. */
struct subscriber_choice {
    const char *feed;
    enum subscriber_cadence cadence;
};

struct subscriber_preferences {
    const struct subscriber_choice *choices;
    size_t count;
    const char *language; /* NULL: as before */
};

bool subscriber_change(const struct subscriber_service *service, int64_t subscriber_row_id,
                       const struct subscriber_preferences *preferences,
                       const struct subscriber_proof *proof, struct error *error);

/* Pendings without a living request become expired, in small transactions. */
bool subscriber_expire(const struct subscriber_service *service, int64_t *count,
                       struct error *error);

/* ---- to be forgotten (erasure.c) ---- */

/* Erases the subscriber from every table and from the bytes of the store's files, and keeps a keyed
 * hash of the address that stops accidental re-import. *bytes_pending: a reader kept the journal
 * from being cut; the next erasing, or subscriber_retain(), makes up for it.
 * *known false: no such subscriber; the hash is kept all the same. */
bool subscriber_forget(const struct subscriber_service *service, const char *address, bool *known,
                       bool *bytes_pending, struct error *error);

/* A keyed hash of a folded address, which rows of mail that waits to be forwarded hold in place of
 * the writer's address: forgetting the subscriber finds them by it, and nobody can read the address
 * from it. */
void subscriber_writer(const struct token_keys *keys, const char *folded, struct hash *writer);

/* How long who is not mailed any more is kept: from the request that was never confirmed, and from
 * leaving. */
#define SUBSCRIBER_REQUEST_KEPT_MS (INT64_C(30) * 24 * 60 * 60 * 1000)
#define SUBSCRIBER_FORMER_KEPT_MS (INT64_C(730) * 24 * 60 * 60 * 1000)

struct subscriber_retention {
    int64_t subscribers; /* erased; of those who left a keyed hash stays */
    int64_t requests;    /* of those who stay, never used */
    bool more;           /* there is more to erase: call again */
    bool bytes_pending;  /* as with subscriber_forget() */
};

/* Erases who was kept long enough, in small transactions, a bounded number a call; cheap where
 * there is nothing to do. Counts are added to. */
bool subscriber_retain(const struct subscriber_service *service,
                       struct subscriber_retention *retention, struct error *error);

/* ---- links by mail (link.c) ---- */

/* What a subscriber may ask to be mailed a link to. */
enum subscriber_link {
    SUBSCRIBER_LINK_PREFERENCES, /* for ever; to who is confirmed alone */
    SUBSCRIBER_LINK_MY_DATA,     /* a request, good for SUBSCRIBER_LINK_MS */
    SUBSCRIBER_LINK_ERASE,       /* the same */
    SUBSCRIBER_LINK_UNSUBSCRIBE  /* how to leave; to who is confirmed alone, once in
                                    SUBSCRIBER_LINK_UNSUBSCRIBE_MS */
};

#define SUBSCRIBER_LINK_UNSUBSCRIBE_MS (INT64_C(7) * 24 * 60 * 60 * 1000)

/* Queues the mail, unless the subscriber is not known, may not have it, or had too many lately:
 * *is_queued says. Joins the caller's transaction. */
bool subscriber_mail_link(const struct subscriber_service *service, int64_t subscriber_row_id,
                          enum subscriber_link link, bool *is_queued, struct error *error);

/* SUBSCRIBER_LINK_PREFERENCES to who is known by any form of the address. ERROR_INPUT: malformed.
 */
bool subscriber_mail_link_to(const struct subscriber_service *service, const char *address,
                             bool *is_queued, struct error *error);

/* To who answered a confirmation mail with something that is no yes: how to say it. Once a request,
 * while it waits, and within the rate limit: *is_queued says. Joins the caller's transaction. */
bool subscriber_mail_hint(const struct subscriber_service *service, int64_t request,
                          bool *is_queued, struct error *error);

/* ---- what there is (subscriber_store.c) ---- */

struct subscriber_subscription {
    const char *feed;
    enum subscriber_cadence cadence;
    bool is_active; /* else pending: it waits for a request */
    int64_t since_at;
    struct subscriber_subscription *next;
};

struct subscriber_event_row {
    int64_t at;
    enum subscriber_event event;
    const char *feeds;   /* "a b" */
    const char *cadence; /* "" where it does not apply */
    const char *language;
    int64_t consent_at; /* granted: when consent was given */
    struct subscriber_proof proof;
    struct subscriber_event_row *next;
};

struct subscriber_request_row {
    int64_t created_at;
    int64_t expires_at;
    int64_t used_at;   /* INSTANT_NONE: not */
    int64_t voided_at; /* the same */
    enum subscriber_cadence cadence;
    const char *language;
    const char *feeds; /* "a b"; "" for a link to data or erasure */
    struct subscriber_request_row *next;
};

struct subscriber {
    int64_t row_id;
    const char *address; /* as typed */
    const char *language;
    enum subscriber_state state;
    int64_t created_at;
    int64_t changed_at;                            /* of the state */
    struct subscriber_subscription *subscriptions; /* by feed */
    struct subscriber_event_row *events;           /* oldest first; subscriber_find_* only */
    struct subscriber_request_row *requests;       /* the same */
};

/* By any form of the address. NULL and *failed false: not known. ERROR_INPUT: malformed. */
struct subscriber *subscriber_find(struct database *database, struct arena *arena,
                                   const char *address, bool *failed, struct error *error);
struct subscriber *subscriber_find_by_row_id(struct database *database, struct arena *arena,
                                             int64_t row_id, bool *failed, struct error *error);

/* All subscribers of a state (SUBSCRIBER_NONE: of every state) in the order of folded addresses,
 * with their subscriptions and without their events. Rows are read in pages, and nothing is held
 * open between two of them: who is added meanwhile may be met or not, and nobody is met twice.
 *
 *     subscriber_cursor_open(&cursor, database, state);
 *     while (subscriber_cursor_next(&cursor, &subscriber, error))
 *         …
 *     if (!subscriber_cursor_close(&cursor))
 *         return false;
 */
struct subscriber_cursor {
    struct database *database;
    enum subscriber_state state;
    struct arena arena; /* of the page */
    struct subscriber *rows;
    size_t count;
    size_t next;
    const char *last_folded; /* of the page before; in its arena */
    bool is_last_page;
    bool has_failed;
};

void subscriber_cursor_open(struct subscriber_cursor *cursor, struct database *database,
                            enum subscriber_state state);

/* *subscriber lives until the next call. False at the end and on failure. */
bool subscriber_cursor_next(struct subscriber_cursor *cursor, const struct subscriber **subscriber,
                            struct error *error);

/* Releases; false where reading failed, with the error of subscriber_cursor_next(). */
bool subscriber_cursor_close(struct subscriber_cursor *cursor) __attribute__((warn_unused_result));

/* counts[state], [0] is 0. */
bool subscriber_count(struct database *database, int64_t counts[SUBSCRIBER_STATE_COUNT],
                      struct error *error);

#endif
