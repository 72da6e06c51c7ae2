/* SPDX-License-Identifier: MIT */
/* What a newsroom keeps for ever, also when newsroom.yaml changes later. */
#include "config/config.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "config/url.h"
#include "database/database.h"
#include "intake/intake.h"
#include "release/release_store.h"

#include <string.h>

/* Who mints tag: addresses (RFC 4151): the site's host name, or where that is a number, the
 * sender's domain. */
static const char *tag_authority(const struct config *config, struct arena *arena)
{
    struct config_url url;
    struct error error;
    if (config_web_url_parse(arena, config->newsroom.site_url, &url, &error) && !url.is_address &&
        !url.is_loopback)
        return url.host;
    return strrchr(config->mail.from_address, '@') + 1;
}

static bool keep(struct database *database, struct arena *arena, const char *name,
                 const char *wanted, const char **value, struct error *error)
{
    if (!newsroom_value_once(database, arena, name, NULL, value, error))
        return false;
    if (*value)
        return true;
    *value = wanted;
    if (database_is_read_only(database))
        return true;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        newsroom_value_once(database, arena, name, wanted, value, error), error);
    return transaction.is_done;
}

bool config_complete(struct config *config, struct database *database, struct arena *arena,
                     const struct clock *clock, struct error *error)
{
    int64_t year;
    int month;
    int day;
    civil_from_days(clock_now(clock) / DURATION_DAY, &year, &month, &day);
    const char *date = arena_format(arena, "%04d-%02d-%02d", (int)year, month, day);
    const char *authority = tag_authority(config, arena);
    const char *known = NULL;
    if (!newsroom_value_once(database, arena, "tag.date", NULL, &known, error))
        return false;
    if (!known && config->public_path) /* a new store beside old pages goes on with their ids */
        (void)intake_public_tag(config->public_path, arena, &authority, &date);
    return keep(database, arena, "tag.authority", authority, &config->newsroom.tag_authority,
                error) &&
           keep(database, arena, "tag.date", date, &config->newsroom.tag_date, error) &&
           keep(database, arena, "list_id", config->list_id_wanted, &config->mail.list_id, error);
}
