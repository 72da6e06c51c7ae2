/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_LISTENER_H
#define ENDPOINT_LISTENER_H

struct error;

/* Inside endpoint/ only: a socket that listens at "127.0.0.1:8080", "[::1]:8080", "localhost:8080"
 * or ":8080" (every address); port 0: any that is free. -1 and ERROR_USAGE for what is no such
 * address or is in use. key: the configuration's name for it. The caller closes. */
int listener_open(const char *address, const char *key, struct error *error);

/* The port that it really listens at. */
unsigned listener_port(int socket_descriptor);

#endif
