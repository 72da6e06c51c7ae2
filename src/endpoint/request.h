/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_REQUEST_H
#define ENDPOINT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address/token.h"
#include "base/arena.h"
#include "base/string_builder.h"
#include "endpoint/form.h"
#include "endpoint/network.h"

struct http_exchange;
struct subscription_request;

/* Inside endpoint/ only: one request for a page of ours, from its first byte to its answer. Files
 * are answered without one. */
enum request_route {
    REQUEST_NONE, /* a file of public/ */
    REQUEST_SUBSCRIBE,
    REQUEST_CONFIRM,
    REQUEST_UNSUBSCRIBE,
    REQUEST_PREFERENCES,
    REQUEST_PREVIEW,
    REQUEST_STATUS,
    REQUEST_HEALTH,
    REQUEST_METRICS
};

/* What goes back. */
struct answer {
    unsigned status;       /* 0: none yet */
    const char *type;      /* NULL: a page */
    const char *file_name; /* to be saved under; NULL: to be shown */
    bool is_retry_later;   /* has Retry-After */
    const char *policy;    /* Content-Security-Policy; NULL: that of our pages */
    int file;              /* open, sent in place of the body; -1: none */
    uint64_t file_length;
    struct string_builder body;
};

/* A token and what may hang on to it; what is longer is none of ours. */
enum { REQUEST_PAGE_MAXIMUM = 1024 * 1024, REQUEST_TOKEN_SIZE = 80 };

/* What an address asks for. */
struct request_target {
    enum request_route route;
    char token[REQUEST_TOKEN_SIZE]; /* "": none */
    unsigned depth;                 /* folders, as a browser sees them, below site.endpoint */
};

struct request {
    struct arena arena;
    struct http_exchange *exchange; /* suspended while the worker has the request */
    enum request_route route;
    bool is_post;
    bool is_malformed;          /* body or query; answered with 400 */
    bool is_submitted;          /* the request worker has, or had it */
    bool is_delayed;            /* its answer is ready, and leaves at due_ms */
    const char *token;          /* "": none */
    unsigned depth;             /* of request_target */
    enum token_purpose purpose; /* of the token, once it was found to be ours */
    int64_t row_id;             /* that the token names */
    const struct subscription_request
        *subscription_request;      /* a sign-up to be committed; NULL: none */
    const char *suggestion;         /* what the address sent was probably meant to be: the page
                                 asks; NULL: nothing to ask */
    const char *link_address;       /* whose preferences link is wanted; NULL: none */
    const char *language;           /* of the page, where the request names one: a language that
                                       pages have, NULL: none named */
    const char *fallback_language;  /* by Accept-Language, else the newsroom's; never NULL */
    struct network_address network; /* truncated */
    char network_text[NETWORK_TEXT_SIZE];
    struct form query;
    struct form form;
    struct answer answer;
    int64_t arrived_ms; /* CLOCK_MONOTONIC */
    int64_t due_ms;     /* the answer leaves no earlier; 0: at once */
    struct request *next;
};

struct request *request_new(void);

/* Takes NULL. */
void request_free(struct request *request);

/* Which of our addresses path is ("/confirm/TOKEN"). prefix: the path of site.endpoint ("/press/"),
 * which a proxy may have taken away or left; ends in a slash. Who copies a link out of a mail, or a
 * program that makes one of it, takes along what stands behind it (a full stop, a bracket, "&gt;")
 * and may write letters as %XX: what is no letter or digit behind a token is forgiven. */
void request_target_read(const char *path, const char *prefix, struct request_target *target);

/* The value of that name in the body, else in the address; NULL: none. */
const char *request_value(const struct request *request, const char *name);

#endif
