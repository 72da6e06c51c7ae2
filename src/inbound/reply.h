/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_REPLY_H
#define INBOUND_REPLY_H

#include <stdbool.h>

#include "inbound/reading.h"

/* Inside inbound/ only: what people write back, and what only looks like it. */

/* What shows that nobody sat there and wrote it. */
enum automatic_sign {
    AUTOMATIC_NOT,
    AUTOMATIC_BY_SUBJECT, /* that alone */
    AUTOMATIC_BY_LIST,    /* many got it; a person may have written it */
    AUTOMATIC_SURELY      /* RFC 3834, and those who do not follow it */
};

enum automatic_sign automatic_sign(const struct mail_phrases *phrases, struct arena *arena,
                                   const struct mime_message *message);

/* Any of them. */
bool automatic_answer(const struct mail_phrases *phrases, struct arena *arena,
                      const struct mime_message *message);

/* It counts as automatic, but a person may have written it: nobody puts it away unread. */
bool automatic_is_uncertain(const struct mail_phrases *phrases, struct arena *arena,
                            const struct mime_message *message);

/* What own_text says between greeting and closing, in one paragraph, with nothing in it but
 * characters that are seen; "" for nothing. In arena. */
const char *reply_paragraph(struct arena *arena, const struct language_words *words,
                            const char *own_text);

/* What is known of languages. */
struct reply_language {
    const struct language_words *words; /* what people answer */
    const struct mail_phrases *phrases; /* how programs quote */
};

struct reply {
    const char *own;      /* above what is quoted, without greetings of a telephone; "" for none */
    const char *unmarked; /* below it, without any mark; "" for none */
};

void reply_read(struct arena *arena, const struct reply_language *known, const char *text,
                struct reply *reply);

/* What an answer quotes of the message that it answers, and what stands around it; not what that
 * message quotes in turn. */
const char *reply_answered(struct arena *arena, const struct reply_language *known,
                           const char *text);

/* The request that an answer to a flattened address is about: token, token_text and named_by. False
 * where nothing names one. */
bool answered_find(const struct inbound_context *context, struct arena *arena,
                   const struct mime_message *message, struct inbound_reading *reading);

/* ---- words of every language (reply_word.c) ---- */

/* Whether the first line of own_text is a yes, and the next one no "no". */
bool reply_is_yes(const struct language_words *words, const char *own_text);

/* Whether a yes is all that own_text says: no question, and behind it thanks, a closing, or the
 * name and the lines that stand below a mail. For what goes out once somebody has said yes: "JA,
 * men vent til i morgen" in two lines is none. */
bool reply_is_nothing_but_yes(const struct language_words *words, const char *own_text);

/* Whether the first line begins with a yes, whatever follows. */
bool reply_begins_with_yes(const struct language_words *words, const char *own_text);

/* Whether the first line begins with STOP, whatever follows. */
bool reply_begins_with_stop(const struct language_words *words, const char *own_text);

/* What own_text, or the subject where that is empty, says of leaving: a line of that alone, but for
 * polite words. */
enum inbound_leaving reply_leaving(struct arena *arena, const struct language_words *words,
                                   const char *own_text, const char *subject);

#endif
