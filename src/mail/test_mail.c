/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "mail/composition.h"
#include "mail/mail_context.h"

#include "base/arena.h"
#include "base/hash.h"
#include "template/json_value.h"

#include <string.h>

static const char *render(void *payload, size_t shown, struct error *error)
{
    struct mail_context *context = payload;
    (void)shown;
    json_t *object = context_new(context, context_with_publisher(context, "mail_why_test"), NULL);
    context_set_long(context, object, "title", context_with_publisher(context, "test_title"));
    context_set_long(context, object, "intro", context_with_publisher(context, "test_text"));
    json_set_list(object, "feeds", json_array());
    json_set_text(object, "link_url", NULL);
    const char *rendered = context_render(
        context, context->is_plain ? "mail-notice.text" : "mail-notice.html", object, error);
    json_decref(object);
    return rendered;
}

struct mail_message *test_mail_build(struct arena *arena, const struct mail_resources *resources,
                                     const char *language, struct error *error)
{
    struct hash seed;
    hash_bytes(language, strlen(language), &seed);
    struct mail_context context = { .arena = arena,
                                    .resources = resources,
                                    .language = language,
                                    .slots = context_slots(arena, &seed) };
    context.subject = context_with_publisher(&context, "mail_subject_test");
    struct mail_message *message = context_bulk_message(&context, render, &context, 1, error);
    if (message && resources->settings->list_id)
        message->feedback_id = arena_format(arena, "test:test:%s:%s", language,
                                            resources->settings->list_id);
    return message;
}
