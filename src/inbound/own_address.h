/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_OWN_ADDRESS_H
#define INBOUND_OWN_ADDRESS_H

struct address;
struct arena;
struct inbound_settings;

/* Inside inbound/ only: whether an address is one of the newsroom's own. */

enum own_address {
    OWN_NOT,
    OWN_READ,   /* the mailbox reads what goes there; people may write from it */
    OWN_WRITTEN /* with what we put behind the delimiter: nobody but we writes from it */
};

enum { OWN_BASES = 4 };

struct own_addresses {
    const struct address *bases[OWN_BASES]; /* NULL: not known */
    char delimiter;
};

/* Lives in arena. */
void own_addresses_init(struct own_addresses *own, struct arena *arena,
                        const struct inbound_settings *settings);

/* address may be NULL. One that is too long, which no server takes, counts by its looks. */
enum own_address own_address(const struct own_addresses *own, struct arena *arena,
                             const char *address);

#endif
