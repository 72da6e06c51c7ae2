/* SPDX-License-Identifier: MIT */
#include "inbound/dmarc_store.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "database/database.h"
#include "dmarc/dmarc.h"
#include "inbound/inbound.h"
#include "inbound/reply.h"
#include "mime/mime.h"
#include "net/mailbox.h"
#include "subscriber/subscriber.h"

#include <string.h>
#include <strings.h>

enum {
    REPORTER_MAXIMUM = 60,
    DAYS_AHEAD = 1,                           /* clocks differ */
    DAYS_REMEMBERED = INBOUND_DMARC_DAYS + 10 /* that a report was counted */
};

/* ---- who reports ---- */

/* An organization, not a person: what looks like an address is not shown. */
static const char *reporter_of(struct arena *arena, const struct dmarc_report *report,
                               const char *from)
{
    const char *name = report->organization;
    if (*name && strlen(name) <= REPORTER_MAXIMUM && !strpbrk(name, "@<>"))
        return name;
    const char *at = from ? strrchr(from, '@') : NULL;
    const char *domain = *report->contact ? report->contact
                                          : dmarc_domain_read(arena, at ? at + 1 : "");
    return *domain && strlen(domain) <= REPORTER_MAXIMUM ? domain : "?";
}

/* ---- whose it is ---- */

/* In the domain, or below it. */
static bool is_within(const char *domain, const char *ours)
{
    return dmarc_is_related(domain, ours) && strlen(domain) >= strlen(ours);
}

static bool is_ours(const struct inbound_context *context, const char *domain)
{
    return (context->from_domain && is_within(domain, context->from_domain)) ||
           is_within(domain, context->bounces.domain);
}

static const struct dmarc_row *rows_of_ours(const struct inbound_context *context,
                                            struct arena *arena, const struct dmarc_report *report)
{
    const struct dmarc_row *first = NULL;
    const struct dmarc_row **next = &first;
    for (const struct dmarc_row *row = report->rows; row; row = row->next) {
        if (!is_ours(context, row->domain))
            continue;
        struct dmarc_row *own = arena_allocate(arena, sizeof *own);
        *own = *row;
        own->next = NULL;
        *next = own;
        next = &own->next;
    }
    return first;
}

bool dmarc_take(const struct inbound_context *context, struct arena *arena,
                const struct mime_message *message, struct inbound_reading *reading)
{
    const struct dmarc_report *report = message->dmarc;
    if (!report || message->feedback || message->statuses)
        return false;
    reading->dmarc_rows = rows_of_ours(context, arena, report);
    /* A report on a domain above ours covers others' mail too, so it counts only where it has rows
     * of ours. */
    bool is_one = reading->dmarc_rows || is_ours(context, report->domain);
    reading->effect = is_one                                               ? INBOUND_DMARC
                      : automatic_answer(context->phrases, arena, message) ? INBOUND_AUTOMATIC
                                                                           : INBOUND_NOT_OURS;
    reading->kind = KIND_DMARC;
    reading->rule = "aggregate report";
    reading->report = arena_format(arena, "on %s, by %s%s", report->domain,
                                   reporter_of(arena, report, message->from),
                                   is_one ? "" : "; none of ours");
    return true;
}

/* RFC 9990 section 3.5.2 says how the subject begins; some write words of their own before it. */
void dmarc_log_cut(const struct mime_message *message)
{
    const char *at = message->from ? strrchr(message->from, '@') : NULL;
    if (strcasestr(message->subject, "report domain:"))
        log_line(LOG_NOTICE, "inbox: a DMARC report of %.*s was left: it is longer than %d kB",
                 REPORTER_MAXIMUM, at ? at + 1 : "somebody", MAILBOX_MESSAGE_MAXIMUM / 1024);
}

/* ---- once ---- */

static void report_hash(const struct dmarc_report *report, const char *reporter, struct hash *hash)
{
    struct hash_state state;
    hash_init(&state);
    hash_update_string(&state, reporter);
    hash_update_string(&state, report->identity);
    hash_update_string(&state, report->domain);
    /* A report without an id is told apart from others by its day alone. */
    if (!*report->identity)
        hash_update(&state, &report->begin_at, sizeof report->begin_at);
    hash_final(&state, hash);
}

static bool remember(struct database *database, const struct hash *hash, int64_t now_at,
                     int64_t day, bool *is_new, struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "INSERT INTO inbound_dmarc_report (hash, at, day) VALUES ($1, $2, $3)"
        " ON CONFLICT (hash) DO NOTHING",
        error);
    statement_bind_bytes(statement, 1, hash->bytes, HASH_SIZE);
    statement_bind_integer(statement, 2, now_at);
    statement_bind_integer(statement, 3, day);
    if (!statement_run(statement, error))
        return false;
    *is_new = database_changes(database) > 0;
    return true;
}

/* ---- rows ---- */

struct day_writer {
    struct database *database;
    int64_t day;
    int64_t rows; /* that the day has */
    const char *reporter;
};

static bool count_rows(struct day_writer *writer, struct error *error)
{
    bool found = false;
    struct statement *statement = database_prepare(
        writer->database, "SELECT count(*) FROM inbound_dmarc WHERE day = $1", error);
    statement_bind_integer(statement, 1, writer->day);
    if (!statement_find(statement, &found, error))
        return false;
    writer->rows = statement_integer(statement, 0);
    statement_reset(statement);
    return true;
}

static bool run_row(const struct day_writer *writer, const char *sql, const char *source,
                    const char *reporter, const struct dmarc_row *row, struct error *error)
{
    struct statement *statement = database_prepare(writer->database, sql, error);
    statement_bind_integer(statement, 1, writer->day);
    statement_bind_text(statement, 2, source);
    statement_bind_text(statement, 3, reporter);
    statement_bind_integer(statement, 4, row->result);
    statement_bind_integer(statement, 5, row->count);
    return statement_run(statement, error);
}

/* Adds to the source's row; where it has none, makes one; where the day has too many, adds to the
 * row of all others. */
static bool add_row(struct day_writer *writer, const struct dmarc_row *row, struct error *error)
{
    static const char update[] = "UPDATE inbound_dmarc SET count = count + $5"
                                 " WHERE day = $1 AND source = $2 AND reporter = $3"
                                 " AND result = $4";
    static const char insert[] =
        "INSERT INTO inbound_dmarc (day, source, reporter, result, count)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (day, source, reporter, result)"
        " DO UPDATE SET count = inbound_dmarc.count + excluded.count";
    if (!run_row(writer, update, row->source, writer->reporter, row, error))
        return false;
    if (database_changes(writer->database) > 0)
        return true;
    if (writer->rows >= INBOUND_DMARC_ROWS_A_DAY)
        return run_row(writer, insert, "", "", row, error);
    writer->rows++;
    return run_row(writer, insert, row->source, writer->reporter, row, error);
}

static bool add_rows(const struct effect_job *job, struct day_writer *writer, struct error *error)
{
    if (!count_rows(writer, error))
        return false;
    for (const struct dmarc_row *row = job->reading->dmarc_rows; row; row = row->next)
        if (!add_row(writer, row, error))
            return false;
    return true;
}

bool dmarc_store(const struct effect_job *job, struct error *error)
{
    const struct dmarc_report *report = job->message->dmarc;
    struct database *database = job->service->database;
    const char *reporter = reporter_of(job->arena, report, job->message->from);
    struct hash hash;
    bool is_new = false;
    int64_t today = job->now_at / DURATION_DAY;
    int64_t middle_at = report->begin_at + (report->end_at - report->begin_at) / 2;
    struct day_writer writer = { .database = database,
                                 .day = middle_at / DURATION_DAY,
                                 .reporter = reporter };
    report_hash(report, reporter, &hash);
    if (!remember(database, &hash, job->now_at, writer.day, &is_new, error))
        return false;
    bool is_late = writer.day <= today - INBOUND_DMARC_DAYS || writer.day > today + DAYS_AHEAD;
    if (!is_new || is_late)
        return true;
    if (report->rows_left_out)
        effect_log(job, LOG_NOTICE,
                   "inbox: a DMARC report of %s has more than %d rows; the first count", reporter,
                   DMARC_ROWS_MAXIMUM);
    return add_rows(job, &writer, error);
}

/* ---- forgetting ---- */

static bool any_before(struct database *database, int64_t day, int64_t before_at, bool *any,
                       struct error *error)
{
    struct statement *statement = database_prepare(
        database,
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM inbound_dmarc WHERE day < $1)"
        " OR EXISTS (SELECT 1 FROM inbound_dmarc_report WHERE at < $2)",
        error);
    statement_bind_integer(statement, 1, day);
    statement_bind_integer(statement, 2, before_at);
    if (!statement_find(statement, any, error))
        return false;
    statement_reset(statement);
    return true;
}

static bool delete_before(struct database *database, const char *sql, int64_t before,
                          struct error *error)
{
    struct statement *statement = database_prepare(database, sql, error);
    statement_bind_integer(statement, 1, before);
    return statement_run(statement, error);
}

bool dmarc_expire(struct database *database, int64_t now_at, struct error *error)
{
    int64_t day = now_at / DURATION_DAY - INBOUND_DMARC_DAYS;
    int64_t before_at = now_at - DAYS_REMEMBERED * DURATION_DAY;
    bool any = false;
    if (!any_before(database, day, before_at, &any, error))
        return false;
    if (!any)
        return true;
    struct transaction transaction = transaction_of(database);
    while (transaction_run(&transaction, error))
        transaction_end(
            &transaction,
            delete_before(database, "DELETE FROM inbound_dmarc WHERE day < $1", day, error) &&
                delete_before(database, "DELETE FROM inbound_dmarc_report WHERE at < $1", before_at,
                              error),
            error);
    return transaction.is_done;
}
