/* SPDX-License-Identifier: MIT */
#include "unit/status_page/status_scene.h"

#include "unit/golden.h"

#include <stdio.h>

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

/* What of a page differs with the language of the newsroom alone. */
struct words {
    const char *language;
    const char *refused;
    const char *embargo;
    const char *stray;
    const char *old;
};

static const struct words danish = {
    "da",
    "linje 3: “ukendt” er ikke et felt; mente du “emner”?",
    "linje 7: her står “klausuleret til mandag”, men øverst står ingen tid; skriv den der",
    "filen hører ikke til nogen pressemeddelelse; læg den i en mappe sammen med teksten",
    "“Årsberetning 2019” er udgivet, men ikke sendt til nogen, for dens dato er for gammel",
};

static const struct words english = {
    "en",
    "line 3: “unknwon” is no field; did you mean “topics”?",
    "line 7: it says “embargoed until Monday”, but no time stands on top; write it there",
    "the file belongs to no release; put it into a folder together with its text",
    "“Årsberetning 2019” is published but was mailed to nobody, for its date is too old",
};

static void insert_what_waits(struct scene *scene)
{
    struct release_row row = scene_row("Kladder/bro.docx", "Ny bro over Lille Å");
    row.place = RELEASE_PLACE_DRAFTS;
    row.status = RELEASE_DRAFT;
    row.published_at = row.due_at = row.ready_at = INSTANT_NONE;
    (void)scene_insert(scene, row);
    row.path = row.public_id = "kladde.md";
    row.title = "Kladde med “status: kladde”";
    row.place = RELEASE_PLACE_NONE;
    (void)scene_insert(scene, row);
    row = scene_row("Planlagt/havnebad.txt", "Havnebadet i Lillesund åbner igen");
    row.due_at = NOW + 5 * DAY;
    row.place = RELEASE_PLACE_SCHEDULED;
    (void)scene_insert(scene, row);
    row = scene_row("Planlagt/uden-dato.txt", "Uden dato & <uden> tid");
    row.due_at = row.published_at = INSTANT_NONE;
    row.place = RELEASE_PLACE_SCHEDULED;
    (void)scene_insert(scene, row);
    row = scene_row("budget.docx", "Budgettet for 2027");
    row.approval = RELEASE_APPROVAL_AWAITED;
    row.due_at = NOW + DAY;
    (void)scene_insert(scene, row);
    row = scene_row("stoppet.md", "Stoppet i tide");
    row.stopped_at = NOW - HOUR;
    (void)scene_insert(scene, row);
    row = scene_row("vaek.md", "Filen er væk");
    row.is_missing = true;
    (void)scene_insert(scene, row);
}

static void insert_reports(struct scene *scene, const struct words *words)
{
    scene_report(scene, &(struct intake_report){ .path = "forkert.md",
                                                 .title = "Forkert",
                                                 .severity = INTAKE_REFUSED,
                                                 .said_severity = INTAKE_REFUSED,
                                                 .words = words->refused });
    scene_report(scene, &(struct intake_report){ .path = "klausul.docx",
                                                 .title = "Ny direktør",
                                                 .severity = INTAKE_REFUSED,
                                                 .said_severity = INTAKE_REFUSED,
                                                 .words = words->embargo });
    scene_report(scene, &(struct intake_report){ .path = "løs.pdf",
                                                 .severity = INTAKE_WARNING,
                                                 .said_severity = INTAKE_WARNING,
                                                 .words = words->stray });
    struct release_row row = scene_public_row("beretning.md", "Årsberetning 2019", NOW - 400 * DAY);
    row.announced_at = NOW;
    row.announce_note = release_unmailed_text(RELEASE_UNMAILED_TOO_OLD);
    scene_report(scene, &(struct intake_report){ .path = "beretning.md",
                                                 .release = scene_insert(scene, row),
                                                 .title = "Årsberetning 2019",
                                                 .severity = INTAKE_NOTICE,
                                                 .words = words->old });
}

static void insert_what_is_public(struct scene *scene)
{
    struct release_row row = scene_public_row("sundhedshus", "Nyt sundhedshus", NOW - DAY);
    row.announced_at = NOW - DAY;
    int64_t original = scene_insert(scene, row);
    scene_mail(scene, &(struct scene_mailing){ original, QUEUE_RELEASE, QUEUE_MAILING_FINISHED,
                                               1204, 1197, 7 });
    row = scene_public_row("health-centre", "New health centre", NOW - DAY);
    row.original_row_id = original;
    row.language = "en";
    (void)scene_insert(scene, row);
    row = scene_public_row("lukker", "Vejen lukkes i uge 30", NOW - 2 * DAY);
    row.correction = "Det er uge 30, ikke uge 29.";
    row.updated_at = NOW - DAY;
    row.announced_at = NOW - 2 * DAY;
    int64_t corrected = scene_insert(scene, row);
    scene_mail(scene, &(struct scene_mailing){ corrected, QUEUE_RELEASE, QUEUE_MAILING_FINISHED, 12,
                                               12, 0 });
    scene_mail(scene, &(struct scene_mailing){ corrected, QUEUE_CORRECTION, QUEUE_MAILING_ACTIVE,
                                               12, 5, 0 });
    row = scene_public_row("parkering", "Gratis parkering", NOW - 3 * DAY);
    row.status = RELEASE_WITHDRAWN;
    row.withdrawn_at = NOW - 2 * DAY;
    row.withdrawal_reason = "Regionsrådet har ikke truffet beslutningen.";
    row.announced_at = NOW - 3 * DAY;
    (void)scene_insert(scene, row);
    row = scene_public_row("aendret.docx", "Ny åbningstid", NOW - 4 * DAY);
    row.approval = RELEASE_APPROVAL_AWAITED;
    (void)scene_insert(scene, row);
    row = scene_public_row("venter.md", "Mailene går om lidt", NOW - HOUR);
    int64_t waits = scene_insert(scene, row);
    scene_mail(scene,
               &(struct scene_mailing){ waits, QUEUE_RELEASE, QUEUE_MAILING_ACTIVE, 1, 0, 0 });
    row = scene_public_row("mange.md", "En af mange", NOW - 2 * HOUR);
    int64_t held = scene_insert(scene, row);
    scene_mail(scene,
               &(struct scene_mailing){ held, QUEUE_RELEASE, QUEUE_MAILING_HELD, 300, 0, 0 });
    row = scene_public_row("selv.md", "Uden mail", NOW - 5 * DAY);
    row.announced_at = NOW;
    row.announce_note = release_unmailed_text(RELEASE_UNMAILED_AS_ASKED);
    (void)scene_insert(scene, row);
}

static const char *const approvers[] = { "Anna Holm", "bo.lund", "Carl Vinther", NULL };

static void fill(struct scene *scene, const struct words *words)
{
    scene_open(scene, words->language, ":memory:", -1);
    scene->settings.approvers = approvers;
    insert_reports(scene, words);
    insert_what_waits(scene);
    insert_what_is_public(scene);
}

/* From the body on: how it looks is looked at elsewhere (tests/web). */
static void golden(const struct words *words)
{
    struct scene scene;
    fill(&scene, words);
    const char *page = scene_page(&scene, false);
    assert_true(golden_is(arena_format(&scene.arena, "status_page/%s.html", words->language),
                          strstr(page, "<body>")));
    /* The second time what was kept of it says the same. */
    assert_string_equal(scene_page(&scene, false), page);
    scene_close(&scene);
}

static void each_kind_of_row_in_danish(void **state)
{
    (void)state;
    golden(&danish);
}

static void each_kind_of_row_in_english(void **state)
{
    (void)state;
    golden(&english);
}

/* Holds I1. Behind an old link nothing of what is not public can be read. */
static void what_is_not_public_is_counted_alone(void **state)
{
    (void)state;
    static const char *const never[] = { "Lille",     "Kladde",   "Havnebad", "uden-dato",
                                         "Budgettet", "Stoppet",  "vaek",     "Forkert",
                                         "direktør",  "løs.pdf",  "linje",    "Anna Holm",
                                         "klausul",   "forkert.", NULL };
    struct scene scene;
    fill(&scene, &danish);
    const char *page = scene_page(&scene, true);
    for (size_t i = 0; never[i]; i++)
        if (strstr(page, never[i]))
            fail_msg("%s", never[i]);
    assert_non_null(strstr(page, "10 er ikke offentlige endnu."));
    assert_non_null(strstr(page, "<h3>Nyt sundhedshus</h3>"));
    assert_non_null(strstr(page, "<h3>Ny åbningstid</h3>"));
    assert_null(strstr(page, "Den nye udgave"));
    scene_close(&scene);
}

static void nobodys_address_is_in_it(void **state)
{
    (void)state;
    struct scene scene;
    fill(&scene, &danish);
    const char *page = scene_page(&scene, false);
    assert_int_equal(scene_count(page, "@"), scene_count(page, "@media"));
    assert_null(strstr(page, "laeser"));
    assert_null(strstr(page, "avisen.example"));
    assert_non_null(strstr(page, "6 hos outlook.com, 1 andre steder"));
    scene_close(&scene);
}

static const char *section(struct scene *scene, const char *page, const char *name)
{
    const char *begin = strstr(page, arena_format(&scene->arena, "<h2 id=\"%s\">", name));
    assert_non_null(begin);
    return arena_copy_bytes(&scene->arena, begin, (size_t)(strstr(begin, "</section>") - begin));
}

static void what_nobody_can_mend_needs_nobody(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "da", ":memory:", -1);
    struct release_row row = scene_public_row("beretning.md", "Årsberetning 2019", NOW - 400 * DAY);
    row.announced_at = NOW;
    row.announce_note = release_unmailed_text(RELEASE_UNMAILED_TOO_OLD);
    struct intake_report report = { .path = "beretning.md",
                                    .release = scene_insert(&scene, row),
                                    .severity = INTAKE_NOTICE,
                                    .words = "den er for gammel til at blive sendt" };
    scene_report(&scene, &report);
    const char *page = scene_page(&scene, false);
    assert_non_null(strstr(page, "Der er ikke noget, du skal se på."));
    assert_null(strstr(section(&scene, page, "needs"), "beretning"));
    assert_non_null(strstr(section(&scene, page, "newest"),
                           "Ikke sendt som mail, for datoen ligger så langt tilbage."));
    /* What reading its file says is to be looked at still. */
    scene_execute(&scene, "UPDATE intake_report SET said_severity = 1");
    page = scene_page(&scene, false);
    assert_non_null(strstr(section(&scene, page, "needs"), "beretning"));
    scene_close(&scene);
}

static void public_ones_insert(struct scene *scene, int64_t count, int64_t apart)
{
    for (int64_t i = 0; i < count; i++) {
        const char *name = arena_format(&scene->arena, "nyhed-%lld", (long long)i);
        (void)scene_insert(scene, scene_public_row(name, name, NOW - i * apart));
    }
}

/* All are on the page, one by one or counted. */
static void the_newest_are_shown_and_years_counted(void **state)
{
    (void)state;
    struct scene scene;
    scene_open(&scene, "da", ":memory:", -1);
    public_ones_insert(&scene, STATUS_PAGE_NEWEST + 40, DAY);
    const char *page = scene_page(&scene, false);
    assert_int_equal(scene_count(page, "<li class=\"item\">"), STATUS_PAGE_NEWEST);
    assert_non_null(strstr(page, "<h3>nyhed-0</h3>"));
    assert_non_null(strstr(page, "<h3>nyhed-299</h3>"));
    assert_null(strstr(page, "<h3>nyhed-300</h3>"));
    /* 300 days back is 14 August 2025 */
    assert_non_null(strstr(section(&scene, page, "older"), "<li>2025: 40 nyheder</li>"));
    scene_close(&scene);
}

/* However much waits, the page stays below its maximum and says how much it leaves out. */
static void a_page_has_an_end(void **state)
{
    (void)state;
    struct scene scene;
    char title[900];
    scene_open(&scene, "da", ":memory:", -1);
    memset(title, '&', sizeof title - 1);
    title[sizeof title - 1] = '\0';
    for (int i = 0; i < 1200; i++) {
        struct release_row row = scene_row(arena_format(&scene.arena, "kladde-%d.md", i), title);
        row.status = RELEASE_DRAFT;
        row.due_at = row.published_at = INSTANT_NONE;
        (void)scene_insert(&scene, row);
    }
    const char *page = scene_page(&scene, false);
    size_t shown = scene_count(page, "<li class=\"item\">");
    assert_in_range(strlen(page), 1, STATUS_PAGE_MAXIMUM);
    assert_in_range(shown, 100, 1199);
    assert_non_null(strstr(page, "som der ikke er plads til her."));
    scene_close(&scene);
}

static void of_many_approvers_some_are_named(void **state)
{
    (void)state;
    static const char *const many[] = { "A", "B", "C", "D", "E", "F", "G", "H", NULL };
    static const char *const one[] = { "Anna <Holm>", NULL };
    struct scene scene;
    scene_open(&scene, "en", ":memory:", -1);
    struct release_row row = scene_row("budget.docx", "The budget");
    row.approval = RELEASE_APPROVAL_AWAITED;
    (void)scene_insert(&scene, row);
    assert_null(strstr(scene_page(&scene, false), "may come from"));
    scene.settings.approvers = many;
    assert_non_null(strstr(scene_page(&scene, false), "A yes may come from A, B, C, D, E, F …."));
    scene.settings.approvers = one;
    assert_non_null(strstr(scene_page(&scene, false), "A yes may come from Anna &lt;Holm&gt;."));
    scene_close(&scene);
}

/* What waits for its open changes alone is for no approver. */
static void open_changes_are_named_as_what_it_waits_for(void **state)
{
    (void)state;
    static const char *const one[] = { "Anna Holm", NULL };
    struct scene scene;
    scene_open(&scene, "en", ":memory:", -1);
    scene.settings.approvers = one;
    struct release_row row = scene_row("budget.docx", "The budget");
    row.approval = RELEASE_APPROVAL_AWAITED;
    row.changes = RELEASE_CHANGES_OPEN;
    (void)scene_insert(&scene, row);
    const char *page = scene_page(&scene, false);
    assert_non_null(strstr(page, "nobody has decided on"));
    assert_null(strstr(page, "may come from"));
    row = scene_row("bridge.docx", "The bridge");
    row.approval = RELEASE_APPROVAL_AWAITED;
    row.changes = RELEASE_CHANGES_ASKED;
    (void)scene_insert(&scene, row);
    assert_non_null(strstr(scene_page(&scene, false), "A yes may come from Anna Holm."));
    scene_close(&scene);
}

static void a_link_grows_old(void **state)
{
    (void)state;
    int64_t minute = NOW / 60000;
    assert_int_equal(status_page_link_age(minute, NOW), STATUS_PAGE_LINK_FRESH);
    assert_int_equal(status_page_link_age(minute, minute * 60000 + HOUR - 1),
                     STATUS_PAGE_LINK_FRESH);
    assert_int_equal(status_page_link_age(minute, minute * 60000 + HOUR), STATUS_PAGE_LINK_GOOD);
    assert_int_equal(status_page_link_age(minute, minute * 60000 + 30 * DAY - 1),
                     STATUS_PAGE_LINK_GOOD);
    assert_int_equal(status_page_link_age(minute, minute * 60000 + 30 * DAY),
                     STATUS_PAGE_LINK_OVER);
    assert_int_equal(status_page_link_age(minute + 1, NOW), STATUS_PAGE_LINK_OVER);
    assert_int_equal(status_page_link_age(INT64_MIN, NOW), STATUS_PAGE_LINK_OVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_row_in_danish),
        cmocka_unit_test(each_kind_of_row_in_english),
        cmocka_unit_test(what_is_not_public_is_counted_alone),
        cmocka_unit_test(nobodys_address_is_in_it),
        cmocka_unit_test(what_nobody_can_mend_needs_nobody),
        cmocka_unit_test(the_newest_are_shown_and_years_counted),
        cmocka_unit_test(a_page_has_an_end),
        cmocka_unit_test(open_changes_are_named_as_what_it_waits_for),
        cmocka_unit_test(of_many_approvers_some_are_named),
        cmocka_unit_test(a_link_grows_old),
    };
    return cmocka_run_group_tests_name("the status page", tests, NULL, NULL);
}
