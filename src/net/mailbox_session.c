/* SPDX-License-Identifier: MIT */
#include "net/mailbox_session.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Response codes of RFC 2449, 3206 and 5530: no, and not for good. */
static bool is_temporary_refusal(const char *words)
{
    static const char *const codes[] = { "[IN-USE",      "[INUSE", "[LOGIN-DELAY", "[SYS/TEMP",
                                         "[UNAVAILABLE", "[LIMIT", "[SERVERBUG" };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strncasecmp(words, codes[i], strlen(codes[i])) == 0)
            return true;
    return false;
}

void mailbox_verdict_set(struct mailbox_verdict *verdict, enum mailbox_phase phase,
                         enum mailbox_outcome outcome, const char *words)
{
    verdict->phase = phase;
    verdict->outcome = outcome;
    (void)snprintf(verdict->answer, sizeof verdict->answer, "%s", words ? words : "");
    if (outcome == MAILBOX_REFUSED && is_temporary_refusal(verdict->answer))
        verdict->outcome = MAILBOX_LATER;
}
