/* SPDX-License-Identifier: MIT */
#include "unit/subscriber/subscriber_scene.h"

#include "base/file.h"
#include "base/string_builder.h"
#include "database/write_transaction.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define START_AT INT64_C(1780000000000)

static const struct feed all = { .id = "alt", .signup_open = true };

/* People in a file, as the promise is about its bytes. */
static struct {
    char folder[64];
    char path[128];
    int directory;
} place;

static const struct database_schema *const schemas[] = { &queue_schema, &digest_schema,
                                                         &subscriber_schema };

static int scene_make(void **state)
{
    static struct scene scene;
    (void)snprintf(place.folder, sizeof place.folder, "/tmp/pressroom-erasure-XXXXXX");
    assert_non_null(mkdtemp(place.folder));
    (void)snprintf(place.path, sizeof place.path, "%s/pressroom.db", place.folder);
    place.directory = open(place.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    scene_open(&scene, place.path, place.directory, START_AT, &all);
    *state = &scene;
    return 0;
}

static int scene_remove(void **state)
{
    char command[128];
    scene_close(*state);
    (void)close(place.directory);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", place.folder);
    (void)!system(command); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
    return 0;
}

static int64_t number(struct scene *scene, const char *sql)
{
    return test_store_number(scene->database, sql);
}

static void pass_days(struct scene *scene, int days)
{
    scene->clock = clock_fixed(clock_now(&scene->clock) + days * DURATION_DAY);
}

static struct subscriber_outcome ask(struct scene *scene, const char *address)
{
    struct subscriber_outcome outcome = { 0 };
    const struct subscription_request subscription_request = { .address = address,
                                                               .language = "da",
                                                               .proof = { .way = SUBSCRIBER_BY_WEB,
                                                                          .evidence = address } };
    DONE(subscriber_subscribe(&scene->service, &subscription_request, &outcome, &scene->error));
    return outcome;
}

static void grant(struct scene *scene, const char *address)
{
    struct subscriber_outcome outcome = { 0 };
    const struct subscription_request subscription_request = {
        .address = address,
        .language = "da",
        .proof = { .way = SUBSCRIBER_BY_CLI, .evidence = "blanket 12" }
    };
    DONE(subscriber_grant(&scene->service, &subscription_request, START_AT, &outcome,
                          &scene->error));
}

static void leave(struct scene *scene, const char *address)
{
    bool failed = false;
    bool known = false;
    const struct subscriber_proof proof = { .way = SUBSCRIBER_BY_WEB };
    const struct subscriber *subscriber = subscriber_find(scene->database, &scene->arena, address,
                                                          &failed, &scene->error);
    assert_non_null(subscriber);
    DONE(
        subscriber_unsubscribe(&scene->service, subscriber->row_id, &proof, &known, &scene->error));
}

/* Every call's counts added up. */
static struct subscriber_retention retain(struct scene *scene)
{
    int64_t expired = 0;
    struct subscriber_retention retention = { 0 };
    DONE(subscriber_expire(&scene->service, &expired, &scene->error));
    do {
        DONE(subscriber_retain(&scene->service, &retention, &scene->error));
    } while (retention.more);
    return retention;
}

/* How many of the words stand in some file of the folder, whatever their capitals. */
static int words_in_files(const char *const *words, size_t count)
{
    int found = 0;
    size_t size = 0;
    char *bytes = NULL;
    DIR *folder = opendir(place.folder);
    assert_non_null(folder);
    const struct dirent *entry;
    while ((entry = readdir(folder))) { /* NOLINT(concurrency-mt-unsafe) */
        char path[400];
        (void)snprintf(path, sizeof path, "%s/%s", place.folder, entry->d_name);
        FILE *file = entry->d_type == DT_REG ? fopen(path, "re") : NULL;
        for (int byte; file && (byte = fgetc(file)) != EOF; size++) {
            if (size % 65536 == 0)
                bytes = realloc(bytes,
                                size + 65536); /* NOLINT(bugprone-suspicious-realloc-usage) */
            assert_non_null(bytes);
            bytes[size] = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
        }
        if (file)
            (void)fclose(file);
    }
    (void)closedir(folder);
    for (size_t i = 0; bytes && i < count; i++)
        found += memmem(bytes, size, words[i], strlen(words[i])) != NULL;
    free(bytes);
    return found;
}

/* ---- */

static void the_file_is_searched_whatever_the_capitals(void **state)
{
    struct scene *scene = *state;
    bool holds = false;
    const char *words[] = { "nobody@n.example", "ANNA@n.example" };
    grant(scene, "Anna@N.example");
    DONE(database_checkpoint(scene->database, &scene->error));
    DONE(database_holds(scene->database, words, 2, &holds, &scene->error));
    assert_true(holds);
    DONE(database_holds(scene->database, words, 1, &holds, &scene->error));
    assert_false(holds);
    DONE(database_holds(scene->database, NULL, 0, &holds, &scene->error));
    assert_false(holds);
}

/* Holds I16. */
static void an_event_is_never_altered_and_goes_with_its_person_alone(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    grant(scene, "anna@n.example");
    grant(scene, "bent@n.example");
    static const char *const refused[] = { "UPDATE event SET evidence = 'another'",
                                           "UPDATE event SET subscriber = 1", "DELETE FROM event" };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(database_execute(scene->database, refused[i], &scene->error));
        assert_non_null(strstr(scene->error.message, "such rows are never"));
    }
    assert_int_equal(number(scene, "SELECT count(*) FROM event WHERE evidence = 'blanket 12'"), 2);
    DONE(subscriber_forget(&scene->service, "anna@n.example", &known, &pending, &scene->error));
    assert_int_equal(number(scene, "SELECT count(*) FROM event"), 1);
    assert_false(database_execute(scene->database, "DELETE FROM event", &scene->error));
}

/* Holds I17. */
static void no_byte_of_who_is_forgotten_stays(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = true;
    const char *words[] = { "anna@n.example", "bent@n.example" };
    int64_t anna = ask(scene, "Anna@N.example").subscriber;
    grant(scene, "bent@n.example");
    DONE(subscriber_mail_link(&scene->service, anna, SUBSCRIBER_LINK_MY_DATA, &known,
                              &scene->error));
    assert_int_equal(words_in_files(words, 2), 2);
    DONE(subscriber_forget(&scene->service, "ANNA@n.example", &known, &pending, &scene->error));
    assert_true(known);
    assert_false(pending);
    assert_int_equal(words_in_files(words, 1), 0);
    assert_int_equal(words_in_files(words, 2), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM rate_limited_mail"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM erasure"), 0);
}

/* Rules on addresses grow; whoever came in before can be found and erased. */
static void who_came_under_older_rules_is_forgotten_too(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = true;
    bool failed = false;
    struct arena arena = { 0 };
    const char *words[] = { "anna@xn--0.example" };
    grant(scene, "anna@n.example");
    DONE(database_execute(scene->database,
                          "UPDATE subscriber SET address = 'Anna@xn--0.example',"
                          " folded = 'anna@xn--0.example', rate_limit_key = 'anna@xn--0.example'",
                          &scene->error));
    assert_non_null(
        subscriber_find(scene->database, &arena, "anna@xn--0.example", &failed, &scene->error));
    arena_release(&arena);
    DONE(subscriber_forget(&scene->service, "ANNA@xn--0.example", &known, &pending, &scene->error));
    assert_true(known);
    assert_int_equal(words_in_files(words, 1), 0);
}

enum { CROWD = 20000 };

/* "p00042@n.example". */
static const char *crowd_address(struct scene *scene, int number_of_person)
{
    return arena_format(&scene->arena, "p%05d@n.example", number_of_person);
}

/* How often each address of the crowd stands in the store's file. */
static void crowd_count(int copies[CROWD])
{
    enum { LENGTH = 16 }; /* of an address */
    struct error error = { 0 };
    struct string_builder file;
    string_builder_init(&file, 0);
    test_done(file_read(AT_FDCWD, place.path, &file, &error), &error, __FILE__, __LINE__);
    memset(copies, 0, CROWD * sizeof *copies);
    for (size_t at = 0; at + LENGTH <= file.length; at++) {
        const char *address = file.data + at;
        if (address[0] == 'p' && memcmp(address + 6, "@n.example", LENGTH - 6) == 0)
            copies[strtol(address + 1, NULL, 10)]++;
    }
    string_builder_release(&file);
}

/* Holds I17. A crowd whose pages were divided many times: copies of rows stand in the gaps of
 * pages, where deleting them does not reach. Those go who have such a copy. */
static void no_byte_stays_in_the_gaps_of_pages(void **state)
{
    static int copies[CROWD];
    static const char *gone[CROWD];
    struct scene *scene = *state;
    size_t count = 0;
    int fewest = INT_MAX;
    DONE(database_begin(scene->database, &scene->error));
    for (int i = 0; i < CROWD; i++) {
        struct statement *statement = database_prepare(
            scene->database,
            "INSERT INTO subscriber (row_id, address, folded, rate_limit_key, language, state,"
            " created_at, changed_at) VALUES ($1, $2, $2, $2, 'da', @SUBSCRIBER_CONFIRMED@, 1, 1)",
            &scene->error);
        statement_bind_integer(statement, 1, random_positive(&scene->random));
        statement_bind_text(statement, 2, crowd_address(scene, i * 7919 % CROWD));
        DONE(statement_run(statement, &scene->error));
    }
    DONE(database_commit(scene->database, &scene->error));
    DONE(database_checkpoint(scene->database, &scene->error));
    crowd_count(copies);
    for (int i = 0; i < CROWD; i++)
        fewest = copies[i] < fewest ? copies[i] : fewest;
    assert_true(fewest > 0);
    DONE(database_begin(scene->database, &scene->error));
    for (int i = 0; i < CROWD; i++) {
        if (copies[i] == fewest)
            continue;
        gone[count++] = crowd_address(scene, i);
        struct statement *statement = database_prepare(
            scene->database, "UPDATE subscriber SET state = @SUBSCRIBER_EXPIRED@ WHERE folded = $1",
            &scene->error);
        statement_bind_text(statement, 1, gone[count - 1]);
        DONE(statement_run(statement, &scene->error));
    }
    DONE(database_commit(scene->database, &scene->error));
    assert_true(count > 0);
    assert_int_equal(retain(scene).subscribers, count);
    assert_int_equal(words_in_files(gone, count), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber"), CROWD - (int)count);
}

static void a_reader_delays_the_bytes_and_the_next_run_makes_up_for_it(void **state)
{
    struct scene *scene = *state;
    bool known = false;
    bool pending = false;
    const char *words[] = { "anna@n.example" };
    const struct database_settings settings = { .path = place.path,
                                                .state_directory = place.directory,
                                                .is_read_only = true };
    struct database_settings impatient = { .path = place.path,
                                           .state_directory = place.directory,
                                           .busy_timeout_ms = 1,
                                           .schemas = schemas,
                                           .schema_count = 3 };
    (void)ask(scene, "anna@n.example");
    struct database *reader = database_open(&settings, &scene->error);
    assert_non_null(reader);
    database_close(scene->database);
    scene->database = database_open(&impatient, &scene->error);
    assert_non_null(scene->database);
    scene->service.database = scene->database;
    DONE(database_begin_read(reader, &scene->error));
    DONE(database_execute(reader, "SELECT count(*) FROM subscriber", &scene->error));
    DONE(subscriber_forget(&scene->service, "anna@n.example", &known, &pending, &scene->error));
    assert_true(pending);
    assert_true(retain(scene).bytes_pending);
    assert_int_equal(words_in_files(words, 1), 1);
    database_rollback(reader);
    database_close(reader);
    assert_false(retain(scene).bytes_pending);
    assert_int_equal(words_in_files(words, 1), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM erasure"), 0);
}

static void who_never_confirmed_is_kept_for_thirty_days(void **state)
{
    struct scene *scene = *state;
    const char *words[] = { "anna@n.example" };
    (void)ask(scene, "anna@n.example");
    grant(scene, "bent@n.example");
    (void)ask(scene, "bent@n.example");
    pass_days(scene, 29);
    assert_int_equal(retain(scene).subscribers, 0);
    pass_days(scene, 2);
    struct subscriber_retention done = retain(scene);
    assert_int_equal(done.subscribers, 1);
    assert_int_equal(words_in_files(words, 1), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber"), 1);
    assert_int_equal(number(scene, "SELECT count(*) FROM request"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM rate_limited_mail"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM suppression"), 0);
    assert_int_equal(retain(scene).subscribers, 0);
}

/* A newsroom that many came to, and nobody since: there is nothing else to erase. */
static void rate_limited_mails_of_yesterday_all_go(void **state)
{
    struct scene *scene = *state;

    enum { LIMITED_MAILS = 1250 };

    DONE(database_begin(scene->database, &scene->error));
    for (int i = 0; i < LIMITED_MAILS; i++) {
        struct statement *statement = database_prepare(
            scene->database,
            "INSERT INTO rate_limited_mail (rate_limit_key, at, number) VALUES ($1, $2, $3)",
            &scene->error);
        statement_bind_text(statement, 1, arena_format(&scene->arena, "p%d@n.example", i / 2));
        statement_bind_integer(statement, 2, START_AT + i);
        statement_bind_integer(statement, 3, i);
        DONE(statement_run(statement, &scene->error));
    }
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(retain(scene).subscribers, 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM rate_limited_mail"), LIMITED_MAILS);
    pass_days(scene, 2);
    assert_int_equal(retain(scene).subscribers, 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM rate_limited_mail"), 0);
}

static void an_expiry_that_nobody_noticed_does_not_keep_people_longer(void **state)
{
    struct scene *scene = *state;
    (void)ask(scene, "anna@n.example");
    pass_days(scene, 31);
    assert_int_equal(retain(scene).subscribers, 1);
}

static void who_left_is_kept_for_two_years_and_then_as_a_hash(void **state)
{
    struct scene *scene = *state;
    struct subscriber_outcome outcome;
    const char *words[] = { "anna@n.example", "bent@n.example" };
    grant(scene, "anna@n.example");
    leave(scene, "anna@n.example");
    (void)ask(scene, "bent@n.example");
    leave(scene, "bent@n.example");
    pass_days(scene, 729);
    assert_int_equal(retain(scene).subscribers, 0);
    pass_days(scene, 2);
    assert_int_equal(retain(scene).subscribers, 2);
    assert_int_equal(words_in_files(words, 2), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM suppression"), 2);
    const struct subscription_request subscription_request = {
        .address = "anna@n.example", .language = "da", .proof = { .evidence = "old list" }
    };
    assert_false(subscriber_grant(&scene->service, &subscription_request, START_AT, &outcome,
                                  &scene->error));
    assert_int_equal(scene->error.kind, ERROR_INPUT);
}

/* ---- two who erase ---- */

/* The other one comes between two transactions of the first: its turn is kept from it, from within
 * the first transaction until the other one is done. The other has its locks elsewhere. */
struct other {
    struct scene *scene;
    int queue; /* of those who want to write */
    char folder[64];
    bool is_done;
    pthread_t thread;
    struct error error;
};

static struct other other;

static void *other_forgets(void *payload)
{
    bool known = false;
    bool pending = true;
    struct clock clock = clock_fixed(START_AT);
    struct random random = random_seeded(2);
    int directory = open(other.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct database *database = test_store_open(place.path, directory, schemas, 3);
    const struct subscriber_service service = test_subscriber_service(database, &clock, &random,
                                                                      other.scene->keys, &all);
    other.is_done = subscriber_forget(&service, "bent@n.example", &known, &pending, &other.error) &&
                    known && !pending;
    database_close(database);
    (void)close(directory);
    (void)flock(other.queue, LOCK_UN);
    return payload;
}

static int64_t now_and_the_other_comes(const struct clock *clock)
{
    if (other.queue < 0 && database_in_transaction(other.scene->database)) {
        other.queue = openat(place.directory, "database.queue", O_RDWR | O_CLOEXEC);
        assert_int_equal(flock(other.queue, LOCK_EX), 0);
        assert_int_equal(pthread_create(&other.thread, NULL, other_forgets, NULL), 0);
    }
    return clock->fixed_at;
}

static void one_who_erases_does_not_stop_another_halfway(void **state)
{
    enum { SUBSCRIBERS = 150 }; /* more than are erased at once */
    struct scene *scene = *state;
    struct subscriber_retention retention = { 0 };
    grant(scene, "bent@n.example");
    for (int i = 0; i < SUBSCRIBERS; i++) {
        const char *address = arena_format(&scene->arena, "p%d@n%d.example", i, i);
        grant(scene, address);
        leave(scene, address);
    }
    pass_days(scene, 731);
    other = (struct other){ .scene = scene, .queue = -1, .folder = "/tmp/pressroom-other-XXXXXX" };
    assert_non_null(mkdtemp(other.folder));
    scene->clock.now = now_and_the_other_comes;
    DONE(subscriber_retain(&scene->service, &retention, &scene->error));
    assert_int_equal(pthread_join(other.thread, NULL), 0);
    (void)close(other.queue);
    test_done(other.is_done, &other.error, __FILE__, __LINE__);
    assert_int_equal(retention.subscribers, SUBSCRIBERS);
    assert_int_equal(number(scene, "SELECT count(*) FROM event"), 0);
    assert_int_equal(number(scene, "SELECT count(*) FROM erasure"), 0);
    (void)snprintf(place.path, sizeof place.path, "rm -rf '%s'", other.folder);
    (void)system(place.path); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

/* More than one call of subscriber_retain() takes, in its ten transactions. */
static void many_are_erased_in_small_steps(void **state)
{
    enum { SUBSCRIBERS = 1050 };
    struct scene *scene = *state;
    struct subscriber_retention retention = { 0 };
    struct statement *statement = database_prepare(
        scene->database,
        "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < $1)"
        " INSERT INTO subscriber (row_id, address, folded, rate_limit_key, language, state,"
        " created_at, changed_at) SELECT i, 'p' || i || '@n.example', 'p' || i || '@n.example',"
        " 'p' || i || '@n.example', 'da', @SUBSCRIBER_EXPIRED@, 1, 1 FROM n",
        &scene->error);
    statement_bind_integer(statement, 1, SUBSCRIBERS);
    DONE(statement_run(statement, &scene->error));
    DONE(subscriber_retain(&scene->service, &retention, &scene->error));
    assert_true(retention.more);
    assert_int_equal(retention.subscribers, 1000);
    assert_int_equal(number(scene, "SELECT count(*) FROM subscriber"), 50);
    assert_int_equal(number(scene, "SELECT count(*) FROM erasure"), 0);
    retention = retain(scene);
    assert_int_equal(retention.subscribers, 50);
    assert_false(retention.bytes_pending);
    assert_int_equal(number(scene, "SELECT count(*) FROM erasure"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_file_is_searched_whatever_the_capitals),
        TEST(an_event_is_never_altered_and_goes_with_its_person_alone),
        TEST(no_byte_of_who_is_forgotten_stays),
        TEST(who_came_under_older_rules_is_forgotten_too),
        TEST(no_byte_stays_in_the_gaps_of_pages),
        TEST(a_reader_delays_the_bytes_and_the_next_run_makes_up_for_it),
        TEST(who_never_confirmed_is_kept_for_thirty_days),
        TEST(many_are_erased_in_small_steps),
        TEST(rate_limited_mails_of_yesterday_all_go),
        TEST(an_expiry_that_nobody_noticed_does_not_keep_people_longer),
        TEST(who_left_is_kept_for_two_years_and_then_as_a_hash),
        TEST(one_who_erases_does_not_stop_another_halfway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
