/* SPDX-License-Identifier: MIT */
#include "publish/staging.h"

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "publish/gzip.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* In public/; a leading dot, and mode 0700: servers do not show it. */
#define FALLBACK_FOLDER ".pressroom"

enum { NAME_SIZE = 32, PATH_SIZE = 1040, QUEUE_BYTES_MAXIMUM = 4 * 1024 * 1024 };

/* A text to be written. */
struct job {
    struct job *next;
    unsigned long number;
    size_t length;
    char bytes[];
};

struct staging {
    int directory;
    int public_directory; /* borrowed; -1 unless the folder stands there */
    unsigned long count;
    /* The writer's. */
    struct gzip *gzip;
    struct text compressed;
    /* Shared with the writer, under the mutex. */
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
    bool has_thread;
    bool is_closing;
    bool is_writing;
    struct job *first;
    struct job *last;
    size_t queued_bytes;
    struct error error; /* the first failure */
};

static void folder_empty(int directory)
{
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    if (!entries) {
        if (copy >= 0)
            (void)close(copy);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) /* NOLINT(concurrency-mt-unsafe) */
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(directory, entry->d_name, 0);
    (void)closedir(entries);
}

static int folder_open(int parent, const char *path, mode_t mode, struct error *error)
{
    if (mkdirat(parent, path, mode) != 0 && errno != EEXIST) {
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s: make the folder", path);
        return -1;
    }
    int directory = openat(parent, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (directory < 0)
        (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s", path);
    return directory;
}

static bool same_file_system(int a, int b)
{
    struct stat first;
    struct stat second;
    return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev;
}

struct staging *staging_open(int public_directory, const char *state_path, struct error *error)
{
    char path[PATH_SIZE];
    struct staging *staging = calloc(1, sizeof *staging);
    int length = snprintf(path, sizeof path, "%s/publish", state_path);
    if (!staging || length < 0 || (size_t)length >= sizeof path) {
        free(staging);
        (void)error_set(error, ERROR_SYSTEM, "%s: path too long", state_path);
        return NULL;
    }
    staging->public_directory = -1;
    staging->directory = -1;
    text_init(&staging->compressed, 0);
    (void)pthread_mutex_init(&staging->mutex, NULL);
    (void)pthread_cond_init(&staging->changed, NULL);
    staging->gzip = gzip_new(error);
    if (staging->gzip)
        staging->directory = folder_open(AT_FDCWD, path, 0700, error);
    if (staging->directory >= 0)
        folder_empty(staging->directory);
    if (staging->directory >= 0 && !same_file_system(staging->directory, public_directory)) {
        (void)close(staging->directory);
        staging->public_directory = public_directory;
        staging->directory = folder_open(public_directory, FALLBACK_FOLDER, 0700, error);
        if (staging->directory >= 0)
            folder_empty(staging->directory);
    }
    if (staging->directory < 0) {
        staging_close(staging);
        return NULL;
    }
    return staging;
}

static void name_of(char name[NAME_SIZE], unsigned long number, bool is_gzip)
{
    (void)snprintf(name, NAME_SIZE, "%lu%s", number, is_gzip ? ".gz" : "");
}

static bool disk_failed(int saved_errno, struct error *error)
{
    if (saved_errno == ENOSPC || saved_errno == EDQUOT)
        return error_set(error, ERROR_SYSTEM, "the disk is full; make room and run again");
    return error_set_errno(error, ERROR_SYSTEM, saved_errno, "write");
}

static int temporary_create(struct staging *staging, const char *name, struct error *error)
{
    int descriptor = openat(staging->directory, name,
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (descriptor < 0)
        (void)disk_failed(errno, error);
    return descriptor;
}

/* Closes; a failed write shows at the latest here. */
static bool temporary_finish(struct staging *staging, const char *name, int descriptor, bool done,
                             struct error *error)
{
    int saved_errno = errno;
    if (close(descriptor) != 0 && done) {
        saved_errno = errno;
        done = false;
    }
    if (done)
        return true;
    (void)unlinkat(staging->directory, name, 0);
    return disk_failed(saved_errno, error);
}

/* time: where it is set already, the file gets it; else it becomes the file's. Half of a pair
 * rarely misses the other's tick of the clock. */
static bool temporary_write(struct staging *staging, const char *name, const void *bytes,
                            size_t length, struct timespec *time, struct error *error)
{
    struct stat status;
    int descriptor = temporary_create(staging, name, error);
    if (descriptor < 0)
        return false;
    bool done = file_write_all(descriptor, bytes, length);
    if (done && fstat(descriptor, &status) == 0 &&
        (status.st_mtim.tv_sec != time->tv_sec || status.st_mtim.tv_nsec != time->tv_nsec)) {
        const struct timespec times[2] = { *time, *time };
        if (time->tv_sec)
            (void)futimens(descriptor, times);
        else
            *time = status.st_mtim;
    }
    return temporary_finish(staging, name, descriptor, done, error);
}

bool staging_write(struct staging *staging, const void *bytes, size_t length, unsigned long *number,
                   struct error *error)
{
    char name[NAME_SIZE];
    struct timespec time = { 0 };
    name_of(name, staging->count + 1, false);
    if (!temporary_write(staging, name, bytes, length, &time, error))
        return false;
    *number = ++staging->count;
    return true;
}

/* ---- the writer ---- */

static bool job_write(struct staging *staging, const struct job *job, struct error *error)
{
    char name[NAME_SIZE];
    struct timespec time = { 0 };
    text_clear(&staging->compressed);
    if (!gzip_append(staging->gzip, job->bytes, job->length, &staging->compressed, error))
        return false;
    name_of(name, job->number, false);
    if (!temporary_write(staging, name, job->bytes, job->length, &time, error))
        return false;
    name_of(name, job->number, true);
    return temporary_write(staging, name, staging->compressed.data, staging->compressed.length,
                           &time, error);
}

static void *writer_run(void *payload)
{
    struct staging *staging = payload;
    (void)pthread_mutex_lock(&staging->mutex);
    for (;;) {
        while (!staging->first && !staging->is_closing)
            (void)pthread_cond_wait(&staging->changed, &staging->mutex);
        struct job *job = staging->first;
        if (!job)
            break;
        staging->first = job->next;
        staging->is_writing = true;
        bool is_wanted = staging->error.kind == ERROR_NONE;
        (void)pthread_mutex_unlock(&staging->mutex);
        struct error error = { .kind = ERROR_NONE };
        bool done = !is_wanted || job_write(staging, job, &error);
        (void)pthread_mutex_lock(&staging->mutex);
        if (!done)
            staging->error = error;
        staging->is_writing = false;
        staging->queued_bytes -= job->length;
        (void)pthread_cond_broadcast(&staging->changed);
        free(job);
    }
    (void)pthread_mutex_unlock(&staging->mutex);
    return NULL;
}

/* Waits until at most so much is left to be written; false where something failed. */
static bool writer_wait(struct staging *staging, size_t left, struct error *error)
{
    (void)pthread_mutex_lock(&staging->mutex);
    while (staging->has_thread && staging->queued_bytes > left)
        (void)pthread_cond_wait(&staging->changed, &staging->mutex);
    while (left == 0 && staging->has_thread && (staging->first || staging->is_writing))
        (void)pthread_cond_wait(&staging->changed, &staging->mutex);
    bool done = staging->error.kind == ERROR_NONE;
    if (!done && error)
        *error = staging->error;
    (void)pthread_mutex_unlock(&staging->mutex);
    return done;
}

unsigned long staging_write_text(struct staging *staging, const void *bytes, size_t length)
{
    struct job *job = malloc(sizeof *job + length);
    if (!job) {
        (void)fprintf(stderr, "pressroom: out of memory; the next run goes on from here\n");
        abort();
    }
    job->next = NULL;
    job->number = ++staging->count;
    job->length = length;
    memcpy(job->bytes, bytes, length);
    if (!staging->has_thread)
        staging->has_thread = pthread_create(&staging->thread, NULL, writer_run, staging) == 0;
    if (!staging->has_thread) {
        if (staging->error.kind == ERROR_NONE)
            (void)job_write(staging, job, &staging->error);
        free(job);
        return staging->count;
    }
    (void)writer_wait(staging, QUEUE_BYTES_MAXIMUM, NULL);
    (void)pthread_mutex_lock(&staging->mutex);
    if (staging->first)
        staging->last->next = job;
    else
        staging->first = job;
    staging->last = job;
    staging->queued_bytes += length;
    (void)pthread_cond_broadcast(&staging->changed);
    (void)pthread_mutex_unlock(&staging->mutex);
    return staging->count;
}

void staging_close(struct staging *staging)
{
    if (!staging)
        return;
    (void)pthread_mutex_lock(&staging->mutex);
    staging->is_closing = true;
    (void)pthread_cond_broadcast(&staging->changed);
    (void)pthread_mutex_unlock(&staging->mutex);
    if (staging->has_thread)
        (void)pthread_join(staging->thread, NULL);
    (void)pthread_mutex_destroy(&staging->mutex);
    (void)pthread_cond_destroy(&staging->changed);
    gzip_free(staging->gzip);
    text_release(&staging->compressed);
    if (staging->directory >= 0)
        (void)close(staging->directory);
    if (staging->public_directory >= 0)
        (void)unlinkat(staging->public_directory, FALLBACK_FOLDER, AT_REMOVEDIR);
    free(staging);
}

/* ---- other files, and all of them ---- */

bool staging_copy(struct staging *staging, int descriptor, unsigned long *number,
                  struct error *error)
{
    char name[NAME_SIZE];
    name_of(name, staging->count + 1, false);
    int copy = temporary_create(staging, name, error);
    if (copy < 0)
        return false;
    off_t offset = 0;
    ssize_t count;
    do {
        count = sendfile(copy, descriptor, &offset, 1 << 20);
    } while (count > 0 || (count < 0 && errno == EINTR));
    if (!temporary_finish(staging, name, copy, count == 0, error))
        return false;
    *number = ++staging->count;
    return true;
}

void staging_drop(struct staging *staging, unsigned long number, bool has_gzip)
{
    char name[NAME_SIZE];
    (void)writer_wait(staging, 0, NULL);
    name_of(name, number, false);
    (void)unlinkat(staging->directory, name, 0);
    name_of(name, number, true);
    if (has_gzip)
        (void)unlinkat(staging->directory, name, 0);
}

bool staging_sync(struct staging *staging, struct error *error)
{
    if (!writer_wait(staging, 0, error))
        return false;
    return syncfs(staging->directory) == 0 ? true : disk_failed(errno, error);
}

bool staging_place(struct staging *staging, unsigned long number, bool has_gzip, int directory,
                   const char *path, struct error *error)
{
    char name[NAME_SIZE];
    char target[PATH_SIZE];
    int length = snprintf(target, sizeof target, "%s.gz", path);
    if (length < 0 || (size_t)length >= sizeof target)
        return error_set(error, ERROR_SYSTEM, "public/%s: path too long", path);
    name_of(name, number, true);
    if (has_gzip && renameat(staging->directory, name, directory, target) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "public/%s", target);
    name_of(name, number, false);
    if (renameat(staging->directory, name, directory, path) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "public/%s", path);
    return true;
}
