/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_HANDLER_H
#define ENDPOINT_HANDLER_H

#include "endpoint/counters.h"
#include "endpoint/network.h"
#include "http/http.h"

#include <stdatomic.h>

struct request_worker;
struct endpoint_settings;
struct error;
struct pages;
struct public_files;
struct rate;
struct suggestions;

/* Inside endpoint/ only: what the servers' threads share. Nothing in it changes while they run but
 * what guards itself. */
struct handler {
    const struct endpoint_settings *settings;
    struct public_files *files;
    struct pages *pages;
    struct request_worker *worker;
    struct rate *mail_rate; /* sign-ups and links asked for by an address */
    /* Links that show or erase a subscriber's data are counted apart, because many sign-ups from a
     * network must not keep others there from their data. */
    struct rate *data_rate;
    struct suggestions *suggestions;
    struct counters counters;
    struct network_proxies proxies;
    atomic_bool has_warned_of_proxy;
    const char *content_security_policy;
    const char *endpoint_prefix; /* path of site.endpoint, "/" at least */
    const char *site_prefix;     /* path of site.url */
    const char *style_path;
    struct http_response *style; /* for pages where public/ has none */
    struct http_response *alive;
};

/* What each server calls; payload is the struct handler. */
void handler_fill(struct handler *handler, struct http_handler *callbacks);
void handler_fill_metrics(struct handler *handler, struct http_handler *callbacks);

#endif
