/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/composition.h"
#include "mail/mail_context.h"

#include "base/arena.h"
#include "base/error.h"
#include "release/newsroom.h"
#include "template/json_value.h"

static const char *render(struct mail_context *context, const struct confirmation_request *request,
                          const char *reply_to, struct error *error)
{
    const char *endpoint = context->resources->newsroom->endpoint;
    const char *slot = context->slots->names[MAIL_SLOT_CONFIRM];
    json_t *object = context_new(context, context_with_publisher(context, "mail_why_confirmation"),
                                 NULL);
    context_set_long(context, object, "title", context_with_publisher(context, "confirm_title"));
    context_set_long(context, object, "intro", context_with_publisher(context, "confirm_intro"));
    json_set_list(object, "feeds", context_feeds(context, request->feeds));
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
                                    .slots = context_slots_of_feeds(arena, NULL, request->language,
                                                                    request->feeds) };
    context.subject = context_with_publisher(&context, "mail_subject_confirmation");
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
