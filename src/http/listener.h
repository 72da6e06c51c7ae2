/* SPDX-License-Identifier: MIT */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

struct error;

/* A socket that listens at "127.0.0.1:8080", "[::1]:8080", "localhost:8080" or ":8080" (every
 * address); port 0: any that is free. -1 and ERROR_USAGE for what is no such address or is in use.
 * key: what it is called where it was set. The caller closes. */
int listener_open(const char *address, const char *key, struct error *error);

/* The port that it really listens at. */
unsigned listener_port(int socket_descriptor);

#endif
