/* SPDX-License-Identifier: MIT */
#ifndef ADDRESS_GROUP_H
#define ADDRESS_GROUP_H

#include <stddef.h>

/* Who takes in an address's mail. A refusal that is meant for us as the sender holds for all
 * addresses whose mail the same one takes in. That is the domain, or a great provider, named by its
 * first domain ("outlook.com" for hotmail.dk too), by a table of their domains and of the hosts
 * that take their mail. */
enum { ADDRESS_GROUP_SIZE = 256 };

/* Of an address, in lower case; a domain alone is taken too. */
void address_group(const char *address, char group[ADDRESS_GROUP_SIZE]);

/* The great provider whose host that is ("x.mail.protection.outlook.com"); NULL: none. */
const char *address_group_of_host(const char *host);

/* Words of a server for keeping: in text, what stands before an @ becomes an ellipsis, so that
 * nobody is named. Writes at most size bytes, with the end. */
void address_redact(const char *text, char *redacted, size_t size);

#endif
