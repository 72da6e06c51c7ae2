/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/composition.h"
#include "mail/mail_context.h"

#include "base/arena.h"
#include "base/error.h"
#include "release/newsroom.h"
#include "template/json_value.h"

/* In the order of enum notice_kind. The mails about one request also go to who has left. */
static const struct {
    const char *subject;
    const char *name; /* of the strings notice_NAME_… */
    const char *why;
    const char *page;    /* of the link */
    const char *reply;   /* word of the address that does the same; NULL: there is none */
    enum mail_slot slot; /* token of both: MAIL_SLOT_CONFIRM is of one request */
} notices[] = {
    { "mail_subject_welcome", "welcome", "mail_why", "preferences", NULL, MAIL_SLOT_PREFERENCES },
    { "mail_subject_already", "already", "mail_why", "preferences", NULL, MAIL_SLOT_PREFERENCES },
    { "mail_subject_preferences", "preferences", "mail_why_notice", "preferences", NULL,
      MAIL_SLOT_PREFERENCES },
    { "mail_subject_my_data", "my_data", "mail_why_notice", "preferences", NULL,
      MAIL_SLOT_CONFIRM },
    { "mail_subject_erase", "erase", "mail_why_notice", "preferences", NULL, MAIL_SLOT_CONFIRM },
    { "mail_subject_leave_link", "leave_link", "mail_why_answer", "unsubscribe", "unsubscribe",
      MAIL_SLOT_UNSUBSCRIBE },
    { "mail_subject_confirm_hint", "confirm_hint", "mail_why_confirmation", "confirm", "confirm",
      MAIL_SLOT_CONFIRM },
    { "mail_subject_probe", "probe", "mail_why", "preferences", NULL, MAIL_SLOT_PREFERENCES },
};

static bool is_of_one_request(const struct notice_request *request)
{
    return notices[request->kind].slot == MAIL_SLOT_CONFIRM;
}

/* The string notice_NAME_PART. */
static const char *part(const struct mail_context *context, const struct notice_request *request,
                        const char *name)
{
    const char *whole = arena_format(context->arena, "%s_%s", notices[request->kind].name, name);
    return context_with_publisher(context, arena_format(context->arena, "notice_%s", whole));
}

static const char *render(struct mail_context *context, const struct notice_request *request,
                          const char *reply_to, struct error *error)
{
    const char *endpoint = context->resources->newsroom->endpoint;
    const char *slot = context->slots->names[notices[request->kind].slot];
    json_t *object = context_new(context,
                                 context_with_publisher(context, notices[request->kind].why), NULL);
    context_set_long(context, object, "title", part(context, request, "title"));
    context_set_long(context, object, "intro", part(context, request, "text"));
    json_set_list(object, "feeds", context_feeds(context, request->feeds));
    json_set_text(object, "link_text", part(context, request, "button"));
    json_set_text(object, "link_url",
                  endpoint ? arena_format(context->arena, "%s%s/%s", endpoint,
                                          notices[request->kind].page, slot)
                           : NULL);
    json_set_text(object, "reply_text", reply_to ? part(context, request, "write") : NULL);
    json_set_text(object, "reply_address", reply_to);
    const char *rendered = context_render(
        context, context->is_plain ? "mail-notice.text" : "mail-notice.html", object, error);
    json_decref(object);
    return rendered;
}

struct mail_message *notice_mail_build(struct arena *arena, const struct mail_resources *resources,
                                       const struct notice_request *request, struct error *error)
{
    const char *endpoint = resources->newsroom->endpoint;
    struct mail_context context = { .arena = arena,
                                    .resources = resources,
                                    .language = request->language,
                                    .slots = context_slots_of_feeds(
                                        arena, notices[request->kind].name, request->language,
                                        request->feeds) };
    const char *leave = context.slots->names[MAIL_SLOT_UNSUBSCRIBE];
    const char *word = notices[request->kind].reply;
    const char *reply_to = NULL;
    /* Without the foot's link to unsubscribe, where the mail itself is about an address to write
     * to. */
    bool is_follower = !is_of_one_request(request) && !word;
    context.subject = context_with_publisher(&context, notices[request->kind].subject);
    if (is_follower) {
        context.unsubscribe_address = context_reply_address(&context, "unsubscribe", leave, error);
        if (!context.unsubscribe_address)
            return NULL;
    }
    if (is_follower && endpoint)
        context.unsubscribe_url = arena_format(arena, "%sunsubscribe/%s", endpoint, leave);
    if (word) {
        reply_to = context_reply_address(&context, word,
                                         context.slots->names[notices[request->kind].slot], error);
        if (!reply_to)
            return NULL;
    }
    struct mail_message *message = arena_allocate(arena, sizeof *message);
    message->class = MAIL_CLASS_TRANSACTIONAL;
    /* Else an answer goes to From: who answers a mail on how to unsubscribe may want something
     * else, and must not be unsubscribed by it. */
    message->reply_to = is_of_one_request(request) ? reply_to : NULL;
    message->html = render(&context, request, reply_to, error);
    context.is_plain = true;
    message->text = message->html ? render(&context, request, reply_to, error) : NULL;
    if (!message->text)
        return NULL;
    context_fill_message(&context, message);
    return message;
}
