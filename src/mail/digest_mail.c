/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/composition.h"
#include "mail/mail_context.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "presentation/presentation.h"
#include "presentation/template_values.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct digest_mail {
    struct mail_context context;
    const struct digest_mail_request *request;
    const struct digest_mail_entry **entries; /* in the order shown */
    size_t count;
    size_t shown;
};

/* ---- order and subject ---- */

static int compare_entries(const void *left, const void *right)
{
    const struct digest_mail_entry *a = *(const struct digest_mail_entry *const *)left;
    const struct digest_mail_entry *b = *(const struct digest_mail_entry *const *)right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    const struct presentation *of_a = a->presentation;
    const struct presentation *of_b = b->presentation;
    if (of_a->public_at != of_b->public_at)
        return of_a->public_at > of_b->public_at ? -1 : 1;
    return (of_a->row_id < of_b->row_id) - (of_a->row_id > of_b->row_id);
}

static void order_entries(struct digest_mail *mail)
{
    const struct digest_mail_entry *entry;
    for (entry = mail->request->entries; entry; entry = entry->next)
        mail->count++;
    mail->entries = arena_allocate_array(mail->context.arena, mail->count, sizeof(void *));
    mail->count = 0;
    for (entry = mail->request->entries; entry; entry = entry->next)
        mail->entries[mail->count++] = entry;
    qsort(mail->entries, mail->count, sizeof(void *), compare_entries);
    mail->shown = mail->count;
}

/* The first one's title, and how many more there are. */
static const char *subject_of(struct digest_mail *mail)
{
    const struct mail_context *context = &mail->context;
    struct strings *strings = context->resources->strings;
    const struct digest_mail_entry *first = mail->entries[0];
    const char *publisher = context->resources->newsroom->name;
    const char *title = release_mail_subject(context->arena, context->resources, first->kind,
                                             first->presentation->title, context->language);
    int64_t more = (int64_t)mail->count - 1;
    if (more == 0)
        return strings_format(context->arena, context_string(context, "mail_subject_digest"),
                              "publisher", publisher, "title", title, NULL);
    return strings_format(
        context->arena,
        strings_plural(strings, context->language, "mail_subject_digest_more", more), "publisher",
        publisher, "title", title, "count",
        locale_number(context->resources->locale, context->arena, context->language, more), NULL);
}

static const struct mail_slots *new_slots(struct arena *arena,
                                          const struct digest_mail_request *request)
{
    struct hash_state state;
    struct hash seed;
    hash_init(&state);
    hash_update_string(&state, request->language);
    for (const struct digest_mail_entry *entry = request->entries; entry; entry = entry->next) {
        struct hash content;
        release_content_hash(entry->presentation->release, &content);
        hash_update(&state, &entry->kind, sizeof entry->kind);
        hash_update(&state, content.bytes, sizeof content.bytes);
    }
    hash_final(&state, &seed);
    return context_slots(arena, &seed);
}

/* ---- the context ---- */

/* Members are set where they are NULL too, because Mustache looks for a missing one in the mail
 * around the entry. */
static json_t *new_entry(const struct mail_context *context, const struct digest_mail_entry *entry)
{
    const struct presentation *presentation = entry->presentation;
    bool is_release = entry->kind == RELEASE_MAIL_RELEASE;
    bool is_correction = entry->kind == RELEASE_MAIL_CORRECTION;
    bool is_withdrawal = entry->kind == RELEASE_MAIL_WITHDRAWAL;
    const char *lead = *presentation->lead ? presentation->lead : NULL;
    json_t *object = json_object();
    context_set_release(context, object, presentation);
    json_set_boolean(object, "is_correction", is_correction);
    json_set_boolean(object, "is_withdrawal", is_withdrawal);
    context_set_long(context, object, "lead", is_release ? lead : NULL);
    context_set_long(context, object, "correction",
                     is_correction ? presentation->correction : NULL);
    context_set_long(context, object, "corrected", is_release ? presentation->correction : NULL);
    context_set_long(context, object, "reason", is_withdrawal ? presentation->reason : NULL);
    json_set_value(object, "event",
                   is_release ? presentation_event_value(
                                    presentation_event_in(presentation, context->language))
                              : NULL);
    return object;
}

/* What the subject does not say: the titles behind the first, or, of a single release, its lead. */
static const char *preview_of(const struct digest_mail *mail)
{
    struct arena *arena = mail->context.arena;
    const struct digest_mail_entry *first = mail->entries[0];
    const char *words = "";

    enum { TITLES = 5 /* more than are shown */ };

    if (mail->count == 1)
        return first->kind == RELEASE_MAIL_RELEASE ? first->presentation->lead : NULL;
    for (size_t i = 1; i < mail->count && i <= TITLES; i++)
        words = arena_format(
            arena, "%s%s%s", words, i > 1 ? " · " : "",
            release_mail_subject(arena, mail->context.resources, mail->entries[i]->kind,
                                 mail->entries[i]->presentation->title, mail->context.language));
    return words;
}

static const char *more_text(const struct digest_mail *mail)
{
    const struct mail_context *context = &mail->context;
    int64_t more = (int64_t)(mail->count - mail->shown);
    if (more == 0)
        return NULL;
    return strings_format(
        context->arena,
        strings_plural(context->resources->strings, context->language, "digest_more", more),
        "count", locale_number(context->resources->locale, context->arena, context->language, more),
        NULL);
}

static json_t *new_context(const struct digest_mail *mail)
{
    const struct mail_context *context = &mail->context;
    struct locale_context *locale = context->resources->locale;
    json_t *entries = json_array();
    json_t *object = context_new(context, context_with_publisher(context, "mail_why_digest"), NULL);
    context_set_long(context, object, "title", context_with_publisher(context, "digest_title"));
    context_set_preview(context, object, preview_of(mail));
    json_set_text(
        object, "date",
        locale_date(locale, context->arena, context->language, DATE_WEEKDAY, mail->request->at));
    json_set_text(object, "date_datetime",
                  arena_format(context->arena, "%.10s",
                               zone_format_rfc3339(locale_context_zone(locale), context->arena,
                                                   mail->request->at, false)));
    json_set_text(object, "more", more_text(mail));
    for (size_t i = 0; i < mail->shown; i++)
        json_array_append_new(entries, new_entry(context, mail->entries[i]));
    json_set_list(object, "entries", entries);
    return object;
}

/* Where replies go: to the contact that all releases of the digest share, else to the publisher's
 * own. */
static const struct release_contact *reply_contact(const struct digest_mail *mail)
{
    const struct release_contact *others = mail->context.resources->newsroom->contacts;
    const struct release_contact *first = NULL;
    for (size_t i = 0; i < mail->count; i++) {
        const struct release_contact *contact = release_reply_contact(
            mail->entries[i]->presentation->release, others);
        if (!contact || (first && strcasecmp(first->email, contact->email) != 0))
            return release_reply_contact(NULL, others);
        first = contact;
    }
    return first;
}

/* ---- the two forms ---- */

static const char *render(void *payload, size_t shown, struct error *error)
{
    struct digest_mail *mail = payload;
    mail->shown = shown;
    json_t *object = new_context(mail);
    const char *rendered = context_render(
        &mail->context, mail->context.is_plain ? "mail-digest.text" : "mail-digest.html", object,
        error);
    json_decref(object);
    return rendered;
}

struct mail_message *digest_mail_build(struct arena *arena, const struct mail_resources *resources,
                                       const struct digest_mail_request *request,
                                       struct error *error)
{
    struct digest_mail mail = { .context = { .arena = arena,
                                             .resources = resources,
                                             .language = request->language,
                                             .slots = new_slots(arena, request) },
                                .request = request };
    const struct zone *zone = locale_context_zone(resources->locale);
    const char *date = zone_format_rfc3339(zone, arena, request->at, false);
    order_entries(&mail);
    mail.context.subject = subject_of(&mail);
    struct mail_message *message = context_bulk_message(&mail.context, render, &mail, mail.count,
                                                        error);
    if (!message)
        return NULL;
    message->reply_to = context_reply_to(&mail.context, reply_contact(&mail));
    message->feedback_id = arena_format(arena, "%.10s:digest:%s:%s", date, request->language,
                                        resources->settings->list_id);
    return message;
}
