/* SPDX-License-Identifier: MIT */
#include "unit/subscriber/subscriber_scene.h"

#include "base/string_builder.h"
#include "subscriber/transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct feed closed = { .id = "intern" };
static const struct feed all = { .id = "alt", .signup_open = true, .next = &closed };

static struct {
    struct subscriber_import_counts counts;
    struct string_builder refused; /* "LINE REASON\n" */
    bool is_erasing;               /* somebody erases herself when the first chunk is written */
} list;

static int scene_make(void **state)
{
    static struct scene scene;
    memset(&list, 0, sizeof list);
    string_builder_init(&list.refused, 0);
    scene_open(&scene, ":memory:", -1, INT64_C(1780000000000), &all);
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
{
    scene_close(*state);
    string_builder_release(&list.refused);
    return 0;
}

static void note_refused(const struct subscriber_import_line *line)
{
    if (line->kind == IMPORT_REFUSED)
        string_builder_append_format(&list.refused, "%d %s: %s\n", (int)line->line, line->address,
                                     line->reason);
}

/* Addresses behind those of a first chunk, p0 … */
#define LATE "zz@n.example"

static void erase_late(void *payload, int64_t lines)
{
    struct scene *scene = payload;
    bool known = false;
    bool pending = false;
    if (!list.is_erasing || lines == 0)
        return;
    list.is_erasing = false;
    DONE(subscriber_forget(&scene->service, LATE, &known, &pending, &scene->error));
}

static bool import(struct scene *scene, const char *csv, size_t length)
{
    struct subscriber_import settings = { .progress = erase_late, .payload = scene };
    struct subscriber_import_lines *lines;
    struct subscriber_import_line line;
    char *copy = arena_copy_bytes(&scene->arena, csv, length);
    FILE *stream = fmemopen(copy, length ? length : 1, "r");
    assert_non_null(stream);
    if (length == 0)
        (void)fgetc(stream);
    string_builder_clear(&list.refused);
    bool done = subscriber_import_csv(&scene->service, stream, &settings, &list.counts, &lines,
                                      &scene->error);
    (void)fclose(stream);
    while (subscriber_import_lines_next(lines, &line))
        note_refused(&line);
    subscriber_import_lines_free(lines);
    return done;
}

static int64_t added(void)
{
    return list.counts.count[IMPORT_CONFIRMED] + list.counts.count[IMPORT_ASKED] +
           list.counts.count[IMPORT_KEPT_OUT];
}

static struct subscriber *show(struct scene *scene, const char *address)
{
    bool failed = false;
    struct subscriber *found = subscriber_find(scene->database, &scene->arena, address, &failed,
                                               &scene->error);
    DONE(!failed);
    return found;
}

static void a_nul_and_an_endless_record_are_refused(void **state)
{
    struct scene *scene = *state;
    static const char nul[] = "address\na@n.example\0x\nb@n.example\n";
    DONE(import(scene, nul, sizeof nul - 1));
    assert_int_equal(added(), 1);
    assert_int_equal(list.counts.count[IMPORT_REFUSED], 1);
    char *endless = arena_allocate(&scene->arena, 200000);
    (void)snprintf(endless, 200000, "address\nc@n.example\n\"");
    memset(endless + strlen(endless), 'x', 199000 - strlen(endless));
    assert_false(import(scene, endless, strlen(endless)));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.message, "nothing was imported: line 3"));
    assert_int_equal(list.counts.lines, 0);
    assert_null(show(scene, "c@n.example"));
}

/* ---- import and export ---- */

static void good_lines_go_in_and_bad_ones_are_reported(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    DONE(subscriber_forget(&scene->service, "gone@n.example", &known, &pending, &scene->error));
    static const char csv[] =
        "Address;feeds;cadence;language;state;confirmed_at;evidence;other\n"
        "anna@n.example;alt intern;daily;en;confirmed;2026-05-01;\"list; signed\";x\n"
        "bent@n.example\n"
        "carl@n.example;;;;unsubscribed\n"
        "ANNA@n.example;alt\n"
        "no address\n"
        "dora@n.example;nosuch\n"
        "emil@n.example;alt;hourly\n"
        "frida@n.example;alt;;;confirmed;2026-05-01\n"
        "gerda@n.example;alt;;;confirmed;;list\n"
        "hans@n.example;alt;;;confirmed;1 May;list\n"
        "gone@n.example;alt\n"
        "ida@n.example;alt;;;expired\n"
        "\"jens\"@n.example\n"
        "karl@n.example;alt intern;weekly immediate;da;confirmed;2026-05-01T10:00:00+02:00;list\n"
        "lis@n.example;alt;daily weekly\n"
        ";alt\n";
    DONE(import(scene, csv, sizeof csv - 1));
    assert_int_equal(list.counts.lines, 16);
    assert_int_equal(added(), 4);
    assert_int_equal(list.counts.count[IMPORT_CONFIRMED], 2);
    assert_int_equal(list.counts.count[IMPORT_ASKED], 1);
    assert_int_equal(list.counts.count[IMPORT_REFUSED], 12);
    static const char *const reported[] = { "5 ANNA@n.example: duplicate",
                                            "6 no address: ",
                                            "7 dora@n.example: there is no feed \"nosuch\"",
                                            "8 emil@n.example: \"hourly\" is no cadence",
                                            "9 frida@n.example: confirmed without evidence",
                                            "10 gerda@n.example: confirmed at no time",
                                            "11 hans@n.example: confirmed_at",
                                            "12 gone@n.example: suppressed",
                                            "13 ida@n.example: state \"expired\"",
                                            "14 jens: text behind a closing quote",
                                            "16 lis@n.example: 2 cadences for 1 feeds",
                                            "17 : there is no address" };
    const char *cursor = list.refused.data;
    for (size_t i = 0; i < sizeof reported / sizeof reported[0]; i++) {
        cursor = strstr(cursor, reported[i]);
        if (!cursor) {
            fail_msg("%s not in\n%s", reported[i], list.refused.data);
            return;
        }
    }
    const struct subscriber *anna = show(scene, "anna@n.example");
    assert_int_equal(anna->state, SUBSCRIBER_CONFIRMED);
    assert_string_equal(anna->language, "en");
    assert_int_equal(anna->subscriptions->cadence, SUBSCRIBER_DAILY);
    assert_string_equal(anna->subscriptions->next->feed, "intern");
    assert_string_equal(anna->events->proof.evidence, "list; signed");
    assert_int_equal(anna->events->proof.way, SUBSCRIBER_BY_IMPORT);
    assert_true(anna->events->consent_at == INT64_C(1777593600000));
    const struct subscriber *karl = show(scene, "karl@n.example");
    assert_int_equal(karl->subscriptions->cadence, SUBSCRIBER_WEEKLY);
    assert_int_equal(karl->subscriptions->next->cadence, SUBSCRIBER_IMMEDIATE);
    assert_int_equal(show(scene, "bent@n.example")->state, SUBSCRIBER_PENDING);
    assert_int_equal(show(scene, "carl@n.example")->state, SUBSCRIBER_UNSUBSCRIBED);
    assert_null(show(scene, "carl@n.example")->subscriptions);

    scene->clock.fixed_at += 1;
    DONE(import(scene, "address\nanna@n.example\ncarl@n.example\n", 38));
    assert_int_equal(list.counts.count[IMPORT_SAME], 1);
    assert_int_equal(list.counts.count[IMPORT_REFUSED], 1);
    assert_non_null(strstr(list.refused.data, "known: is unsubscribed"));
}

/* As everybody's who comes: nothing of before belongs to their digests. */
static void an_imported_persons_digests_begin_with_the_import(void **state)
{
    struct scene *scene = *state;
    bool found = false;
    static const char csv[] = "address,feeds,cadence,state,confirmed_at,evidence\n"
                              "anna@n.example,alt,daily,confirmed,2026-05-01,list\n";
    DONE(database_execute(
        scene->database,
        "INSERT INTO digest_item (row_id, release_row_id, kind, deduplication_key, mailing,"
        " at, ripe_at) VALUES (7, 1, 0, '', 0, 1, 1)",
        &scene->error));
    DONE(import(scene, csv, sizeof csv - 1));
    struct statement *statement = database_prepare(
        scene->database, "SELECT digest_after FROM subscription", &scene->error);
    DONE(statement_find(statement, &found, &scene->error));
    assert_int_equal(statement_integer(statement, 0), 7);
    statement_reset(statement);
}

static void files_without_a_header_are_refused_whole(void **state)
{
    struct scene *scene = *state;
    static const char *const bad[] = { "", "\n\n", "anna@n.example\n", "name,feeds\na,b\n" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(import(scene, bad[i], strlen(bad[i])));
        assert_int_equal(scene->error.kind, ERROR_INPUT);
    }
}

static void confirmation_mails_of_an_import_keep_a_pace(void **state)
{
    struct scene *scene = *state;
    bool found = false;
    DONE(import(scene, "address\na@n.example\nb@n.example\nc@n.example\n", 44));
    struct statement *statement = database_prepare(
        scene->database, "SELECT MAX(next_at) - MIN(next_at) FROM transactional_mail",
        &scene->error);
    DONE(statement_find(statement, &found, &scene->error));
    assert_int_equal(statement_integer(statement, 0), 2 * DURATION_SECOND);
    statement_reset(statement);
}

static char *export(struct scene *scene)
{
    char *bytes = NULL;
    size_t size = 0;
    int64_t count = 0;
    FILE *stream = open_memstream(&bytes, &size);
    assert_non_null(stream);
    DONE(subscriber_export_csv(&scene->service, stream, false, &count, &scene->error));
    (void)fclose(stream);
    char *copy = arena_copy(&scene->arena, bytes);
    free(bytes);
    return copy;
}

static void what_is_exported_can_be_imported(void **state)
{
    struct scene *scene = *state;
    static const char csv[] =
        "address,feeds,cadence,language,state,confirmed_at,evidence\n"
        "Anna@n.example,alt intern,daily weekly,en,confirmed,2026-05-01T00:00:00Z,\"a, \"\"b\"\"\"\n"
        "bent@n.example,alt,immediate,da,pending,,\n"
        "carl@n.example,,,da,bounced,,\n"
        "s\xC3\xB8ren@n.example,alt,weekly,da,confirmed,2026-05-01T00:00:00Z,list\n";
    DONE(import(scene, csv, sizeof csv - 1));
    assert_int_equal(list.counts.count[IMPORT_REFUSED], 0);
    assert_string_equal(export(scene), csv);
}

/* Many lines, more than a transaction: all of them, and only once; what was refused is reported in
 * the order of the file, though it is written in another. */
static void an_import_of_several_chunks_is_whole(void **state)
{
    enum { LINES = 25000 };
    struct scene *scene = *state;
    struct string_builder csv;
    string_builder_init(&csv, 0);
    string_builder_append(&csv, "address,feeds,state,confirmed_at,evidence\r\n");
    for (int i = 0; i < LINES; i++)
        string_builder_append_format(&csv, "p%d@n.example,alt,confirmed,2026-05-01,list\r\n", i);
    string_builder_append(
        &csv, "z\r\nP9@n.example\r\nno\r\nb@n.example\r\nP24999@n.example\r\nB@n.example\r\n");
    DONE(import(scene, csv.data, csv.length));
    string_builder_release(&csv);
    assert_int_equal(list.counts.count[IMPORT_CONFIRMED], LINES);
    assert_int_equal(list.counts.count[IMPORT_ASKED], 1);
    assert_int_equal(list.counts.lines, LINES + 6);
    static const char *const reported[] = { "25002 z: ", "25003 P9@n.example: duplicate",
                                            "25004 no: ", "25006 P24999@n.example: duplicate",
                                            "25007 B@n.example: duplicate" };
    const char *cursor = list.refused.data;
    for (size_t i = 0; i < sizeof reported / sizeof reported[0]; i++)
        if (!(cursor = strstr(cursor, reported[i])))
            fail_msg("%s not in\n%s", reported[i], list.refused.data);
    int64_t counts[SUBSCRIBER_STATE_COUNT];
    DONE(subscriber_count(scene->database, counts, &scene->error));
    assert_int_equal(counts[SUBSCRIBER_CONFIRMED], LINES);
}

/* The line that counts may stand in a chunk before, or be the first of this one. */
static void equal_addresses_may_fill_more_than_a_chunk(void **state)
{
    enum { LINES = 20002 };
    struct scene *scene = *state;
    struct string_builder csv;
    string_builder_init(&csv, 0);
    string_builder_append(&csv, "address,feeds,state,confirmed_at,evidence\n");
    for (int i = 0; i < LINES; i++)
        string_builder_append(&csv, "anna@n.example,alt,confirmed,2026-05-01,list\n");
    DONE(import(scene, csv.data, csv.length));
    string_builder_release(&csv);
    assert_int_equal(list.counts.count[IMPORT_CONFIRMED], 1);
    assert_int_equal(list.counts.count[IMPORT_REFUSED], LINES - 1);
    assert_int_equal(list.counts.lines, LINES);
    assert_int_equal(strncmp(list.refused.data, "3 anna@n.example: duplicate", 27), 0);
}

/* A first chunk, with a line that is refused, and then a second one. */
static bool import_two_chunks(struct scene *scene)
{
    enum { CHUNK = 20000 };
    struct string_builder csv;
    string_builder_init(&csv, 0);
    string_builder_append(&csv, "address,feeds,state,confirmed_at,evidence\nno address\n");
    for (int i = 0; i < CHUNK; i++)
        string_builder_append_format(&csv, "p%d@n.example,alt,confirmed,2026-05-01,list\n", i);
    string_builder_append(&csv, "z@n.example\n" LATE ",alt,confirmed,2026-05-01,list\n");
    bool done = import(scene, csv.data, csv.length);
    string_builder_release(&csv);
    return done;
}

/* The very first one: until then no address needs to be looked up. */
static void who_is_erased_during_an_import_is_not_brought_back_by_it(void **state)
{
    struct scene *scene = *state;
    list.is_erasing = true;
    DONE(import_two_chunks(scene));
    assert_false(list.is_erasing);
    assert_null(show(scene, LATE));
    assert_non_null(strstr(list.refused.data, LATE ": suppressed"));
    assert_int_equal(list.counts.lines, 20003);
    assert_int_equal(added(), 20001);
    assert_int_equal(list.counts.count[IMPORT_REFUSED], 2);
}

static void import_as(struct scene *scene, const char *name, int count)
{
    struct string_builder csv;
    string_builder_init(&csv, 0);
    string_builder_append(&csv, "address,feeds,state,confirmed_at,evidence\n");
    for (int i = 0; i < count; i++)
        string_builder_append_format(&csv, "%s%d@n.example,alt,confirmed,2026-05-01,list\n", name,
                                     i);
    scene->random = random_seeded(3);
    DONE(import(scene, csv.data, csv.length));
    string_builder_release(&csv);
}

/* The same random numbers twice. */
static void an_id_that_somebody_has_is_not_given_again(void **state)
{
    enum { SUBSCRIBERS = 70 }; /* a full statement, and single ones */
    struct scene *scene = *state;
    import_as(scene, "a", SUBSCRIBERS);
    import_as(scene, "b", SUBSCRIBERS);
    assert_int_equal(added(), SUBSCRIBERS);
    assert_string_equal(show(scene, "a69@n.example")->address, "a69@n.example");
    assert_int_equal(show(scene, "b0@n.example")->state, SUBSCRIBER_CONFIRMED);
    assert_string_equal(show(scene, "b69@n.example")->subscriptions->feed, "alt");
}

static void disk_fill_at(struct scene *scene, const char *address)
{
    const char *sql = arena_format(&scene->arena,
                                   "CREATE TRIGGER full BEFORE INSERT ON subscriber"
                                   " WHEN NEW.address = '%s'"
                                   " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
                                   address);
    DONE(database_execute(scene->database, sql, &scene->error));
}

/* The database gives up in the middle: what was refused until then is reported all the same. */
static void what_was_refused_is_reported_also_where_the_rest_fails(void **state)
{
    struct scene *scene = *state;
    static const char csv[] = "address\nno address\nanna@n.example\nbent@n.example\n";
    disk_fill_at(scene, "bent@n.example");
    assert_false(import(scene, csv, sizeof csv - 1));
    assert_int_equal(scene->error.kind, ERROR_SYSTEM);
    assert_non_null(strstr(scene->error.message, "the disk is full"));
    assert_non_null(strstr(list.refused.data, "2 no address: "));
    assert_int_equal(list.counts.lines, 1);
    assert_int_equal(list.counts.count[IMPORT_REFUSED], 1);
    assert_int_equal(added(), 0);
    assert_int_equal(list.counts.count[IMPORT_ASKED], 0);
}

static void what_was_written_is_counted_also_where_the_rest_fails(void **state)
{
    struct scene *scene = *state;
    disk_fill_at(scene, LATE);
    assert_false(import_two_chunks(scene));
    assert_int_equal(list.counts.lines, 20001);
    assert_int_equal(added(), 20000);
    assert_int_equal(list.counts.count[IMPORT_CONFIRMED], 20000);
    assert_int_equal(list.counts.count[IMPORT_ASKED], 0);
    assert_int_equal(list.counts.count[IMPORT_REFUSED], 1);
    assert_null(show(scene, "z@n.example"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_nul_and_an_endless_record_are_refused),
        TEST(good_lines_go_in_and_bad_ones_are_reported),
        TEST(an_imported_persons_digests_begin_with_the_import),
        TEST(files_without_a_header_are_refused_whole),
        TEST(confirmation_mails_of_an_import_keep_a_pace),
        TEST(what_is_exported_can_be_imported),
        TEST(an_import_of_several_chunks_is_whole),
        TEST(equal_addresses_may_fill_more_than_a_chunk),
        TEST(who_is_erased_during_an_import_is_not_brought_back_by_it),
        TEST(an_id_that_somebody_has_is_not_given_again),
        TEST(what_was_refused_is_reported_also_where_the_rest_fails),
        TEST(what_was_written_is_counted_also_where_the_rest_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
