/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/composition.h"
#include "mail/mail_context.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "locale/locale.h"
#include "release/newsroom.h"
#include "template/json_value.h"

#include <string.h>

static const char *with_publisher(const struct mail_context *context, const char *key)
{
    return strings_format(context->arena, context_string(context, key), "publisher",
                          context->resources->newsroom->name, NULL);
}

static const struct mail_slots *new_slots(struct arena *arena,
                                          const struct confirmation_request *request)
{
    struct hash_state state;
    struct hash seed;
    hash_init(&state);
    hash_update_string(&state, request->language);
    for (const struct confirmation_feed *feed = request->feeds; feed; feed = feed->next)
        hash_update_string(&state, feed->title);
    hash_final(&state, &seed);
    return context_slots(arena, &seed);
}

static json_t *new_feeds(const struct mail_context *context,
                         const struct confirmation_request *request)
{
    const char *cadence = context_string(
        context, arena_format(context->arena, "cadence_%s", request->cadence));
    json_t *feeds = json_array();
    for (const struct confirmation_feed *feed = request->feeds; feed; feed = feed->next) {
        json_t *item = json_object();
        json_set_text(item, "feed_title", feed->title);
        json_set_text(item, "feed_cadence", cadence);
        json_array_append_new(feeds, item);
    }
    return feeds;
}

static const char *render(struct mail_context *context, const struct confirmation_request *request,
                          const char *reply_to, struct error *error)
{
    const char *endpoint = context->resources->newsroom->endpoint;
    const char *slot = context->slots->names[MAIL_SLOT_CONFIRM];
    json_t *object = context_new(context, with_publisher(context, "mail_why_confirmation"), NULL);
    context_set_long(context, object, "title", with_publisher(context, "confirm_title"));
    context_set_long(context, object, "intro", with_publisher(context, "confirm_intro"));
    json_set_list(object, "feeds", new_feeds(context, request));
    json_set_text(object, "confirm_url",
                  endpoint ? arena_format(context->arena, "%sconfirm/%s", endpoint, slot) : NULL);
    json_set_text(object, "confirm_address", reply_to);
    const char *rendered = context_render(
        context, context->is_plain ? "mail-confirmation.text" : "mail-confirmation.html", object,
        error);
    json_decref(object);
    return rendered;
}

struct mail_message *confirmation_mail_build(struct arena *arena,
                                             const struct mail_resources *resources,
                                             const struct confirmation_request *request,
                                             struct error *error)
{
    struct mail_context context = { .arena = arena,
                                    .resources = resources,
                                    .language = request->language,
                                    .slots = new_slots(arena, request) };
    context.subject = with_publisher(&context, "mail_subject_confirmation");
    const char *slot = context.slots->names[MAIL_SLOT_CONFIRM];
    const char *reply_to = context_reply_address(&context, "confirm", slot, error);
    if (!reply_to)
        return NULL;
    struct mail_message *message = arena_allocate(arena, sizeof *message);
    message->class = MAIL_CLASS_TRANSACTIONAL;
    message->reply_to = reply_to;
    message->html = render(&context, request, reply_to, error);
    context.is_plain = true;
    message->text = message->html ? render(&context, request, reply_to, error) : NULL;
    if (!message->text)
        return NULL;
    context_fill_message(&context, message);
    return message;
}
