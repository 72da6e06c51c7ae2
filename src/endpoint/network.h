/* SPDX-License-Identifier: MIT */
#ifndef ENDPOINT_NETWORK_H
#define ENDPOINT_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct feed_name;
struct sockaddr;

/* Inside endpoint/ only: who asks, as far as we want to know: the network a request came from,
 * never the address. */
struct network_address {
    unsigned char bytes[16]; /* IPv4 as ::ffff:a.b.c.d */
};

struct network_block {
    struct network_address address;
    unsigned bits;
};

/* The proxies whose X-Forwarded-For is believed. */
struct network_proxies {
    const struct network_block *blocks;
    size_t count;
};

enum { NETWORK_TEXT_SIZE = 64, NETWORK_FORWARDED_MAXIMUM = 20 };

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]:1234", "192.0.2.1:1234": what proxies write. */
bool network_parse(const char *string, size_t length, struct network_address *address);

bool network_is_ipv4(const struct network_address *address);

bool network_from_socket(const struct sockaddr *socket_address, struct network_address *address);

/* "127.0.0.1", "10.0.0.0/8", "fd00::/8". ERROR_USAGE names the one that is none. */
bool network_proxies_parse(struct arena *arena, const struct feed_name *names,
                           struct network_proxies *proxies, struct error *error);

bool network_proxies_cover(const struct network_proxies *proxies,
                           const struct network_address *address);

/* Whose connections are counted together: the address, of IPv6 its /64. */
void network_client(const struct network_address *address, unsigned char bytes[16]);

/* Replaces *address, that of the connection, by the one it speaks for: while it is a trusted
 * proxy's, the last in forwarded_for (NULL: none) not looked at yet, from the right; at most
 * NETWORK_FORWARDED_MAXIMUM. What stands left of an untrusted address is hearsay. */
void network_resolve(const struct network_proxies *proxies, const char *forwarded_for,
                     struct network_address *address);

/* Cuts it to /24 (IPv4) or /48 and writes it: "192.0.2.0/24", "2001:db8:1::/48". */
void network_truncate(struct network_address *address, char text[NETWORK_TEXT_SIZE]);

#endif
