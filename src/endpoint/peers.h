/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_PEERS_H
#define ENDPOINT_PEERS_H

#include <microhttpd.h>
#include <stdint.h>

/* The open connections, and since when each has been sending its request. libmicrohttpd ends
 * connections on which nothing happens; one that sends a byte now and then it would keep for ever.
 */
struct peers;

/* limit_ms: how long a request may take to arrive whole. Starts a thread that looks now and then.
 */
struct peers *peers_open(int64_t limit_ms);

/* Behind the daemons' end. Takes NULL. */
void peers_close(struct peers *peers);

/* MHD_NotifyConnectionCallback; the payload is the struct peers. */
void peers_notify(void *payload, struct MHD_Connection *connection, void **socket_context,
                  enum MHD_ConnectionNotificationCode code);

/* The request has arrived: its answer may take as long as it takes. */
void peers_arrived(struct MHD_Connection *connection);

/* The answer has left: the next request may come. */
void peers_answered(struct MHD_Connection *connection);

#endif
