/* SPDX-License-Identifier: MIT */
#include "mail/mail_context.h"

#include "mail/composition.h"
#include "mail/mail.h"

#include "address/address.h"
#include "address/token.h"
#include "address/verp.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "presentation/presentation.h"
#include "release/body.h"
#include "release/newsroom.h"
#include "release/release.h"
#include "template/json_value.h"
#include "template/template.h"

#include <string.h>
#include <strings.h>

/* Wrapped as the paragraphs of the text are or the items of its lists, or underlined as its
 * headings, by the same writer. */
static const char *wrap(struct arena *arena, enum body_kind kind, const char *value)
{
    struct string_builder text;
    string_builder_init(&text, 0);
    struct body_node *body = body_new(arena);
    struct body_node *block = body_append(arena, body, kind);
    if (kind == BODY_LIST)
        block = body_append(arena, body_append(arena, block, BODY_ITEM), BODY_PARAGRAPH);
    body_append_text(arena, block, value, strlen(value));
    const struct body_writer_options options = { 0 };
    body_write_text(&text, body, &options, MAIL_TEXT_WIDTH);
    while (text.length && text.data[text.length - 1] == '\n')
        string_builder_truncate(&text, text.length - 1);
    const char *wrapped = arena_copy_bytes(arena, text.data, text.length);
    string_builder_release(&text);
    return wrapped;
}

void context_set_long(const struct mail_context *context, json_t *object, const char *name,
                      const char *value)
{
    json_set_text(object, name,
                  value && context->is_plain ? wrap(context->arena, BODY_PARAGRAPH, value) : value);
}

void context_set_item(const struct mail_context *context, json_t *object, const char *name,
                      const char *value)
{
    json_set_text(object, name, context->is_plain ? wrap(context->arena, BODY_LIST, value) : NULL);
}

void context_set_underlined(const struct mail_context *context, json_t *object, const char *name,
                            const char *value)
{
    json_set_text(object, name,
                  context->is_plain ? wrap(context->arena, BODY_HEADING, value) : NULL);
}

void context_set_preview(const struct mail_context *context, json_t *object, const char *words)
{
    enum { PREVIEW_CHARACTERS = 150 /* about what the widest lists of mails show */ };

    bool is_shown = !context->is_plain && words && *words;
    json_set_text(object, "preview",
                  is_shown ? wording_cut(context->arena, words, PREVIEW_CHARACTERS) : NULL);
}

const char *context_string(const struct mail_context *context, const char *key)
{
    return strings_get(context->resources->strings, context->language, key);
}

const char *context_with_publisher(const struct mail_context *context, const char *key)
{
    return strings_format(context->arena, context_string(context, key), "publisher",
                          context->resources->newsroom->name, NULL);
}

json_t *context_feeds(const struct mail_context *context, const struct mail_feed *feeds)
{
    json_t *list = json_array();
    for (; feeds; feeds = feeds->next) {
        const char *key = arena_format(context->arena, "cadence_%s", feeds->cadence);
        json_t *item = json_object();
        json_set_text(item, "feed_title", feeds->title);
        json_set_text(item, "feed_cadence", context_string(context, key));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *new_publisher(const struct mail_context *context, const char *about)
{
    const struct newsroom *newsroom = context->resources->newsroom;
    json_t *publisher = json_object();
    json_t *lines = json_array();
    json_set_text(publisher, "publisher_name", newsroom->name);
    context_set_long(context, publisher, "about", about);
    for (const char *cursor = newsroom->address; cursor && *cursor;) {
        size_t length = strcspn(cursor, "\n");
        if (length)
            json_array_append_new(lines, json_stringn(cursor, length));
        cursor += length;
        cursor += strspn(cursor, "\n");
    }
    json_set_list(publisher, "address_lines", lines);
    json_set_text(publisher, "privacy_url", newsroom->privacy);
    return publisher;
}

json_t *context_new(const struct mail_context *context, const char *why, const char *about)
{
    json_t *object = json_object();
    json_t *strings = json_object();
    struct strings_cursor cursor;
    const char *key;
    const char *text;
    strings_cursor_open(&cursor, context->resources->strings, context->language);
    while (strings_cursor_next(&cursor, &key, &text))
        json_set_text(strings, key, text);
    json_set_value(object, "t", strings);
    json_set_text(object, "language", context->language);
    json_set_text(object, "direction", language_direction(context->language));
    json_set_text(object, "subject", context->subject);
    json_set_text(object, "home_url", context->resources->newsroom->site_url);
    context_set_long(context, object, "why", why);
    json_set_text(object, "unsubscribe_url", context->unsubscribe_url);
    json_set_text(object, "unsubscribe_address", context->unsubscribe_address);
    json_set_text(object, "preferences_url", context->preferences_url);
    json_set_value(object, "publisher", new_publisher(context, about));
    return object;
}

void context_set_release(const struct mail_context *context, json_t *object,
                         const struct presentation *presentation)
{
    const char *language = context->language;
    bool is_other_language = strcasecmp(presentation->language, language) != 0;
    context_set_long(context, object, "title", presentation->title);
    json_set_text(object, "type_name", presentation_type_name(presentation, language));
    json_set_text(object, "published",
                  presentation_date(presentation, language, presentation->public_at));
    json_set_text(object, "published_datetime", presentation->published_datetime);
    json_set_text(object, "page_url", presentation->url);
    json_set_text(object, "text_language", is_other_language ? presentation->language : NULL);
}

const char *context_render(const struct mail_context *context, const char *name,
                           const json_t *object, struct error *error)
{
    struct string_builder text;
    string_builder_init(&text, MAIL_SIZE_MAXIMUM);
    const char *rendered = NULL;
    if (template_render(context->resources->templates, name, object,
                        context->is_plain ? TEMPLATE_PLAIN : TEMPLATE_HTML, &text, error))
        rendered = arena_copy_bytes(context->arena, text.data, text.length);
    string_builder_release(&text);
    return rendered;
}

static const char *reply_address(const struct mail_context *context, const char *word,
                                 const char *slot_name, size_t token_length, struct error *error)
{
    const struct mail_settings *settings = context->resources->settings;
    struct verp_base base;
    if (!verp_base_parse(context->arena, settings->replies, settings->delimiter[0],
                         strlen(word) + 1 + token_length, &base, error))
        return NULL;
    return verp_build(context->arena, &base,
                      arena_format(context->arena, "%s-%s", word, slot_name));
}

const char *context_reply_address(const struct mail_context *context, const char *word,
                                  const char *slot_name, struct error *error)
{
    const char *address = reply_address(context, word, slot_name, TOKEN_LENGTH, error);
    if (!address)
        error_prefix(error, "mail.replies");
    return address;
}

const char *context_reply_to(const struct mail_context *context,
                             const struct release_contact *contact)
{
    struct error ignored;
    const char *named = context->resources->settings->is_answered
                            ? reply_address(context, "answer",
                                            context->slots->names[MAIL_SLOT_ANSWER],
                                            TOKEN_BOUNCE_LENGTH, &ignored)
                            : NULL;
    if (named || !contact)
        return named;
    const struct address *address = address_parse(context->arena, contact->email,
                                                  strlen(contact->email), &ignored);
    return address && !address->is_international ? address->envelope : NULL;
}

const struct mail_slots *context_slots(struct arena *arena, const struct hash *seed)
{
    struct mail_slots *slots = arena_allocate(arena, sizeof *slots);
    mail_slots_init(slots, seed);
    return slots;
}

const struct mail_slots *context_slots_of_feeds(struct arena *arena, const char *name,
                                                const char *language, const struct mail_feed *feeds)
{
    struct hash_state state;
    struct hash seed;
    hash_init(&state);
    if (name)
        hash_update_string(&state, name);
    hash_update_string(&state, language);
    for (; feeds; feeds = feeds->next)
        hash_update_string(&state, feeds->title);
    hash_final(&state, &seed);
    return context_slots(arena, &seed);
}

static bool add_links(struct mail_context *context, struct mail_message *message,
                      struct error *error)
{
    const struct mail_slots *slots = context->slots;
    const char *endpoint = context->resources->newsroom->endpoint;
    const char *unsubscribe = slots->names[MAIL_SLOT_UNSUBSCRIBE];
    context->unsubscribe_address = context_reply_address(context, "unsubscribe", unsubscribe,
                                                         error);
    if (!context->unsubscribe_address)
        return false;
    if (endpoint) {
        context->unsubscribe_url = arena_format(context->arena, "%sunsubscribe/%s", endpoint,
                                                unsubscribe);
        context->preferences_url = arena_format(context->arena, "%spreferences/%s", endpoint,
                                                slots->names[MAIL_SLOT_PREFERENCES]);
    }
    message->unsubscribe_url = context->unsubscribe_url;
    message->unsubscribe_mailto = arena_format(context->arena, "mailto:%s?subject=unsubscribe-%s",
                                               context->unsubscribe_address, unsubscribe);
    return true;
}

void context_fill_message(const struct mail_context *context, struct mail_message *message)
{
    const struct mail_settings *settings = context->resources->settings;
    message->from_name = settings->from_name;
    message->from_address = settings->from_address;
    message->subject = context->subject;
    message->slots = context->slots;
}

/* The HTML with so many parts. NULL with *failed false: it is longer than mail programs show (Gmail
 * cuts it off), or so long that the renderer gave up. */
static const char *form_short(context_form *form, void *payload, size_t shown, bool *failed,
                              struct error *error)
{
    enum { SLOT_GROWTH_BYTES = 1024 /* what tokens may be longer than the names of their slots */ };

    const char *html = form(payload, shown, error);
    *failed = !html && error->kind != ERROR_INPUT;
    return html && strlen(html) <= MAIL_HTML_MAXIMUM - SLOT_GROWTH_BYTES ? html : NULL;
}

/* The HTML with as many parts as fit, found by halving; *shown says how many those are. */
static const char *fit_html(context_form *form, void *payload, size_t count, size_t *shown,
                            struct error *error)
{
    bool failed = false;
    const char *whole = form_short(form, payload, count, &failed, error);
    *shown = count;
    if (whole || failed)
        return whole;
    size_t fitting = 0;
    size_t too_many = count;
    while (too_many - fitting > 1) {
        size_t middle = fitting + (too_many - fitting) / 2;
        if (form_short(form, payload, middle, &failed, error))
            fitting = middle;
        else if (failed)
            return NULL;
        else
            too_many = middle;
    }
    *shown = fitting;
    return form(payload, fitting, error);
}

struct mail_message *context_bulk_message(struct mail_context *context, context_form *form,
                                          void *payload, size_t count, struct error *error)
{
    size_t shown = 0;
    const struct mail_resources *resources = context->resources;
    struct mail_message *message = arena_allocate(context->arena, sizeof *message);
    message->class = MAIL_CLASS_BULK;
    if (!add_links(context, message, error))
        return NULL;
    context->is_plain = false;
    message->html = fit_html(form, payload, count, &shown, error);
    context->is_plain = true;
    message->text = message->html ? form(payload, shown, error) : NULL;
    if (!message->text)
        return NULL;
    context_fill_message(context, message);
    message->list_id = resources->settings->list_id;
    message->list_name = resources->newsroom->name;
    message->list_archive = resources->newsroom->site_url;
    return message;
}
