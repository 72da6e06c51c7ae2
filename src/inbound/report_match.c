/* SPDX-License-Identifier: MIT */
#include "inbound/report_match.h"

#include "base/clock.h"
#include "base/error.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"

/* How long ago the mail may have been sent that a report without any token of ours is about: a
 * server tries for five days, mostly; its own words may be anybody's, and count for a week. */
#define REPORT_WITHIN_MS (30 * DURATION_DAY)
#define FORM_WITHIN_MS (7 * DURATION_DAY)

/* One of that address who was mailed since then. */
static bool find_mailed(const struct effect_job *job, const char *address, int64_t since_at,
                        struct token *token, struct error *error)
{
    struct error refusal = { .kind = ERROR_NONE };
    bool failed = false;
    bool found = false;
    int64_t announcement = 0;
    const struct subscriber *subscriber = subscriber_find(job->service->database, job->arena,
                                                          address, &failed, &refusal);
    if (failed && refusal.kind != ERROR_INPUT) {
        *error = refusal;
        return false;
    }
    if (!subscriber)
        return true;
    if (!queue_mailed_since(job->service->database, subscriber->row_id, since_at, &announcement,
                            &found, error))
        return false;
    if (found)
        *token = (struct token){ .purpose = announcement ? TOKEN_BOUNCE : TOKEN_UNSUBSCRIBE,
                                 .row_id = subscriber->row_id,
                                 .announcement = announcement };
    return true;
}

bool report_match(const struct effect_job *job, struct inbound_reading *reading,
                  struct error *error)
{
    bool is_form = reading->known_by == KNOWN_BY_FORM;
    int64_t since_at = job->now_at - (is_form ? FORM_WITHIN_MS : REPORT_WITHIN_MS);
    if (!is_form && reading->known_by != KNOWN_BY_REPORT)
        return true;
    reading->token = (struct token){ .row_id = 0 };
    for (const struct inbound_recipient *one = reading->recipients; one && !reading->token.row_id;
         one = one->next) {
        if (*one->address && !find_mailed(job, one->address, since_at, &reading->token, error))
            return false;
        if (!reading->token.row_id && *one->other &&
            !find_mailed(job, one->other, since_at, &reading->token, error))
            return false;
        if (reading->token.row_id)
            reading->recipient = one;
    }
    if (!reading->token.row_id)
        reading->effect = INBOUND_NOT_OURS;
    return true;
}
