/* SPDX-License-Identifier: MIT */
#include "queue/trouble.h"

#include "address/group.h"
#include "base/arena.h"
#include "base/error.h"
#include "database/database.h"
#include "queue/inside.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAXIMUM = 500, DOMAINS_SIZE = QUEUE_STREAK_DOMAINS * ADDRESS_GROUP_SIZE, TIMES = 4 };

/* A row of the table. The domains are those met first, as many as are asked for, each behind a
 * space. */
struct streak {
    int64_t ours;
    int64_t addresses;
    int64_t pauses; /* for addresses */
    char ours_domains[DOMAINS_SIZE];
    char address_domains[DOMAINS_SIZE];
};

static void copy_domains(char *domains, const char *text)
{
    (void)snprintf(domains, DOMAINS_SIZE, "%s", text ? text : "");
}

static bool streak_read(struct database *database, int64_t mailing, struct streak *streak,
                        struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT ours, addresses, pauses, ours_domains, address_domains FROM streak"
        " WHERE mailing = $1",
        error);
    statement_bind_integer(statement, 1, mailing);
    *streak = (struct streak){ 0 };
    if (!statement_find(statement, &found, error))
        return false;
    if (found) {
        streak->ours = statement_integer(statement, 0);
        streak->addresses = statement_integer(statement, 1);
        streak->pauses = statement_integer(statement, 2);
        copy_domains(streak->ours_domains, statement_text(statement, 3));
        copy_domains(streak->address_domains, statement_text(statement, 4));
    }
    statement_reset(statement);
    return true;
}

static bool streak_write(struct database *database, int64_t mailing, const struct streak *streak,
                         struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO streak (mailing, ours, addresses, pauses, ours_domains, address_domains)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (mailing) DO UPDATE SET ours = $2,"
        " addresses = $3, pauses = $4, ours_domains = $5, address_domains = $6",
        error);
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, streak->ours);
    statement_bind_integer(statement, 3, streak->addresses);
    statement_bind_integer(statement, 4, streak->pauses);
    statement_bind_text(statement, 5, streak->ours_domains);
    statement_bind_text(statement, 6, streak->address_domains);
    return statement_run(statement, error);
}

static bool run_for_mailing(struct database *database, const char *sql, int64_t mailing,
                            struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, mailing);
    return statement_run(statement, error);
}

/* ---- domains ---- */

static int count_domains(const char *domains)
{
    int count = 0;
    for (; *domains; domains++)
        count += *domains == ' ';
    return count;
}

/* Three different ones are enough to know, so no more are kept. */
static void add_domain(char *domains, const char *domain)
{
    size_t length = strlen(domain);
    for (const char *at = domains; (at = strchr(at, ' ')); at++) {
        if (strncmp(at + 1, domain, length) == 0 && (at[1 + length] == ' ' || !at[1 + length]))
            return;
    }
    size_t used = strlen(domains);
    if (count_domains(domains) < QUEUE_STREAK_DOMAINS && used + 1 + length < DOMAINS_SIZE)
        (void)snprintf(domains + used, DOMAINS_SIZE - used, " %s", domain);
}

static bool note_domain(struct database *database, const struct queue_streak_refusal *refusal,
                        char *domains, struct error *error)
{
    char group[ADDRESS_GROUP_SIZE];
    /* Said before a recipient was named, it is said of every domain. */
    if (refusal->is_of_sender) {
        copy_domains(domains, " * * *");
        return true;
    }
    if (!queue_receiver_group(database, refusal->address, group, error))
        return false;
    add_domain(domains, group);
    return true;
}

/* ---- refusals ---- */

/* Kept until the row of refusals has ended, as only then is it known whether the address was wrong.
 */
static bool keep_address(struct database *database, const struct queue_streak_refusal *refusal,
                         struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO refused_address (mailing, announcement, subscriber, at, smtp_code, enhanced,"
        " outcome) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        " ON CONFLICT (mailing, subscriber) DO UPDATE SET at = $4, smtp_code = $5, enhanced = $6,"
        " outcome = $7",
        error);
    statement_bind_integer(statement, 1, refusal->mailing);
    statement_bind_integer(statement, 2, refusal->announcement);
    statement_bind_integer(statement, 3, refusal->subscriber);
    statement_bind_integer(statement, 4, refusal->at);
    statement_bind_integer(statement, 5, refusal->code);
    statement_bind_text(statement, 6, refusal->enhanced);
    statement_bind_text_bytes(statement, 7, refusal->text, strnlen(refusal->text, TEXT_MAXIMUM));
    return statement_run(statement, error);
}

/* The addresses refused in this row of refusals wait again as if they had not been tried, because
 * the relay's list was wrong, not they. */
static bool take_back(struct database *database, int64_t mailing, struct error *error)
{
    return run_for_mailing(
               database,
               "UPDATE delivery SET state = CASE WHEN attempts > 1 THEN @QUEUE_DEFERRED@"
               " ELSE @QUEUE_QUEUED@ END,"
               " attempts = attempts - 1, smtp_code = NULL, enhanced = NULL, outcome = NULL"
               " WHERE (announcement, subscriber) IN (SELECT announcement, subscriber"
               " FROM refused_address WHERE mailing = $1) AND mailing = $1"
               " AND state = @QUEUE_FAILED@",
               mailing, error) &&
           run_for_mailing(database, "DELETE FROM refused_address WHERE mailing = $1", mailing,
                           error);
}

static void write_note(const struct queue_streak_refusal *refusal, int64_t count, char note[700])
{
    char reply[560];
    char words[1200];
    const char *enhanced = refusal->enhanced;
    (void)snprintf(words, sizeof words, "%d %s%s%s", refusal->code, enhanced, *enhanced ? " " : "",
                   refusal->text);
    /* Servers repeat the address in their words, which are logged and kept, so the address is taken
     * out. */
    address_redact(words, reply, sizeof reply);
    if (refusal->is_address)
        (void)snprintf(note, 700,
                       "%" PRId64 " addresses in a row, over several domains, are said to be "
                       "unknown: %s",
                       count, reply);
    else
        (void)snprintf(note, 700, "%" PRId64 " refusals in a row: %s", count, reply);
}

/* The pause and its notice are in one transaction, so that each pause is reported once and whoever
 * reads of it finds the mailing paused. */
static bool pause_mailing(struct database *database, const struct queue_streak_refusal *refusal,
                          int64_t count, struct queue_streak_end *end, struct error *error)
{
    char subject[24];
    end->is_paused = true;
    write_note(refusal, count, end->note);
    (void)snprintf(subject, sizeof subject, "%" PRId64, refusal->mailing);
    const struct queue_notice notice = { .kind = refusal->is_address ? QUEUE_NOTICE_RECIPIENTS
                                                                     : QUEUE_NOTICE_REFUSALS,
                                         .subject = subject,
                                         .cause = end->note,
                                         .since_at = refusal->at };
    return queue_mailing_pause(database, refusal->mailing, end->note, error) &&
           queue_notice_open(database, &notice, NULL, error);
}

/* Each pause makes the next one rarer by four, because somebody has looked and let the mailing go
 * on. */
static int64_t addresses_to_pause(const struct streak *streak)
{
    int64_t count = QUEUE_STREAK_REFUSALS;
    for (int64_t i = 0; i < streak->pauses && count < INT32_MAX; i++)
        count *= TIMES;
    return count;
}

/* A message that was under way when the mailing paused for its addresses, and is refused like them,
 * belongs to that row of refusals. */
static bool is_paused_for_addresses(struct database *database, int64_t mailing,
                                    const struct streak *streak, bool *is_paused,
                                    struct error *error)
{
    *is_paused = false;
    if (!streak->pauses)
        return true;
    struct statement *statement = database_prepare(database,
                                                   "SELECT 1 FROM mailing WHERE row_id = $1"
                                                   " AND state = @QUEUE_MAILING_PAUSED@",
                                                   error);
    statement_bind_integer(statement, 1, mailing);
    if (!statement_find(statement, is_paused, error))
        return false;
    statement_reset(statement);
    return true;
}

static bool note_address(struct database *database, const struct queue_streak_refusal *refusal,
                         struct streak *streak, struct queue_streak_end *end, struct error *error)
{
    bool is_paused = false;
    if (!is_paused_for_addresses(database, refusal->mailing, streak, &is_paused, error) ||
        !keep_address(database, refusal, error))
        return false;
    if (is_paused)
        return take_back(database, refusal->mailing, error);
    if (!note_domain(database, refusal, streak->address_domains, error))
        return false;
    streak->addresses++;
    if (streak->addresses < addresses_to_pause(streak) ||
        count_domains(streak->address_domains) < QUEUE_STREAK_DOMAINS)
        return true;
    int64_t count = streak->addresses;
    streak->addresses = 0;
    *streak->address_domains = '\0';
    streak->pauses++;
    return take_back(database, refusal->mailing, error) &&
           pause_mailing(database, refusal, count, end, error);
}

static bool note_ours(struct database *database, const struct queue_streak_refusal *refusal,
                      struct streak *streak, struct queue_streak_end *end, struct error *error)
{
    if (!note_domain(database, refusal, streak->ours_domains, error))
        return false;
    streak->ours++;
    /* For one domain alone the receiver is held, and the mailing goes on for all others. */
    if (streak->ours < QUEUE_STREAK_REFUSALS ||
        count_domains(streak->ours_domains) < QUEUE_STREAK_DOMAINS)
        return true;
    int64_t count = streak->ours;
    streak->ours = 0;
    *streak->ours_domains = '\0';
    return pause_mailing(database, refusal, count, end, error);
}

bool queue_streak_note(struct database *database, const struct queue_streak_refusal *refusal,
                       struct queue_streak_end *end, struct error *error)
{
    assert(database_in_transaction(database));
    struct streak streak;
    end->is_paused = false;
    return streak_read(database, refusal->mailing, &streak, error) &&
           (refusal->is_address ? note_address(database, refusal, &streak, end, error)
                                : note_ours(database, refusal, &streak, end, error)) &&
           streak_write(database, refusal->mailing, &streak, error);
}

/* Rows refused for what is ours are due at once and are charged one try less, because a person has
 * mended the cause. The conditions repeat those of the index delivery_due, else it would not be
 * used. */
static bool refused_go_again(struct database *database, int64_t mailing, int64_t now_at,
                             struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "UPDATE delivery SET next_at = $2, attempts = attempts -"
        " CASE WHEN attempts > 0 THEN 1 ELSE 0 END WHERE mailing = $1 AND next_at > $2"
        " AND state IN (@QUEUE_WAITING@) AND worker = 0 AND state = @QUEUE_DEFERRED@"
        " AND is_ours = 1",
        error);
    statement_bind_integer(statement, 1, mailing);
    statement_bind_integer(statement, 2, now_at);
    return statement_run(statement, error);
}

bool streak_resumed(struct database *database, int64_t mailing, int64_t now_at, struct error *error)
{
    char subject[24];
    (void)snprintf(subject, sizeof subject, "%" PRId64, mailing);
    return refused_go_again(database, mailing, now_at, error) &&
           queue_notice_close(database, QUEUE_NOTICE_REFUSALS, subject, now_at, NULL, error) &&
           queue_notice_close(database, QUEUE_NOTICE_RECIPIENTS, subject, now_at, NULL, error);
}

/* ---- its end ---- */

bool queue_streak_take_address(struct database *database, int64_t mailing, struct arena *arena,
                               struct queue_streak_refusal *refusal, bool *found,
                               struct error *error)
{
    assert(database_in_transaction(database));
    struct statement *statement = database_prepare(
        database,
        "DELETE FROM refused_address WHERE mailing = $1 AND subscriber ="
        " (SELECT subscriber FROM refused_address WHERE mailing = $1 LIMIT 1)"
        " RETURNING announcement, subscriber, at, smtp_code, enhanced, outcome",
        error);
    statement_bind_integer(statement, 1, mailing);
    if (!statement_find(statement, found, error))
        return false;
    if (*found)
        *refusal = (struct queue_streak_refusal){
            .mailing = mailing,
            .is_address = true,
            .announcement = statement_integer(statement, 0),
            .subscriber = statement_integer(statement, 1),
            .at = statement_integer(statement, 2),
            .code = (int)statement_integer(statement, 3),
            .enhanced = statement_copy_text(statement, 4, arena),
            .text = statement_copy_text(statement, 5, arena),
        };
    statement_reset(statement);
    return true;
}

/* How often it paused is kept beyond the row, because the next pause has to be rarer
 * (addresses_to_pause). */
bool queue_streak_break(struct database *database, int64_t mailing, struct error *error)
{
    assert(database_in_transaction(database));
    return run_for_mailing(database, "DELETE FROM streak WHERE mailing = $1 AND pauses = 0",
                           mailing, error) &&
           run_for_mailing(database,
                           "UPDATE streak SET ours = 0, addresses = 0, ours_domains = '',"
                           " address_domains = '' WHERE mailing = $1",
                           mailing, error);
}

bool queue_streak_find_ended(struct database *database, int64_t *mailing, bool *counts,
                             struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database,
        "SELECT s.mailing, m.state, s.addresses FROM streak s"
        " LEFT JOIN mailing m ON m.row_id = s.mailing"
        " WHERE m.state IS NULL OR m.state IN (@QUEUE_MAILING_ENDED@) LIMIT 1",
        error);
    *mailing = 0;
    if (!statement_find(statement, &found, error))
        return false;
    if (found) {
        *mailing = statement_integer(statement, 0);
        /* Where it ended within a long row of unknown addresses, nobody can say whether they were
         * wrong or the list that the relay asked: they count against nobody. */
        *counts = statement_integer(statement, 1) == QUEUE_MAILING_FINISHED &&
                  statement_integer(statement, 2) < QUEUE_STREAK_REFUSALS;
    }
    statement_reset(statement);
    return true;
}

bool queue_streak_remove(struct database *database, int64_t mailing, struct error *error)
{
    assert(database_in_transaction(database));
    return run_for_mailing(database, "DELETE FROM refused_address WHERE mailing = $1", mailing,
                           error) &&
           run_for_mailing(database, "DELETE FROM streak WHERE mailing = $1", mailing, error);
}

bool queue_streak_next(struct database *database, int64_t after, int64_t *mailing,
                       struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        database, "SELECT mailing FROM streak WHERE mailing > $1 ORDER BY mailing LIMIT 1", error);
    statement_bind_integer(statement, 1, after);
    if (!statement_find(statement, &found, error))
        return false;
    *mailing = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}
