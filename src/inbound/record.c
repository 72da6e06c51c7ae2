/* SPDX-License-Identifier: MIT */
#include "inbound/record.h"

#include "base/clock.h"
#include "database/database.h"

#define PLACE_KEPT_MS (90 * DURATION_DAY)
#define MESSAGE_KEPT_MS (730 * DURATION_DAY)

/* ---- hashes ---- */

void place_hash(const char *mailbox_name, const char *key, struct hash *hash)
{
    struct hash_state state;
    hash_init(&state);
    hash_update_string(&state, mailbox_name);
    hash_update_string(&state, key);
    hash_final(&state, hash);
}

/* ---- messages ---- */

/* A message in an mbox is never removed, so its record is renewed whenever it is met: when it
 * expired, the message would be handled again. */
static bool message_touch(struct database *database, const struct message_record *record,
                          struct error *error)
{
    struct statement *statement = database_prepare(
        database, "UPDATE inbound_message SET at = $2 WHERE hash = $1 AND at < $2", error);
    statement_bind_bytes(statement, 1, record->hash.bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, record->at);
    return statement_run(statement, error);
}

bool message_record(struct database *database, const struct message_record *record, bool *is_new,
                    struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO inbound_message (hash, at, effect, subscriber, announcement)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (hash) DO NOTHING",
        error);
    statement_bind_bytes(statement, 1, record->hash.bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, record->at);
    statement_bind_integer(statement, 3, record->effect);
    statement_bind_instant(statement, 4, record->subscriber);
    statement_bind_instant(statement, 5, record->announcement);
    if (!statement_run(statement, error))
        return false;
    *is_new = database_changes(database) > 0;
    return *is_new || message_touch(database, record, error);
}

bool message_known(struct database *database, const struct hash *hash, bool *is_known,
                   struct error *error)
{
    struct statement *statement = database_prepare(
        database, "SELECT 1 FROM inbound_message WHERE hash = $1", error);
    statement_bind_bytes(statement, 1, hash->bytes, HASH_SIZE);
    if (!statement_find(statement, is_known, error))
        return false;
    statement_reset(statement);
    return true;
}

/* ---- places ---- */

bool place_load(struct database *database, const struct hash *hash, struct place *place,
                struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT is_done, at, why FROM inbound_place WHERE hash = $1", error);
    statement_bind_bytes(statement, 1, hash->bytes, HASH_SIZE);
    if (!statement_find(statement, &found, error))
        return false;
    *place = (struct place){ .state = PLACE_UNKNOWN };
    if (found) {
        int64_t why = statement_integer(statement, 2);
        place->state = statement_integer(statement, 0) ? PLACE_DONE : PLACE_LEFT;
        place->at = statement_integer(statement, 1);
        place->why = why > 0 && why < LEFT_COUNT ? (enum inbound_left)why : LEFT_NOT;
    }
    statement_reset(statement);
    return true;
}

bool place_find(struct database *database, const struct hash *hash, enum place_state *state,
                struct error *error)
{
    struct place place;
    if (!place_load(database, hash, &place, error))
        return false;
    *state = place.state;
    return true;
}

bool place_record(struct database *database, const struct hash *hash, enum inbound_left why,
                  int64_t now_at, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO inbound_place (hash, at, is_done, why) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (hash) DO UPDATE SET at = excluded.at, is_done = excluded.is_done,"
        " why = excluded.why",
        error);
    statement_bind_bytes(statement, 1, hash->bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, why == LEFT_NOT);
    statement_bind_integer(statement, 4, why);
    return statement_run(statement, error);
}

/* ---- forgetting ---- */

static bool delete_before(struct database *database, const char *sql, int64_t before_at,
                          struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, before_at);
    return statement_run(statement, error);
}

static bool any_before(struct database *database, int64_t now_at, bool *any, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM inbound_place WHERE at < $1)"
        " OR EXISTS (SELECT 1 FROM inbound_message WHERE at < $2)",
        error);
    statement_bind_integer(statement, 1, now_at - PLACE_KEPT_MS);
    statement_bind_integer(statement, 2, now_at - MESSAGE_KEPT_MS);
    if (!statement_find(statement, any, error))
        return false;
    statement_reset(statement);
    return true;
}

bool record_expire(struct database *database, int64_t now_at, struct error *error)
{
    bool any = false;
    if (!any_before(database, now_at, &any, error))
        return false;
    if (!any)
        return true;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction,
                        delete_before(database, "DELETE FROM inbound_place WHERE at < $1",
                                      now_at - PLACE_KEPT_MS, error) &&
                            delete_before(database, "DELETE FROM inbound_message WHERE at < $1",
                                          now_at - MESSAGE_KEPT_MS, error),
                        error);
    return transaction.is_done;
}
