/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_IMPORT_DECIDE_H
#define SUBSCRIBER_IMPORT_DECIDE_H

#include "subscriber/import_existing.h"
#include "subscriber/import_line.h"

/* Inside subscriber/ only: what becomes of a line. Nothing is written here, so that an import that
 * is only tried decides as one that is done. */
struct import_decision {
    enum subscriber_import_kind kind;
    int64_t row_id;     /* of who is known; 0: new */
    const char *reason; /* NULL: none */
};

struct import_decider {
    const struct subscriber_service *service;
    const struct subscriber_import *import;
    struct arena *arena; /* of the reasons */
    int64_t started_at;
    bool has_suppressions;
    const char *reason_before; /* subscribers who follow each other mostly have the same one */
    struct import_finder finder;
    struct string_builder words;
};

void import_decider_init(struct import_decider *decider, const struct subscriber_service *service,
                         const struct subscriber_import *import, struct arena *arena,
                         int64_t started_at);
void import_decider_release(struct import_decider *decider);

/* Before the first line, and behind the beginning of each transaction: others may have written. */
bool import_decider_begin(struct import_decider *decider, struct error *error);

/* Lines in the order of their addresses. */
bool import_decide(struct import_decider *decider, const struct import_line *line,
                   struct import_decision *decision, struct error *error);

/* What somebody known will follow, by feed: what the line says, and else what it was. In arena. */
struct import_choices {
    struct subscriber_choice *choices;
    size_t count;
};

struct import_choices import_choices_make(struct arena *arena, const struct import_existing *known,
                                          const struct import_attributes *attributes);

/* What a state that is imported means to the state machine. */
enum subscriber_event import_event_of(enum subscriber_state state);

#endif
