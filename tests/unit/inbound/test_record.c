/* SPDX-License-Identifier: MIT */
#include "inbound/record.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/hash.h"
#include "cmocka_all.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "unit/store.h"

#define NOW INT64_C(1780000000000)

static bool is_new_at(struct database *database, int64_t at)
{
    struct message_record record = { .at = at, .effect = INBOUND_UNSUBSCRIBED, .subscriber = 7 };
    struct error error;
    bool is_new = false;
    hash_bytes("Afmeld", 6, &record.hash);
    assert_true(database_begin(database, &error));
    assert_true(database_end(database, message_record(database, &record, &is_new, &error), &error));
    return is_new;
}

/* An mbox is never changed: what it holds is met again and again, for years. */
static void what_lies_there_for_years_counts_once(void **state)
{
    static const struct database_schema *const schemas[] = { &inbound_schema };
    struct database *database = test_store_in_memory(schemas, 1);
    struct error error;
    (void)state;
    assert_true(is_new_at(database, NOW));
    for (int64_t at = NOW; at < NOW + 1500 * DURATION_DAY; at += 91 * DURATION_DAY) {
        assert_true(record_expire(database, at, &error));
        assert_false(is_new_at(database, at));
    }
    assert_true(record_expire(database, NOW + 3000 * DURATION_DAY, &error));
    assert_true(is_new_at(database, NOW + 3000 * DURATION_DAY));
    database_close(database);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_lies_there_for_years_counts_once) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
