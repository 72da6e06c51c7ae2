/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_URL_H
#define CONFIG_URL_H

#include <stdbool.h>

struct arena;
struct error;

/* Inside config/ only: an address of a server as a person writes it, taken apart (RFC 3986, without
 * query and fragment). */
struct config_url {
    const char *scheme; /* lower case */
    const char *user;   /* NULL: none */
    const char *host;   /* A-labels in lower case, or an IP address (IPv6 in brackets) */
    const char *port;   /* NULL: none */
    const char *path;   /* "" or begins with a slash */
    bool is_address;    /* the host is an IP address */
    bool is_loopback;   /* 127.0.0.0/8, [::1] or localhost */
};

/* beginnings: what it must begin with, "smtp:// or smtps://"; only there for the sentence, which
 * schemes are taken is for the caller. ERROR_USAGE says what is wrong, to be put behind the key's
 * name. */
bool config_url_parse(struct arena *arena, const char *string, const char *beginnings,
                      struct config_url *url, struct error *error);

/* The same for the address of a web page: https or http, and no user. */
bool config_web_url_parse(struct arena *arena, const char *string, struct config_url *url,
                          struct error *error);

/* SCHEME://[USER@]HOST[:PORT]PATH */
const char *config_url_write(struct arena *arena, const struct config_url *url);

/* "127.0.0.1:8080", "[::1]:8080": an address to listen on. */
bool config_listen_is_valid(const char *string);

/* An IPv4 or IPv6 address (without brackets), or a network: "10.0.0.0/8". */
bool config_network_is_valid(const char *string);

#endif
