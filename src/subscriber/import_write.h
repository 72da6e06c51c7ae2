/* SPDX-License-Identifier: MIT */
#ifndef SUBSCRIBER_IMPORT_WRITE_H
#define SUBSCRIBER_IMPORT_WRITE_H

#include "subscriber/import_decide.h"
#include "subscriber/import_rows.h"

/* Inside subscriber/ only: what was decided of a line becomes rows, in the caller's transaction. */
enum { IMPORT_ID_STEPS = 64 };

struct import_writer {
    const struct subscriber_service *service;
    int64_t started_at; /* the created_at of all its subscribers */
    int64_t pace_ms;    /* between mails that ask */
    int64_t asked;      /* so far, those of a transaction that failed excepted */
    int64_t next_row_id;
    uint64_t id_steps[IMPORT_ID_STEPS]; /* random numbers not yet used */
    size_t id_step_count;
    struct import_finder finder;
    struct import_rows rows;
    size_t subscriber_count; /* new ones, not yet written */
    struct import_subscriber subscribers[IMPORT_ROWS_AT_ONCE];
};

void import_writer_init(struct import_writer *writer, const struct subscriber_service *service,
                        int64_t started_at, int64_t pace_ms);
void import_writer_release(struct import_writer *writer);

/* Behind the beginning of each transaction; asked: the mails before it. */
bool import_writer_begin(struct import_writer *writer, int64_t asked, struct error *error);

/* The line, which stays until import_writer_end(). */
bool import_write(struct import_writer *writer, const struct import_line *line,
                  const struct import_decision *decision, struct error *error);

/* Before the end of each transaction: writes what waits. */
bool import_writer_end(struct import_writer *writer, struct error *error);

#endif
