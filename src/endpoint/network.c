/* SPDX-License-Identifier: MIT */
#include "endpoint/network.h"

#include "base/arena.h"
#include "base/error.h"
#include "feed/feed.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static const unsigned char mapped_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool network_is_ipv4(const struct network_address *address)
{
    return memcmp(address->bytes, mapped_prefix, sizeof mapped_prefix) == 0;
}

static bool parse_number(const char *string, struct network_address *address)
{
    if (strchr(string, ':'))
        return inet_pton(AF_INET6, string, address->bytes) == 1;
    memcpy(address->bytes, mapped_prefix, sizeof mapped_prefix);
    return inet_pton(AF_INET, string, address->bytes + sizeof mapped_prefix) == 1;
}

bool network_parse(const char *string, size_t length, struct network_address *address)
{
    char number[INET6_ADDRSTRLEN];
    const char *colon = memchr(string, ':', length);
    if (length && *string == '[') {
        const char *bracket = memchr(string, ']', length);
        if (!bracket)
            return false;
        string++;
        length = (size_t)(bracket - string);
    } else if (colon && !memchr(colon + 1, ':', length - (size_t)(colon + 1 - string))) {
        length = (size_t)(colon - string); /* one colon: a port behind an IPv4 address */
    }
    if (length == 0 || length >= sizeof number)
        return false;
    memcpy(number, string, length);
    number[length] = '\0';
    return parse_number(number, address);
}

bool network_from_socket(const struct sockaddr *socket_address, struct network_address *address)
{
    if (socket_address->sa_family == AF_INET) {
        struct sockaddr_in ipv4;
        memcpy(&ipv4, socket_address, sizeof ipv4);
        memcpy(address->bytes, mapped_prefix, sizeof mapped_prefix);
        memcpy(address->bytes + sizeof mapped_prefix, &ipv4.sin_addr, 4);
        return true;
    }
    if (socket_address->sa_family == AF_INET6) {
        struct sockaddr_in6 ipv6;
        memcpy(&ipv6, socket_address, sizeof ipv6);
        memcpy(address->bytes, &ipv6.sin6_addr, sizeof address->bytes);
        return true;
    }
    return false;
}

static bool parse_block(const char *name, struct network_block *block)
{
    const char *slash = strchr(name, '/');
    size_t length = slash ? (size_t)(slash - name) : strlen(name);
    if (!network_parse(name, length, &block->address))
        return false;
    unsigned offset = network_is_ipv4(&block->address) ? 96 : 0;
    block->bits = 128;
    if (!slash)
        return true;
    unsigned bits = 0;
    const char *cursor = slash + 1;
    for (; *cursor >= '0' && *cursor <= '9' && bits <= 128; cursor++)
        bits = bits * 10 + (unsigned)(*cursor - '0');
    block->bits = offset + bits;
    return *cursor == '\0' && cursor != slash + 1 && block->bits <= 128;
}

bool network_proxies_parse(struct arena *arena, const struct feed_name *names,
                           struct network_proxies *proxies, struct error *error)
{
    size_t count = 0;
    for (const struct feed_name *name = names; name; name = name->next)
        count++;
    struct network_block *blocks = arena_allocate_array(arena, count + 1, sizeof *blocks);
    *proxies = (struct network_proxies){ .blocks = blocks };
    for (const struct feed_name *name = names; name; name = name->next)
        if (!parse_block(name->name, &blocks[proxies->count++]))
            return error_set(error, ERROR_USAGE,
                             "serve.trusted_proxies: \"%.60s\" is no address" ERROR_ADVICE
                             "write 127.0.0.1 or "
                             "10.0.0.0/8",
                             name->name);
    return true;
}

static bool block_covers(const struct network_block *block, const struct network_address *address)
{
    unsigned whole = block->bits / 8;
    unsigned rest = block->bits % 8;
    if (memcmp(block->address.bytes, address->bytes, whole) != 0)
        return false;
    return rest == 0 || ((block->address.bytes[whole] ^ address->bytes[whole]) >> (8 - rest)) == 0;
}

bool network_proxies_cover(const struct network_proxies *proxies,
                           const struct network_address *address)
{
    for (size_t i = 0; i < proxies->count; i++)
        if (block_covers(&proxies->blocks[i], address))
            return true;
    return false;
}

void network_client(const struct network_address *address, unsigned char bytes[16])
{
    memcpy(bytes, address->bytes, sizeof address->bytes);
    if (!network_is_ipv4(address))
        memset(bytes + 8, 0, 8);
}

void network_resolve(const struct network_proxies *proxies, const char *forwarded_for,
                     struct network_address *address)
{
    size_t end = forwarded_for ? strlen(forwarded_for) : 0;
    for (int i = 0; i < NETWORK_FORWARDED_MAXIMUM && end > 0; i++) {
        struct network_address next;
        if (!network_proxies_cover(proxies, address))
            return;
        size_t start = end;
        while (start > 0 && forwarded_for[start - 1] != ',')
            start--;
        size_t first = start + strspn(forwarded_for + start, " \t");
        size_t last = end;
        while (last > first && strchr(" \t", forwarded_for[last - 1]))
            last--;
        if (first > last || !network_parse(forwarded_for + first, last - first, &next))
            return;
        *address = next;
        end = start ? start - 1 : 0;
    }
}

void network_truncate(struct network_address *address, char text[NETWORK_TEXT_SIZE])
{
    char number[INET6_ADDRSTRLEN] = "";
    if (network_is_ipv4(address)) {
        address->bytes[15] = 0;
        (void)inet_ntop(AF_INET, address->bytes + sizeof mapped_prefix, number, sizeof number);
        (void)snprintf(text, NETWORK_TEXT_SIZE, "%s/24", number);
        return;
    }
    memset(address->bytes + 6, 0, sizeof address->bytes - 6);
    (void)inet_ntop(AF_INET6, address->bytes, number, sizeof number);
    (void)snprintf(text, NETWORK_TEXT_SIZE, "%s/48", number);
}
