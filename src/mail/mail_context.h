/* SPDX-License-Identifier: MIT */
#ifndef MAIL_MAIL_CONTEXT_H
#define MAIL_MAIL_CONTEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct arena;
struct error;
struct hash;
struct mail_feed;
struct mail_message;
struct mail_slots;
struct mail_resources;
struct presentation;
struct release_contact;

enum { MAIL_TEXT_WIDTH = 72 /* columns of the text */ };

/* Inside mail/ only: the contexts of the mail templates (templates/README.md, "Mails"): what all
 * mails share. */

/* One mail being made. Its context is written twice, for HTML and for plain text, where long texts
 * are wrapped. */
struct mail_context {
    struct arena *arena;
    const struct mail_resources *resources;
    const char *language; /* of the words around the text */
    const char *subject;
    const struct mail_slots *slots;
    bool is_plain; /* of the text template */
    /* addresses with slots in them; NULL: none */
    const char *unsubscribe_url;
    const char *unsubscribe_address;
    const char *preferences_url;
};

/* As json_set_text(), wrapped at 72 columns for plain text. */
void context_set_long(const struct mail_context *context, json_t *object, const char *name,
                      const char *value);

/* The same as an item of a list, with the mark before it; null for HTML. */
void context_set_item(const struct mail_context *context, json_t *object, const char *name,
                      const char *value);

/* The same with a line below it, as headings have in plain text; null for HTML. */
void context_set_underlined(const struct mail_context *context, json_t *object, const char *name,
                            const char *value);

/* The preview: what a mail program's list shows behind the subject, set because the first words of
 * the mail would only repeat the subject there. Cut, for HTML alone. NULL: none. */
void context_set_preview(const struct mail_context *context, json_t *object, const char *words);

/* The string of that key in the mail's language. Borrowed. */
const char *context_string(const struct mail_context *context, const char *key);

/* The same with the publisher's name for {publisher}. */
const char *context_with_publisher(const struct mail_context *context, const char *key);

/* feeds[] of a mail, each with its cadence in words. A new reference. */
json_t *context_feeds(const struct mail_context *context, const struct mail_feed *feeds);

/* The members that every mail has; why is what the foot says. The caller frees (json_decref). */
json_t *context_new(const struct mail_context *context, const char *why, const char *about);

/* Sets what mails and entries of digests both say of a release: type, title, date, address, and its
 * language where that is not the mail's. */
void context_set_release(const struct mail_context *context, json_t *object,
                         const struct presentation *presentation);

/* Renders a template of the set into the arena; NULL with *error. */
const char *context_render(const struct mail_context *context, const char *name,
                           const json_t *object, struct error *error);

/* "svar+unsubscribe-NAME@…": the newsroom's reply address with word, a hyphen and a slot's name;
 * NULL and *error where mail.replies cannot carry it. */
const char *context_reply_address(const struct mail_context *context, const char *word,
                                  const char *slot_name, struct error *error);

/* Where answers to a mail to the many go: an address that names the delivery where the newsroom
 * reads its answers, else contact's; NULL: nowhere else than to the sender. */
const char *context_reply_to(const struct mail_context *context,
                             const struct release_contact *contact);

/* The slots of a mail; seed: a hash over what it says. In arena. */
const struct mail_slots *context_slots(struct arena *arena, const struct hash *seed);

/* The same of a mail that says what its name (NULL: a confirmation) and these feeds say. */
const struct mail_slots *context_slots_of_feeds(struct arena *arena, const char *name,
                                                const char *language,
                                                const struct mail_feed *feeds);

/* The fields of *message that do not depend on what it says. */
void context_fill_message(const struct mail_context *context, struct mail_message *message);

/* One form of a bulk mail, HTML or text as its context's is_plain says, with so many of its parts;
 * in an arena. */
typedef const char *context_form(void *payload, size_t shown, struct error *error);

/* A mail to the many: the addresses for leaving and for preferences, with slots in them, in context
 * and in the header; the HTML with as many parts of count as stay within MAIL_HTML_MAXIMUM, found
 * by halving, and the text with as many; the list that it is from. What else its header says is the
 * caller's. ERROR_USAGE where a template is broken, or mail.replies cannot carry a token. */
struct mail_message *context_bulk_message(struct mail_context *context, context_form *form,
                                          void *payload, size_t count, struct error *error);

#endif
