/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/arena.h"
#include "dmarc/dmarc.h"

#include <string.h>

/* Records as RFC 9989 reads them, and the way up to the one that counts. */

static struct dmarc_record read_one(struct arena *arena, const char *text)
{
    struct dmarc_record record;
    assert_true(dmarc_record_read(arena, text, &record));
    return record;
}

static void what_is_no_record_is_none(void **state)
{
    static const char *const others[] = { "",
                                          "v=spf1 -all",
                                          "v=DMARC2; p=none",
                                          "v=dmarc1; p=none",
                                          "v=DMARC10; p=none",
                                          "p=none; v=DMARC1",
                                          "; v=DMARC1",
                                          "DMARC1" };
    struct arena arena = { 0 };
    struct dmarc_record record;
    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(dmarc_record_read(&arena, others[i], &record));
    assert_true(dmarc_record_read(&arena, "V = DMARC1", &record));
    assert_true(dmarc_record_read(&arena, " v=DMARC1 ;p=none", &record));
    arena_release(&arena);
}

static void tags_are_read(void **state)
{
    struct arena arena = { 0 };
    (void)state;
    struct dmarc_record record = read_one(
        &arena, "v=DMARC1; p = Quarantine ;sp=reject; np=none; t=y; adkim=s; aspf=s; psd=n; fo=1; "
                "ruf=mailto:x@y.example; x=y; rua=mailto:dmarc@nordhav.example , "
                "mailto:a%2Bb@c.example?subject=x");
    assert_int_equal(record.policy, DMARC_QUARANTINE);
    assert_int_equal(record.subdomains, DMARC_REJECT);
    assert_int_equal(record.nonexistent, DMARC_POLICY_NONE);
    assert_true(record.is_testing && record.is_strict_dkim && record.is_strict_spf);
    assert_int_equal(record.suffix, 'n');
    assert_int_equal(record.faults, 0);
    assert_int_equal(record.report_count, 2);
    assert_string_equal(record.reports[0], "dmarc@nordhav.example");
    assert_string_equal(record.reports[1], "a+b@c.example");
    assert_int_equal(dmarc_record_policy(&record, false), DMARC_QUARANTINE);
    assert_int_equal(dmarc_record_policy(&record, true), DMARC_REJECT);
    arena_release(&arena);
}

static void faults_are_told_and_defaults_stay(void **state)
{
    static const struct {
        const char *text;
        unsigned faults;
        enum dmarc_policy policy;
        bool is_void;
    } cases[] = {
        { "v=DMARC1", DMARC_LACKS_POLICY, DMARC_POLICY_NONE, false },
        { "v=DMARC1; rua=mailto:p=none@a.example", DMARC_LACKS_POLICY, DMARC_POLICY_NONE, false },
        { "v=DMARC1; p=", DMARC_BAD_POLICY, DMARC_POLICY_NONE, true },
        { "v=DMARC1; p=monitor", DMARC_BAD_POLICY, DMARC_POLICY_NONE, true },
        { "v=DMARC1; p=reject; sp=no", DMARC_BAD_POLICY, DMARC_POLICY_NONE, true },
        { "v=DMARC1; p=reject; np=x; rua=mailto:a@b.example", DMARC_BAD_POLICY, DMARC_POLICY_NONE,
          false },
        { "v=DMARC1; p=reject; pct=50; rf=afrf; ri=3600",
          DMARC_HAS_PERCENT | DMARC_HAS_FORMAT | DMARC_HAS_INTERVAL, DMARC_REJECT, false },
        { "v=DMARC1; p=none; t=1; adkim=strict; psd=x",
          DMARC_BAD_TEST | DMARC_BAD_ALIGNMENT | DMARC_BAD_SUFFIX, DMARC_POLICY_NONE, false },
        { "v=DMARC1; p=none; rua=dmarc@a.example", DMARC_BAD_REPORTS, DMARC_POLICY_NONE, false },
        { "v=DMARC1; p=none; rua=mailto:dmarc", DMARC_BAD_REPORTS, DMARC_POLICY_NONE, false },
        { "v=DMARC1; p=none; rua=https://a.example", DMARC_BAD_REPORTS, DMARC_POLICY_NONE, false },
        { "v=DMARC1; p=none; rua=mailto:a@b.example!10m", DMARC_HAS_SIZE, DMARC_POLICY_NONE,
          false },
        { "v=DMARC1; p=none; ; rubbish", 0, DMARC_POLICY_NONE, false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena = { 0 };
        struct dmarc_record record = read_one(&arena, cases[i].text);
        assert_int_equal(record.faults, cases[i].faults);
        assert_int_equal(dmarc_record_policy(&record, false), cases[i].policy);
        assert_int_equal(dmarc_record_is_void(&record), cases[i].is_void);
        arena_release(&arena);
    }
}

/* ---- the way up ---- */

struct zone {
    struct arena arena;
    const char *const (*records)[2]; /* domain and record, up to a NULL */
    unsigned queries;
};

static enum dmarc_answer ask_zone(void *payload, const char *domain, struct dmarc_record *record)
{
    struct zone *zone = payload;
    zone->queries++;
    for (size_t i = 0; zone->records[i][0]; i++)
        if (strcmp(zone->records[i][0], domain) == 0) {
            if (strcmp(zone->records[i][1], "several") == 0)
                return DMARC_SEVERAL;
            if (strcmp(zone->records[i][1], "broken") == 0)
                return DMARC_BROKEN;
            assert_true(dmarc_record_read(&zone->arena, zone->records[i][1], record));
            return DMARC_FOUND;
        }
    return DMARC_NONE;
}

static void walks(const char *domain, const char *const (*records)[2], const char *found_at,
                  const char *organization, unsigned queries)
{
    struct zone zone = { .records = records };
    struct dmarc_walk walk;
    dmarc_walk(domain, ask_zone, &zone, &walk);
    assert_int_equal(walk.answer, found_at ? DMARC_FOUND : DMARC_NONE);
    if (found_at)
        assert_string_equal(walk.found_at, found_at);
    else
        assert_null(walk.found_at);
    assert_string_equal(walk.organization, organization);
    assert_int_equal(zone.queries, queries);
    arena_release(&zone.arena);
}

static void the_way_up_is_walked(void **state)
{
    static const char *const none[][2] = { { NULL, NULL } };
    static const char *const one[][2] = { { "nordhav.example", "v=DMARC1; p=none" },
                                          { NULL, NULL } };
    static const char *const both[][2] = { { "presse.nordhav.example", "v=DMARC1; p=reject" },
                                           { "nordhav.example", "v=DMARC1; p=none" },
                                           { NULL, NULL } };
    static const char *const middle[][2] = { { "b.nordhav.example", "v=DMARC1; p=reject" },
                                             { "nordhav.example", "v=DMARC1; p=none" },
                                             { NULL, NULL } };
    static const char *const suffix[][2] = { { "example", "v=DMARC1; p=reject; psd=y" },
                                             { NULL, NULL } };
    static const char *const stop[][2] = { { "b.nordhav.example", "v=DMARC1; p=reject; psd=n" },
                                           { "nordhav.example", "v=DMARC1; p=none" },
                                           { NULL, NULL } };
    static const char *const several[][2] = { { "presse.nordhav.example", "several" },
                                              { "nordhav.example", "v=DMARC1; p=none" },
                                              { NULL, NULL } };
    (void)state;
    walks("nordhav.example", none, NULL, "nordhav.example", 2);
    walks("nordhav.example", one, "nordhav.example", "nordhav.example", 2);
    walks("presse.nordhav.example", one, "nordhav.example", "nordhav.example", 3);
    walks("presse.nordhav.example", both, "presse.nordhav.example", "nordhav.example", 3);
    /* Of those between, none counts: the organizational domain's does. */
    walks("a.b.nordhav.example", middle, "nordhav.example", "nordhav.example", 4);
    walks("a.b.nordhav.example", stop, "b.nordhav.example", "b.nordhav.example", 2);
    walks("presse.nordhav.example", suffix, "example", "nordhav.example", 3);
    walks("presse.nordhav.example", several, "nordhav.example", "nordhav.example", 3);
    walks("a.b.c.d.e.f.nordhav.example", one, "nordhav.example", "nordhav.example", 8);
    walks("z.y.x.a.b.c.d.e.f.nordhav.example", one, "nordhav.example", "nordhav.example", 8);
    walks("z.y.x.a.b.c.d.e.f.nordhav.example", suffix, "example", "nordhav.example", 8);
}

static void trouble_on_the_way_is_told(void **state)
{
    static const char *const broken[][2] = { { "nordhav.example", "broken" }, { NULL, NULL } };
    static const char *const several[][2] = { { "nordhav.example", "several" }, { NULL, NULL } };
    struct zone zone = { .records = broken };
    struct dmarc_walk walk;
    (void)state;
    dmarc_walk("presse.nordhav.example", ask_zone, &zone, &walk);
    assert_int_equal(walk.answer, DMARC_BROKEN);
    assert_string_equal(walk.trouble_at, "nordhav.example");
    zone.records = several;
    dmarc_walk("presse.nordhav.example", ask_zone, &zone, &walk);
    assert_int_equal(walk.answer, DMARC_NONE);
    assert_string_equal(walk.several_at, "nordhav.example");
    arena_release(&zone.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_record_is_none),         cmocka_unit_test(tags_are_read),
        cmocka_unit_test(faults_are_told_and_defaults_stay), cmocka_unit_test(the_way_up_is_walked),
        cmocka_unit_test(trouble_on_the_way_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
