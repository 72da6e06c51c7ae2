/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_HANDLER_H
#define ENDPOINT_HANDLER_H

#include <microhttpd.h>

#include "endpoint/counters.h"
#include "endpoint/network.h"

struct desk;
struct endpoint_settings;
struct error;
struct pages;
struct public_files;
struct rate;

/* What libmicrohttpd's threads share; nothing in it changes while they run but what guards itself.
 */
struct handler {
    const struct endpoint_settings *settings;
    struct public_files *files;
    struct pages *pages;
    struct desk *desk;
    struct rate *rate;
    struct counters counters;
    struct network_proxies proxies;
    const char *content_security_policy;
    const char *endpoint_prefix; /* path of site.endpoint, "/" at least */
    const char *site_prefix;     /* path of site.url */
    const char *style_path;
    struct MHD_Response *style; /* for pages where public/ has none */
    struct MHD_Response *alive;
};

/* The two daemons' access handlers; the payload is the struct handler. */
/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd's signature */
enum MHD_Result handler_access(void *payload, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *upload_data,
                               size_t *upload_data_size, void **slot);
/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd's signature */
enum MHD_Result handler_access_metrics(void *payload, struct MHD_Connection *connection,
                                       const char *url, const char *method, const char *version,
                                       const char *upload_data, size_t *upload_data_size,
                                       void **slot);

/* Behind each request, however it ended. */
void handler_completed(void *payload, struct MHD_Connection *connection, void **slot,
                       enum MHD_RequestTerminationCode code);

#endif
