/* SPDX-License-Identifier: MIT */
#include "cli/doctor.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/context.h"
#include "config/config.h"
#include "database/database.h"

#include <inttypes.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef CIFS_SUPER_MAGIC
#define CIFS_SUPER_MAGIC 0xFF534D42
#endif

enum { JOURNAL_WARNING_MB = 256 };

static bool number(struct doctor *doctor, const char *sql, int64_t *value)
{
    struct error error;
    bool found = false;
    struct statement *statement = database_prepare(doctor->context->database, sql, &error);
    if (!statement_find(statement, &found, &error)) {
        doctor_report_error(doctor, "state/pressroom.db", &error);
        return false;
    }
    *value = found ? statement_integer(statement, 0) : 0;
    statement_reset(statement);
    return true;
}

static void check_whole(struct doctor *doctor)
{
    struct error error;
    struct stat status = { .st_size = 0 };
    const char *fault = NULL;
    if (!database_verify(doctor->context->database, doctor->context->arena, &fault, &error))
        doctor_report_error(doctor, "state/pressroom.db", &error);
    else if (fault)
        doctor_report(doctor, DOCTOR_PROBLEM, "state/pressroom.db",
                      "is damaged (%s)" ERROR_ADVICE "stop pressroom and put back a copy of state/",
                      fault);
    else if (stat(doctor->context->config->database_path, &status) != 0)
        doctor_report(doctor, DOCTOR_SKIPPED, "state/pressroom.db",
                      "is not there yet" ERROR_ADVICE "`pressroom run` makes it");
    else
        doctor_report(doctor, DOCTOR_GOOD, "state/pressroom.db", "whole, %" PRId64 " kB",
                      (int64_t)status.st_size / 1024);
}

/* Locks and shared memory do not work from machine to machine. */
static void check_place(struct doctor *doctor)
{
    struct statfs place;
    if (statfs(doctor->context->config->state_path, &place) != 0)
        return;
    unsigned long type = (unsigned long)place.f_type & 0xffffffffUL;
    if (type == NFS_SUPER_MAGIC || type == SMB_SUPER_MAGIC || type == CIFS_SUPER_MAGIC)
        doctor_report(doctor, DOCTOR_PROBLEM, "state/",
                      "lies on a network disk, where the database can be damaged" ERROR_ADVICE
                      "move the newsroom to "
                      "a disk of this machine");
}

static void check_journal(struct doctor *doctor)
{
    struct stat status;
    const char *path = arena_format(doctor->context->arena, "%s-wal",
                                    doctor->context->config->database_path);
    if (stat(path, &status) == 0 && status.st_size / 1048576 > JOURNAL_WARNING_MB)
        doctor_report(doctor, DOCTOR_WARNING, "state/pressroom.db-wal",
                      "has grown to %" PRId64 " MB" ERROR_ADVICE
                      "a program reads the database and does not end: "
                      "look for it and close it",
                      (int64_t)status.st_size / 1048576);
}

static void check_rows(struct doctor *doctor)
{
    int64_t erasures = 0;
    int64_t mailings = 0;
    int64_t newest_at = 0;
    if (!number(doctor, "SELECT count(*) FROM erasure", &erasures) ||
        !number(doctor,
                "SELECT count(*) FROM mailing WHERE state IN (@QUEUE_MAILING_HELD@,"
                " @QUEUE_MAILING_PAUSED@)",
                &mailings) ||
        !number(doctor, "SELECT COALESCE(MAX(created_at), 0) FROM mailing", &newest_at))
        return;
    if (erasures)
        doctor_report(
            doctor, DOCTOR_WARNING, "state/pressroom.db",
            "bytes pending: people were erased, but can still be found in its files" ERROR_ADVICE
            "close "
            "what else reads it and call `pressroom run`");
    if (mailings)
        doctor_report(doctor, DOCTOR_WARNING, "mailings",
                      "%" PRId64 " held or paused" ERROR_ADVICE
                      "`pressroom mailing list` shows them, `mailing "
                      "resume` or `cancel` decides",
                      mailings);
    if (newest_at > clock_now(&doctor->context->clock) + 5 * DURATION_MINUTE)
        doctor_report(doctor, DOCTOR_PROBLEM, "clock",
                      "the database knows a later time: the clock was set back" ERROR_ADVICE
                      "set it right, else "
                      "mails wait until then");
}

/* Tries the lock without waiting, to see whether a run holds it. */
static void check_lock(struct doctor *doctor)
{
    struct error error;
    int directory = doctor->context->state_directory;
    if (faccessat(directory, "run.lock", F_OK, 0) != 0)
        return;
    int lock = file_lock(directory, "run.lock", false, &error);
    if (lock >= 0) {
        (void)close(lock);
        doctor_report(doctor, DOCTOR_GOOD, "state/run.lock",
                      "free: nobody ingests or publishes now");
    } else if (error.kind == ERROR_TEMPORARY) {
        doctor_report(doctor, DOCTOR_GOOD, "state/run.lock", "held: a run is at work");
    } else {
        doctor_report_error(doctor, "state/run.lock", &error);
    }
}

void doctor_database(struct doctor *doctor)
{
    check_place(doctor);
    check_whole(doctor);
    check_journal(doctor);
    check_rows(doctor);
    check_lock(doctor);
}
