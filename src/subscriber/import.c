/* SPDX-License-Identifier: MIT */
#include "subscriber/transfer.h"

#include "address/address.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "database/database.h"
#include "locale/language.h"
#include "subscriber/columns.h"
#include "subscriber/consent.h"
#include "subscriber/csv.h"

#include <string.h>
#include <strings.h>

enum { CHUNK_LINES = 1000 };

struct importer {
    const struct subscriber_office *office;
    const struct subscriber_import *import;
    struct subscriber_import_counts *counts;
    struct csv_reader reader;
    int position[COLUMN_COUNT]; /* -1: no such column */
    int64_t started_at;         /* the created_at of all its people: tells duplicates from known */
    int64_t next_id;
    bool has_suppressions;
    struct arena words;        /* of the two below */
    const char *language_word; /* the last line's, and its canonical form: most are the same */
    const char *language_known;
};

/* ---- one line ---- */

struct line {
    struct checked_wish wish;
    struct subscriber_proof proof;
    enum subscriber_state state;
    enum subscriber_cadence cadences[SUBSCRIBER_FEEDS_MAXIMUM];
    size_t cadence_count; /* 1: the same for all feeds */
};

static const char *column(const struct importer *importer, enum column name)
{
    int position = importer->position[name];
    return position < 0 ? "" : csv_field(&importer->reader, (size_t)position);
}

static bool cadences_read(struct line *line, const char *words, struct error *error)
{
    const char *word = NULL;
    size_t length = 0;
    line->cadences[0] = SUBSCRIBER_IMMEDIATE;
    while (feeds_next(&words, &word, &length)) {
        char name[16] = "";
        if (length < sizeof name)
            memcpy(name, word, length);
        if (line->cadence_count == SUBSCRIBER_FEEDS_MAXIMUM ||
            !subscriber_cadence_parse(name, &line->cadences[line->cadence_count]))
            return error_set(error, ERROR_INPUT,
                             "\"%.*s\" is no cadence; write immediate, daily or weekly",
                             (int)(length < 40 ? length : 40), word);
        line->cadence_count++;
    }
    if (line->cadence_count == 0)
        line->cadence_count = 1;
    line->wish.cadence = line->cadences[0];
    return true;
}

/* RFC 3339, or a date alone, which counts from its first instant. */
static bool consent_read(struct line *line, const char *word, struct error *error)
{
    char whole[32];
    if (*word == '\0' || instant_parse_rfc3339(word, &line->wish.consent_at))
        return true;
    if (strlen(word) == sizeof "2026-06-07" - 1) {
        (void)snprintf(whole, sizeof whole, "%sT00:00:00Z", word);
        if (instant_parse_rfc3339(whole, &line->wish.consent_at))
            return true;
    }
    return error_set(error, ERROR_INPUT,
                     "confirmed_at \"%.40s\" is no time; write it as 2026-06-07T12:00:00+02:00",
                     word);
}

static bool feeds_split(struct arena *arena, const char *list, struct subscriber_wish *wish,
                        struct error *error)
{
    const char *word = NULL;
    size_t length = 0;
    const char **feeds = arena_allocate_array(arena, SUBSCRIBER_FEEDS_MAXIMUM, sizeof *feeds);
    while (feeds_next(&list, &word, &length)) {
        if (wish->feed_count == SUBSCRIBER_FEEDS_MAXIMUM)
            return error_set(error, ERROR_INPUT, "more than %d feeds at once",
                             SUBSCRIBER_FEEDS_MAXIMUM);
        feeds[wish->feed_count++] = arena_copy_bytes(arena, word, length);
    }
    wish->feeds = feeds;
    return true;
}

static bool state_read(struct line *line, const char *word, struct error *error)
{
    line->state = SUBSCRIBER_PENDING;
    if (*word == '\0' ||
        (subscriber_state_parse(word, &line->state) && line->state != SUBSCRIBER_EXPIRED))
        return true;
    return error_set(error, ERROR_INPUT,
                     "state \"%.40s\" cannot be imported; write pending, confirmed, unsubscribed, "
                     "bounced or complained",
                     word);
}

static bool language_read(struct importer *importer, struct line *line, struct error *error)
{
    const char *word = column(importer, COLUMN_LANGUAGE);
    if (*word == '\0')
        word = importer->office->default_language;
    if (!importer->language_word || strcmp(importer->language_word, word) != 0) {
        arena_release(&importer->words);
        importer->language_word = arena_copy(&importer->words, word);
        importer->language_known = language_canonical(&importer->words, word);
    }
    line->wish.language = importer->language_known;
    return line->wish.language ||
           error_set(error, ERROR_INPUT, "\"%.40s\" is no language; write it as da or en", word);
}

static bool line_read(struct importer *importer, struct arena *arena, struct line *line,
                      struct error *error)
{
    const char *evidence = column(importer, COLUMN_EVIDENCE);
    struct subscriber_wish wish = { .address = column(importer, COLUMN_ADDRESS),
                                    .proof = { .way = SUBSCRIBER_BY_IMPORT,
                                               .evidence = *evidence ? evidence : NULL } };
    int64_t consent_at = INSTANT_NONE;
    if (!feeds_split(arena, column(importer, COLUMN_FEEDS), &wish, error) ||
        !consent_read(line, column(importer, COLUMN_CONFIRMED_AT), error))
        return false;
    consent_at = line->wish.consent_at;
    if (!wish_read(importer->office, arena, &wish, &line->wish, error) ||
        !language_read(importer, line, error) ||
        !state_read(line, column(importer, COLUMN_STATE), error) ||
        !cadences_read(line, column(importer, COLUMN_CADENCE), error))
        return false;
    if (line->cadence_count > 1 && line->cadence_count != wish.feed_count)
        return error_set(error, ERROR_INPUT,
                         "%zu cadences for %zu feeds; write one for all, or one each",
                         line->cadence_count, wish.feed_count);
    line->proof = wish.proof;
    line->wish.proof = &line->proof;
    line->wish.now_at = importer->started_at;
    line->wish.consent_at = line->state == SUBSCRIBER_CONFIRMED ? consent_at : INSTANT_NONE;
    return line->state != SUBSCRIBER_CONFIRMED ||
           evidence_check(evidence, consent_at, importer->started_at, error);
}

/* ---- writing it ---- */

/* Ids of one import grow by random steps from a random start: a million rows are appended to their
 * tables, not scattered over them. */
static int64_t id_next(struct importer *importer)
{
    const int64_t step_bits = (INT64_C(1) << 40) - 1;
    if (importer->next_id == 0 || importer->next_id > INT64_MAX - 2 * step_bits)
        importer->next_id = random_positive(importer->office->random) >> 1;
    importer->next_id += 1 + (random_positive(importer->office->random) & step_bits);
    return importer->next_id;
}

static bool others_cadences(const struct importer *importer, const struct line *line, int64_t id,
                            struct error *error)
{
    const char *rest = line->wish.feeds;
    struct subscription_row row = { .subscriber = id,
                                    .is_active = true,
                                    .since_at = line->wish.now_at };
    for (size_t i = 0; line->cadence_count > 1 && feeds_next(&rest, &row.feed, &row.feed_length);
         i++) {
        row.cadence = line->cadences[i];
        if (!subscription_write(importer->office->database, &row, error))
            return false;
    }
    return true;
}

static bool confirmed_write(struct importer *importer, const struct line *line,
                            struct person *person, struct error *error)
{
    struct subscription_row row = { .subscriber = person->id,
                                    .cadence = line->wish.cadence,
                                    .is_active = true,
                                    .since_at = line->wish.now_at };
    importer->counts->confirmed++;
    return subscriptions_write(importer->office->database, line->wish.feeds, &row, error) &&
           others_cadences(importer, line, person->id, error);
}

static bool pending_write(struct importer *importer, struct line *line, struct person *person,
                          struct error *error)
{
    struct subscriber_outcome outcome = { .subscriber = person->id };
    int64_t pace_ms = importer->import->pending_pace_ms;
    line->wish.mail_at = importer->started_at +
                         importer->counts->pending * (pace_ms ? pace_ms : DURATION_SECOND);
    importer->counts->pending++;
    return wish_request(importer->office, &line->wish, &outcome, error);
}

static bool person_add(struct importer *importer, struct line *line, struct error *error)
{
    static const enum subscriber_event events[SUBSCRIBER_STATE_COUNT] = {
        [SUBSCRIBER_PENDING] = SUBSCRIBER_OFFERED,      [SUBSCRIBER_CONFIRMED] = SUBSCRIBER_GRANTED,
        [SUBSCRIBER_UNSUBSCRIBED] = SUBSCRIBER_LEAVES,  [SUBSCRIBER_BOUNCED] = SUBSCRIBER_BOUNCES,
        [SUBSCRIBER_COMPLAINED] = SUBSCRIBER_COMPLAINS,
    };
    struct database *database = importer->office->database;
    struct person person = { .id = id_next(importer), .language = line->wish.language };
    enum subscriber_event event = events[line->state];
    if (subscriber_step(SUBSCRIBER_NONE, event, &person.state) != SUBSCRIBER_MOVES)
        return error_set(error, ERROR_INPUT, "an unknown person cannot be %s",
                         subscriber_state_name(line->state));
    if (person.state != SUBSCRIBER_PENDING && person.state != SUBSCRIBER_CONFIRMED)
        line->wish.feeds = "";
    if (!person_insert(database, &person, line->wish.address, line->wish.now_at, error) ||
        !wish_event(database, person.id, &line->wish, event, error))
        return false;
    importer->counts->added++;
    if (person.state == SUBSCRIBER_CONFIRMED)
        return confirmed_write(importer, line, &person, error);
    return person.state != SUBSCRIBER_PENDING || pending_write(importer, line, &person, error);
}

static bool line_import(struct importer *importer, struct arena *arena, struct error *error)
{
    struct line line = { 0 };
    struct person person;
    bool is_suppressed = false;
    if (!line_read(importer, arena, &line, error))
        return false;
    const char *folded = line.wish.address->folded;
    if (importer->has_suppressions &&
        !suppression_covers(importer->office, folded, &is_suppressed, error))
        return false;
    if (is_suppressed)
        return error_set(error, ERROR_INPUT,
                         "suppressed: was erased after the person said no; leave it out");
    if (!person_find(importer->office->database, arena, folded, &person, error))
        return false;
    if (person.id && person.created_at == importer->started_at)
        return error_set(error, ERROR_INPUT, "duplicate: the address stands on a line before");
    if (person.id)
        return error_set(error, ERROR_INPUT, "known: is %s already; `subscriber show` tells more",
                         subscriber_state_name(person.state));
    return person_add(importer, &line, error);
}

/* ---- the whole file ---- */

static bool header_read(struct importer *importer, struct error *error)
{
    enum csv_result result = csv_read(&importer->reader, error);
    for (int i = 0; i < COLUMN_COUNT; i++)
        importer->position[i] = -1;
    if (result == CSV_END)
        return error_set(error, ERROR_INPUT,
                         "the file is empty; its first line names the columns, address first");
    if (result != CSV_RECORD)
        return error_prefix(error, "line 1");
    for (size_t field = 0; field < importer->reader.field_count; field++)
        for (int i = 0; i < COLUMN_COUNT; i++)
            if (importer->position[i] < 0 &&
                strcasecmp(csv_field(&importer->reader, field), transfer_columns[i]) == 0)
                importer->position[i] = (int)field;
    if (importer->position[COLUMN_ADDRESS] < 0)
        return error_set(error, ERROR_INPUT,
                         "line 1: no column is called address; the first line names the columns");
    return true;
}

static bool refuse(struct importer *importer, struct error *reason, struct error *error)
{
    importer->counts->refused++;
    if (!importer->import->refuse)
        return true;
    const char *address = importer->reader.field_count ? column(importer, COLUMN_ADDRESS) : "";
    return importer->import->refuse(importer->import->payload, importer->reader.line, address,
                                    reason->message, error);
}

/* Up to CHUNK_LINES lines in the open transaction; *at_end says whether more will come. */
static bool chunk_import(struct importer *importer, bool *at_end, struct error *error)
{
    for (int i = 0; i < CHUNK_LINES; i++) {
        struct error reason = { 0 };
        struct arena arena = { 0 };
        enum csv_result result = csv_read(&importer->reader, &reason);
        *at_end = result == CSV_END;
        if (*at_end)
            return true;
        bool done = result == CSV_RECORD && line_import(importer, &arena, &reason);
        arena_release(&arena);
        importer->counts->lines += result != CSV_FAILED;
        if (done)
            continue;
        if (result == CSV_FAILED || reason.kind != ERROR_INPUT) {
            *error = reason;
            return false;
        }
        if (!refuse(importer, &reason, error))
            return false;
    }
    return true;
}

static bool suppressions_exist(struct importer *importer, struct error *error)
{
    struct statement *statement = database_prepare(importer->office->database,
                                                   "SELECT 1 FROM suppression LIMIT 1", error);
    if (!statement_find(statement, &importer->has_suppressions, error))
        return false;
    statement_reset(statement);
    return true;
}

static bool lines_import(struct importer *importer, struct error *error)
{
    bool at_end = false;
    struct database *database = importer->office->database;
    if (!header_read(importer, error) || !suppressions_exist(importer, error))
        return false;
    while (!at_end) {
        if (!database_begin(database, error))
            return false;
        bool done = chunk_import(importer, &at_end, error);
        /* What stands before an unreadable line is good all the same. */
        if (!done && error->kind == ERROR_INPUT) {
            struct error ignored = { 0 };
            (void)database_commit(database, &ignored);
        }
        if (!database_end(database, done, error))
            return false;
        if (importer->import->progress)
            importer->import->progress(importer->import->payload, importer->counts->lines);
    }
    return true;
}

bool subscriber_import_csv(const struct subscriber_office *office, FILE *stream,
                           const struct subscriber_import *import,
                           struct subscriber_import_counts *counts, struct error *error)
{
    struct importer importer = {
        .office = office, .import = import, .counts = counts, .started_at = clock_now(office->clock)
    };
    *counts = (struct subscriber_import_counts){ 0 };
    csv_reader_init(&importer.reader, stream);
    bool done = lines_import(&importer, error);
    csv_reader_release(&importer.reader);
    arena_release(&importer.words);
    return done;
}
