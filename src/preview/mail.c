/* SPDX-License-Identifier: MIT */
#include "preview/preview.h"

#include "base/arena.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "locale/zone.h"
#include "mail/composition.h"

static const char *filled(struct arena *arena, const struct mail_message *message,
                          const struct mail_values *values, const char *body)
{
    return body ? mail_fill(arena, message->slots, values, body) : NULL;
}

bool preview_mail_make(struct arena *arena, struct locale_context *locale, int64_t at,
                       const struct mail_message *message, struct preview_mail *mail,
                       struct error *error)
{
    const struct zone *zone = locale_context_zone(locale);
    /* No link of it works, because who looks at it could else unsubscribe somebody. */
    const struct mail_values values = { .values = {
                                            [MAIL_SLOT_TO] = "laeser@example.test",
                                            [MAIL_SLOT_DATE] = zone_format_rfc822(zone, arena, at),
                                            [MAIL_SLOT_MESSAGE_ID] = "<preview@example.test>",
                                            [MAIL_SLOT_IN_REPLY_TO] = "<preview-1@example.test>",
                                            [MAIL_SLOT_UNSUBSCRIBE] = "preview",
                                            [MAIL_SLOT_PREFERENCES] = "preview",
                                            [MAIL_SLOT_CONFIRM] = "preview",
                                            [MAIL_SLOT_ANSWER] = "preview",
                                        } };
    struct string_builder bytes;
    string_builder_init(&bytes, MAIL_SIZE_MAXIMUM);
    bool done = mail_build(arena, message, &values, &bytes, error);
    if (done)
        *mail = (struct preview_mail){
            .subject = message->subject,
            .text = filled(arena, message, &values, message->text),
            .html = filled(arena, message, &values, message->html),
            .eml = arena_copy_bytes(arena, bytes.data, bytes.length),
            .eml_length = bytes.length,
        };
    string_builder_release(&bytes);
    return done;
}
