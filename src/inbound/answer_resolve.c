/* SPDX-License-Identifier: MIT */
#include "inbound/answer.h"

#include "base/arena.h"
#include "base/error.h"
#include "mail/mail.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "subscriber/subscriber.h"

#include <string.h>

/* ---- whose delivery a flattened answer is about ---- */

/* So many announcements are tried, the newest first: each costs a hash. */
enum { ANNOUNCEMENTS_TRIED = 2000, SUBSCRIBERS_TRIED = 2 };

static bool names_contain(const char *const *names, const char *digits)
{
    for (; *names; names++)
        if (strcmp(*names, digits) == 0)
            return true;
    return false;
}

/* The subscribers who may have been mailed what is answered: the writer, and the one whose link to
 * leave is quoted. */
static bool find_subscribers(const struct effect_job *job, const struct inbound_reading *reading,
                             int64_t subscribers[SUBSCRIBERS_TRIED], size_t *count,
                             struct error *error)
{
    bool failed = false;
    struct error reason = { .kind = ERROR_NONE };
    const struct subscriber *subscriber = subscriber_find(job->service->database, job->arena,
                                                          reading->from, &failed, &reason);
    *count = 0;
    if (failed && reason.kind != ERROR_INPUT) {
        *error = reason;
        return false;
    }
    if (subscriber)
        subscribers[(*count)++] = subscriber->row_id;
    if (reading->quoted_subscriber)
        subscribers[(*count)++] = reading->quoted_subscriber;
    return true;
}

static bool find_delivery(const struct effect_job *job, struct inbound_reading *reading,
                          struct error *error)
{
    size_t subscriber_count = 0;
    size_t count = 0;
    int64_t subscribers[SUBSCRIBERS_TRIED];
    int64_t *row_ids = arena_allocate_array(job->arena, ANNOUNCEMENTS_TRIED, sizeof *row_ids);
    if (!find_subscribers(job, reading, subscribers, &subscriber_count, error) ||
        (subscriber_count && !queue_newest_announcements(job->service->database, row_ids,
                                                         ANNOUNCEMENTS_TRIED, &count, error)))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t subscriber = 0; subscriber < subscriber_count; subscriber++) {
            char digits[MESSAGE_ID_DIGITS + 1];
            message_id_of_delivery(job->service->keys, row_ids[i], subscribers[subscriber], digits);
            if (!names_contain(reading->answered, digits))
                continue;
            reading->effect = answer_effect(reading);
            reading->token = (struct token){ .purpose = TOKEN_ANSWER,
                                             .row_id = subscribers[subscriber],
                                             .announcement = row_ids[i] };
            return true;
        }
    return true;
}

/* ---- what can be done ---- */

/* Whether a mail with the link may be sent. It is made later, in effect_answer(), where it may
 * still turn out that it may not; then a person reads the message. */
static bool may_link(const struct effect_job *job, const struct inbound_reading *reading, bool *may,
                     struct error *error)
{
    bool failed = false;
    bool is_repeated = false;
    const struct queue_transactional_mail like = { .kind = QUEUE_TRANSACTIONAL_UNSUBSCRIBE_LINK,
                                                   .subscriber = reading->token.row_id };
    const struct subscriber *subscriber = subscriber_find_by_row_id(
        job->service->database, job->arena, reading->token.row_id, &failed, error);
    *may = subscriber && subscriber->state == SUBSCRIBER_CONFIRMED;
    if (failed || !*may)
        return !failed;
    if (!queue_transactional_since(job->service->database, &like,
                                   job->now_at - SUBSCRIBER_LINK_UNSUBSCRIBE_MS, &is_repeated,
                                   error))
        return false;
    *may = !is_repeated;
    return true;
}

static bool resolve_answer(const struct effect_job *job, struct inbound_reading *reading,
                           struct error *error)
{
    enum answer_end end = ANSWER_QUEUED;
    bool may = false;
    if (!answer_find_target(job, reading, &reading->target, &end, error) ||
        (reading->leaving != LEAVING_NOT && !may_link(job, reading, &may, error)))
        return false;
    /* Who may not be mailed, or was mailed the link already, is for a person to read. */
    if (!may) {
        reading->leaving = LEAVING_NOT;
        reading->effect = INBOUND_HUMAN;
    }
    if (reading->effect == INBOUND_LEAVE_HINT)
        return true;
    if (end != ANSWER_QUEUED) {
        bool is_usual = end == ANSWER_OURS || end == ANSWER_AUTOMATIC;
        reading->left = is_usual ? LEFT_NOT : LEFT_UNSENT;
        reading->unsent_why = is_usual ? NULL : answer_end_text(end);
        reading->effect = may ? INBOUND_LEAVE_HINT : INBOUND_NOT_OURS;
    }
    reading->stays = may ? end != ANSWER_QUEUED || job->is_cut
                         : reading->effect == INBOUND_HUMAN && job->is_cut;
    return true;
}

/* The hint is sent once for each request, and not after the request is over. */
static bool resolve_hint(const struct effect_job *job, struct inbound_reading *reading,
                         struct error *error)
{
    bool is_repeated = false;
    struct subscriber_request *request = NULL;
    const struct queue_transactional_mail like = { .kind = QUEUE_TRANSACTIONAL_CONFIRM_HINT,
                                                   .request = reading->token.row_id };
    if (!subscriber_request_find(job->service, job->arena, reading->token.row_id, &request,
                                 error) ||
        !queue_transactional_since(job->service->database, &like, 0, &is_repeated, error))
        return false;
    bool waits = request && !request->is_void && !request->used_at &&
                 request->expires_at > job->now_at;
    if (!waits || is_repeated)
        reading->effect = INBOUND_NOT_OURS;
    return true;
}

/* A forwarded message came back: its writer is not to blame, and the contact did not get it, so it
 * is left for a person. */
static bool resolve_bounce(const struct effect_job *job, struct inbound_reading *reading,
                           struct error *error)
{
    bool found = false;
    struct queue_transactional_mail mail = { 0 };
    if (reading->token.purpose != TOKEN_BOUNCE_TRANSACTIONAL)
        return true;
    if (!queue_transactional_find(job->service->database, reading->token.row_id, &mail, &found,
                                  error))
        return false;
    if (!found || mail.kind != QUEUE_TRANSACTIONAL_FORWARD)
        return true;
    reading->effect = INBOUND_NOT_OURS;
    reading->left = LEFT_CAME_BACK;
    return true;
}

bool answer_resolve(const struct effect_job *job, struct inbound_reading *reading,
                    struct error *error)
{
    if (reading->effect == INBOUND_BOUNCED)
        return resolve_bounce(job, reading, error);
    if (reading->effect == INBOUND_CONFIRM_HINT)
        return resolve_hint(job, reading, error);
    if (reading->effect == INBOUND_NOT_OURS && reading->answered &&
        !find_delivery(job, reading, error))
        return false;
    if (reading->effect == INBOUND_HUMAN || reading->effect == INBOUND_LEAVE_HINT)
        return resolve_answer(job, reading, error);
    return true;
}
