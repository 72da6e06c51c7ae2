/* SPDX-License-Identifier: MIT */
#include "subscriber/transfer.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "database/database.h"
#include "subscriber/import_decide.h"
#include "subscriber/import_line.h"
#include "subscriber/import_write.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* All lines are read first and then written in the order of their addresses, because rows that
 * are neighbours in an index then fill a page of it together. Chunks keep a transaction so short
 * that others can wait for it. */
enum { CHUNK_LINES = 20000, CHUNK_CHANGES = 2000, ADDRESS_SHOWN = 300 };

/* A readable line among the others, by address. */
struct place {
    uint64_t beginning[2]; /* of the folded address, in its order: most comparisons end here */
    struct import_line *line;
};

struct importer {
    const struct subscriber_service *service;
    const struct subscriber_import *import;
    struct subscriber_import_counts *counts;
    struct import_reader reader;
    struct import_decider decider;
    struct import_writer writer;
    int64_t started_at;
    struct arena arena;        /* what lines point to */
    struct import_line *lines; /* as they stand in the file */
    size_t line_count;
    size_t line_capacity;
    bool is_begun;             /* the file is not refused as a whole */
    const char *reason_before; /* of a line refused: those after it mostly have the same */
    struct place *places;
    size_t place_count;
    /* The accepted line of the address that was decided last: when the present chunk began, and
     * now. */
    const struct import_line *first_before;
    const struct import_line *first;
    size_t decision_count; /* of the present chunk */
    struct import_decision decisions[CHUNK_LINES];
};

/* ---- reading ---- */

static struct import_line *line_add(struct importer *importer)
{
    ARRAY_GROW(importer->lines, importer->line_count, importer->line_capacity);
    struct import_line *line = &importer->lines[importer->line_count++];
    *line = (struct import_line){ .kind = IMPORT_KIND_COUNT };
    return line;
}

static void line_refuse(struct importer *importer, struct import_line *line, const char *reason)
{
    line->kind = IMPORT_REFUSED;
    if (!importer->reason_before || strcmp(importer->reason_before, reason) != 0)
        importer->reason_before = arena_copy(&importer->arena, reason);
    line->reason = importer->reason_before;
    importer->counts->lines++;
    importer->counts->count[IMPORT_REFUSED]++;
}

/* A line that says that somebody left is taken even where another field of it is malformed,
 * because else they would stay on the list. */
static bool line_read(struct importer *importer, enum list_result result,
                      const struct import_attributes *before, struct import_line *line,
                      struct error *reason)
{
    struct error other;
    enum subscriber_state state = SUBSCRIBER_NONE;
    if (result == LIST_RECORD)
        return import_line_read(&importer->reader, &importer->arena, before, line, reason);
    return subscriber_state_parse(list_reader_field(importer->reader.list, LIST_STATE), &state) &&
           import_is_former(state) &&
           import_line_read(&importer->reader, &importer->arena, before, line, &other);
}

/* False where no line after these can be read. */
static bool lines_read(struct importer *importer, struct error *error)
{
    const struct import_attributes *before = NULL;
    struct list_reader *list = importer->reader.list;
    size_t maximum = importer->import->lines_maximum ? importer->import->lines_maximum
                                                     : SUBSCRIBER_IMPORT_LINES;
    for (;;) {
        struct error reason; /* not zeroed, because that is a kilobyte for each line */
        enum list_result result = list_reader_next(list, &reason);
        if (result == LIST_END)
            return true;
        if (result == LIST_FAILED) {
            *error = reason;
            return false;
        }
        if (importer->line_count == maximum)
            return error_set(error, ERROR_INPUT,
                             "more than %zu lines" ERROR_ADVICE "divide the file, with the "
                             "first line in each part",
                             maximum);
        struct import_line *line = line_add(importer);
        line->number = (uint32_t)list_reader_line(list);
        if (line_read(importer, result, before, line, &reason)) {
            before = line->attributes;
            importer->place_count++;
            continue;
        }
        /* What stands where an address should may be as long as a line. */
        const char *address = list_reader_field(list, LIST_ADDRESS);
        line->typed = arena_copy_bytes(&importer->arena, address, utf8_fit(address, ADDRESS_SHOWN));
        line_refuse(importer, line, reason.message);
    }
}

/* ---- the order of addresses ---- */

/* Its first octets as numbers that are greater where they come later. */
static struct place place_of(struct import_line *line)
{
    struct place place = { .line = line };
    size_t length = strnlen(line->folded, sizeof place.beginning);
    for (size_t i = 0; i < sizeof place.beginning; i++) {
        uint64_t *beginning = &place.beginning[i / sizeof *beginning];
        *beginning = *beginning << 8 | (i < length ? (unsigned char)line->folded[i] : 0);
    }
    return place;
}

/* Among equal addresses the one that counts comes first: who is said to have left has left,
 * whatever other lines say, and else it is the first line. */
static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    for (size_t i = 0; i < 2; i++)
        if (a->beginning[i] != b->beginning[i])
            return a->beginning[i] < b->beginning[i] ? -1 : 1;
    int order = strcmp(a->line->folded, b->line->folded);
    if (order)
        return order;
    bool a_former = import_is_former(a->line->attributes->state);
    bool b_former = import_is_former(b->line->attributes->state);
    if (a_former != b_former)
        return a_former ? -1 : 1;
    return (a->line->number > b->line->number) - (a->line->number < b->line->number);
}

static void lines_sort(struct importer *importer)
{
    struct place *places = memory_allocate_array(importer->place_count + 1, sizeof *places);
    importer->places = places;
    for (size_t i = 0; i < importer->line_count; i++)
        if (importer->lines[i].kind != IMPORT_REFUSED)
            *places++ = place_of(&importer->lines[i]);
    qsort(importer->places, importer->place_count, sizeof *places, compare_places);
}

/* ---- chunks ---- */

static void duplicate_refuse(struct importer *importer, const struct import_line *line,
                             struct import_decision *decision)
{
    const struct import_line *first = importer->first;
    decision->kind = IMPORT_REFUSED;
    decision->row_id = 0;
    decision->reason = first->number < line->number
                           ? arena_format(
                                 &importer->arena,
                                 "duplicate: the address stands on a line before, %" PRIu32,
                                 first->number)
                           : arena_format(&importer->arena,
                                          "duplicate: line %" PRIu32
                                          " says that the person is %s, and that counts",
                                          first->number,
                                          subscriber_state_name(first->attributes->state));
}

/* Of equal addresses the first line that is not refused is the one that goes in. */
static bool line_decide(struct importer *importer, const struct import_line *line,
                        struct import_decision *decision, struct error *error)
{
    if (importer->first && strcmp(importer->first->folded, line->folded) == 0) {
        duplicate_refuse(importer, line, decision);
        return true;
    }
    if (!import_decide(&importer->decider, line, decision, error))
        return false;
    importer->first = decision->kind == IMPORT_REFUSED ? NULL : line;
    return true;
}

static void progress_report(const struct importer *importer)
{
    if (importer->import->progress)
        importer->import->progress(importer->import->payload, importer->counts->lines);
}

/* Lines lie in memory in the order of the file and are used in that of addresses: the processor
 * is told early which come next. */
static void line_fetch(const struct importer *importer, size_t place)
{
    enum { LINES_AHEAD = 16, STRINGS_AHEAD = 8 };

    if (place + LINES_AHEAD < importer->place_count)
        __builtin_prefetch(importer->places[place + LINES_AHEAD].line);
    if (place + STRINGS_AHEAD < importer->place_count)
        __builtin_prefetch(importer->places[place + STRINGS_AHEAD].line->folded);
}

/* A change of a known subscriber takes as long as ten new ones, so fewer of them make a chunk. */
static bool chunk_decide(struct importer *importer, size_t from, struct error *error)
{
    int changes = 0;
    struct import_decision *decision = importer->decisions;
    importer->first = importer->first_before;
    bool done = import_decider_begin(&importer->decider, error);
    while (done && from < importer->place_count && decision < importer->decisions + CHUNK_LINES &&
           changes < CHUNK_CHANGES) {
        line_fetch(importer, from);
        done = line_decide(importer, importer->places[from++].line, decision, error);
        changes += decision->kind == IMPORT_CHANGED || decision->kind == IMPORT_TAKEN_OUT;
        decision++;
    }
    importer->decision_count = (size_t)(decision - importer->decisions);
    import_finder_end_walk(&importer->decider.finder);
    return done;
}

static bool chunk_write(struct importer *importer, size_t from, struct error *error)
{
    int64_t asked = importer->counts->count[IMPORT_ASKED];
    if (!chunk_decide(importer, from, error) ||
        !import_writer_begin(&importer->writer, asked, error))
        return false;
    for (size_t i = 0; i < importer->decision_count; i++) {
        line_fetch(importer, from + i);
        if (!import_write(&importer->writer, importer->places[from + i].line,
                          &importer->decisions[i], error))
            return false;
    }
    return import_writer_end(&importer->writer, error);
}

static bool chunk_commit(struct importer *importer, size_t from, struct error *error)
{
    struct transaction transaction = transaction_of(importer->service->database);
    while (transaction_run(&transaction, error))
        transaction_end(&transaction, chunk_write(importer, from, error), error);
    return transaction.is_done;
}

/* Only what is committed is counted and reported, because the rest is still to be imported. */
static void chunk_count(struct importer *importer, size_t from)
{
    for (size_t i = 0; i < importer->decision_count; i++) {
        struct import_line *line = importer->places[from + i].line;
        line->kind = (uint8_t)importer->decisions[i].kind;
        line->reason = importer->decisions[i].reason;
        importer->counts->count[line->kind]++;
    }
    importer->counts->lines += (int64_t)importer->decision_count;
    importer->first_before = importer->first;
}

static bool chunks_do(struct importer *importer, struct error *error)
{
    progress_report(importer);
    for (size_t from = 0; from < importer->place_count; from += importer->decision_count) {
        bool done = importer->import->is_dry_run ? chunk_decide(importer, from, error)
                                                 : chunk_commit(importer, from, error);
        if (!done)
            return false;
        chunk_count(importer, from);
        progress_report(importer);
    }
    return true;
}

/* ---- who would be asked ---- */

/* Where there may be too many to ask, every line is decided before any is written, because an
 * import that is refused must have asked nobody. */
static bool asked_count(struct importer *importer, int64_t *asked, struct error *error)
{
    struct import_decision decision;
    int64_t candidates = 0;
    *asked = 0;
    for (size_t i = 0; i < importer->place_count; i++)
        candidates += importer->places[i].line->attributes->state == SUBSCRIBER_PENDING;
    if (candidates <= SUBSCRIBER_ASKED_AT_ONCE)
        return true;
    bool done = import_decider_begin(&importer->decider, error);
    for (size_t i = 0; done && i < importer->place_count; i++) {
        done = line_decide(importer, importer->places[i].line, &decision, error);
        *asked += done && decision.kind == IMPORT_ASKED;
    }
    importer->first = NULL;
    import_finder_end_walk(&importer->decider.finder);
    return done;
}

static bool asking_allow(struct importer *importer, struct error *error)
{
    int64_t asked = 0;
    if (importer->import->is_dry_run || importer->import->may_ask)
        return true;
    if (!asked_count(importer, &asked, error))
        return false;
    if (asked <= SUBSCRIBER_ASKED_AT_ONCE)
        return true;
    *importer->counts = (struct subscriber_import_counts){ .wants_ask = true };
    return error_set(error, ERROR_INPUT,
                     "nothing was imported: %" PRId64 " people are new and the file proves no "
                     "consent, so each would get a mail that asks" ERROR_ADVICE
                     "--ask sends them, and where "
                     "they said yes elsewhere, --evidence TEXT says where and how",
                     asked);
}

/* ---- the whole file ---- */

static bool lines_import(struct importer *importer, struct error *error)
{
    struct subscriber_import_counts *counts = importer->counts;
    /* Nothing is written then, because a line that cannot be read may say of a subscriber on one
     * before it that they left. */
    if (!lines_read(importer, error)) {
        *counts = (struct subscriber_import_counts){ 0 };
        return error_prefix(error, "nothing was imported");
    }
    lines_sort(importer);
    if (!asking_allow(importer, error))
        return false;
    importer->is_begun = true;
    bool done = chunks_do(importer, error);
    counts->asking_ms = counts->count[IMPORT_ASKED] * importer->writer.pace_ms;
    counts->wants_ask = counts->count[IMPORT_ASKED] > SUBSCRIBER_ASKED_AT_ONCE &&
                        !importer->import->may_ask;
    return done;
}

static bool import_run(struct importer *importer, FILE *stream, struct error *error)
{
    const struct subscriber_service *service = importer->service;
    const struct subscriber_import *import = importer->import;
    int64_t pace_ms = import->pending_pace_ms ? import->pending_pace_ms : DURATION_SECOND;
    if (import->evidence && import->evidence[strspn(import->evidence, " \t\r\n")] == '\0')
        return error_set(error, ERROR_USAGE, "--evidence: say where and how these people said yes");
    import_decider_init(&importer->decider, service, import, &importer->arena,
                        importer->started_at);
    import_writer_init(&importer->writer, service, importer->started_at, pace_ms);
    bool done = import_reader_init(&importer->reader, service, stream, import, importer->started_at,
                                   error) &&
                lines_import(importer, error);
    import_reader_release(&importer->reader);
    import_writer_release(&importer->writer);
    import_decider_release(&importer->decider);
    return done;
}

/* ---- what became of the lines ---- */

struct subscriber_import_lines {
    struct arena arena;
    struct import_line *lines;
    size_t count;
    size_t next;
};

bool subscriber_import_lines_next(struct subscriber_import_lines *lines,
                                  struct subscriber_import_line *line)
{
    while (lines->next < lines->count) {
        const struct import_line *read = &lines->lines[lines->next++];
        if (read->kind == IMPORT_KIND_COUNT)
            continue;
        *line = (struct subscriber_import_line){
            .line = read->number,
            .address = read->typed,
            .kind = (enum subscriber_import_kind)read->kind,
            .reason = read->reason,
        };
        return true;
    }
    return false;
}

void subscriber_import_lines_free(struct subscriber_import_lines *lines)
{
    if (!lines)
        return;
    free(lines->lines);
    arena_release(&lines->arena);
    free(lines);
}

bool subscriber_import_csv(const struct subscriber_service *service, FILE *stream,
                           const struct subscriber_import *import,
                           struct subscriber_import_counts *counts,
                           struct subscriber_import_lines **lines, struct error *error)
{
    struct importer *importer = memory_allocate(sizeof *importer);
    importer->service = service;
    importer->import = import;
    importer->counts = counts;
    importer->started_at = clock_now(service->clock);
    *counts = (struct subscriber_import_counts){ 0 };
    if (!import->is_dry_run)
        database_expect_much(service->database, true);
    bool done = import_run(importer, stream, error);
    if (!import->is_dry_run)
        database_expect_much(service->database, false);
    struct subscriber_import_lines *read = memory_allocate(sizeof *read);
    *read = (struct subscriber_import_lines){
        .arena = importer->arena,
        .lines = importer->lines,
        .count = importer->is_begun ? importer->line_count : 0,
    };
    if (lines)
        *lines = read;
    else
        subscriber_import_lines_free(read);
    free(importer->places);
    free(importer);
    return done;
}
