/* SPDX-License-Identifier: MIT */
#include "inbound/reading.h"

#include "base/arena.h"
#include "mime/mime.h"
#include "net/refusal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { REPORT_MAXIMUM = 400 };

static bool mentions(const char *text, const char *const *phrases)
{
    for (; *phrases; phrases++)
        if (strcasestr(text, *phrases))
            return true;
    return false;
}

/* ---- codes in free text ---- */

static bool is_boundary(char c)
{
    return !isalnum((unsigned char)c) && c != '.';
}

/* "5.1.1" that is not part of a longer number or an address of a network. */
static const char *find_enhanced(struct arena *arena, const char *text)
{
    for (const char *at = text; *at; at++) {
        if ((*at != '4' && *at != '5') || at[1] != '.' || (at > text && !is_boundary(at[-1])))
            continue;
        size_t middle = strspn(at + 2, "0123456789");
        if (middle < 1 || middle > 3 || at[2 + middle] != '.')
            continue;
        size_t last = strspn(at + 3 + middle, "0123456789");
        const char *end = at + 3 + middle + last;
        bool ends = !isalnum((unsigned char)*end) &&
                    !(*end == '.' && isdigit((unsigned char)end[1]));
        if (last >= 1 && last <= 3 && ends)
            return arena_copy_bytes(arena, at, (size_t)(end - at));
    }
    return NULL;
}

/* "550" standing alone; 0 for none. */
static int find_code(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((*at == '4' || *at == '5') && (at == text || is_boundary(at[-1])) &&
            isdigit((unsigned char)at[1]) && isdigit((unsigned char)at[2]) &&
            (at[3] == ' ' || at[3] == '-' || at[3] == '\0' || at[3] == ':') && at[1] <= '5')
            return (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
    return 0;
}

static bool blames_address(int code, const char *enhanced, const char *text)
{
    const struct refusal_words words = { code, enhanced, text };
    struct refusal refusal;
    refusal_read(&words, &refusal);
    return refusal.kind == REFUSAL_ADDRESS;
}

/* ---- reports as RFC 3464 wants them ---- */

static bool is_delay(const struct mime_recipient_status *status)
{
    static const char *const others[] = { "delayed", "delivered", "relayed", "expanded", NULL };
    if (status->action)
        return mentions(status->action, others);
    return status->status && *status->status == '4';
}

static void take_status(struct arena *arena, const struct mime_recipient_status *status,
                        struct inbound_reading *reading)
{
    const char *diagnostic = status->diagnostic ? status->diagnostic : "";
    const char *enhanced = status->status ? status->status : "";
    const char *inner = find_enhanced(arena, diagnostic);
    /* Gateways write 5.0.0 or 5.5.0 above what the other side said; the inner code knows more. */
    if (inner &&
        (!*enhanced || strcmp(enhanced + 1, ".0.0") == 0 || strcmp(enhanced, "5.5.0") == 0))
        enhanced = inner;
    reading->effect = is_delay(status) ? INBOUND_DELAYED : INBOUND_BOUNCED;
    reading->enhanced = *enhanced ? enhanced : NULL;
    reading->smtp_code = find_code(diagnostic);
    reading->report = *diagnostic ? arena_format(arena, "%.*s", REPORT_MAXIMUM, diagnostic) : NULL;
    reading->blames_address = reading->effect == INBOUND_BOUNCED &&
                              blames_address(reading->smtp_code, enhanced, diagnostic);
}

/* ---- reports in a server's own words ---- */

static bool is_report_text(const struct mime_message *message)
{
    static const char *const subjects[] = {
        "undeliver",          "returned mail",         "mail delivery",  "delivery failure",
        "delivery status",    "delivery notification", "failure notice", "could not be delivered",
        "returned to sender", "kan ikke leveres",      "ikke leveret",   "kunne ikke leveres",
        "leveringsfejl",      "warning: message",      "delayed",        NULL
    };
    static const char *const senders[] = { "mailer-daemon", "postmaster", "mail-daemon",
                                           "mailerdaemon", NULL };
    bool is_daemon = message->from && mentions(message->from, senders);
    return mime_field(message->fields, "X-Failed-Recipients") ||
           ((is_daemon || message->has_empty_sender) && mentions(message->subject, subjects));
}

static bool is_delay_text(const struct mime_message *message)
{
    static const char *const phrases[] = { "warning message only",   "will be retried",
                                           "will continue to try",   "will keep trying",
                                           "has been delayed",       "delayed",
                                           "not yet been delivered", "do not need to resend",
                                           "er blevet forsinket",    NULL };
    return mentions(message->subject, phrases + 4) || mentions(message->text, phrases);
}

/* The line that says why, for people who look it up. */
static const char *reason_line(struct arena *arena, const char *text, const char *enhanced)
{
    const char *found = enhanced ? strstr(text, enhanced) : NULL;
    if (!found)
        found = text + strspn(text, " \t\n");
    const char *start = found;
    while (start > text && start[-1] != '\n')
        start--;
    size_t length = strcspn(start, "\n");
    return arena_format(arena, "%.*s", length < REPORT_MAXIMUM ? (int)length : REPORT_MAXIMUM,
                        start);
}

static void take_text(struct arena *arena, const struct mime_message *message,
                      struct inbound_reading *reading)
{
    const char *text = message->text;
    /* Not into the returned message below, which may hold anything. */
    static const char *const copies[] = { "This is a copy of", "Below this line is a copy",
                                          "--- Below this", "Original message", NULL };
    for (const char *const *copy = copies; *copy; copy++) {
        const char *found = strcasestr(text, *copy);
        if (found)
            text = arena_copy_bytes(arena, text, (size_t)(found - text));
    }
    const char *enhanced = find_enhanced(arena, text);
    reading->effect = is_delay_text(message) ? INBOUND_DELAYED : INBOUND_BOUNCED;
    reading->enhanced = enhanced;
    reading->smtp_code = find_code(text);
    reading->report = reason_line(arena, text, enhanced);
    reading->blames_address = reading->effect == INBOUND_BOUNCED &&
                              blames_address(reading->smtp_code, enhanced ? enhanced : "", text);
}

bool bounce_read(struct arena *arena, const struct mime_message *message,
                 struct inbound_reading *reading)
{
    const struct mime_recipient_status *status = message->statuses;
    /* One recipient a message is what we send; of several the one that failed counts. */
    for (; status && is_delay(status) && status->next; status = status->next)
        ;
    if (status)
        take_status(arena, status, reading);
    else if (message->text && is_report_text(message))
        take_text(arena, message, reading);
    return reading->effect != INBOUND_NOT_OURS;
}
