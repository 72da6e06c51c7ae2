/* SPDX-License-Identifier: MIT */
#include "inbound/challenge.h"

#include "inbound/notice.h"
#include "inbound/reading.h"
#include "inbound/reply.h"
#include "mime/mime.h"

#include <string.h>
#include <strings.h>

struct mark {
    const char *field;
    const char *begins; /* the value does; "": any value */
    const char *rule;
};

/* Fields that these systems put in, and where they write from. */
static const char *rule_by_field(const struct mime_message *message)
{
    static const struct mark marks[] = {
        { "X-Delivery-Agent", "TMDA", "tmda" },
        { "X-Boxbe", "", "boxbe" },
        { "X-Bluebottle-Request", "", "bluebottle" },
        { "X-Mailblocks-Challenge", "", "mailblocks" },
        { "X-ASK-Auth", "", "ask" },
        { "X-AskVersion", "", "ask" },
        { "X-SpamArrest-Verification", "", "spamarrest" },
        { "X-Sender-Verification", "", "challenge" },
    };
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *value = mime_field(message->fields, marks[i].field);
        if (value && strncasecmp(value, marks[i].begins, strlen(marks[i].begins)) == 0)
            return marks[i].rule;
    }
    return NULL;
}

static const char *rule_by_sender(const struct mime_message *message)
{
    static const char *const hosts[] = { "spamarrest", "boxbe",       "bluebottle",  "mailblocks",
                                         "vanquish",   "mailinblack", "uolantispam", NULL };
    const char *path = mime_field(message->fields, "Return-Path");
    const char *at = message->from ? strrchr(message->from, '@') : NULL;
    for (const char *const *host = hosts; *host; host++)
        if ((at && strcasestr(at, *host)) || (path && strcasestr(path, *host)))
            return *host;
    return NULL;
}

static const char *first_challenge(const struct notice *notice)
{
    for (size_t i = 0; i < notice->hit_count; i++)
        if (notice->hits[i].phrase->meaning == NOTICE_CHALLENGE)
            return notice->hits[i].phrase->rule;
    return NULL;
}

/* A person may write of such systems: their words count only in an automatic answer, or under a
 * subject of theirs. */
const char *challenge_rule(const struct mail_phrases *phrases, struct arena *arena,
                           const struct mime_message *message)
{
    struct notice subject;
    struct notice text;
    const char *rule = rule_by_field(message);
    if (rule)
        return rule;
    notice_read(phrases, arena, message->subject, strlen(message->subject), &subject);
    const char *by_subject = first_challenge(&subject);
    const char *sender = rule_by_sender(message);
    if (!by_subject && !sender && !automatic_answer(phrases, arena, message))
        return NULL;
    const char *words = message->text ? message->text : "";
    notice_read(phrases, arena, words, strnlen(words, NOTICE_TEXT_MAXIMUM), &text);
    rule = first_challenge(&text);
    return rule && sender ? sender : rule;
}
