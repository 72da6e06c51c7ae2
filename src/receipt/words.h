/* SPDX-License-Identifier: MIT */
#ifndef RECEIPT_WORDS_H
#define RECEIPT_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "locale/locale.h"
#include "mail/mail.h"
#include "receipt/receipt.h"

struct preview;
struct release_notification;
struct release_row;

/* Inside receipt/ only: what a receipt says, in the newsroom's language. */
struct receipt_writer {
    const struct receipt_service *service;
    struct arena *arena;
    struct wording wording;
    struct release_row *row; /* the original's; NULL: the file became no release */
    const char *name;        /* what the release is called: its title, else its file */
    int64_t now_at;
    struct receipt_words words;
};

/* row may be NULL; path: of the file, NULL: not known. */
void writer_init(struct receipt_writer *writer, const struct receipt_service *service,
                 struct arena *arena, struct release_row *row, const char *path, int64_t now_at);

/* The string of that key with {title}, {publisher} and the pairs that follow, ended by NULL. */
const char *writer_text(struct receipt_writer *writer, const char *key);
const char *writer_text_with(struct receipt_writer *writer, const char *key, const char *name,
                             const char *value);

/* The plural string of that key for count, with {count} in digits, and one pair more; name NULL:
 * none. */
const char *writer_count(struct receipt_writer *writer, const char *key, int64_t count,
                         const char *name, const char *value);

/* "tirsdag den 9. juni 2026 kl. 06.00" */
const char *writer_when(struct receipt_writer *writer, int64_t at);

void writer_head(struct receipt_writer *writer, const char *subject_key, const char *title_key);
void writer_paragraph(struct receipt_writer *writer, const char *text);
void writer_fact(struct receipt_writer *writer, const char *label_key, const char *text);
/* A fact whose label is a name and no word. */
void writer_named(struct receipt_writer *writer, const char *name, const char *text);
void writer_link(struct receipt_writer *writer, const char *label_key, const char *address);

/* Each line that is not empty is a warning of its own; NULL: none. */
void writer_warnings(struct receipt_writer *writer, const char *title_key, const char *lines);

/* That an answer of STOP stops what has not left, where replies are read. */
void writer_stop(struct receipt_writer *writer);

/* Whether its newest revision waits for nothing but open changes, which who is told may accept. */
bool writer_waits_for_changes(const struct release_row *row);

/* That an answer of YES lets such a revision go as it is shown, where replies are read; of a
 * version also what its note says. */
bool writer_ask(struct receipt_writer *writer, const struct release_row *row, struct error *error);

/* The page's address; NULL: it has none yet. */
const char *writer_page(struct receipt_writer *writer, const struct release_row *row);

/* The file's note, and what is advised of it and of its versions. */
bool writer_report(struct receipt_writer *writer, struct error *error);

/* Its link, and what is attached: the mail, shown as one, and the page as a file. More than one may
 * be shown, each in a language of its own. */
void writer_preview(struct receipt_writer *writer, const struct preview *preview,
                    const char *language);

/* Of each event (words_release.c, words_progress.c). */
bool words_of_notification(struct receipt_writer *writer, const struct release_notification *event,
                           struct error *error);

/* Of what is not public yet and has become another. */
bool words_of_changed(struct receipt_writer *writer, struct error *error);

/* *is_told false: nobody was mailed the release, so that there is nothing to tell of. */
bool words_of_progress(struct receipt_writer *writer, enum receipt_event event, bool *is_told,
                       struct error *error);

#endif
