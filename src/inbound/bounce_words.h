/* SPDX-License-Identifier: MIT */
#ifndef INBOUND_BOUNCE_WORDS_H
#define INBOUND_BOUNCE_WORDS_H

#include "inbound/bounce.h"
#include "inbound/bounce_address.h"
#include "inbound/notice.h"

/* Inside inbound/ only: the steps of reading a report in a server's own words. */

enum { PARTIES_MAXIMUM = 20 };

struct words {
    struct arena *arena;
    const struct mime_message *message;
    struct notice subject;
    struct notice notice; /* above the message returned */
    const char *end;      /* of it */
    bool is_from_daemon;
    bool has_original;                    /* a header of the message returned */
    const char *parties[PARTIES_MAXIMUM]; /* whom it came to and whom it comes from */
    size_t party_count;
    struct recipient_list list;
    const char *rule;
};

/* ---- lines and recipients (words_recipient.c) ---- */

/* The end of the line at at: its line end, or end. */
const char *words_line_end(const char *at, const char *end);

/* Whether nothing but marks stands before it on its line. */
bool words_begin_line(const char *text, size_t at);

/* One who is named; NULL where he was already, or too many are. */
struct inbound_recipient *words_take(struct words *words, struct span address);

bool span_is(struct span address, const char *other);

/* Fills parties from the fields of the report. */
void words_read_parties(struct words *words);

/* Whom it came to and whom it comes from; not all that a recipient's field may hold: on its way
 * back a report may bring the one with it that it is about. */
bool words_party(const struct words *words, struct span address);

/* Those that lines below a phrase begin with, or a line by itself (words_list.c). */
void words_take_lists(struct words *words, enum phrase_meaning meaning);
void words_take_names(struct words *words);
void words_take_bracketed(struct words *words);

/* One that follows, or precedes, a phrase; one that is the only one (words_adjacent.c). */
void words_take_failed_field(struct words *words);
void words_take_anywhere(struct words *words, const struct mime_field *original, bool has_failed);

/* ---- the message returned (words_header.c) ---- */

/* The fields of a header that stands in the words, at the place where the message returned begins.
 */
const struct mime_field *words_header_below(struct arena *arena, const char *at);

#endif
