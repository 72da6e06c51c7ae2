/* SPDX-License-Identifier: MIT */
#include "net/refusal.h"

#include <stddef.h>
#include <string.h>

/* Case-insensitive, ASCII. */
static bool mentions(const char *text, const char *const *phrases)
{
    for (; *phrases; phrases++) {
        if (strcasestr(text, *phrases))
            return true;
    }
    return false;
}

/* Relays that put off their look at the sender answer about it at RCPT. */
static bool is_about_sender(const char *enhanced, const char *text)
{
    static const char *const phrases[] = { "sender address", "sender verify", "sender rejected",
                                           "return path",    "mail from",     NULL };
    return strcmp(enhanced, "5.1.7") == 0 || strcmp(enhanced, "5.1.8") == 0 ||
           mentions(text, phrases);
}

/* Enhanced codes that say nothing, so that the text may. */
static bool says_nothing(const char *enhanced)
{
    static const char *const codes[] = { "", "5.0.0", "5.2.0", "5.3.0", "5.5.0" };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(enhanced, codes[i]) == 0)
            return true;
    }
    return false;
}

static bool is_unknown_user(const char *enhanced, const char *text)
{
    static const char *const phrases[] = { "user unknown",        "unknown user",
                                           "no such user",        "user not found",
                                           "unknown recipient",   "recipient unknown",
                                           "no such recipient",   "recipient not found",
                                           "no such mailbox",     "mailbox not found",
                                           "unknown mailbox",     "no mailbox here",
                                           "invalid mailbox",     "mailbox unknown",
                                           "invalid recipient",   "no such address",
                                           "unknown address",     "address unknown",
                                           "does not exist",      "doesn't exist",
                                           "unrouteable address", "account is disabled",
                                           "account disabled",    "mailbox disabled",
                                           "mailbox is disabled", NULL };
    return says_nothing(enhanced) && mentions(text, phrases);
}

bool refusal_blames_address(const char *enhanced, const char *text)
{
    if (is_about_sender(enhanced, text))
        return false;
    return strncmp(enhanced, "5.1.", 4) == 0 || strcmp(enhanced, "5.2.1") == 0 ||
           is_unknown_user(enhanced, text);
}
