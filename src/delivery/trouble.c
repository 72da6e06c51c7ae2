/* SPDX-License-Identifier: MIT */
#include "delivery/trouble.h"

#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "queue/receiver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A receiver that refused something lately. */
struct troubled {
    int64_t number;
    bool is_held;
    int64_t accepted; /* since it was last written, in this transaction */
    int64_t tried;    /* the same, of those that ended otherwise */
    char name[ADDRESS_GROUP_SIZE];
};

/* What is told once the transaction is durable. */
struct news {
    int64_t mailing; /* paused; 0: the receiver is held */
    bool is_address;
    struct queue_receiver_hold hold;
    char note[700];
};

struct trouble {
    struct trouble_settings settings;
    struct database *database;
    struct troubled **receivers; /* in the order of their names */
    size_t receiver_count;
    size_t receiver_capacity;
    int64_t *mailings; /* that have a row of refusals */
    size_t mailing_count;
    size_t mailing_capacity;
    struct news *news;
    size_t news_count;
    size_t news_capacity;
    int64_t change_number;
    bool is_known; /* what the store says is what stands here */
    bool is_dirty; /* something was written that is not durable yet */
};

static void *grow(void *items, size_t *capacity, size_t size)
{
    *capacity = *capacity ? *capacity * 2 : 16;
    void *bigger = reallocarray(items, *capacity, size);
    if (!bigger)
        abort();
    return bigger;
}

struct trouble *trouble_new(const struct trouble_settings *settings)
{
    struct trouble *trouble = calloc(1, sizeof *trouble);
    if (!trouble)
        abort();
    trouble->settings = *settings;
    trouble->database = settings->database;
    return trouble;
}

static void forget_receivers(struct trouble *trouble)
{
    while (trouble->receiver_count)
        free(trouble->receivers[--trouble->receiver_count]);
}

void trouble_free(struct trouble *trouble)
{
    if (!trouble)
        return;
    forget_receivers(trouble);
    free(trouble->receivers);
    free(trouble->mailings);
    free(trouble->news);
    free(trouble);
}

/* ---- what is known ---- */

/* Where it stands, or would. */
static size_t place_of(const struct trouble *trouble, const char *name, bool *is_there)
{
    size_t low = 0;
    size_t high = trouble->receiver_count;
    *is_there = false;
    while (low < high && !*is_there) {
        size_t middle = (low + high) / 2;
        int order = strcmp(trouble->receivers[middle]->name, name);
        *is_there = order == 0;
        if (order >= 0)
            high = middle;
        else
            low = middle + 1;
    }
    return high;
}

static struct troubled *insert_receiver(struct trouble *trouble, size_t place, const char *name)
{
    if (trouble->receiver_count == trouble->receiver_capacity)
        trouble->receivers = grow(trouble->receivers, &trouble->receiver_capacity,
                                  sizeof *trouble->receivers);
    struct troubled *troubled = calloc(1, sizeof *troubled);
    if (!troubled)
        abort();
    struct troubled **at = &trouble->receivers[place];
    memmove(at + 1, at, (trouble->receiver_count++ - place) * sizeof(*at));
    *at = troubled;
    (void)snprintf(troubled->name, sizeof troubled->name, "%s", name);
    return troubled;
}

static void remove_receiver(struct trouble *trouble, size_t place)
{
    struct troubled **at = &trouble->receivers[place];
    free(*at);
    memmove(at, at + 1, (--trouble->receiver_count - place) * sizeof(*at));
}

static bool add_receiver(void *payload, const struct queue_receiver *receiver, struct error *error)
{
    struct trouble *trouble = payload;
    struct troubled *troubled = insert_receiver(trouble, trouble->receiver_count, receiver->name);
    (void)error;
    troubled->number = receiver->number;
    troubled->is_held = receiver->is_held;
    return true;
}

/* After something of it was written: there may be many others, and their rows are as they were. */
static bool reload_receiver(struct trouble *trouble, const char *name, struct error *error)
{
    bool found = false;
    bool is_there = false;
    int64_t number = 0;
    bool is_held = false;
    size_t place = place_of(trouble, name, &is_there);
    if (!queue_receiver_find(trouble->database, name, &number, &is_held, &found, error))
        return false;
    if (!found) {
        if (is_there)
            remove_receiver(trouble, place);
        return true;
    }
    struct troubled *troubled = is_there ? trouble->receivers[place]
                                         : insert_receiver(trouble, place, name);
    troubled->number = number;
    troubled->is_held = is_held;
    return true;
}

static bool add_mailing(void *payload, int64_t mailing, struct error *error)
{
    struct trouble *trouble = payload;
    (void)error;
    if (trouble->mailing_count == trouble->mailing_capacity)
        trouble->mailings = grow(trouble->mailings, &trouble->mailing_capacity,
                                 sizeof *trouble->mailings);
    trouble->mailings[trouble->mailing_count++] = mailing;
    return true;
}

static bool load(struct trouble *trouble, struct error *error)
{
    forget_receivers(trouble);
    trouble->mailing_count = 0;
    trouble->is_known = queue_receiver_each(trouble->database, add_receiver, trouble, error) &&
                        queue_streak_each(trouble->database, add_mailing, trouble, error);
    return trouble->is_known;
}

bool trouble_begin(struct trouble *trouble, struct error *error)
{
    int64_t number = 0;
    trouble->news_count = 0;
    for (size_t i = 0; i < trouble->receiver_count; i++)
        trouble->receivers[i]->accepted = trouble->receivers[i]->tried = 0;
    if (!database_change_number(trouble->database, &number, error))
        return false;
    if (trouble->is_known && !trouble->is_dirty && number == trouble->change_number)
        return true;
    trouble->change_number = number;
    trouble->is_dirty = false;
    return load(trouble, error);
}

static struct troubled *find_receiver(const struct trouble *trouble, const char *name)
{
    bool is_there = false;
    size_t place = place_of(trouble, name, &is_there);
    return is_there ? trouble->receivers[place] : NULL;
}

/* *troubled NULL: all is well with whom the row is for. */
static bool receiver_of(const struct trouble *trouble, const struct queue_row *row,
                        struct troubled **troubled, struct error *error)
{
    char group[ADDRESS_GROUP_SIZE];
    *troubled = NULL;
    if (!trouble->receiver_count || !row->address)
        return true;
    if (!queue_receiver_group(trouble->database, row->address, group, error))
        return false;
    *troubled = find_receiver(trouble, group);
    return true;
}

static bool has_streak(const struct trouble *trouble, int64_t mailing)
{
    for (size_t i = 0; i < trouble->mailing_count; i++) {
        if (trouble->mailings[i] == mailing)
            return true;
    }
    return false;
}

static void forget_mailing(struct trouble *trouble, int64_t mailing)
{
    for (size_t i = 0; i < trouble->mailing_count; i++) {
        if (trouble->mailings[i] == mailing)
            trouble->mailings[i--] = trouble->mailings[--trouble->mailing_count];
    }
}

bool trouble_holder(struct trouble *trouble, const struct queue_row *row, int64_t *receiver,
                    struct error *error)
{
    struct troubled *troubled = NULL;
    if (!receiver_of(trouble, row, &troubled, error))
        return false;
    *receiver = troubled && troubled->is_held ? troubled->number : 0;
    return true;
}

/* The address itself is at fault, as far as can be known. */
static bool count_address(void *payload, const struct queue_streak_refusal *refusal,
                          struct error *error)
{
    const struct trouble_settings *settings = &((const struct trouble *)payload)->settings;
    return !settings->count_address ||
           settings->count_address(settings->count_payload, refusal, error);
}

/* ---- outcomes ---- */

static struct news *add_news(struct trouble *trouble)
{
    if (trouble->news_count == trouble->news_capacity)
        trouble->news = grow(trouble->news, &trouble->news_capacity, sizeof *trouble->news);
    struct news *news = &trouble->news[trouble->news_count++];
    *news = (struct news){ 0 };
    return news;
}

static bool write_receiver(struct trouble *trouble, struct troubled *troubled, int64_t now_at,
                           struct error *error)
{
    struct database *database = trouble->database;
    if (!troubled->tried && !troubled->accepted)
        return true;
    trouble->is_dirty = true;
    bool done = (!troubled->tried || queue_receiver_tried(database, troubled->name, troubled->tried,
                                                          false, now_at, error)) &&
                (!troubled->accepted ||
                 queue_receiver_tried(database, troubled->name, troubled->accepted, true, now_at,
                                      error));
    troubled->tried = 0;
    troubled->accepted = 0;
    return done;
}

bool trouble_end(struct trouble *trouble, int64_t now_at, struct error *error)
{
    /* From the last one on, as those with which all is well go. */
    for (size_t i = trouble->receiver_count; i > 0; i--) {
        struct troubled *troubled = trouble->receivers[i - 1];
        bool is_written = troubled->tried || troubled->accepted;
        if (!write_receiver(trouble, troubled, now_at, error) ||
            (is_written && !reload_receiver(trouble, troubled->name, error)))
            return false;
    }
    return true;
}

/* Acceptances before a refusal must not look as if they came after it. */
static bool note_receiver(struct trouble *trouble, const struct ledger_outcome *outcome,
                          int64_t now_at, struct error *error)
{
    struct queue_receiver_hold hold;
    struct troubled *troubled = NULL;
    const struct smtp_reply *reply = &outcome->reply;
    const struct queue_receiver_refusal refusal = { .address = outcome->item.row->address,
                                                    .code = reply->code,
                                                    .enhanced = reply->enhanced,
                                                    .text = reply->text,
                                                    .at = now_at };
    if (!receiver_of(trouble, outcome->item.row, &troubled, error) ||
        (troubled && !write_receiver(trouble, troubled, now_at, error)))
        return false;
    trouble->is_dirty = true;
    if (!queue_receiver_note(trouble->database, &refusal, &hold, error) ||
        (*hold.name && !reload_receiver(trouble, hold.name, error)))
        return false;
    if (hold.is_new)
        add_news(trouble)->hold = hold;
    return true;
}

static struct queue_streak_refusal refusal_of(const struct ledger_outcome *outcome, int64_t now_at)
{
    const struct queue_row *row = outcome->item.row;
    return (struct queue_streak_refusal){ .mailing = row->mailing,
                                          .single = row->single,
                                          .announcement = row->announcement,
                                          .subscriber = row->subscriber,
                                          .address = row->address ? row->address : "",
                                          .is_address = outcome->class == OUTCOME_ADDRESS,
                                          .is_of_sender = outcome->class == OUTCOME_OURS &&
                                                          !outcome->is_of_receiver,
                                          .code = outcome->reply.code,
                                          .enhanced = outcome->reply.enhanced,
                                          .text = outcome->reply.text,
                                          .at = now_at };
}

static bool note_mailing(struct trouble *trouble, const struct ledger_outcome *outcome,
                         int64_t now_at, struct error *error)
{
    const struct queue_row *row = outcome->item.row;
    struct queue_streak_end end;
    const struct queue_streak_refusal refusal = refusal_of(outcome, now_at);
    trouble->is_dirty = true;
    if (!queue_streak_note(trouble->database, &refusal, &end, error))
        return false;
    if (end.is_paused) {
        struct news *news = add_news(trouble);
        news->mailing = row->mailing;
        news->is_address = refusal.is_address;
        memcpy(news->note, end.note, sizeof news->note);
    }
    return has_streak(trouble, row->mailing) || add_mailing(trouble, row->mailing, error);
}

static bool note_accepted(struct trouble *trouble, const struct queue_row *row, struct error *error)
{
    struct troubled *troubled = NULL;
    if (!receiver_of(trouble, row, &troubled, error))
        return false;
    if (troubled)
        troubled->accepted++;
    if (row->single || !has_streak(trouble, row->mailing))
        return true;
    trouble->is_dirty = true;
    if (!queue_streak_break(trouble->database, row->mailing, count_address, trouble, error))
        return false;
    forget_mailing(trouble, row->mailing);
    return true;
}

static bool note_address(struct trouble *trouble, const struct ledger_outcome *outcome,
                         int64_t now_at, struct error *error)
{
    struct troubled *troubled = NULL;
    const struct queue_row *row = outcome->item.row;
    if (!receiver_of(trouble, row, &troubled, error))
        return false;
    if (troubled)
        troubled->tried++;
    if (!row->single)
        return note_mailing(trouble, outcome, now_at, error);
    const struct queue_streak_refusal refusal = refusal_of(outcome, now_at);
    return count_address(trouble, &refusal, error);
}

bool trouble_note(struct trouble *trouble, const struct ledger_outcome *outcome, bool was_held,
                  int64_t now_at, struct error *error)
{
    const struct queue_row *row = outcome->item.row;
    switch (outcome->class) {
    case OUTCOME_ACCEPTED:
        return note_accepted(trouble, row, error);
    case OUTCOME_ADDRESS:
        return note_address(trouble, outcome, now_at, error);
    case OUTCOME_OURS:
        if (outcome->is_of_receiver && row->address &&
            !note_receiver(trouble, outcome, now_at, error))
            return false;
        return row->single || was_held || note_mailing(trouble, outcome, now_at, error);
    case OUTCOME_LATER:
    case OUTCOME_RELAY:
    case OUTCOME_UNABLE:
    case OUTCOME_LOST:
    case OUTCOME_UNTRIED:
    case OUTCOME_DOUBT:
        break;
    }
    return true;
}

/* ---- afterwards ---- */

struct holding {
    const struct trouble *trouble;
    const char *name;
};

/* What cannot be told stays where it is: it is tried, and refused uncharged. */
static bool is_for_receiver(void *payload, const struct queue_row *row)
{
    const struct holding *holding = payload;
    char group[ADDRESS_GROUP_SIZE];
    struct error ignored;
    return !row->single && row->address &&
           queue_receiver_group(holding->trouble->database, row->address, group, &ignored) &&
           strcmp(group, holding->name) == 0;
}

static void tell_paused(const struct news *news)
{
    if (news->is_address)
        log_line(LOG_ERROR,
                 "mailing %" PRId64 ": paused: %s. So the list of recipients that the relay asks "
                 "may be broken: nothing counts against anybody, and these messages wait again. "
                 "Look there, then `pressroom mailing resume %" PRId64 "`",
                 news->mailing, news->note, news->mailing);
    else
        log_line(LOG_ERROR,
                 "mailing %" PRId64 ": paused after %s; mend it at the relay, then "
                 "`pressroom mailing resume %" PRId64 "`",
                 news->mailing, news->note, news->mailing);
}

void trouble_tell(struct trouble *trouble, struct ledger *ledger, int64_t *paused)
{
    trouble->is_dirty = false;
    for (size_t i = 0; i < trouble->news_count; i++) {
        const struct news *news = &trouble->news[i];
        struct holding holding = { trouble, news->hold.name };
        if (news->mailing) {
            tell_paused(news);
            ++*paused;
            ledger_hand_back(ledger, news->mailing);
        } else {
            log_line(LOG_ERROR, "%s", news->hold.words);
            ledger_hand_back_where(ledger, is_for_receiver, &holding);
        }
    }
    trouble->news_count = 0;
}

bool trouble_settle(struct trouble *trouble, struct error *error)
{
    trouble->is_dirty = true;
    return queue_streak_settle(trouble->database, count_address, trouble, error);
}
