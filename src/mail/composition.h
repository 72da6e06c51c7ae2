/* SPDX-License-Identifier: MIT */
#ifndef MAIL_COMPOSITION_H
#define MAIL_COMPOSITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct error;
struct hash;
struct string_builder;

/* A message is built once for a mailing, a version and a language, with everything that is the same
 * for all; what is one subscriber's own is left as slots and put in per delivery by mail_splice().
 */
enum mail_slot {
    MAIL_SLOT_TO,          /* whole value of To: one address */
    MAIL_SLOT_DATE,        /* whole value of Date */
    MAIL_SLOT_MESSAGE_ID,  /* with its angle brackets */
    MAIL_SLOT_IN_REPLY_TO, /* with its angle brackets; also References */
    MAIL_SLOT_UNSUBSCRIBE, /* token */
    MAIL_SLOT_PREFERENCES, /* token */
    MAIL_SLOT_CONFIRM,     /* token */
    MAIL_SLOT_ANSWER,      /* token */
    MAIL_SLOT_COUNT,
    MAIL_SLOT_NONE = MAIL_SLOT_COUNT
};

enum { MAIL_SLOT_NAME_SIZE = 32 };

/* The names that stand for the slots while texts are made: letters and digits only, so that no
 * escaping changes them, with a part that is a hash, so that no text of a release holds one. Put
 * them where the value goes: ENDPOINT "unsubscribe/" NAME. In bodies only the three tokens. */
struct mail_slots {
    char names[MAIL_SLOT_COUNT][MAIL_SLOT_NAME_SIZE];
};

/* seed: a hash over the content that the message will hold. */
void mail_slots_init(struct mail_slots *slots, const struct hash *seed);

/* One subscriber's values; NULL counts as "". Tokens are letters and digits. None
 * may hold a control character: mail_splice() refuses the subscriber, not the mailing. */
struct mail_values {
    const char *values[MAIL_SLOT_COUNT];
};

enum mail_class {
    MAIL_CLASS_BULK,         /* List-… fields, X-Auto-Response-Suppress, Feedback-ID */
    MAIL_CLASS_TRANSACTIONAL /* confirmation, receipt: Auto-Submitted: auto-generated, no
                              * List-Unsubscribe
                              */
};

/* What a message says, before it is MIME. All strings UTF-8, borrowed; NULL is absent. */
struct mail_message {
    enum mail_class class;
    const char *from_name;
    const char *from_address;
    const char *reply_to; /* one address, may hold a slot's name; NULL: answers go to From */
    const char *subject;
    const char *text;               /* plain text, lines end in LF */
    const char *html;               /* a whole document; NULL: the text alone */
    bool is_reply;                  /* has In-Reply-To and References */
    const char *list_id;            /* without angle brackets */
    const char *list_name;          /* shown before the list id */
    const char *list_archive;       /* address of the newsroom */
    const char *unsubscribe_url;    /* https, with a slot's name; NULL: no endpoint */
    const char *unsubscribe_mailto; /* "mailto:…", with a slot's name */
    const char *feedback_id;
    const struct mail_slots *slots; /* whose names the strings above hold */
};

/* The bytes before a slot, then the slot; the last has MAIL_SLOT_NONE. */
struct mail_segment {
    const char *bytes;
    size_t length;
    enum mail_slot slot;
};

struct mail_composition {
    struct mail_segment *segments;
    size_t count;
    size_t fixed_length;
};

/* Above this much HTML (decoded bytes) Gmail hides the rest of a message behind a link. */
enum { MAIL_HTML_MAXIMUM = 90000, MAIL_SIZE_MAXIMUM = 4 * 1024 * 1024 };

/* Builds the MIME: multipart/alternative of text and HTML, UTF-8 in quoted-printable, CRLF, no
 * line over 998 octets (encoded ones 76), no line that begins with a dot, so that the bytes are at
 * once the message and its dot-stuffed form without the final dot. A function of its input alone,
 * the boundary included. The composition lives in the arena. ERROR_INPUT where the message is
 * larger than MAIL_SIZE_MAXIMUM or lacks a sender. */
struct mail_composition *mail_compose(struct arena *arena, const struct mail_message *message,
                                      struct error *error);

/* The same message built for one subscriber from the start, every byte as mail_splice() makes it:
 * for transactional mails and the tests. Appends to *out. */
bool mail_build(struct arena *arena, const struct mail_message *message,
                const struct mail_values *values, struct string_builder *out, struct error *error);

/* string with each slot's name replaced by its value. In arena. */
const char *mail_fill(struct arena *arena, const struct mail_slots *slots,
                      const struct mail_values *values, const char *string);

/* Appends the message for one subscriber to *out; allocates nothing where *out has room already.
 * ERROR_INPUT where a value holds a control character or *out is full. */
bool mail_splice(const struct mail_composition *composition, const struct mail_values *values,
                 struct string_builder *out, struct error *error);

#endif
