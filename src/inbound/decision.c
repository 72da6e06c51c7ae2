/* SPDX-License-Identifier: MIT */
#include "inbound/decision.h"

#include "base/error.h"
#include "database/database.h"
#include "inbound/answer.h"
#include "inbound/receipt_reply.h"
#include "inbound/report_match.h"
#include "net/mailbox.h"
#include "subscriber/subscriber.h"

#include <string.h>

/* Whether a yes counts. Text below it that is not from our mail may be a no, and whoever was
 * forwarded the mail does not speak for its recipient: both are for a person to read. */
static bool yes_counts(const struct effect_job *job, bool *counts, struct error *error)
{
    const struct inbound_reading *reading = job->reading;
    *counts = joining_quotes(job, reading->token.row_id);
    if (!*counts || reading->named_by == NAMED_BY_ADDRESS)
        return true;
    if (!joining_is_own(job, reading->token.row_id, counts, error))
        return false;
    if (!*counts)
        effect_log(
            job, LOG_NOTICE,
            "inbox: a yes was left: it comes from another address than the one asked, or its "
            "request is gone");
    return true;
}

/* Whether a yes came to an address that people read and has something for them below it. */
static bool says_more(const struct inbound_reading *reading)
{
    return reading->effect == INBOUND_CONFIRMED && reading->named_by != NAMED_BY_ADDRESS &&
           strchr(reading->own_text, '\n');
}

/* ---- what is to be done ---- */

static enum inbound_left why_left(const struct inbound_reading *reading)
{
    if (reading->left != LEFT_NOT)
        return reading->left;
    switch (reading->kind) {
    case KIND_HUMAN:
    case KIND_REQUEST:
        return LEFT_PERSON;
    case KIND_AUTOMATIC:
        return LEFT_AUTOMATIC;
    case KIND_BOUNCE:
    case KIND_DELAYED:
    case KIND_DELIVERED:
    case KIND_COMPLAINT:
    case KIND_DMARC:
        return LEFT_REPORT;
    case KIND_CHALLENGE:
        return LEFT_CHALLENGE;
    case KIND_UNKNOWN:
        break;
    }
    return LEFT_UNKNOWN;
}

/* What only the store can say of it. */
static bool resolve(const struct effect_job *job, struct inbound_reading *reading,
                    struct error *error)
{
    return report_match(job, reading, error) && receipt_reply_resolve(job, reading, error) &&
           answer_resolve(job, reading, error);
}

bool decision_make(struct decision *decision, const struct inbound_reading *read,
                   struct error *error)
{
    bool has_yes_counted = true;
    struct inbound_reading *reading = &decision->reading;
    *decision = (struct decision){ .job = decision->job,
                                   .reading = *read,
                                   .stays = !decision->job.message,
                                   .why = LEFT_UNREADABLE };
    decision->job.reading = reading;
    decision->job.lines = &decision->lines;
    if (decision->stays)
        return true;
    if (reading->effect == INBOUND_CONFIRMED &&
        !yes_counts(&decision->job, &has_yes_counted, error))
        return false;
    if (!has_yes_counted)
        reading->effect = INBOUND_NOT_OURS;
    if (!resolve(&decision->job, reading, error))
        return false;
    decision->effect = reading->effect;
    decision->stays = reading->effect == INBOUND_NOT_OURS ||
                      ((reading->effect == INBOUND_AUTOMATIC ||
                        reading->effect == INBOUND_CHALLENGE) &&
                       !reading->is_for_machine);
    decision->why = LEFT_NOT;
    if (decision->stays)
        decision->why = !has_yes_counted ? LEFT_YES : why_left(reading);
    if (!decision->stays && (reading->stays || says_more(reading)))
        decision->why = LEFT_MORE;
    return true;
}

/* ---- effects ---- */

/* Effects that may be refused after a part of them was written, and therefore need a savepoint. */
static bool may_be_refused(enum inbound_effect effect)
{
    return effect != INBOUND_BOUNCED && effect != INBOUND_DELAYED && effect != INBOUND_DELIVERED;
}

static bool apply(struct decision *decision, struct error *error)
{
    const struct effect_job *job = &decision->job;
    struct message_record record = { .at = job->now_at, .effect = decision->effect };
    mailbox_content_hash(job->bytes, job->length, &record.hash);
    return effect_resolve(job, &record, error) &&
           message_record(job->service->database, &record, &decision->is_new, error) &&
           (!decision->is_new || effect_apply(job, &record, &decision->effect, error));
}

static bool apply_or_refuse(struct decision *decision, struct error *error)
{
    struct database *database = decision->job.service->database;
    struct error refusal = { .kind = ERROR_NONE };
    if (!database_execute(database, "SAVEPOINT message", error))
        return false;
    if (apply(decision, &refusal))
        return database_execute(database, "RELEASE SAVEPOINT message", error);
    if (refusal.kind != ERROR_INPUT) {
        *error = refusal;
        return false;
    }
    effect_log(&decision->job, LOG_NOTICE, "inbox: a message was left: %s", refusal.message);
    decision->stays = decision->is_refused = true;
    decision->why = LEFT_REFUSED;
    return database_execute(database, "ROLLBACK TO SAVEPOINT message", error) &&
           database_execute(database, "RELEASE SAVEPOINT message", error);
}

bool decision_apply(struct decision *decision, struct error *error)
{
    if (decision->stays)
        return true;
    return may_be_refused(decision->effect) ? apply_or_refuse(decision, error)
                                            : apply(decision, error);
}

void decision_log(const struct decision *decision)
{
    for (const struct effect_line *line = decision->lines; line; line = line->next)
        log_line(line->level, "%s", line->text);
}
