/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include "intake/effective.h"
#include "intake/problem.h"
#include "release/release.h"

/* What a release becomes by where its file lies, what its header says, and what it was. */

enum { STATES = 6 };

/* In this order: new; not public yet; public; withdrawn by its place, by its header; withdrawn by
 * its place, and mailed so. */
static const struct release_row *row_in(int state, struct release_row *row)
{
    static const int64_t long_ago = 1000;
    *row = (struct release_row){ .row_id = 1,
                                 .original_row_id = 1,
                                 .status = state < 3 ? RELEASE_READY : RELEASE_WITHDRAWN,
                                 .type = INTAKE_TYPE_DEFAULT,
                                 .topics = "",
                                 .path = "x.md",
                                 .ready_at = long_ago,
                                 .published_at = long_ago,
                                 .due_at = long_ago };
    if (state == 1)
        row->due_at = 2 * AT("2026-06-07T10:00:00Z");
    else
        row->public_at = long_ago;
    row->place = state == 3 || state == 5 ? RELEASE_PLACE_WITHDRAWN : RELEASE_PLACE_NONE;
    row->withdrawal_announced_at = state == 5 ? long_ago : INSTANT_NONE;
    return state == 0 ? NULL : row;
}

enum header { HEADER_NONE, HEADER_READY, HEADER_DRAFT, HEADER_WITHDRAWN };

static void fill(struct arena *arena, struct effective_input *input, enum header header,
                 bool has_date, struct intake_problem_list *problems, struct release_row *result)
{
    static const enum release_status statuses[] = { RELEASE_READY, RELEASE_READY, RELEASE_DRAFT,
                                                    RELEASE_WITHDRAWN };
    struct release *release = arena_allocate(arena, sizeof *release);
    *release = (struct release){ .title = "Ny bro",
                                 .language = "da",
                                 .has_status = header != HEADER_NONE,
                                 .status = statuses[header],
                                 .mail = true,
                                 .published_at = has_date ? AT("2026-06-09T04:00:00Z")
                                                          : INSTANT_NONE };
    intake_problem_list_init(problems, arena, "x.md");
    input->release = release;
    input->now_at = AT("2026-06-07T10:00:00Z");
    input->problems = problems;
    *result = input->row ? *input->row : (struct release_row){ 0 };
    effective_fill(arena, input, result);
}

/* "Dd": a draft, among the drafts. Statuses: Draft, Ready, Withdrawn; places: - none, d drafts, s
 * scheduled, w withdrawn. */
static const char *shown(const struct release_row *row, char text[3])
{
    static const char places[] = { [RELEASE_PLACE_NONE] = '-',
                                   [RELEASE_PLACE_DRAFTS] = 'd',
                                   [RELEASE_PLACE_SCHEDULED] = 's',
                                   [RELEASE_PLACE_WITHDRAWN] = 'w' };
    text[0] = row->status == RELEASE_DRAFT ? 'D' : row->status == RELEASE_READY ? 'R' : 'W';
    text[1] = places[row->place];
    text[2] = '\0';
    return text;
}

/* Holds I1. */
static void the_more_careful_of_place_and_header_counts(void **state)
{
    static const struct {
        enum release_place place;
        bool has_date;
        enum header header;
        const char *becomes[STATES];
    } cases[] = {
        { RELEASE_PLACE_NONE, false, HEADER_NONE, { "R-", "R-", "R-", "R-", "W-", "Ww" } },
        { RELEASE_PLACE_NONE, false, HEADER_READY, { "R-", "R-", "R-", "R-", "W-", "Ww" } },
        { RELEASE_PLACE_NONE, false, HEADER_DRAFT, { "D-", "D-", "Rd", "Rd", "W-", "Ww" } },
        { RELEASE_PLACE_NONE, false, HEADER_WITHDRAWN, { "W-", "W-", "W-", "Ww", "W-", "Ww" } },
        { RELEASE_PLACE_DRAFTS, false, HEADER_NONE, { "Dd", "Dd", "Rd", "Rd", "W-", "Ww" } },
        { RELEASE_PLACE_DRAFTS, true, HEADER_READY, { "Dd", "Dd", "Rd", "Rd", "W-", "Ww" } },
        { RELEASE_PLACE_DRAFTS, false, HEADER_DRAFT, { "Dd", "Dd", "Rd", "Rd", "W-", "Ww" } },
        { RELEASE_PLACE_DRAFTS, false, HEADER_WITHDRAWN, { "W-", "W-", "W-", "Ww", "W-", "Ww" } },
        { RELEASE_PLACE_SCHEDULED, true, HEADER_NONE, { "Rs", "Rs", "Rs", "Rs", "W-", "Ww" } },
        { RELEASE_PLACE_SCHEDULED, true, HEADER_READY, { "Rs", "Rs", "Rs", "Rs", "W-", "Ww" } },
        { RELEASE_PLACE_SCHEDULED, true, HEADER_DRAFT, { "Ds", "Ds", "Rd", "Rd", "W-", "Ww" } },
        { RELEASE_PLACE_SCHEDULED, true, HEADER_WITHDRAWN, { "W-", "W-", "W-", "Ww", "W-", "Ww" } },
        { RELEASE_PLACE_SCHEDULED, false, HEADER_NONE, { "Ds", "Ds", "Rs", "Rs", "W-", "Ww" } },
        { RELEASE_PLACE_SCHEDULED, false, HEADER_READY, { "Ds", "Ds", "Rs", "Rs", "W-", "Ww" } },
        { RELEASE_PLACE_WITHDRAWN, false, HEADER_NONE, { "Ww", "Ww", "Ww", "Ww", "W-", "Ww" } },
        { RELEASE_PLACE_WITHDRAWN, true, HEADER_READY, { "Ww", "Ww", "Ww", "Ww", "W-", "Ww" } },
        { RELEASE_PLACE_WITHDRAWN, false, HEADER_DRAFT, { "Ww", "Ww", "Ww", "Ww", "W-", "Ww" } },
        { RELEASE_PLACE_WITHDRAWN, true, HEADER_WITHDRAWN, { "W-", "W-", "W-", "Ww", "W-", "Ww" } },
    };
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int was = 0; was < STATES; was++) {
            char text[3];
            struct release_row row;
            struct release_row result;
            struct intake_problem_list problems;
            struct effective_input input = { .row = row_in(was, &row),
                                             .place = { .place = cases[i].place } };
            fill(&arena, &input, cases[i].header, cases[i].has_date, &problems, &result);
            if (strcmp(shown(&result, text), cases[i].becomes[was]) != 0)
                fail_msg("place %d, header %d, state %d: %s instead of %s", (int)cases[i].place,
                         (int)cases[i].header, was, text, cases[i].becomes[was]);
            bool is_due = result.due_at != INSTANT_NONE;
            bool is_to_come = result.status == RELEASE_READY && !result.public_at;
            if (!result.public_at && is_due != is_to_come)
                fail_msg("place %d, header %d, state %d: due at %lld", (int)cases[i].place,
                         (int)cases[i].header, was, (long long)result.due_at);
        }
    arena_release(&arena);
}

static void assert_said(enum release_place place, enum header header, int was,
                        enum intake_message_id id)
{
    struct arena arena = { 0 };
    struct release_row row;
    struct release_row result;
    struct intake_problem_list problems;
    struct effective_input input = { .row = row_in(was, &row), .place = { .place = place } };
    fill(&arena, &input, header, false, &problems, &result);
    assert_non_null(problems.first);
    assert_int_equal(problems.first->message.id, id);
    assert_null(problems.first->next);
    arena_release(&arena);
}

static void who_wrote_something_else_than_the_place_is_told(void **state)
{
    (void)state;
    assert_said(RELEASE_PLACE_DRAFTS, HEADER_READY, 0, INTAKE_MESSAGE_PLACE_DRAFT);
    assert_said(RELEASE_PLACE_DRAFTS, HEADER_NONE, 2, INTAKE_MESSAGE_PLACE_PUBLIC_DRAFT);
    assert_said(RELEASE_PLACE_SCHEDULED, HEADER_NONE, 0, INTAKE_MESSAGE_PLACE_NO_DATE);
    assert_said(RELEASE_PLACE_WITHDRAWN, HEADER_DRAFT, 0, INTAKE_MESSAGE_PLACE_WITHDRAWN);
    assert_said(RELEASE_PLACE_WITHDRAWN, HEADER_DRAFT, 2, INTAKE_MESSAGE_PLACE_WITHDRAWN);
    assert_said(RELEASE_PLACE_NONE, HEADER_NONE, 5, INTAKE_MESSAGE_WITHDRAWN_STAYS);
}

static void a_version_waits_for_the_date_of_its_original(void **state)
{
    static const struct {
        int64_t published_at;
        int64_t ready_at;
        int64_t embargo_at;
        enum release_status becomes;
    } cases[] = {
        { 5000, 1000, INSTANT_NONE, RELEASE_READY },
        { 1000, 1000, 5000, RELEASE_READY },
        /* That its file says no time is not a time. */
        { 1000, 1000, INSTANT_NONE, RELEASE_DRAFT },
    };
    struct arena arena = { 0 };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct release_row original = { .row_id = 7,
                                        .original_row_id = 7,
                                        .status = RELEASE_READY,
                                        .type = INTAKE_TYPE_DEFAULT,
                                        .topics = "",
                                        .published_at = cases[i].published_at,
                                        .ready_at = cases[i].ready_at,
                                        .embargo_at = cases[i].embargo_at,
                                        .due_at = 5000 };
        struct release_row result;
        struct intake_problem_list problems;
        struct effective_input input = { .original = &original,
                                         .place = { .place = RELEASE_PLACE_SCHEDULED } };
        fill(&arena, &input, HEADER_NONE, false, &problems, &result);
        assert_int_equal(result.status, cases[i].becomes);
    }
    arena_release(&arena);
}

static const struct intake_container withdrawn_container = { .name = "trukket tilbage",
                                                             .place = RELEASE_PLACE_WITHDRAWN };
static const struct intake_container scheduled_container = { .name = "planlagt",
                                                             .place = RELEASE_PLACE_SCHEDULED,
                                                             .next = &withdrawn_container };
static const struct intake_container containers = { .name = "kladder",
                                                    .place = RELEASE_PLACE_DRAFTS,
                                                    .next = &scheduled_container };

static const char text[] = "Broen går fra Vesterhavn til Lillesund, og den er færdig til sommer.\n";

/* Holds I1. */
static void a_time_that_is_long_past_is_no_time_to_wait_for(void **state)
{
    struct stage *stage = *state;
    stage->settings.containers = &containers;
    stage_write(stage, "Planlagt/bro.md", "Ny bro", "published: 2026-06-05 06:00\n", text);
    assert_int_equal(stage_run(stage)->refused, 1);
    stage_assert_refused(stage, "Planlagt/bro.md", "udgivet: 5. juni 2027 kl. 06.00");
    assert_null(stage_row(stage, "Planlagt/bro.md"));
    /* Yesterday may be meant, and so may a time long past of what is moved out. */
    stage_write(stage, "Planlagt/bro.md", "Ny bro", "published: 2026-06-06 18:00\n", text);
    assert_int_equal(stage_run(stage)->added, 1);
    stage_write(stage, "havn.md", "Ny havn", "published: 2026-06-05 06:00\n",
                "Havnen i Ådal får en mole mere, og arbejdet begynder i næste uge.\n");
    assert_int_equal(stage_run(stage)->added, 1);
}

/* Holds I1. */
static void what_a_template_asks_for_is_no_release(void **state)
{
    static const char from_template[] = "står der endnu fra skabelonen";

    static const struct {
        const char *title;
        const char *fields;
        const char *body;
        const char *words; /* of its note; NULL: it is a release */
    } cases[] = {
        { "<overskrift, højst 90 tegn>", "", text, from_template },
        { "Ny bro", "lead: <indledning>\n", text, from_template },
        { "Ny bro", "topics: <emne>\n", text, "kan ikke være et emne" },
        { "Ny bro", "contacts: [{name: <navn>}]\n", text, from_template },
        { "Ny bro", "", "Broen åbner.\n\n<Næste afsnit. Sæt en tom linje.>\n", from_template },
        { "Ny bro", "", "Hun siger:\n\n“<Det, der bliver sagt.>”\n", from_template },
        { "Ny bro", "", "Tryk <enter>, og se <nordhav.example/bro> for mere.\n", NULL },
        { "Ny bro", "", "<https://nordhav.example/bro>\n\nBroen er 3 < 4 meter.\n", NULL },
    };
    struct stage *stage = *state;
    stage->settings.containers = &containers;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *path = arena_format(&stage->arena, "n%zu.txt", i);
        stage_write(stage, path, cases[i].title,
                    arena_format(&stage->arena, "id: n%zu\n%s", i, cases[i].fields), cases[i].body);
        stage_run(stage);
        if (stage->counts.refused != (cases[i].words ? 1 : 0))
            fail_msg("%zu: %s", i,
                     stage_read(stage, arena_format(&stage->arena, "%s.problems.txt", path)));
        if (cases[i].words)
            stage_assert_refused(stage, path, cases[i].words);
        stage_remove_file(stage, path);
    }
    /* A draft may be half written. */
    stage_write(stage, "Kladder/bro.txt", "<overskrift>", "", text);
    assert_int_equal(stage_run(stage)->refused, 0);
    assert_int_equal(stage_row(stage, "Kladder/bro.txt")->status, RELEASE_DRAFT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_more_careful_of_place_and_header_counts),
        cmocka_unit_test(who_wrote_something_else_than_the_place_is_told),
        cmocka_unit_test(a_version_waits_for_the_date_of_its_original),
        cmocka_unit_test_setup_teardown(a_time_that_is_long_past_is_no_time_to_wait_for,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(what_a_template_asks_for_is_no_release, stage_setup,
                                        stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
