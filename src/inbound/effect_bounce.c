/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "net/refusal.h"
#include "queue/queue.h"
#include "subscriber/standing.h"
#include "subscriber/subscriber.h"

/* What a mail that came back, or that somebody complained of, does to the books and to the person:
 * it came back, whoever is to blame; against the person counts only what is the address's fault. */

static bool record_aftermath(const struct effect_job *job, const struct message_record *record,
                             enum queue_aftermath_kind kind, struct queue_aftermath_row *row,
                             struct error *error)
{
    const struct queue_aftermath aftermath = { .kind = kind,
                                               .announcement = record->announcement,
                                               .subscriber = record->subscriber,
                                               .smtp_code = job->reading->smtp_code,
                                               .enhanced = job->reading->enhanced,
                                               .text = job->reading->report,
                                               .at = job->now_at };
    *row = (struct queue_aftermath_row){ .is_there = false };
    return record->announcement == 0 ||
           queue_record_aftermath(job->office->database, &aftermath, row, error);
}

static bool blame_address(const struct effect_job *job, const struct message_record *record,
                          const struct queue_aftermath_row *row, struct error *error)
{
    const struct inbound_reading *reading = job->reading;
    struct standing_refusal refusal = { .subscriber = record->subscriber,
                                        .mailing = row->mailing,
                                        .sent_at = row->sent_at,
                                        .smtp_code = reading->smtp_code,
                                        .enhanced = reading->enhanced,
                                        .text = reading->report,
                                        .is_doubtful = reading->known_by == KNOWN_BY_REPORT ||
                                                       reading->known_by == KNOWN_BY_FORM };
    struct queue_single_mail mail = { 0 };
    bool found = row->is_there;
    if (reading->token.purpose == TOKEN_BOUNCE_SINGLE) {
        if (!queue_single_find(job->office->database, reading->token.id, &mail, &found, error))
            return false;
        refusal.single = reading->token.id;
        refusal.sent_at = mail.state_at;
    }
    return !found || standing_refuse(job->office, &refusal, error);
}

bool effect_bounce(const struct effect_job *job, const struct message_record *record,
                   struct error *error)
{
    struct queue_aftermath_row row;
    return record_aftermath(job, record, QUEUE_BOUNCED, &row, error) &&
           (!job->reading->blames_address || blame_address(job, record, &row, error));
}

bool effect_complaint(const struct effect_job *job, const struct message_record *record,
                      struct error *error)
{
    struct queue_aftermath_row row;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_MAIL,
                                            .evidence = job->reading->report };
    return record_aftermath(job, record, QUEUE_COMPLAINED, &row, error) &&
           (record->subscriber == 0 ||
            subscriber_lose(job->office, record->subscriber, SUBSCRIBER_COMPLAINS, &proof, error));
}
