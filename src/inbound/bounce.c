/* SPDX-License-Identifier: MIT */
#include "inbound/bounce.h"

#include "mime/mime.h"

static bool has_address(const struct bounce *bounce)
{
    return bounce->recipients && *bounce->recipients->address;
}

void bounce_read(const struct mail_phrases *phrases, struct arena *arena,
                 const struct mime_message *message, struct bounce *bounce)
{
    *bounce = (struct bounce){ .kind = KIND_UNKNOWN, .rule = "", .original = message->original };
    if (!bounce_read_statuses(phrases, arena, message, bounce)) {
        if (!bounce_read_json(phrases, arena, message, bounce))
            (void)bounce_read_words(phrases, arena, message, bounce);
        return;
    }
    /* Some name nobody there, and do in words. */
    struct bounce words = *bounce;
    if (!has_address(bounce) && bounce_read_words(phrases, arena, message, &words) &&
        has_address(&words))
        bounce->recipients = words.recipients;
}
