/* SPDX-License-Identifier: MIT */
#include "inbound/record.h"

#include "base/clock.h"
#include "database/database.h"

#include <string.h>
#include <strings.h>

#define PLACE_KEPT_MS (90 * DURATION_DAY)
#define MESSAGE_KEPT_MS (730 * DURATION_DAY)

/* ---- hashes ---- */

static bool is_changing(const char *line, size_t length)
{
    static const char *const names[] = {
        "Status:",           "X-Status:",         "X-Keywords:",     "X-UID:",
        "X-IMAP:",           "X-IMAPbase:",       "Content-Length:", "Lines:",
        "X-Mozilla-Status:", "X-Mozilla-Status2:"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (length >= strlen(names[i]) && strncasecmp(line, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

void message_hash(const char *bytes, size_t length, struct hash *hash)
{
    struct hash_state state;
    size_t at = 0;
    bool is_left_out = false;
    hash_init(&state);
    while (at < length) {
        const char *line = bytes + at;
        const char *end = memchr(line, '\n', length - at);
        size_t taken = end ? (size_t)(end - line) + 1 : length - at;
        if (*line == '\n' || *line == '\r')
            break;
        if (*line != ' ' && *line != '\t')
            is_left_out = is_changing(line, taken);
        if (!is_left_out)
            hash_update(&state, line, taken);
        at += taken;
    }
    hash_update(&state, bytes + at, length - at);
    hash_final(&state, hash);
}

void place_hash(const char *mailbox_name, const char *key, struct hash *hash)
{
    struct hash_state state;
    hash_init(&state);
    hash_update_string(&state, mailbox_name);
    hash_update_string(&state, key);
    hash_final(&state, hash);
}

/* ---- messages ---- */

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
    return true;
}

/* ---- places ---- */

bool place_find(struct database *database, const struct hash *hash, enum place_state *state,
                struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT is_done FROM inbound_place WHERE hash = $1", error);
    statement_bind_bytes(statement, 1, hash->bytes, HASH_SIZE);
    if (!statement_find(statement, &found, error))
        return false;
    *state = PLACE_UNKNOWN;
    if (found)
        *state = statement_integer(statement, 0) ? PLACE_DONE : PLACE_LEFT;
    statement_reset(statement);
    return true;
}

bool place_record(struct database *database, const struct hash *hash, bool is_done, int64_t now_at,
                  struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO inbound_place (hash, at, is_done) VALUES ($1, $2, $3)"
        " ON CONFLICT (hash) DO UPDATE SET at = excluded.at, is_done = excluded.is_done",
        error);
    statement_bind_bytes(statement, 1, hash->bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, is_done);
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
    if (!database_begin(database, error))
        return false;
    bool done = delete_before(database, "DELETE FROM inbound_place WHERE at < $1",
                              now_at - PLACE_KEPT_MS, error) &&
                delete_before(database, "DELETE FROM inbound_message WHERE at < $1",
                              now_at - MESSAGE_KEPT_MS, error);
    return database_end(database, done, error);
}
