/* SPDX-License-Identifier: MIT */
#include "inbound/answer.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "mail/message_id.h"
#include "queue/queue.h"
#include "subscriber/subscriber.h"

#include <string.h>

/* ---- whose delivery a flattened answer is about ---- */

/* So many announcements are tried, the newest first: each costs a hash. */
enum { ANNOUNCEMENTS_TRIED = 2000, PEOPLE_TRIED = 2 };

static bool names_contain(const char *const *names, const char *digits)
{
    for (; *names; names++)
        if (strcmp(*names, digits) == 0)
            return true;
    return false;
}

/* Who it may be: who wrote it, and whose link to leave it quotes. */
static bool find_people(const struct effect_job *job, const struct inbound_reading *reading,
                        int64_t people[PEOPLE_TRIED], size_t *count, struct error *error)
{
    bool failed = false;
    struct error reason = { .kind = ERROR_NONE };
    const struct subscriber *person = subscriber_find(job->office->database, job->arena,
                                                      reading->from, &failed, &reason);
    *count = 0;
    if (failed && reason.kind != ERROR_INPUT) {
        *error = reason;
        return false;
    }
    if (person)
        people[(*count)++] = person->id;
    if (reading->quoted_subscriber)
        people[(*count)++] = reading->quoted_subscriber;
    return true;
}

static bool find_delivery(const struct effect_job *job, struct inbound_reading *reading,
                          struct error *error)
{
    size_t people_count = 0;
    size_t count = 0;
    int64_t people[PEOPLE_TRIED];
    int64_t *numbers = arena_allocate_array(job->arena, ANNOUNCEMENTS_TRIED, sizeof *numbers);
    if (!find_people(job, reading, people, &people_count, error) ||
        (people_count && !queue_newest_announcements(job->office->database, numbers,
                                                     ANNOUNCEMENTS_TRIED, &count, error)))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t person = 0; person < people_count; person++) {
            char digits[MESSAGE_ID_DIGITS + 1];
            message_id_of_delivery(job->office->keys, numbers[i], people[person], digits);
            if (!names_contain(reading->answered, digits))
                continue;
            reading->effect = INBOUND_HUMAN;
            reading->token = (struct token){ .purpose = TOKEN_ANSWER,
                                             .id = people[person],
                                             .announcement = numbers[i] };
            return true;
        }
    return true;
}

/* ---- what can be done ---- */

static bool settle_answer(const struct effect_job *job, struct inbound_reading *reading,
                          struct error *error)
{
    enum answer_end end = ANSWER_QUEUED;
    if (!answer_find_target(job, reading, &reading->target, &end, error))
        return false;
    if (end != ANSWER_QUEUED && reading->effect == INBOUND_HUMAN) {
        bool is_usual = end == ANSWER_OURS || end == ANSWER_AUTOMATIC;
        log_line(is_usual ? LOG_DEBUG : LOG_NOTICE, "inbox: an answer was left for a person: %s",
                 answer_end_text(end));
        reading->effect = INBOUND_NOT_OURS;
    }
    reading->stays = reading->effect == INBOUND_HUMAN && job->is_cut;
    return true;
}

/* Where what was sent on comes back, who wrote it is not to blame, and its contact did not get it:
 * a person must see that. */
static bool settle_bounce(const struct effect_job *job, struct inbound_reading *reading,
                          struct error *error)
{
    bool found = false;
    struct queue_single_mail mail = { 0 };
    if (reading->token.purpose != TOKEN_BOUNCE_SINGLE)
        return true;
    if (!queue_single_find(job->office->database, reading->token.id, &mail, &found, error))
        return false;
    if (found && mail.kind == QUEUE_SINGLE_FORWARD)
        reading->effect = INBOUND_NOT_OURS;
    return true;
}

bool answer_settle(const struct effect_job *job, struct inbound_reading *reading,
                   struct error *error)
{
    if (reading->effect == INBOUND_BOUNCED)
        return settle_bounce(job, reading, error);
    if (reading->effect == INBOUND_NOT_OURS && reading->answered &&
        !find_delivery(job, reading, error))
        return false;
    if (reading->effect == INBOUND_HUMAN || reading->effect == INBOUND_LEAVE_HINT)
        return settle_answer(job, reading, error);
    return true;
}
