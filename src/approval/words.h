/* SPDX-License-Identifier: MIT */
#ifndef APPROVAL_WORDS_H
#define APPROVAL_WORDS_H

#include "approval/approval.h"
#include "locale/locale.h"
#include "mail/mail.h"
#include "receipt/receipt.h"

/* Inside approval/ only: what its mails say, in the newsroom's language. */
struct approval_writer {
    const struct approval_service *service;
    struct arena *arena;
    struct wording wording;
    const char *title; /* of the revision that is spoken of */
    struct receipt_words words;
};

/* Of no release alone. */
void approval_writer_init_untitled(struct approval_writer *writer,
                                   const struct approval_service *service, struct arena *arena);

/* Takes the title of that revision. */
bool approval_writer_init(struct approval_writer *writer, const struct approval_service *service,
                          struct arena *arena, const struct release_row *row, struct error *error);

/* The string of that key, with {title} and one pair more; NULL: none. */
const char *approval_text(struct approval_writer *writer, const char *key, const char *name,
                          const char *value);

/* The plural one with {count}. */
const char *approval_count(struct approval_writer *writer, const char *key, int64_t count);

/* "tirsdag den 9. juni 2026 kl. 06.00" */
const char *approval_when(struct approval_writer *writer, int64_t at);

void approval_head(struct approval_writer *writer, const char *subject_key, const char *title_key);
void approval_paragraph(struct approval_writer *writer, const char *text);
void approval_fact(struct approval_writer *writer, const char *label_key, const char *text);

/* Each line that is not empty is a warning of its own; NULL: none. */
void approval_warnings(struct approval_writer *writer, const char *title_key, const char *lines);

bool approval_same_address(const char *a, const char *b);

/* Queues what the writer has to address, as an answer to that reply. row NULL: it is about many. */
bool approval_tell(struct approval_writer *writer, const struct approval_reply *reply,
                   const struct release_row *row, const char *address, struct error *error);

/* Asks that address anew for the newest revision, since its answer was to another (ask.c). */
bool approval_ask_again(const struct approval_service *service, const struct approval_reply *reply,
                        const struct release_row *row, struct error *error);

#endif
