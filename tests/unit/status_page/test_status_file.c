/* SPDX-License-Identifier: MIT */
#include "unit/status_page/status_scene.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The page in the drop directory, of a store in a file, run by run as the program does. */
struct room {
    struct scene scene;
    struct clock clock;
    int state;
    int releases;
    char folder[64];
    char store[96];
    char drop[96];
};

static void room_reopen(struct room *room)
{
    scene_open(&room->scene, "da", room->store, room->state);
    room->scene.settings.releases_path = room->drop;
}

static int room_open(void **state)
{
    struct room *room = calloc(1, sizeof *room);
    assert_non_null(room);
    room->clock = clock_fixed(NOW);
    (void)snprintf(room->folder, sizeof room->folder, "%s", "/tmp/pressroom-status-XXXXXX");
    assert_non_null(mkdtemp(room->folder));
    (void)snprintf(room->store, sizeof room->store, "%s/store.db", room->folder);
    (void)snprintf(room->drop, sizeof room->drop, "%s/releases", room->folder);
    assert_int_equal(mkdir(room->drop, 0700), 0);
    room->state = open(room->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    room->releases = open(room->drop, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(room->state >= 0 && room->releases >= 0);
    room_reopen(room);
    *state = room;
    return 0;
}

static int room_close(void **state)
{
    struct room *room = *state;
    char command[128];
    scene_close(&room->scene);
    (void)close(room->state);
    (void)close(room->releases);
    (void)snprintf(command, sizeof command, "rm -r '%s'", room->folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
    free(room);
    return 0;
}

/* One run from opening the store to closing it; whether the page was written. */
static bool run(struct room *room)
{
    struct scene *scene = &room->scene;
    bool is_written = false;
    DONE(status_page_run(&scene->settings, scene->database, room->state, &room->clock, true,
                         &is_written, &scene->error));
    scene_close(scene);
    room_reopen(room);
    return is_written;
}

/* The file that says what was seen is put anew each time that the page is made. */
static ino_t made(const struct room *room)
{
    struct stat status;
    assert_int_equal(fstatat(room->state, "status-page", &status, 0), 0);
    return status.st_ino;
}

static void made_once_for_each_change(void **state)
{
    struct room *room = *state;
    (void)scene_insert(&room->scene, scene_public_row("bro", "Ny bro", NOW));
    assert_true(run(room));
    ino_t before = made(room);
    assert_false(run(room));
    assert_false(run(room));
    assert_int_equal(made(room), before);
    (void)scene_insert(&room->scene, scene_public_row("havn", "Ny havn", NOW));
    assert_true(run(room));
    before = made(room);
    assert_false(run(room));
    assert_int_equal(made(room), before);
}

/* What it keeps in the store itself is no change to it. */
static void its_own_writing_makes_it_no_second_time(void **state)
{
    struct room *room = *state;
    int64_t release = scene_insert(&room->scene, scene_public_row("bro", "Ny bro", NOW));
    scene_mail(&room->scene, &(struct scene_mailing){ release, QUEUE_RELEASE,
                                                      QUEUE_MAILING_FINISHED, 20, 10, 10 });
    assert_true(run(room));
    assert_int_equal(
        test_store_number(room->scene.database, "SELECT count(*) FROM status_undelivered"), 1);
    ino_t before = made(room);
    assert_false(run(room));
    assert_int_equal(made(room), before);
}

/* What another one commits while the store is open is seen, too. */
static void seen_while_another_writes(void **state)
{
    struct room *room = *state;
    struct scene other;
    scene_open(&other, "da", room->store, room->state);
    (void)scene_insert(&room->scene, scene_public_row("bro", "Ny bro", NOW));
    assert_true(run(room));
    (void)scene_insert(&other, scene_public_row("havn", "Ny havn", NOW));
    assert_true(run(room));
    assert_false(run(room));
    scene_close(&other);
}

static void of_somebody_else_left_alone(void **state)
{
    struct room *room = *state;
    char text[16] = "";
    int file = openat(room->releases, INTAKE_STATUS_PAGE, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(write(file, "mine", 4), 4);
    assert_int_equal(close(file), 0);
    assert_false(run(room));
    file = openat(room->releases, INTAKE_STATUS_PAGE, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(file, text, sizeof text), 4);
    assert_string_equal(text, "mine");
    assert_int_equal(close(file), 0);
    assert_int_equal(unlinkat(room->releases, INTAKE_STATUS_PAGE, 0), 0);
    assert_int_equal(symlinkat("../store.db", room->releases, INTAKE_STATUS_PAGE), 0);
    assert_false(run(room));
    assert_int_equal(unlinkat(room->releases, INTAKE_STATUS_PAGE, 0), 0);
    assert_true(run(room));
}

/* A name more or less says something else. */
static void made_anew_for_other_settings(void **state)
{
    static const char *const names[] = { "Anna Holm", NULL };
    struct room *room = *state;
    struct release_row row = scene_row("bro.md", "Ny bro");
    row.approval = RELEASE_APPROVAL_AWAITED;
    (void)scene_insert(&room->scene, row);
    assert_true(run(room));
    room->scene.settings.approvers = names;
    assert_true(run(room));
    room->scene.settings.approvers = names;
    assert_false(run(room));
    room->scene.settings.place = STATUS_PAGE_NONE;
    assert_false(run(room));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, room_open, room_close)
    const struct CMUnitTest tests[] = {
        TEST(made_once_for_each_change),    TEST(its_own_writing_makes_it_no_second_time),
        TEST(seen_while_another_writes),    TEST(of_somebody_else_left_alone),
        TEST(made_anew_for_other_settings),
    };
    return cmocka_run_group_tests_name("the status page in the drop directory", tests, NULL, NULL);
}
