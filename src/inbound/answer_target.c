/* SPDX-License-Identifier: MIT */
#include "inbound/answer.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "digest/digest.h"
#include "mail/mail.h"
#include "mime/mime.h"
#include "queue/queue.h"
#include "queue/transactional_mail.h"
#include "release/newsroom.h"
#include "release/release_store.h"
#include "subscriber/subscriber.h"

#include <string.h>
#include <strings.h>

/* ---- addresses ---- */

bool answer_is_ours(const struct effect_job *job, const char *address)
{
    struct own_addresses own;
    own_addresses_init(&own, job->arena, job->settings);
    return own_address(&own, job->arena, address) != OWN_NOT;
}

/* Where a stranger wants answers: by today's rules, because nobody took that address in before. */
static const struct address *reply_address(struct arena *arena, const char *address)
{
    struct error ignored;
    return address ? address_parse(arena, address, strlen(address), &ignored) : NULL;
}

const char *answer_writer(const struct effect_job *job)
{
    const char *field = mime_field(job->message->fields, "Reply-To");
    const struct mime_address *wanted = field ? mime_addresses(job->arena, field, 1) : NULL;
    const char *const candidates[] = { wanted ? wanted->address : NULL, job->reading->from };
    /* Who says that answers go to us, or is one of us, gets none by way of us. */
    if (answer_is_ours(job, job->reading->from))
        return NULL;
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        const struct address *address = candidates[i] == job->reading->from
                                            ? effect_address(job->arena, candidates[i])
                                            : reply_address(job->arena, candidates[i]);
        if (address && !answer_is_ours(job, address->typed))
            return address->is_international ? address->typed : address->envelope;
    }
    return NULL;
}

/* ---- the contact ---- */

/* What one release says; contact stays NULL where nobody is named. */
struct asked_about {
    const char *contact;
    const char *title;
    const char *page;
};

/* Of what is public, never of what is not yet. A release that is gone says nothing. */
static bool ask_release(const struct effect_job *job, int64_t row_id, struct asked_about *about,
                        struct error *error)
{
    bool failed = false;
    struct error unread;
    const struct newsroom *newsroom = job->settings->resources->newsroom;
    const struct release *release = NULL;
    const struct release_row *row = release_find_by_row_id(job->service->database, job->arena,
                                                           row_id, &failed, error);
    if (failed)
        return false;
    if (row && row->public_revision)
        release = release_load(job->service->database, job->arena, row_id, row->public_revision,
                               &unread);
    const struct release_contact *contact = release_reply_contact(release, newsroom->contacts);
    const char *page = row ? release_row_page_path(job->arena, row) : NULL;
    *about = (struct asked_about){
        .contact = contact ? contact->email : NULL,
        .title = release ? release->title : NULL,
        .page = page ? arena_format(job->arena, "%s%s", newsroom->site_url, page) : NULL,
    };
    return true;
}

static bool is_same(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

/* Of a digest's releases: the one they have in common, else the publisher's. */
static bool ask_digest(const struct effect_job *job, int64_t content, struct asked_about *about,
                       struct error *error)
{
    size_t count = 0;
    struct digest_part *parts = NULL;
    const struct release_contact *others = job->settings->resources->newsroom->contacts;
    const struct release_contact *publisher = release_reply_contact(NULL, others);
    struct asked_about first = { .contact = NULL };
    bool agree = true;
    if (content &&
        !digest_parts_read(job->service->database, content, job->arena, &parts, &count, error))
        return false;
    for (size_t i = 0; i < count && agree; i++) {
        if (!ask_release(job, parts[i].version, about, error))
            return false;
        if (i == 0)
            first = *about;
        agree = is_same(first.contact, about->contact);
    }
    *about = (struct asked_about){ .contact = agree && first.contact ? first.contact
                                              : publisher            ? publisher->email
                                                                     : NULL };
    if (count == 1)
        *about = first;
    return true;
}

static bool ask(const struct effect_job *job, const struct inbound_reading *reading,
                struct asked_about *about, struct error *error)
{
    bool found = false;
    struct queue_delivered delivered = { .release = 0, .kind = QUEUE_DIGEST };
    if (reading->token.purpose == TOKEN_ANSWER &&
        !queue_delivered_find(job->service->database, reading->token.announcement,
                              reading->token.row_id, &delivered, &found, error))
        return false;
    if (delivered.kind == QUEUE_DIGEST)
        return ask_digest(job, delivered.version, about, error);
    return ask_release(job, delivered.version ? delivered.version : delivered.release, about,
                       error);
}

/* ---- whether it may be sent on ---- */

static bool find_room(const struct effect_job *job, enum answer_end *end, struct error *error)
{
    struct queue_forward_room room;
    struct hash writer;
    const struct address *from = effect_address(job->arena, job->reading->from);
    if (!from) {
        *end = ANSWER_NOBODY;
        return true;
    }
    subscriber_writer(job->service->keys, from->folded, &writer);
    const struct token *token = &job->reading->token;
    int64_t subscriber = token->purpose == TOKEN_ANSWER ? token->row_id : 0;
    if (!queue_forward_room(job->service->database, &writer, subscriber, job->now_at, &room, error))
        return false;
    if (room.is_eager || room.is_full)
        *end = room.is_eager ? ANSWER_RATE_LIMITED : ANSWER_QUEUE_FULL;
    return true;
}

bool answer_find_target(const struct effect_job *job, const struct inbound_reading *reading,
                        const struct answer_target **target, enum answer_end *end,
                        struct error *error)
{
    struct error ignored;
    struct asked_about about = { .contact = NULL };
    *target = NULL;
    *end = ANSWER_NOBODY;
    if (!job->settings->resources)
        return true;
    if (!ask(job, reading, &about, error))
        return false;
    const struct address *contact = about.contact ? address_parse(job->arena, about.contact,
                                                                  strlen(about.contact), &ignored)
                                                  : NULL;
    const char *writer = answer_writer(job);
    if (!contact)
        return true;
    *end = ANSWER_QUEUED;
    if (answer_is_ours(job, contact->typed))
        *end = ANSWER_OURS;
    else if (!writer || is_same(contact->typed, job->reading->from))
        *end = ANSWER_AUTOMATIC;
    else if (!find_room(job, end, error))
        return false;
    if (*end != ANSWER_QUEUED)
        return true;
    struct answer_target *found = arena_allocate(job->arena, sizeof *found);
    *found = (struct answer_target){ .address = contact->typed,
                                     .title = about.title,
                                     .page = about.page };
    *target = found;
    return true;
}
