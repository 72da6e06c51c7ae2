/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "base/arena.h"
#include "base/clock.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"

#include <string.h>

/* What a mail that came back, or that somebody complained of, does to the books and to the person.
 */

/* The house rule for refusals that do not say "no such mailbox": so many mails in so long. */
enum { BOUNCES_TO_LOSE = 3 };

#define BOUNCES_WITHIN_MS (30 * DURATION_DAY)

static const char *refusal_text(const struct effect_job *job)
{
    const struct inbound_reading *reading = job->reading;
    const char *enhanced = reading->enhanced ? reading->enhanced : "";
    const char *report = reading->report ? reading->report : "";
    /* A diagnostic mostly begins with the code already. */
    if (strstr(report, enhanced))
        return report;
    return arena_format(job->arena, "%s %s", enhanced, report);
}

static bool record_aftermath(const struct effect_job *job, const struct message_record *record,
                             enum queue_aftermath_kind kind, struct error *error)
{
    bool found = false;
    const struct queue_aftermath aftermath = { .kind = kind,
                                               .announcement = record->announcement,
                                               .subscriber = record->subscriber,
                                               .smtp_code = job->reading->smtp_code,
                                               .enhanced = job->reading->enhanced,
                                               .text = job->reading->report,
                                               .at = job->now_at };
    return record->announcement == 0 ||
           queue_record_aftermath(job->office->database, &aftermath, &found, error);
}

/* Whether this bounce ends it: no such mailbox, a confirmation that never arrived, or the third
 * mail of late that was refused for another reason. */
static bool is_lost(const struct effect_job *job, const struct subscriber *person, bool *lost,
                    struct error *error)
{
    int64_t since_at = job->now_at - BOUNCES_WITHIN_MS;
    int64_t count = 0;
    *lost = job->reading->blames_address || person->state == SUBSCRIBER_PENDING;
    if (*lost)
        return true;
    if (person->changed_at > since_at)
        since_at = person->changed_at;
    if (!message_count_bounces(job->office->database, person->id, since_at, &count, error))
        return false;
    *lost = count >= BOUNCES_TO_LOSE;
    return true;
}

bool effect_bounce(const struct effect_job *job, const struct message_record *record,
                   struct error *error)
{
    bool lost = false;
    bool failed = false;
    if (!record_aftermath(job, record, QUEUE_BOUNCED, error))
        return false;
    const struct subscriber *person = subscriber_find_by_id(job->office->database, job->arena,
                                                            record->subscriber, &failed, error);
    if (!person)
        return !failed;
    if (!is_lost(job, person, &lost, error))
        return false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_ITSELF,
                                            .evidence = refusal_text(job) };
    return !lost || subscriber_lose(job->office, person->id, SUBSCRIBER_BOUNCES, &proof, error);
}

bool effect_complaint(const struct effect_job *job, const struct message_record *record,
                      struct error *error)
{
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL,
                                            .evidence = job->reading->report };
    return record_aftermath(job, record, QUEUE_COMPLAINED, error) &&
           (record->subscriber == 0 ||
            subscriber_lose(job->office, record->subscriber, SUBSCRIBER_COMPLAINS, &proof, error));
}
