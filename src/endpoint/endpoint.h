/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "database/database.h"

struct arena;
struct clock;
struct error;
struct feed;
struct feed_name;
struct json_t;
struct newsroom;
struct random;
struct status_page_settings;
struct strings;
struct subscriber;
struct template_set;
struct token_keys;
struct zone;

/* The HTTP server behind `pressroom serve`: public/ as it lies there, and the addresses
 * subscribe, confirm, unsubscribe, preferences, preview, status and healthz; /metrics on a listener
 * of its own.
 *
 * Two threads (epoll) take requests, answer files and pages that need no database,
 * and never wait. Whatever reads or writes the database is a job in a bounded queue of one further
 * thread, the request worker, which owns the database connection; the connection sleeps until its
 * job is done. So a slow commit, or another process that writes, holds up no reader of a feed; and
 * because the worker takes all sign-ups that wait in one transaction, a rush costs one commit a
 * tick instead of one a person.
 *
 * An answer to a sign-up leaves only when the request is durable, and at a fixed time after it came
 * (then in steps of that time), so that its time tells nobody whether the address was known. */
struct endpoint;

/* What a stranger may cost us. 0 means the default behind each. */
struct endpoint_limits {
    unsigned connections; /* open at once: 1000 */
    unsigned
        client_connections;     /* of one address (IPv6: /64) but a trusted proxy's: 64; new ones */
    unsigned client_burst;      /* of it: 128 at once, */
    unsigned client_per_second; /* and then 40 a second; what passes it is closed at once */
    unsigned timeout_seconds;   /* without a byte, either way: 15 */
    unsigned request_seconds;   /* for a request to arrive whole: 60 */
    unsigned jobs;              /* waiting for the request worker: 1024; then 503 */
    unsigned network_burst;     /* requests that cause mail, and as many for pages of a subscriber's
                                   data, of one network (/24, /48): 30 at once, */
    unsigned network_per_hour;  /* 120 an hour; of one /32 of IPv6 twenty times that */
    unsigned all_burst;         /* of all networks, 2000 at once, */
    unsigned all_per_hour;      /* 20000 an hour; past that */
    unsigned crowded_per_hour;  /* of each network 4, at once or in an hour */
    unsigned answer_milliseconds; /* to a sign-up: 100 */
};

/* All borrowed until endpoint_close(). Filled by cli/ from the configuration. */
struct endpoint_settings {
    const char *listen;  /* "127.0.0.1:8080", "[::1]:8080", ":8080" (every address); port 0: any */
    const char *metrics; /* the same; NULL: none */
    const struct feed_name *trusted_proxies; /* addresses, or networks ("10.0.0.0/8"), whose
                                                X-Forwarded-For is believed */
    const char *public_path;
    const struct newsroom *newsroom;
    const struct feed *feeds;
    const struct template_set *templates;
    struct hash templates_hash;    /* part of wording_version in events */
    const struct strings *strings; /* opened, since threads share them: strings_open() */
    const struct status_page_settings *status_page; /* NULL: it is not on the web */
    const char *style; /* style.css: for pages where public/ lies elsewhere */
    size_t style_length;
    const char *sender;                /* mail.from, the address alone; NULL */
    const char *signup_address;        /* for who would rather write; NULL */
    bool signup_by_machine;            /* that address is "svar+subscribe@…" */
    struct database_settings database; /* opened once more; migrated by the caller */
    const struct token_keys *keys;
    const struct clock *clock;
    struct random *random; /* the request worker's alone */
    /* Called once when every address is listened at, before a byte of a stranger is read; false:
     * nobody is served. NULL: nothing. */
    bool (*before_serving)(struct error *error);
    struct endpoint_limits limits;
};

/* Listens and serves when it returns. NULL and ERROR_USAGE for an address that cannot be listened
 * at, the error of settings.before_serving, ERROR_SYSTEM otherwise. Threads inherit the caller's
 * signal mask: block what the caller waits for before. */
struct endpoint *endpoint_open(const struct endpoint_settings *settings, struct error *error)
    __attribute__((warn_unused_result));

/* Serves settings.metrics too, where it is set. On failure all else is served as before. */
bool endpoint_open_metrics(struct endpoint *endpoint, struct error *error);

/* Ports really listened at; metrics 0: none. */
unsigned endpoint_port(const struct endpoint *endpoint);
unsigned endpoint_metrics_port(const struct endpoint *endpoint);

/* Takes no new connection, ends what was begun, closes all. Takes NULL. */
void endpoint_close(struct endpoint *endpoint);

/* All that is kept of a person, as `subscriber show --json` prints it and as the person can fetch
 * it: address, state, feeds, requests, every event with its proof, every mail, what came back and
 * what it amounts to at now_at. Times in zone; NULL: UTC. New, the caller's; NULL: *error. */
struct json_t *subscriber_document(struct database *database, struct arena *arena,
                                   const struct zone *zone, int64_t now_at,
                                   const struct subscriber *subscriber, struct error *error);

#endif
