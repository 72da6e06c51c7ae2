/* SPDX-License-Identifier: MIT */
#include "inbound/own_address.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "inbound/inbound.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The first ones are the bases of addresses that we make. */
enum { OWN_MADE = 2 };

static const struct address *parse(struct arena *arena, const char *address)
{
    struct error ignored;
    return address ? address_parse(arena, address, strlen(address), &ignored) : NULL;
}

void own_addresses_init(struct own_addresses *own, struct arena *arena,
                        const struct inbound_settings *settings)
{
    const char *const bases[OWN_BASES] = { settings->replies, settings->bounces, settings->from,
                                           settings->inbox_address };
    own->delimiter = settings->delimiter[0];
    for (int i = 0; i < OWN_BASES; i++)
        own->bases[i] = parse(arena, bases[i]);
}

/* Whether something stands behind the delimiter. */
static bool is_extended(const struct own_addresses *own, const struct address *base,
                        const char *local)
{
    size_t length = strlen(base->local);
    return strncasecmp(base->local, local, length) == 0 && local[length] == own->delimiter;
}

enum own_address own_address(const struct own_addresses *own, struct arena *arena,
                             const char *address)
{
    enum own_address found = OWN_NOT;
    const struct address *parsed = parse(arena, address);
    const char *at = address ? strrchr(address, '@') : NULL;
    if (!at)
        return OWN_NOT;
    const char *domain = parsed ? parsed->domain : at + 1;
    const char *local = parsed ? parsed->local : address;
    for (int i = 0; i < OWN_BASES; i++) {
        const struct address *base = own->bases[i];
        if (!base || strcasecmp(base->domain, domain) != 0)
            continue;
        bool has_extension = is_extended(own, base, local);
        if (has_extension && i < OWN_MADE)
            return OWN_WRITTEN;
        if (has_extension || (parsed && strcmp(base->folded, parsed->folded) == 0))
            found = OWN_READ;
    }
    return found;
}
