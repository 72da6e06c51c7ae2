/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "database/database.h"
#include "database/write_transaction.h"
#include "delivery/deliver.h"
#include "delivery/message_source.h"
#include "net/net.h"
#include "queue/queue.h"
#include "queue/sending.h"

#include "relay.h"
#include "unit/queue/subscriber_tables.h"
#include "unit/store.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Power fails while a mailing runs: what the next run finds is what had been flushed to the disk by
 * then, and not a byte more. */

#define NOW INT64_C(1780000000000)

enum { SUBSCRIBERS = 300, CONNECTIONS = 4 };

/* ---- a disk that tells what is safe on it ---- */

/* SQLite's own file system, but each file that is flushed is copied as it is then: what a disk may
 * forget, this one forgets. The journal's index (-shm) is never safe, as it never is. */
struct disk_file {
    sqlite3_file *file; /* NULL: free */
    const char *name;   /* without its folder */
    const sqlite3_io_methods *real;
    sqlite3_io_methods methods;
};

static struct disk {
    pthread_mutex_t mutex;
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    struct disk_file files[8];
    char safe[64]; /* folder of the copies */
    bool is_dark;  /* the power is gone */
    int flushes;
} disk = { .mutex = PTHREAD_MUTEX_INITIALIZER };

static struct disk_file *disk_find(const sqlite3_file *file)
{
    struct disk_file *found = disk.files;
    while (found->file != file)
        found++;
    return found;
}

static void copy_to_safety(const struct disk_file *found)
{
    char path[256];
    sqlite3_int64 size = 0;
    (void)snprintf(path, sizeof path, "%s/%s", disk.safe, found->name);
    assert_int_equal(found->real->xFileSize(found->file, &size), SQLITE_OK);
    char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    if (size)
        assert_int_equal(found->real->xRead(found->file, bytes, (int)size, 0), SQLITE_OK);
    FILE *copy = fopen(path, "we");
    assert_non_null(copy);
    assert_int_equal(fwrite(bytes, 1, (size_t)size, copy), size);
    assert_int_equal(fclose(copy), 0);
    free(bytes);
}

static int disk_sync(sqlite3_file *file, int flags)
{
    const struct disk_file *found = disk_find(file);
    pthread_mutex_lock(&disk.mutex);
    int code = found->real->xSync(file, flags);
    if (!disk.is_dark) {
        copy_to_safety(found);
        disk.flushes++;
    }
    pthread_mutex_unlock(&disk.mutex);
    return code;
}

static int disk_close(sqlite3_file *file)
{
    struct disk_file *found = disk_find(file);
    file->pMethods = found->real;
    found->file = NULL;
    return found->real->xClose(file);
}

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *given)
{
    (void)vfs;
    int code = disk.real->xOpen(disk.real, path, file, flags, given);
    if (code != SQLITE_OK || !(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
        return code;
    struct disk_file *opened = disk_find(NULL);
    *opened = (struct disk_file){ .file = file,
                                  .name = strrchr(path, '/') + 1,
                                  .real = file->pMethods,
                                  .methods = *file->pMethods };
    opened->methods.xSync = disk_sync;
    opened->methods.xClose = disk_close;
    file->pMethods = &opened->methods;
    return code;
}

static int disk_use(void **state)
{
    (void)state;
    struct error error;
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.zName = "forgetful";
    disk.vfs.xOpen = disk_open;
    log_set_level(LOG_ERROR);
    return net_initialize(&error) && sqlite3_vfs_register(&disk.vfs, 1) == SQLITE_OK ? 0 : 1;
}

/* ---- a newsroom on it ---- */

struct scene {
    char folder[64];
    int directory;
    struct database *database;
    struct relay relay;
    struct error error;
    char text[256];
    char sender[64];
    int dark_at; /* the power fails behind so many messages */
    int heard[SUBSCRIBERS + 1];
    volatile sig_atomic_t stop;
};

static void scene_open(struct scene *scene)
{
    char path[128];
    const struct database_schema *schemas[] = { &subscriber_tables_schema, &queue_schema };
    scene->directory = open(scene->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    (void)snprintf(path, sizeof path, "%s/pressroom.db", scene->folder);
    struct database_settings settings = { .path = path, .state_directory = scene->directory };
    scene->database = database_open(&settings, &scene->error);
    DONE(scene->database);
    DONE(database_migrate(scene->database, schemas, 2, &scene->error));
}

static void scene_close(struct scene *scene)
{
    database_close(scene->database);
    (void)close(scene->directory);
}

static void add_subscribers(struct scene *scene)
{
    char text[256];
    for (int i = 1; i <= SUBSCRIBERS; i++) {
        (void)snprintf(text, sizeof text,
                       "INSERT INTO subscriber VALUES (%d, 'p%d@n.example', 'da', 2)", i, i);
        DONE(database_execute(scene->database, text, &scene->error));
        (void)snprintf(text, sizeof text, "INSERT INTO subscription VALUES (%d, 'all', 0, 1)", i);
        DONE(database_execute(scene->database, text, &scene->error));
    }
}

static void mail_to_all(struct scene *scene)
{
    static const struct queue_candidate candidate = { "all", 10, "da", true };
    static const struct queue_candidates candidates = { &candidate, 1 };
    struct queue_announcement announcement = { .release = 10, .deduplication_key = "" };
    struct queue_mailing mailing = { .note = "", .created_at = NOW, .starts_at = NOW };
    bool is_new = false;
    int64_t added = 0;
    DONE(database_begin(scene->database, &scene->error));
    add_subscribers(scene);
    DONE(queue_announcement_open(scene->database, &announcement, &mailing.announcement, &is_new,
                                 &scene->error));
    DONE(queue_mailing_create(scene->database, &mailing, &scene->error));
    DONE(queue_add_audience(scene->database, &mailing, &candidates, &added, &scene->error));
    DONE(database_commit(scene->database, &scene->error));
    assert_int_equal(added, SUBSCRIBERS);
}

static bool compose(void *payload, const struct queue_row *row, struct delivery_message *message,
                    struct error *error)
{
    (void)error;
    struct scene *scene = payload;
    (void)snprintf(scene->text, sizeof scene->text, "To: %s\r\n\r\nHej.\r\n", row->address);
    (void)snprintf(scene->sender, sizeof scene->sender, "presse+%" PRId64 "@n.example",
                   row->subscriber);
    *message = (struct delivery_message){ .bytes = scene->text,
                                          .length = strlen(scene->text),
                                          .sender = scene->sender,
                                          .recipient = row->address,
                                          .revision = 1 };
    return true;
}

/* The relay and the disk stop at the same moment; what this process does from now on, nobody will
 * ever know. */
static void fail_power(void *payload, int total)
{
    struct scene *scene = payload;
    if (total != scene->dark_at)
        return;
    pthread_mutex_lock(&disk.mutex);
    pthread_mutex_lock(&scene->relay.mutex);
    disk.is_dark = true;
    memcpy(scene->heard, scene->relay.accepted, sizeof scene->heard);
    pthread_mutex_unlock(&scene->relay.mutex);
    pthread_mutex_unlock(&disk.mutex);
    scene->stop = 1;
}

static void deliver(struct scene *scene)
{
    struct deliver_totals totals;
    struct clock clock = clock_fixed(NOW);
    struct deliver_settings settings = { .connections = CONNECTIONS,
                                         .resend_unknown = true,
                                         .patience_ms = 60000,
                                         .compose = compose,
                                         .compose_payload = scene,
                                         .stop = &scene->stop };
    scene->relay = (struct relay){ .extensions = "250-PIPELINING\r\n",
                                   .on_accepted = fail_power,
                                   .payload = scene };
    relay_start(&scene->relay);
    settings.smtp.url = scene->relay.url;
    settings.smtp.tls = SMTP_TLS_NONE;
    DONE(deliver_run(scene->database, &settings, &clock, &totals, &scene->error));
    relay_stop(&scene->relay);
}

static void remove_folder(const char *folder)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c,concurrency-mt-unsafe) */
}

/* How many people have it twice. */
static int fail_power_at(int messages)
{
    int repeats = 0;
    struct scene *scene = calloc(1, sizeof *scene);
    assert_non_null(scene);
    (void)snprintf(scene->folder, sizeof scene->folder, "/tmp/pressroom-power-XXXXXX");
    (void)snprintf(disk.safe, sizeof disk.safe, "/tmp/pressroom-disk-XXXXXX");
    assert_non_null(mkdtemp(scene->folder));
    assert_non_null(mkdtemp(disk.safe));
    scene->dark_at = messages;
    disk.is_dark = false;
    disk.flushes = 0;
    scene_open(scene);
    mail_to_all(scene);
    deliver(scene);
    assert_true(disk.is_dark && disk.flushes > 1);
    scene_close(scene);
    remove_folder(scene->folder);
    assert_int_equal(rename(disk.safe, scene->folder), 0); /* the machine comes up again */

    scene->stop = 0;
    scene->dark_at = 0;
    scene_open(scene);
    deliver(scene);
    for (int i = 1; i <= SUBSCRIBERS; i++) {
        int times = scene->heard[i] + scene->relay.accepted[i];
        assert_in_range(times, 1, 2); /* nobody is lost */
        repeats += times == 2;
    }
    scene_close(scene);
    remove_folder(scene->folder);
    free(scene);
    return repeats;
}

/* Holds I3. */
static void nobody_is_lost_and_a_message_a_connection_comes_twice_at_most(void **state)
{
    (void)state;
    static const int moments[] = { 1, 2, 7, 60, 151, 230, 296, 299, 300 };
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++)
        assert_in_range(fail_power_at(moments[i]), 0, CONNECTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_lost_and_a_message_a_connection_comes_twice_at_most),
    };
    return cmocka_run_group_tests(tests, disk_use, NULL);
}
