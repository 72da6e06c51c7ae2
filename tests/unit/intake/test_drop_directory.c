/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

static const char *const text = "Regionen åbner tre nye sundhedshuse i Vesterhavn, Lillesund og "
                                "Ådal, og det første slår dørene op til august.\n";

static void what_systems_leave_is_passed_over(void **state)
{
    struct stage *stage = *state;
    static const char *const folders[] = {
        "@eaDir",       "$RECYCLE.BIN", "System Volume Information",
        "__MACOSX",     "lost+found",   "#recycle",
        "$Recycle.Bin", ".Trash-1000"
    };
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        stage_put(stage, arena_format(&stage->arena, "%s/x.md", folders[i]), text);
        stage_put(stage, arena_format(&stage->arena, "huse/%s/bus.jpg", folders[i]), "x");
    }
    stage_put(stage, "Thumbs.db", "x");
    stage_put(stage, "huse/desktop.ini", "x");
    stage_put(stage, "huse/.DS_Store", "x");
    stage_write(stage, "huse/huse.md", "Huse", "", text);
    const struct intake_counts *counts = stage_run(stage);
    assert_int_equal(counts->added, 1);
    assert_int_equal(counts->refused + counts->warned, 0);
    assert_null(stage_read(stage, "$RECYCLE.BIN/x.md.problems.txt"));
    assert_null(stage_release(stage, "huse/")->assets);
}

static void make_socket(struct stage *stage, const char *name)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/releases/%s", stage->path, name);
    assert_int_equal(
        bind(descriptor, (const struct sockaddr *)(const void *)&address, sizeof address), 0);
    (void)close(descriptor);
}

static void assert_note(struct stage *stage, const char *note, const char *words)
{
    const char *found = stage_read(stage, note);
    if (!found || !strstr(found, words))
        fail_msg("%s: %s", note, found ? found : "is not there");
}

static void what_is_no_file_is_named_and_never_opened(void **state)
{
    struct stage *stage = *state;
    assert_int_equal(mkfifoat(stage->releases, "pipe.md", 0644), 0);
    assert_int_equal(mkfifoat(stage->releases, "pipe", 0644), 0);
    assert_int_equal(mkfifoat(stage->releases, "billede.png", 0644), 0);
    assert_int_equal(mkfifoat(stage->releases, "felter.yaml", 0644), 0);
    make_socket(stage, "sokkel.docx");
    stage_write(stage, "god.md", "God", "", text);
    stage_write(stage, "mappe/x.md", "Mappen", "images: [{file: bus.png, alt: Bus}]\n", text);
    assert_int_equal(mkfifoat(stage->releases, "mappe/bus.png", 0644), 0);
    stage_put(stage, "tom/nul.jpg", "x");
    assert_int_equal(mkfifoat(stage->releases, "tom/x.md", 0644), 0);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.refused, 7);
    assert_note(stage, "pipe.md.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "pipe.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "billede.png.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "felter.yaml.problems.txt", "navngivet rør (FIFO)");
    assert_note(stage, "sokkel.docx.problems.txt", "sokkel");
    assert_note(stage, "mappe/x.md.problems.txt", "bus.png: er et rør");
    assert_note(stage, "tom/x.md.problems.txt", "x.md: er et rør");
    assert_int_equal(stage_run(stage)->still_refused, 7);
}

/* The kernel's clock, so much later. */
static int64_t later_now(void *payload)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + *(int64_t *)payload;
}

static void never_wait(void *payload, int64_t milliseconds)
{
    (void)payload;
    (void)milliseconds;
    fail_msg("waited");
}

static void an_empty_folder_is_reported_when_nobody_fills_it(void **state)
{
    struct stage *stage = *state;
    int64_t later_ms = 9 * INT64_C(60000);
    const struct intake_waiting waiting = { later_now, never_wait, &later_ms };
    stage->settings.waiting = &waiting;
    assert_int_equal(mkdirat(stage->releases, "ny", 0755), 0);
    assert_int_equal(stage_run(stage)->refused, 0);
    assert_null(stage_read(stage, "ny/ny.problems.txt"));
    later_ms = 11 * INT64_C(60000);
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_note(stage, "ny/ny.problems.txt", "mappen er tom");
    assert_int_equal(stage_run(stage)->still_refused, 1);
    stage_write(stage, "ny/x.md", "Ny", "", text);
    assert_int_equal(stage_run(stage)->added, 1);
    assert_null(stage_read(stage, "ny/ny.problems.txt"));
    /* A release that was there is missed at once. */
    stage_remove_file(stage, "ny/x.md");
    later_ms = 0;
    assert_int_equal(stage_run(stage)->refused, 1);
    assert_note(stage, "ny/ny.problems.txt", "mappen er tom");
}

static void a_file_with_a_name_that_nobody_can_write_is_reported(void **state)
{
    struct stage *stage = *state;
    stage_write(stage, "huse/huse.md", "Huse", "", text);
    stage_put(stage, "huse/gr\xf8n.jpg", "x");
    assert_int_equal(stage_run(stage)->added, 1);
    assert_int_equal(stage->counts.warned, 1);
    assert_note(stage, "huse/huse.md.problems.txt", "“gr\\xF8n.jpg” er udeladt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_systems_leave_is_passed_over, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_named_and_never_opened, stage_setup,
                                        stage_teardown),
        cmocka_unit_test_setup_teardown(an_empty_folder_is_reported_when_nobody_fills_it,
                                        stage_setup, stage_teardown),
        cmocka_unit_test_setup_teardown(a_file_with_a_name_that_nobody_can_write_is_reported,
                                        stage_setup, stage_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
