/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "config/config.h"
#include "database/database.h"
#include "release/release_store.h"

static struct database *open_memory(bool is_read_only)
{
    struct error error = { 0 };
    const struct database_settings settings = { .backend = DATABASE_SQLITE,
                                                .path = ":memory:",
                                                .state_directory = -1,
                                                .is_read_only = is_read_only };
    const struct database_schema *const schemas[] = { &release_schema };
    struct database *database = database_open(&settings, &error);
    if (!database || !database_migrate(database, schemas, 1, &error))
        fail_msg("%s", error.message);
    return database;
}

static void complete(struct config *config, struct database *database, struct arena *arena,
                     int64_t now_at)
{
    struct error error = { 0 };
    const struct clock clock = clock_fixed(now_at);
    if (!config_complete(config, database, arena, &clock, &error))
        fail_msg("%s", error.message);
}

static void first_values_are_kept_for_ever(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct database *database = open_memory(false);
    struct config first = { .newsroom = { .site_url = "https://presse.nordhav.example/" },
                            .mail = { .from_address = "presse@nordhav.example" },
                            .list_id_wanted = "news.presse.nordhav.example" };
    complete(&first, database, &arena, INT64_C(1654621045000));
    assert_string_equal(first.newsroom.tag_authority, "presse.nordhav.example");
    assert_string_equal(first.newsroom.tag_date, "2022-06-07");
    assert_string_equal(first.mail.list_id, "news.presse.nordhav.example");
    struct config later = { .newsroom = { .site_url = "https://nyt.nordhav.example/" },
                            .mail = { .from_address = "nyt@nordhav.example" },
                            .list_id_wanted = "news.nyt.nordhav.example" };
    complete(&later, database, &arena, INT64_C(1754621045000));
    assert_string_equal(later.newsroom.tag_authority, "presse.nordhav.example");
    assert_string_equal(later.newsroom.tag_date, "2022-06-07");
    assert_string_equal(later.mail.list_id, "news.presse.nordhav.example");
    database_close(database);
    arena_release(&arena);
}

static void site_of_numbers_takes_the_sender_s_domain(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct database *database = open_memory(true);
    struct config config = { .newsroom = { .site_url = "http://127.0.0.1:8000/" },
                             .mail = { .from_address = "presse@nordhav.example" },
                             .list_id_wanted = "news.nordhav.example" };
    complete(&config, database, &arena, INT64_C(1654621045000));
    assert_string_equal(config.newsroom.tag_authority, "nordhav.example");
    assert_string_equal(config.mail.list_id, "news.nordhav.example");
    database_close(database);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_values_are_kept_for_ever),
        cmocka_unit_test(site_of_numbers_takes_the_sender_s_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
