/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "cli/context.h"
#include "cli/machine.h"
#include "config/config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Below it a warning is in time. */
enum { ROOM_WARNING_MB = 1000, CLOCKS_APART_S = 5 };

/* Only the owner may read a secret. A missing one is skipped here: the check that needs it reports
 * it. */
static void check_secret(struct doctor *doctor, const char *place, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return;
    if (status.st_mode & 077)
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "others can read it (mode %03o)" ERROR_ADVICE "run chmod %s %s",
                      status.st_mode & 0777, S_ISDIR(status.st_mode) ? "700" : "600", path);
    else if (status.st_uid != geteuid())
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "belongs to user %u, and this is user %u" ERROR_ADVICE
                      "run pressroom as that one always",
                      (unsigned)status.st_uid, (unsigned)geteuid());
    else
        doctor_report(doctor, DOCTOR_GOOD, place, "only its owner can read it");
}

static void check_password_file(struct doctor *doctor, const char *key, const char *path)
{
    if (!path)
        return;
    if (access(path, R_OK) != 0)
        doctor_report(doctor, DOCTOR_PROBLEM, key,
                      "%s: %s" ERROR_ADVICE "write the password into it, mode 600", path,
                      strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
    else
        check_secret(doctor, key, path);
}

static void check_folder(struct doctor *doctor, const char *place, const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        doctor_report(doctor, DOCTOR_SKIPPED, place,
                      "is not there yet" ERROR_ADVICE "`pressroom run` makes it");
    else if (access(path, R_OK | W_OK | X_OK) != 0)
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "cannot be read and written by this user" ERROR_ADVICE "give %s to it", path);
    else if (status.st_mode & S_IWOTH)
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "everybody on this machine can write to it" ERROR_ADVICE "run chmod o-w %s",
                      path);
    else
        doctor_report(doctor, DOCTOR_GOOD, place, "can be read and written");
}

static void check_rights(struct doctor *doctor)
{
    static const char *const secrets[] = { "secret.key", "pressroom.db", "pressroom.db-wal" };
    struct arena *arena = doctor->context->arena;
    const struct config *config = doctor->context->config;
    check_folder(doctor, "releases/", config->releases_path);
    check_folder(doctor, "public/", config->public_path);
    check_folder(doctor, "state/", config->state_path);
    check_secret(doctor, "state/", config->state_path);
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        check_secret(doctor, arena_format(arena, "state/%s", secrets[i]),
                     arena_format(arena, "%s/%s", config->state_path, secrets[i]));
    check_password_file(doctor, "mail.password_file", config->relay.password_file);
    check_password_file(doctor, "mail.inbox_password_file", config->inbox.password_file);
}

static void check_room(struct doctor *doctor, const char *place, const char *path)
{
    struct machine_room room;
    if (!machine_room(path, &room))
        return;
    int64_t free_mb = room.free_mb;
    if (room.is_short)
        doctor_report(doctor, DOCTOR_PROBLEM, place,
                      "its disk has room for %" PRId64 " MB%s" ERROR_ADVICE "make room", free_mb,
                      room.is_out_of_files ? " and hardly any file" : "");
    else if (free_mb < ROOM_WARNING_MB)
        doctor_report(doctor, DOCTOR_WARNING, place,
                      "its disk has room for %" PRId64 " MB" ERROR_ADVICE
                      "make room before it is full",
                      free_mb);
    else
        doctor_report(doctor, DOCTOR_GOOD, place, "its disk has room for %" PRId64 " MB", free_mb);
}

/* The file system's idea of now: the time of a new file that has no name and vanishes when closed.
 */
static bool file_time(const char *directory, time_t *seconds)
{
    struct stat status;
    int descriptor = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    bool done = descriptor >= 0 && fstat(descriptor, &status) == 0;
    if (done)
        *seconds = status.st_mtime;
    if (descriptor >= 0)
        (void)close(descriptor);
    return done;
}

static void check_clock(struct doctor *doctor)
{
    time_t seconds = 0;
    bool is_kept = machine_clock_is_kept();
    if (file_time(doctor->context->config->state_path, &seconds) &&
        (seconds > time(NULL) + CLOCKS_APART_S || seconds < time(NULL) - CLOCKS_APART_S))
        doctor_report(doctor, DOCTOR_PROBLEM, "clock",
                      "the clocks of this machine and of the disk that holds state/ are %" PRId64
                      " s apart" ERROR_ADVICE
                      "set both by NTP, else embargoes end at the wrong time",
                      (int64_t)(seconds - time(NULL)));
    else if (!is_kept)
        doctor_report(doctor, DOCTOR_WARNING, "clock",
                      "nothing keeps it right, as far as the kernel knows" ERROR_ADVICE
                      "install an NTP client (chrony, "
                      "systemd-timesyncd), so that embargoes end on time");
    else
        doctor_report(doctor, DOCTOR_GOOD, "clock", "is kept by NTP");
}

void doctor_files(struct doctor *doctor)
{
    const struct config *config = doctor->context->config;
    check_rights(doctor);
    check_room(doctor, "releases/", config->releases_path);
    check_room(doctor, "state/", config->state_path);
    check_room(doctor, "public/", config->public_path);
    check_clock(doctor);
}
