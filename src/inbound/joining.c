/* SPDX-License-Identifier: MIT */
#include "inbound/effect.h"

#include "address/address.h"
#include "address/group.h"
#include "base/arena.h"
#include "base/error.h"
#include "feed/feed.h"
#include "inbound/quotation.h"
#include "locale/locale.h"
#include "locale/unicode.h"
#include "mail/composition.h"
#include "mail/mail.h"
#include "mime/mime.h"
#include "subscriber/subscriber.h"

#include <ctype.h>
#include <string.h>

struct named_feeds {
    const char *ids[SUBSCRIBER_FEEDS_MAXIMUM];
    size_t count;
};

static bool is_word_character(char c)
{
    return isalnum((unsigned char)c) || (c & 0x80) || c == '-' || c == '_';
}

/* Whether the folded text holds the folded name as a word, or words, of its own. */
static bool names(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = text; length && (at = strstr(at, name)) != NULL; at++)
        if ((at == text || !is_word_character(at[-1])) && !is_word_character(at[length]))
            return true;
    return false;
}

static bool names_feed(struct arena *arena, const char *text, const struct feed *feed)
{
    if (names(text, unicode_fold(arena, feed->id)))
        return true;
    for (const struct localized_text *title = feed->title; title; title = title->next)
        if (names(text, unicode_fold(arena, title->text)))
            return true;
    return false;
}

/* The open feeds that subject or body name, by id or title; none named: none, which means all. */
static void find_feeds(const struct effect_job *job, struct named_feeds *feeds)
{
    const char *text = unicode_fold(
        job->arena,
        arena_format(job->arena, "%s\n%s", job->message->subject, job->reading->own_text));
    for (const struct feed *feed = job->service->feeds; feed; feed = feed->next)
        if (feed->signup_open && feeds->count < SUBSCRIBER_FEEDS_MAXIMUM &&
            names_feed(job->arena, text, feed))
            feeds->ids[feeds->count++] = feed->id;
}

/* The language that the subscriber's program says it writes in, where the newsroom has texts in it:
 * "sv" of "sv-SE". NULL: none. */
static const char *language_of_program(const struct effect_job *job)
{
    const struct mail_resources *resources = job->settings->resources;
    const char *value = mime_field(job->message->fields, "Content-Language");
    if (!value || !resources || !resources->strings)
        return NULL;
    const char *tag = language_canonical(
        job->arena, arena_copy_bytes(job->arena, value, strcspn(value, "-,; ")));
    return tag && strings_has_language(resources->strings, tag) ? tag : NULL;
}

/* That of the first feed named, or of the subscriber's program. */
static const char *find_language(const struct effect_job *job, const struct named_feeds *feeds)
{
    if (!feeds->count)
        return language_of_program(job);
    const struct feed *feed = feed_find(job->service->feeds, feeds->ids[0]);
    return feed_language(feed, job->service->default_language);
}

static bool is_same_address(struct arena *arena, const char *left, const char *right)
{
    const struct address *one = effect_address(arena, left);
    const struct address *other = effect_address(arena, right);
    return one && other && strcmp(one->folded, other->folded) == 0;
}

/* Without addresses, because erasing a subscriber does not search what is kept of others. */
static const char *without_people(struct arena *arena, const char *text)
{
    enum { ELLIPSIS_OCTETS = 3 };

    size_t size = ELLIPSIS_OCTETS * strlen(text) + 1;
    char *redacted = arena_allocate(arena, size);
    address_redact(text, redacted, size);
    return redacted;
}

const char *joining_evidence(const struct effect_job *job, const char *about)
{
    static const char *const namings[] = { [NAMED_BY_ADDRESS] = "",
                                           [NAMED_BY_ANSWER] = ", answering our mail",
                                           [NAMED_BY_QUOTATION] = ", quoting our mail",
                                           [NAMED_BY_SUBJECT] = ", with our mail's subject" };
    const char *id = mime_field(job->message->fields, "Message-ID");
    const char *from = job->reading->from;
    size_t length = strcspn(job->reading->own_text, "\n");
    const char *wrote = arena_copy_bytes(job->arena, job->reading->own_text,
                                         length < 200 ? length : 0);
    /* The subject is left out, because it may hold a token. */
    const char *sender = arena_format(job->arena, "mail from %.254s%s, Message-ID %.250s",
                                      from ? from : "<>", namings[job->reading->named_by],
                                      id ? id : "none");
    if (!is_same_address(job->arena, from, about))
        sender = without_people(job->arena, sender);
    return arena_format(job->arena, "%s, wrote \"%s\"", sender, without_people(job->arena, wrote));
}

bool joining_ask(const struct effect_job *job, struct error *error)
{
    struct named_feeds feeds = { .count = 0 };
    struct subscriber_outcome outcome;
    find_feeds(job, &feeds);
    const struct subscription_request subscription_request = {
        .address = job->reading->from,
        .feeds = feeds.ids,
        .feed_count = feeds.count,
        .language = find_language(job, &feeds),
        .proof = { .way = SUBSCRIBER_BY_MAIL,
                   .evidence = joining_evidence(job, job->reading->from) }
    };
    return subscriber_subscribe(job->service, &subscription_request, &outcome, error);
}

/* ---- requests that were made before ---- */

static void split_feeds(const struct effect_job *job, const char *list, struct named_feeds *feeds)
{
    char *rest = NULL;
    for (char *id = strtok_r(arena_copy(job->arena, list), " ", &rest);
         id && feeds->count < SUBSCRIBER_FEEDS_MAXIMUM; id = strtok_r(NULL, " ", &rest))
        feeds->ids[feeds->count++] = id;
}

bool joining_repeat(const struct effect_job *job, int64_t request, bool *asked, struct error *error)
{
    struct subscriber_request *old = NULL;
    struct subscriber_outcome outcome;
    struct named_feeds feeds = { .count = 0 };
    if (!subscriber_request_find(job->service, job->arena, request, &old, error))
        return false;
    /* A request that was voided, because its subscriber unsubscribed meanwhile, stays void: an old
     * yes must not bring anybody back. */
    if (!old || old->is_void || old->used_at || old->expires_at > job->now_at)
        return true;
    split_feeds(job, old->feeds, &feeds);
    const struct subscription_request subscription_request = {
        .address = old->address,
        .feeds = feeds.ids,
        .feed_count = feeds.count,
        .cadence = old->cadence,
        .language = old->language,
        .proof = { .way = SUBSCRIBER_BY_MAIL, .evidence = joining_evidence(job, old->address) }
    };
    *asked = true;
    return subscriber_subscribe(job->service, &subscription_request, &outcome, error);
}

bool joining_is_own(const struct effect_job *job, int64_t request, bool *is_own,
                    struct error *error)
{
    struct subscriber_request *found = NULL;
    *is_own = false;
    if (!subscriber_request_find(job->service, job->arena, request, &found, error))
        return false;
    *is_own = found && is_same_address(job->arena, found->address, job->reading->from);
    return true;
}

static const struct mail_feed *feeds_of(const struct effect_job *job,
                                        const struct subscriber_request *request)
{
    struct named_feeds feeds = { .count = 0 };
    struct mail_feed *first = NULL;
    split_feeds(job, request->feeds, &feeds);
    for (size_t i = feeds.count; i > 0; i--) {
        const struct feed *feed = feed_find(job->service->feeds, feeds.ids[i - 1]);
        const char *title = feed ? localized_get(feed->title, request->language) : NULL;
        struct mail_feed *item = arena_allocate(job->arena, sizeof *item);
        *item = (struct mail_feed){ .title = title ? title : feeds.ids[i - 1],
                                    .cadence = subscriber_cadence_name(request->cadence),
                                    .next = first };
        first = item;
    }
    return first;
}

/* A copy in which `with` stands for every slot. */
static const char *replace_slots(struct arena *arena, const char *text,
                                 const struct mail_slots *slots, const char *with)
{
    struct mail_values values;
    for (int slot = 0; slot < MAIL_SLOT_COUNT; slot++)
        values.values[slot] = with;
    return mail_fill(arena, slots, &values, text);
}

static const struct mail_message *build_mail(const struct effect_job *job, int64_t request)
{
    struct error ignored;
    struct subscriber_request *found = NULL;
    if (!job->settings->resources ||
        !subscriber_request_find(job->service, job->arena, request, &found, &ignored) || !found)
        return NULL;
    const struct confirmation_request wanted = { found->language, feeds_of(job, found) };
    return confirmation_mail_build(job->arena, job->settings->resources, &wanted, &ignored);
}

const char *joining_wording(const struct effect_job *job, int64_t request)
{
    const struct mail_message *mail = build_mail(job, request);
    return mail ? replace_slots(job->arena, mail->text, mail->slots, "…") : NULL;
}

/* Both forms are looked for, because some programs quote the text and some the HTML. */
bool joining_quotes(const struct effect_job *job, int64_t request)
{
    const char *unmarked = job->reading->unmarked;
    const char *token = job->reading->token_text;
    const struct mail_message *mail = *unmarked ? build_mail(job, request) : NULL;
    if (!mail)
        return !*unmarked;
    const char *text = replace_slots(job->arena, mail->text, mail->slots, token);
    if (quotation_is_of(job->arena, unmarked, text))
        return true;
    struct error ignored;
    const char *html = mime_reader_text_of(
        job->reader, job->arena, replace_slots(job->arena, mail->html, mail->slots, token),
        &ignored);
    return html && quotation_is_of(job->arena, unmarked, html);
}
