/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "database/database.h"
#include "queue/receiver_state.h"

#include <stdio.h>
#include <string.h>

void receiver_domain_of(const char *address, char domain[ADDRESS_GROUP_SIZE])
{
    /* The last one, as a quoted local part may hold others. */
    const char *at = strrchr(address, '@');
    size_t used = 0;
    for (at = at ? at + 1 : address; *at && used + 1 < ADDRESS_GROUP_SIZE; at++)
        domain[used++] = *at >= 'A' && *at <= 'Z' ? (char)(*at + ('a' - 'A')) : *at;
    domain[used] = '\0';
}

/* The table of providers first, because it costs no query; what bounces told counts only once so
 * many domains agree, since anybody can write one. */
bool queue_receiver_group(struct database *database, const char *address,
                          char group[ADDRESS_GROUP_SIZE], struct error *error)
{
    bool found = false;
    char domain[ADDRESS_GROUP_SIZE];
    receiver_domain_of(address, domain);
    address_group(domain, group);
    if (strcmp(domain, group) != 0) /* of a provider by the table */
        return true;
    struct statement *statement = database_prepare(
        database,
        "SELECT k.receiver FROM receiver_domain k WHERE k.domain = $1 AND (SELECT count(*) FROM"
        " (SELECT 1 FROM receiver_domain d WHERE d.receiver = k.receiver LIMIT $2) AS some) = $2",
        error);
    statement_bind_text(statement, 1, domain);
    statement_bind_integer(statement, 2, RECEIVER_DOMAINS_TO_LEARN);
    if (!statement_find(statement, &found, error))
        return false;
    if (found)
        (void)snprintf(group, ADDRESS_GROUP_SIZE, "%s", statement_text(statement, 0));
    statement_reset(statement);
    return true;
}
