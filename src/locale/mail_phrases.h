/* SPDX-License-Identifier: MIT */
#ifndef LOCALE_MAIL_PHRASES_H
#define LOCALE_MAIL_PHRASES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What mail programs and servers write, and what lists of subscribers call their columns. The words
 * are data, templates/languages/LANG/mail.yaml, so that a language is added without a line of C;
 * what they mean is the enum here. Only runs that read mail or lists, or hear a relay refuse, read
 * them. No files are read here: config/ adds what it read. */
struct mail_phrases;

struct error;

/* How a phrase is met: from the start of a word on; the same, and to the end of a word (one that
 * ends with an asterisk: by every longer word too); or as it is compared case-folded. */
enum phrase_form { PHRASE_OPEN, PHRASE_WHOLE, PHRASE_FOLDED };

/* The group and the name that files call each; a name NULL: any, kept as the phrase's rule. Those
 * of refusals come first, and those of notices from NOTICE_LIST to NOTICE_CHALLENGE: what is found
 * of either is a set of 32 bits. */
#define MAIL_PHRASES(X)                                                                            \
    X(PHRASE_GREYLISTED, "refusals", "greylisted", PHRASE_WHOLE)                                   \
    X(PHRASE_MAILBOX_RATE, "refusals", "mailbox_rate", PHRASE_WHOLE) /* one person's, of mails */  \
    X(PHRASE_RATE, "refusals", "rate", PHRASE_WHOLE)                                               \
    X(PHRASE_QUOTA, "refusals", "quota", PHRASE_WHOLE) /* a day's, ours */                         \
    X(PHRASE_CONNECTIONS, "refusals", "connections", PHRASE_WHOLE)                                 \
    X(PHRASE_SESSION, "refusals", "session", PHRASE_WHOLE) /* with the next: how many it takes */  \
    X(PHRASE_MESSAGES, "refusals", "messages", PHRASE_WHOLE)                                       \
    X(PHRASE_FULL, "refusals", "full", PHRASE_WHOLE)                                               \
    X(PHRASE_SENDER, "refusals", "sender", PHRASE_WHOLE)                                           \
    X(PHRASE_RELAYING, "refusals", "relaying", PHRASE_WHOLE)                                       \
    X(PHRASE_SPAM, "refusals", "spam", PHRASE_WHOLE)                                               \
    X(PHRASE_BLOCKLIST, "refusals", "blocklist", PHRASE_WHOLE)                                     \
    X(PHRASE_AUTHENTICATION, "refusals", "authentication", PHRASE_WHOLE)                           \
    X(PHRASE_REVERSE_NAME, "refusals", "reverse_name", PHRASE_WHOLE)                               \
    X(PHRASE_POLICY, "refusals", "policy", PHRASE_WHOLE)                                           \
    X(PHRASE_SIZE, "refusals", "size", PHRASE_WHOLE)                                               \
    X(PHRASE_CONTENT, "refusals", "content", PHRASE_WHOLE)                                         \
    X(PHRASE_UNKNOWN_ADDRESS, "refusals", "unknown_address", PHRASE_WHOLE)                         \
    X(PHRASE_NO_DOMAIN, "refusals", "no_domain", PHRASE_WHOLE)                                     \
    X(PHRASE_DISABLED, "refusals", "disabled", PHRASE_WHOLE)                                       \
    X(PHRASE_TIMEOUT, "refusals", "timeout", PHRASE_WHOLE)                                         \
    X(PHRASE_LOOKUP_LATER, "refusals", "lookup_later", PHRASE_WHOLE) /* the domain may exist */    \
    X(PHRASE_LOOP, "refusals", "loop", PHRASE_WHOLE)                                               \
    X(PHRASE_ACCESS_DENIED, "refusals", "access_denied", PHRASE_WHOLE)                             \
    X(PHRASE_ADDRESS_REJECTED, "refusals", "address_rejected", PHRASE_WHOLE)                       \
    X(NOTICE_LIST, "notice_lists", NULL, PHRASE_OPEN) /* who it failed for begins lines below */   \
    X(NOTICE_ANY_LIST, "notice_any_lists", NULL, PHRASE_OPEN) /* not only reports have it */       \
    X(NOTICE_NAMES, "notice_names", NULL, PHRASE_OPEN)        /* without what is behind the @ */   \
    X(NOTICE_SAME, "notice_same", NULL, PHRASE_OPEN)          /* his address is what follows */    \
    X(NOTICE_BEFORE, "notice_before", NULL, PHRASE_OPEN)      /* his address stands before */      \
    X(NOTICE_CUT, "notices", "cut", PHRASE_OPEN) /* begins a line: the message returned follows */ \
    X(NOTICE_END, "notices", "end", PHRASE_OPEN) /* no recipients below: a transcript, advice */   \
    X(NOTICE_FAILED, "notices", "failed", PHRASE_OPEN)       /* it came back */                    \
    X(NOTICE_FINAL, "notices", "final", PHRASE_OPEN)         /* for good */                        \
    X(NOTICE_DELAYED, "notices", "delayed", PHRASE_OPEN)     /* it is still being tried */         \
    X(NOTICE_DELIVERED, "notices", "delivered", PHRASE_OPEN) /* it arrived */                      \
    X(NOTICE_SUBJECT, "notices", "subject", PHRASE_OPEN)     /* in a subject: a report */          \
    X(NOTICE_LATE, "notices", "late", PHRASE_OPEN)         /* in a subject: a report of a delay */ \
    X(NOTICE_CHALLENGE, "challenges", NULL, PHRASE_OPEN)   /* wants proof of a person */           \
    X(QUOTATION_FROM, "quotations", "from", PHRASE_OPEN)   /* field of who wrote what is quoted */ \
    X(QUOTATION_FIELD, "quotations", "field", PHRASE_OPEN) /* the others of that header */         \
    X(QUOTATION_MARK, "quotations", "mark", PHRASE_OPEN)   /* before an answer's subject */        \
    X(QUOTATION_FORWARD, "quotations", "forward", PHRASE_OPEN) /* before that of one passed on */  \
    X(QUOTATION_COVER, "quotations", "cover", PHRASE_OPEN)  /* says that a file comes with it */   \
    X(QUOTATION_START, "quotations", "start", PHRASE_WHOLE) /* of "On 9 June … wrote:" */        \
    X(QUOTATION_VERB, "quotations", "verb", PHRASE_OPEN)                                           \
    X(QUOTATION_DASHED, "quotations", "dashed", PHRASE_OPEN) /* behind dashes */                   \
    X(QUOTATION_PLAIN, "quotations", "plain", PHRASE_OPEN)                                         \
    X(QUOTATION_WORD, "quotations", "word", PHRASE_FOLDED) /* of those two */                      \
    X(DEVICE_START, "device_lines", "start", PHRASE_WHOLE) /* "Sent from my telephone" */          \
    X(DEVICE_WORD, "device_lines", "word", PHRASE_FOLDED)  /* of such a line */                    \
    X(AUTOMATIC_SUBJECT, "automatic", "subject", PHRASE_FOLDED)                                    \
    X(AUTOMATIC_SENDER, "automatic", "sender", PHRASE_WHOLE)                                       \
    X(REPORT_LABEL, "reports", "label", PHRASE_OPEN)   /* before a recipient */                    \
    X(REPORT_FILLER, "reports", "filler", PHRASE_OPEN) /* between a phrase and its address */      \
    X(REPORT_SENDER, "reports", "sender", PHRASE_OPEN) /* what servers call themselves */          \
    X(REPORT_SILENT, "reports", "silent", PHRASE_OPEN) /* begins a line that tells no reason */    \
    X(COLUMN_ADDRESS, "list_columns", "address", PHRASE_OPEN) /* as it is; else squeezed names */  \
    X(COLUMN_FEEDS, "list_columns", "feeds", PHRASE_OPEN)                                          \
    X(COLUMN_CADENCE, "list_columns", "cadence", PHRASE_OPEN)                                      \
    X(COLUMN_LANGUAGE, "list_columns", "language", PHRASE_OPEN)                                    \
    X(COLUMN_STATE, "list_columns", "state", PHRASE_OPEN)                                          \
    X(COLUMN_CONFIRMED_AT, "list_columns", "confirmed_at", PHRASE_OPEN)                            \
    X(COLUMN_EVIDENCE, "list_columns", "evidence", PHRASE_OPEN)                                    \
    X(COLUMN_NONE, "list_columns", "none", PHRASE_OPEN)                                            \
    X(PART_ADDRESS, "list_parts", "address", PHRASE_OPEN)                                          \
    X(PART_ABOUT, "list_parts", "about", PHRASE_OPEN) /* the end of what is said of an address */  \
    X(PART_STATE, "list_parts", "state", PHRASE_OPEN)                                              \
    X(PART_CONFIRMED_AT, "list_parts", "confirmed_at", PHRASE_OPEN)

#define PHRASE_MEANING(meaning, group, name, form) meaning,

enum phrase_meaning { MAIL_PHRASES(PHRASE_MEANING) PHRASE_MEANING_COUNT };

/* Phrases that are looked for all at once. */
enum phrase_index { PHRASES_OF_REFUSALS, PHRASES_OF_NOTICES, PHRASE_INDEX_COUNT };

struct phrase {
    enum phrase_meaning meaning;
    const char *rule;  /* the name that its file gives: whose words they are */
    const char *words; /* in lower case; without the asterisk */
    size_t length;
    bool is_whole; /* a word must end behind it */
};

struct mail_phrases *mail_phrases_new(void);

/* Takes NULL. */
void mail_phrases_free(struct mail_phrases *phrases);

/* Adds phrases with mail_phrases_add(); ERROR_USAGE where they cannot be read. */
typedef bool mail_phrases_read(void *payload, struct mail_phrases *phrases, struct error *error);

/* Most runs ask for no phrase: read is called with the first question. payload is borrowed. */
void mail_phrases_read_later(struct mail_phrases *phrases, mail_phrases_read *read, void *payload);

/* Reads the phrases now where that was put off, so that the caller gets the error; a question that
 * has to read them ends the program where they cannot be read. Takes NULL. */
bool mail_phrases_open(const struct mail_phrases *phrases, struct error *error)
    __attribute__((warn_unused_result));

/* The meaning of a group's name in a file; PHRASE_MEANING_COUNT where there is none. */
enum phrase_meaning phrase_meaning_find(const char *group, const char *name);

/* What files call its group, and it; the name is NULL where any is taken. */
const char *phrase_meaning_group(enum phrase_meaning meaning);
const char *phrase_meaning_name(enum phrase_meaning meaning);
enum phrase_form phrase_meaning_form(enum phrase_meaning meaning);

/* False: it is too short for its group, whose phrases are found by their first three octets. Copies
 * the strings. What was found before is void. */
bool mail_phrases_add(struct mail_phrases *phrases, enum phrase_meaning meaning, const char *rule,
                      const char *words);

/* In NULL phrases nothing is found. */

/* All of a meaning, in the order of adding. */
const struct phrase *mail_phrases_list(const struct mail_phrases *phrases,
                                       enum phrase_meaning meaning, size_t *count);

/* The first phrase of an index that stands at at, of which left octets are there, and with that as
 * previous the next one; NULL: no more. The caller brings the text into the form that the phrases
 * are written in, with a space behind each word, and decides where one may begin; of those at one
 * place the last added comes first. */
const struct phrase *mail_phrases_next(const struct mail_phrases *phrases, enum phrase_index index,
                                       const struct phrase *previous, const char *at, size_t left);

/* The next phrase of the meaning that the text begins with, behind previous (NULL: the first); case
 * does not count in Latin and Cyrillic letters. NULL: no more. */
const struct phrase *mail_phrases_begin(const struct mail_phrases *phrases,
                                        enum phrase_meaning meaning, const struct phrase *previous,
                                        const char *text);

/* Whether a phrase of the meaning stands anywhere in text, in any case. */
bool mail_phrases_hold(const struct mail_phrases *phrases, enum phrase_meaning meaning,
                       const char *text);

/* Whether text is one of the meaning, in any case. */
bool mail_phrases_have(const struct mail_phrases *phrases, enum phrase_meaning meaning,
                       const char *text);

#endif
