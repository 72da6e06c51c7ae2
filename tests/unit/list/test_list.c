/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "locale/zone.h"
#include "unit/golden.h"
#include "unit/list/reported.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

struct scene {
    struct zone *zone;
    struct arena arena;
    struct string_builder got;
};

static int scene_make(void **state)
{
    static struct scene scene;
    struct error error = { 0 };
    scene = (struct scene){ .zone = zone_open("Europe/Copenhagen", &error) };
    string_builder_init(&scene.got, 0);
    *state = &scene;
    return scene.zone ? 0 : -1;
}

static int scene_remove(void **state)
{
    struct scene *scene = *state;
    zone_close(scene->zone);
    arena_release(&scene->arena);
    string_builder_release(&scene->got);
    return 0;
}

/* What bytes say, in a Danish newsroom; settings may say more. */
static const char *reported_bytes(struct scene *scene, const struct list_settings *settings,
                                  const char *bytes, size_t length)
{
    struct list_settings all = settings ? *settings : (struct list_settings){ .tool = NULL };
    char *copy = arena_copy_bytes(&scene->arena, bytes, length);
    FILE *stream = fmemopen(copy, length ? length : 1, "r");
    assert_non_null(stream);
    if (length == 0)
        (void)fgetc(stream);
    if (!all.zone)
        all.zone = scene->zone;
    if (!all.language)
        all.language = "da";
    string_builder_clear(&scene->got);
    reported_append(&scene->got, stream, &all);
    (void)fclose(stream);
    return scene->got.data;
}

static const char *reported(struct scene *scene, const char *csv)
{
    return reported_bytes(scene, NULL, csv, strlen(csv));
}

static char *bytes_read(struct scene *scene, const char *name, size_t *length)
{
    enum { FILE_MAXIMUM = 64 * 1024 };

    char *bytes = arena_allocate(&scene->arena, FILE_MAXIMUM);
    FILE *file = fopen(arena_format(&scene->arena, "%s/list/%s", TEST_DATA_DIRECTORY, name), "rb");
    if (!file)
        fail_msg("there is no %s", name);
    *length = fread(bytes, 1, FILE_MAXIMUM - 1, file);
    (void)fclose(file);
    return bytes;
}

/* Each file of golden/list/ says what stands beside it. */
static void files_are_read_whatever_wrote_them(void **state)
{
    struct scene *scene = *state;
    DIR *directory = opendir(TEST_DATA_DIRECTORY "/list");
    size_t count = 0;
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        size_t length = 0;
        const char *ending = strrchr(entry->d_name, '.');
        if (!ending || strcmp(ending, ".csv") != 0)
            continue;
        const char *bytes = bytes_read(scene, entry->d_name, &length);
        const char *got = reported_bytes(scene, NULL, bytes, length);
        assert_true(golden_is(arena_format(&scene->arena, "list/%.*s.expected",
                                           (int)(ending - entry->d_name), entry->d_name),
                              got));
        count++;
    }
    (void)closedir(directory);
    assert_true(count > 0);
}

/* ---- columns ---- */

/* What holds who may be mailed what is never left out in silence. */
static void a_column_near_to_ours_refuses_the_file(void **state)
{
    struct scene *scene = *state;

    static const struct {
        const char *name;
        const char *key; /* NULL: is left out */
    } table[] = {
        { "status", "state" },
        { "Status", "state" },
        { "Subscription Status", "state" },
        { "unsub_time", "state" },
        { "Afmeldt", "state" },
        { "Afmeldingsdato", "state" },
        { "Udmeldt", "state" },
        { "Framelding", "state" },
        { "Abonnementsstatus", "state" },
        { "Status på abonnement", "state" },
        { "Aktiv", "state" },
        { "Active?", "state" },
        { "Opted-out?", "state" },
        { "Do not mail", "state" },
        { "Email Opt-out", "state" },
        { "Désabonné le", "state" },
        { "stat", "state" },
        { "statee", "state" },
        { "feed", "feeds" },
        { "List", "feeds" },
        { "Tags", "feeds" },
        { "nyhedsbreve", "feeds" },
        { "fedes", "feeds" },
        { "lang", "language" },
        { "sprog", "language" },
        { "languages", "language" },
        { "frequency", "cadence" },
        { "cadense", "cadence" },
        { "email_address", "address" },
        { "E-mail 2 Address", "address" },
        { "E-mail 1 - Value", "address" },
        { "Primary Email", "address" },
        { "Mailadresse 2", "address" },
        { "adresse", "address" },
        { "Address 2", "address" },
        { "optin_time", "confirmed_at" },
        { "CONFIRM_TIME", "confirmed_at" },
        { "confirmed", "confirmed_at" },
        { "Samtykke", "confirmed_at" },
        { "Samtykke til mails", "confirmed_at" },
        { "Consent given?", "confirmed_at" },
        { "Permission", "confirmed_at" },
        { "Accepts Email Marketing", "confirmed_at" },
        { "optin_ip", "evidence" },
        { "IP address", "evidence" },
        { "evidens", "evidence" },
        { "E-mail Type", NULL },
        { "E-mail 1 - Label", NULL },
        { "E-mail Display Name", NULL },
        { "Home Address", NULL },
        { "Name", NULL },
        { "Fornavn", NULL },
        { "Efternavn", NULL },
        { "Company", NULL },
        { "Medie", NULL },
        { "Media", NULL },
        { "Title", NULL },
        { "Titel", NULL },
        { "Phone", NULL },
        { "Telefon", NULL },
        { "Mobil", NULL },
        { "City", NULL },
        { "By", NULL },
        { "Country", NULL },
        { "Land", NULL },
        { "Date", NULL },
        { "Dato", NULL },
        { "Site", NULL },
        { "Website", NULL },
        { "Note", NULL },
        { "Kommentar", NULL },
        { "ID", NULL },
        { "uuid", NULL },
        { "Created", NULL },
        { "Role", NULL },
        { "Stilling", NULL },
        { "Region", NULL },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *key = table[i].key;
        const char *want = arena_format(&scene->arena, "1 note: \"%s\" is left out; ",
                                        table[i].name);
        if (key)
            want = arena_format(&scene->arena, "refused: line 1: \"%s\" %s %s ", table[i].name,
                                strcmp(key, "address") == 0 ? "may be meant for" : "is called",
                                key);
        const char *got = reported(
            scene, arena_format(&scene->arena, "address,%s\na@n.example,x\n", table[i].name));
        if (strncmp(got, want, strlen(want)) != 0)
            fail_msg("%s: %s", table[i].name, got);
    }
}

/* Without it, everybody would follow every feed, whatever list is named. */
static void names_of_lists_want_a_column_that_has_them(void **state)
{
    struct scene *scene = *state;
    static const struct list_map lists[] = { { "Pressen", "news" } };
    static const struct list_settings settings = { .lists = lists, .list_count = 1 };
    static const char without[] = "address,Company\na@n.example,x\n";
    static const char with[] = "address,feeds\na@n.example,pressen\n";
    const char *got = reported_bytes(scene, &settings, without, sizeof without - 1);
    if (strncmp(got, "refused: line 1: no column is called feeds", 42) != 0)
        fail_msg("%s", got);
    assert_string_equal(reported_bytes(scene, &settings, with, sizeof with - 1),
                        "2|a@n.example|news|||||\n");
}

/* The quotes of one line take in those behind it, up to the next quote: who is said to have left
 * there would be lost, and nobody would know. */
static void lines_that_a_missing_quote_joins_are_refused(void **state)
{
    struct scene *scene = *state;

    static const struct {
        const char *csv;
        bool is_refused;
    } table[] = {
        { "address,evidence\na@n.example,\"paper\nb@n.example,unsubscribed\nc@n.example,paper\"\n",
          true },
        { "evidence;address;state\n\"paper\nx;Bo <b@n.example>;unsubscribed\ny\";a@n.example;\n",
          true },
        { "address,evidence\r\na@n.example,\"paper\r\n b@n.example ,form\"\r\n", true },
        { "address,evidence\na@n.example,\"she wrote:\nyes, to b@n.example, please\"\n", false },
        { "address,evidence\na@n.example,\"a mail, to\nb@n.example\"\n", false },
        { "address,evidence\na@n.example,\"b@n.example, by mail\"\n", false },
        { "address,feeds,evidence\na@n.example,,\"yes, from\nb@n.example, by mail\"\n", false },
        { "address,feeds,evidence\na@n.example,,\"yes\nb@n.example,news,\nc@n.example,,\"\n",
          true },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *got = reported(scene, table[i].csv);
        if (table[i].is_refused != (strncmp(got, "2! a@n.example: a quote is missing", 34) == 0))
            fail_msg("%zu: %s", i, got);
    }
}

static void what_another_column_is_already_can_only_be_left_out(void **state)
{
    struct scene *scene = *state;
    assert_string_equal(reported(scene, "Adresse;E-mail\n"),
                        "refused: line 1: \"Adresse\" may be meant for address too, beside "
                        "\"E-mail\"; rename the column, or leave it out with --map Adresse=none\n");
    assert_string_equal(reported(scene, "Primary Email,Secondary Email\n"),
                        "refused: line 1: \"Primary Email\" is called address here, \"Secondary "
                        "Email\" is called address here; rename each column, or say what it is "
                        "with --map \"Primary Email=address\", or leave it out with --map "
                        "\"Primary Email=none\"\n");
}

static void address_columns_have_many_names(void **state)
{
    struct scene *scene = *state;
    static const char *const names[] = {
        "address", "email",  "E-mail",        "EMAIL ADDRESS",
        "Mail",    "e-mail", "E-mailadresse", "\"Email Address\""
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(
            reported(scene, arena_format(&scene->arena, "%s\na@n.example\n", names[i])),
            "2|a@n.example||||||\n");
}

static const char *reported_with(struct scene *scene, const struct list_map *columns, size_t count,
                                 const char *csv)
{
    const struct list_settings settings = { .columns = columns, .column_count = count };
    return reported_bytes(scene, &settings, csv, strlen(csv));
}

static void the_operator_says_what_a_column_is(void **state)
{
    struct scene *scene = *state;
    static const struct list_map maps[] = { { "STATUS", "State" },
                                            { "Opt-in time", "confirmed-at" },
                                            { "feed", "none" } };
    assert_string_equal(reported_with(scene, maps, 3,
                                      "status,opt-in time,feed,address\n"
                                      "Unsubscribed,2026-05-01T10:00:00Z,x,a@n.example\n"),
                        "2|a@n.example||||unsubscribed|2026-05-01T10:00:00Z|\n");
    assert_string_equal(reported_with(scene, maps, 1, "address,stats\na@n.example,x\n"),
                        "refused: line 1: no column is called \"STATUS\", as --map says\n");

    static const struct list_map none[] = { { "Mail", "none" } };
    assert_string_equal(reported_with(scene, none, 1, "address,mail\na@n.example,b@n.example\n"),
                        "2|a@n.example||||||\n");

    static const struct list_map ours[] = { { "Navn", "address" } };
    assert_non_null(strstr(reported_with(scene, ours, 1, "address,navn\na@n.example,b@n.example\n"),
                           "are both called address here"));

    static const struct list_map wrong[] = { { "status", "stat" } };
    assert_non_null(strstr(reported_with(scene, wrong, 1, "address,status\n"),
                           "--map status=stat: write address, feeds, cadence, language, state, "
                           "confirmed_at, evidence or none behind the =; perhaps state"));
}

/* As it can be copied into a shell. */
static void advice_quotes_a_name_with_spaces(void **state)
{
    struct scene *scene = *state;
    assert_non_null(strstr(reported(scene, "address,Subscription Status\n"),
                           "--map \"Subscription Status=state\""));
}

static void many_columns_are_reported_in_a_line(void **state)
{
    struct scene *scene = *state;
    struct string_builder csv;
    string_builder_init(&csv, 0);
    string_builder_append(&csv, "address");
    for (int i = 0; i < 200; i++)
        string_builder_append_format(&csv, ",field of the sender %d", i);
    string_builder_append(&csv, "\na@n.example\n");
    const char *got = reported(scene, csv.data);
    assert_non_null(strstr(got, "\"field of the sender 23\", … are left out"));
    assert_null(strstr(got, "sender 24"));
    string_builder_clear(&csv);
    string_builder_append(&csv, "address");
    for (int i = 0; i < 200; i++)
        string_builder_append_format(&csv, ",status%d", i);
    got = reported(scene, csv.data);
    assert_non_null(strstr(got, "\"status0\" is called state here"));
    string_builder_release(&csv);
}

/* ---- values ---- */

static void lists_of_theirs_become_feeds(void **state)
{
    struct scene *scene = *state;
    static const struct list_map lists[] = { { "Press list", "news" }, { "city", "by" } };
    static const char csv[] = "address;feeds\n"
                              "a@n.example;Press List\n"
                              "b@n.example;press list, City\n"
                              "c@n.example;city sport\n"
                              "d@n.example;Press\n";
    const struct list_settings settings = { .lists = lists, .list_count = 2 };
    assert_string_equal(reported_bytes(scene, &settings, csv, sizeof csv - 1),
                        "2|a@n.example|news|||||\n"
                        "3|b@n.example|news by|||||\n"
                        "4|c@n.example|by sport|||||\n"
                        "5|d@n.example|press|||||\n");
}

static void a_date_that_an_english_reader_takes_two_ways_is_refused(void **state)
{
    struct scene *scene = *state;
    static const char csv[] = "address,confirmed_at\na@n.example,6/7/2026\nb@n.example,6/13/2026\n";
    const struct list_settings english = { .language = "en-GB" };
    assert_string_equal(reported_bytes(scene, &english, csv, sizeof csv - 1),
                        "2! a@n.example: confirmed_at: \"6/7/2026\" reads two ways; write "
                        "2026-06-07T00:00:00+02:00 or 2026-07-06T00:00:00+02:00\n"
                        "3|b@n.example|||||2026-06-13T00:00:00+02:00|\n");
}

/* Without a newsroom around it. */
static void times_are_universal_where_no_zone_is_said(void **state)
{
    struct scene *scene = *state;
    struct list_settings settings = { .tool = NULL };
    char csv[] = "address,confirmed_at\na@n.example,2026-06-07 12:00:00\n";
    FILE *stream = fmemopen(csv, sizeof csv - 1, "r");
    reported_append(&scene->got, stream, &settings);
    (void)fclose(stream);
    assert_string_equal(scene->got.data, "2|a@n.example|||||2026-06-07T12:00:00Z|\n");
}

/* What a line says is never that of the line before. */
static void values_are_those_of_their_own_line(void **state)
{
    struct scene *scene = *state;
    assert_string_equal(reported(scene, "address,feeds,state,confirmed_at\n"
                                        "a@n.example,News,Confirmed,2026-06-07 12:00:00\n"
                                        "b@n.example\n"
                                        "c@n.example,News,Confirmed,2026-06-07 12:00:00\n"
                                        "d@n.example,News,Confirmed,never\n"
                                        "e@n.example,City,Pending,never\n"
                                        "f@n.example,City,Pending,2026-06-07 12:00:00\n"),
                        "2|a@n.example|news|||confirmed|2026-06-07T12:00:00+02:00|\n"
                        "3|b@n.example||||||\n"
                        "4|c@n.example|news|||confirmed|2026-06-07T12:00:00+02:00|\n"
                        "5! d@n.example: confirmed_at: \"never\" is no time; write it as "
                        "2026-06-07T12:00:00+02:00\n"
                        "6! e@n.example: confirmed_at: \"never\" is no time; write it as "
                        "2026-06-07T12:00:00+02:00\n"
                        "7|f@n.example|city|||pending|2026-06-07T12:00:00+02:00|\n");
}

/* So that who is said to have left can be taken out. */
static void what_can_be_read_of_a_malformed_record_is_reported(void **state)
{
    struct scene *scene = *state;
    static const char *const lines[] = { "a@n.example;Unsubscribed;form;left in May\n",
                                         "Anna <a@n.example>;\"Unsubscribed\"!;form\n",
                                         "a@n.example;UNSUBSCRIBED;\"form\"s\n",
                                         "'a@n.example';unsubscribed;\"form\n" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct error error = { 0 };
        struct list_settings settings = { .zone = scene->zone };
        char *csv = arena_format(&scene->arena, "address;state;evidence\n%s", lines[i]);
        FILE *stream = fmemopen(csv, strlen(csv), "r");
        struct list_reader *reader = list_reader_new(stream, &settings, &error);
        assert_non_null(reader);
        assert_int_equal(list_reader_next(reader, &error), LIST_MALFORMED);
        assert_string_equal(list_reader_field(reader, LIST_ADDRESS), "a@n.example");
        assert_string_equal(list_reader_field(reader, LIST_STATE), "unsubscribed");
        list_reader_free(reader);
        (void)fclose(stream);
    }
}

static void what_is_malformed_is_reported_in_utf8(void **state)
{
    struct scene *scene = *state;
    static const char csv[] = "address,feeds\n\"a\xE5\"x@n.example,news\nb\xE5\0c@n.example,\xE6\n";
    const char *got = reported_bytes(scene, NULL, csv, sizeof csv - 1);
    assert_non_null(strstr(got, "2! a\xC3\xA5: text behind a closing quote"));
    assert_non_null(strstr(got, "3! b\xC3\xA5: a NUL or a broken character"));
}

/* Pieces are read where a buffer ends: in the middle of a character, of a pair, of a line end. */
static void long_files_are_read_as_short_ones(void **state)
{
    enum { LINES = 3000 };
    struct scene *scene = *state;
    struct string_builder csv;
    struct string_builder wide;
    size_t count = 0;
    string_builder_init(&csv, 0);
    string_builder_init(&wide, 0);
    string_builder_append(&csv, "address;evidence\r\n");
    for (int i = 0; i < LINES; i++)
        string_builder_append_format(&csv, "p%d@n.example;\"\xC3\xA5\xF0\x9F\x99\x82\"\r\n", i);
    for (size_t i = 0; i < csv.length; i++) { /* UTF-16, by hand */
        unsigned char c = (unsigned char)csv.data[i];
        const char *units = c == 0xC3 ? "\xE5\x00" : c == 0xF0 ? "\x3D\xD8\x42\xDE" : NULL;
        if (units)
            string_builder_append_bytes(&wide, units, c == 0xC3 ? 2 : 4);
        else if (c < 0x80)
            string_builder_append_bytes(&wide, (const char[]){ (char)c, 0 }, 2);
    }
    const char *from[2];
    from[0] = arena_copy(&scene->arena, reported(scene, csv.data));
    from[1] = reported_bytes(scene, NULL, wide.data, wide.length);
    assert_string_equal(from[0], from[1]);
    for (const char *c = from[0]; *c; c++)
        count += *c == '\n';
    assert_int_equal(count, LINES);
    assert_non_null(strstr(from[0], "3001|p2999@n.example||||||\xC3\xA5\xF0\x9F\x99\x82\n"));
    string_builder_release(&csv);
    string_builder_release(&wide);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_make, scene_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_read_whatever_wrote_them),
        TEST(a_column_near_to_ours_refuses_the_file),
        TEST(lines_that_a_missing_quote_joins_are_refused),
        TEST(names_of_lists_want_a_column_that_has_them),
        TEST(what_another_column_is_already_can_only_be_left_out),
        TEST(address_columns_have_many_names),
        TEST(the_operator_says_what_a_column_is),
        TEST(advice_quotes_a_name_with_spaces),
        TEST(many_columns_are_reported_in_a_line),
        TEST(lists_of_theirs_become_feeds),
        TEST(a_date_that_an_english_reader_takes_two_ways_is_refused),
        TEST(times_are_universal_where_no_zone_is_said),
        TEST(values_are_those_of_their_own_line),
        TEST(what_can_be_read_of_a_malformed_record_is_reported),
        TEST(what_is_malformed_is_reported_in_utf8),
        TEST(long_files_are_read_as_short_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
