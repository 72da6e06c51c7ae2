/* SPDX-License-Identifier: MIT */
#include "inbound/bounce.h"

#include "base/arena.h"
#include "mime/mime.h"

#include <string.h>

/* Notifications of Amazon SES that are mailed as JSON, or as JSON in a string of JSON. They are
 * read by their names and strings alone. */

/* The text without the strokes that a string within a string has. */
static const char *without_strokes(struct arena *arena, const char *text)
{
    size_t length = strnlen(text, MIME_TEXT_MAXIMUM);
    char *plain = arena_allocate(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '\\')
            plain[used++] = text[i];
    plain[used] = '\0';
    return plain;
}

/* The string behind the next "name": from at on, before end. */
static const char *string_of(struct arena *arena, const char *at, const char *end, const char *name,
                             const char **behind)
{
    const char *key = arena_format(arena, "\"%s\"", name);
    const char *found = memmem(at, (size_t)(end - at), key, strlen(key));
    if (!found)
        return NULL;
    for (found += strlen(key); found < end && strchr(" \t\n:", *found);)
        found++;
    const char *close = found < end && *found == '"'
                            ? memchr(found + 1, '"', (size_t)(end - found - 1))
                            : NULL;
    if (!close)
        return NULL;
    if (behind)
        *behind = close + 1;
    return arena_copy_bytes(arena, found + 1, (size_t)(close - found - 1));
}

static void take_object(struct recipient_list *list, const char *address, const char *at,
                        const char *end, enum inbound_kind kind)
{
    const char *status = string_of(list->arena, at, end, "status", NULL);
    const char *diagnostic = string_of(list->arena, at, end, "diagnosticCode", NULL);
    struct inbound_recipient *recipient = recipient_list_find(list, address)
                                              ? NULL
                                              : recipient_list_add(list);
    if (!recipient)
        return;
    recipient->address = address;
    recipient->action = kind == KIND_BOUNCE ? "failed" : "delivered";
    recipient->enhanced = status ? status : "";
    recipient_judge(list, recipient, diagnostic ? diagnostic : "", kind);
}

static void take_recipients(struct recipient_list *list, const char *at, enum inbound_kind kind)
{
    const char *end = strchr(at, ']');
    if (!end)
        end = at + strlen(at);
    for (const char *address; (address = string_of(list->arena, at, end, "emailAddress", &at));) {
        const char *stop = memchr(at, '}', (size_t)(end - at));
        if (strchr(address, '@'))
            take_object(list, address, at, stop ? stop : end, kind);
    }
}

bool bounce_read_json(const struct mail_phrases *phrases, struct arena *arena,
                      const struct mime_message *message, struct bounce *bounce)
{
    const char *text = message->text ? message->text : "";
    struct recipient_list list;
    if (text[strspn(text, " \t\n")] != '{' || !strstr(text, "notificationType"))
        return false;
    const char *plain = without_strokes(arena, text);
    const char *found = strstr(plain, "\"bouncedRecipients\"");
    recipient_list_init(&list, phrases, arena);
    if (found)
        take_recipients(&list, found, KIND_BOUNCE);
    if (!list.first)
        return false;
    bounce->kind = KIND_BOUNCE;
    bounce->rule = "ses-notification";
    bounce->recipients = list.first;
    return true;
}
