/* SPDX-License-Identifier: MIT */
#include "publish/staging.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/string_builder.h"
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

enum { NAME_SIZE = 320, GZIP_NAME_SIZE = NAME_SIZE + 3, PATH_SIZE = 1040 };

/* The writer is woken once BURST_BYTES are queued, not for each text, and the maker of pages waits
 * for it above QUEUE_BYTES_MAXIMUM, until half of that is left: else both threads would sleep and
 * wake twice a page. */
enum { BURST_BYTES = 128 * 1024, QUEUE_BYTES_MAXIMUM = 4 * 1024 * 1024 };

/* A text to be written, with its own copy of the bytes: the maker of pages uses its buffer anew. */
struct job {
    struct job *next;
    char name[NAME_SIZE];
    size_t length;
    char bytes[];
};

struct staging {
    int directory;
    int public_directory; /* borrowed; -1 unless the folder stands there */
    unsigned long count;
    /* The writer's. */
    struct gzip *gzip;
    struct string_builder compressed;
    /* Shared with the writer, under the mutex. */
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    pthread_cond_t drained;
    pthread_t thread;
    bool has_thread;
    bool is_closing;
    struct job *first;
    struct job *last;
    size_t queued_bytes;  /* of jobs that are not done */
    size_t awaited_bytes; /* writer_wait() sleeps until no more than these are queued */
    struct error error;   /* the first failure */
};

/* Files, and folders of files: a temporary is never deeper. What cannot be
 * removed stays: making a temporary of that name fails later, and says so. */
static void folder_empty(int directory, bool with_folders)
{
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = copy < 0 ? NULL : fdopendir(copy);
    if (!entries) {
        if (copy >= 0)
            (void)close(copy);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            unlinkat(directory, name, 0) == 0 || !with_folders)
            continue;
        int folder = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (folder < 0)
            continue;
        folder_empty(folder, false);
        (void)close(folder);
        (void)unlinkat(directory, name, AT_REMOVEDIR);
    }
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
    string_builder_init(&staging->compressed, 0);
    (void)pthread_mutex_init(&staging->mutex, NULL);
    (void)pthread_cond_init(&staging->filled, NULL);
    (void)pthread_cond_init(&staging->drained, NULL);
    staging->gzip = gzip_new(error);
    if (staging->gzip)
        staging->directory = folder_open(AT_FDCWD, path, 0700, error);
    /* Whatever a killed run left: the lock of ingest and publish says that nobody else writes
     * here. */
    if (staging->directory >= 0)
        folder_empty(staging->directory, true);
    /* A rename does not leave its file system: then temporaries must stand in public/ itself. */
    if (staging->directory >= 0 && !same_file_system(staging->directory, public_directory)) {
        (void)close(staging->directory);
        staging->public_directory = public_directory;
        staging->directory = folder_open(public_directory, FALLBACK_FOLDER, 0700, error);
        if (staging->directory >= 0)
            folder_empty(staging->directory, true);
    }
    if (staging->directory < 0) {
        staging_close(staging);
        return NULL;
    }
    return staging;
}

const char *staging_name(struct staging *staging, struct arena *arena)
{
    /* A number, because two owners may put files of one name. */
    return arena_format(arena, "%lu", ++staging->count);
}

static void gzip_name(char name[GZIP_NAME_SIZE], const char *plain)
{
    (void)snprintf(name, GZIP_NAME_SIZE, "%s.gz", plain);
}

static bool disk_failed(int saved_errno, struct error *error)
{
    if (saved_errno == ENOSPC || saved_errno == EDQUOT)
        return error_set(error, ERROR_SYSTEM,
                         "the disk is full" ERROR_ADVICE "make room and run again");
    return error_set_errno(error, ERROR_SYSTEM, saved_errno, "write");
}

/* The folder that name stands in; false, with errno, where there is none to be made. */
static bool folder_make(struct staging *staging, const char *name)
{
    char folder[NAME_SIZE];
    const char *slash = strchr(name, '/');
    if (!slash)
        return false;
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
    return mkdirat(staging->directory, folder, 0755) == 0 || errno == EEXIST;
}

/* Its folder is made with its first file, so that a folder of an owner without new files never
 * comes to be. */
static int temporary_create(struct staging *staging, const char *name, struct error *error)
{
    /* O_EXCL, because a temporary that is there already would be another file's. */
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int descriptor = openat(staging->directory, name, flags, 0644);
    if (descriptor < 0 && errno == ENOENT && folder_make(staging, name))
        descriptor = openat(staging->directory, name, flags, 0644);
    if (descriptor < 0)
        (void)disk_failed(errno, error);
    return descriptor;
}

/* Closes, since some file systems (NFS) report a failed write only then; errno is that of the write
 * where done is false. */
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
    /* Removed, because half a file must never be renamed into public/; the owner's change is
     * dropped by the caller. */
    (void)unlinkat(staging->directory, name, 0);
    return disk_failed(saved_errno, error);
}

/* Gives the file this time, or, where that is zero, sets *time to the file's own. A text and its
 * .gz need the same one, because servers compare the two times before they serve the .gz; most are
 * written within one tick of the clock, and then no call is needed. */
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

bool staging_write(struct staging *staging, const char *name, const void *bytes, size_t length,
                   struct error *error)
{
    struct timespec time = { 0 };
    return temporary_write(staging, name, bytes, length, &time, error);
}

/* ---- the writer ---- */

static bool job_write(struct staging *staging, const struct job *job, struct error *error)
{
    char name[GZIP_NAME_SIZE];
    struct timespec time = { 0 };
    string_builder_clear(&staging->compressed);
    if (!gzip_append(staging->gzip, job->bytes, job->length, &staging->compressed, error) ||
        !temporary_write(staging, job->name, job->bytes, job->length, &time, error))
        return false;
    gzip_name(name, job->name);
    return temporary_write(staging, name, staging->compressed.data, staging->compressed.length,
                           &time, error);
}

/* With the job itself, so that a queue of empty texts has a length too and is waited for. */
static size_t job_size(const struct job *job)
{
    return sizeof *job + job->length;
}

static void *writer_run(void *payload)
{
    struct staging *staging = payload;
    (void)pthread_mutex_lock(&staging->mutex);
    for (;;) {
        while (!staging->first && !staging->is_closing)
            (void)pthread_cond_wait(&staging->filled, &staging->mutex);
        struct job *job = staging->first;
        if (!job)
            break;
        /* Taken off before it is written, so that the mutex is free while the disk works;
         * queued_bytes still counts it. */
        staging->first = job->next;
        /* After a failure nothing will be put in place: what is queued is only freed. */
        bool is_wanted = staging->error.kind == ERROR_NONE;
        (void)pthread_mutex_unlock(&staging->mutex);
        struct error error = { .kind = ERROR_NONE };
        bool done = !is_wanted || job_write(staging, job, &error);
        (void)pthread_mutex_lock(&staging->mutex);
        /* The first failure alone counts: those behind it are mostly its consequences. */
        if (!done)
            staging->error = error;
        staging->queued_bytes -= job_size(job);
        if (staging->queued_bytes <= staging->awaited_bytes)
            (void)pthread_cond_signal(&staging->drained);
        free(job);
    }
    (void)pthread_mutex_unlock(&staging->mutex);
    return NULL;
}

/* Waits until at most so many bytes are left to be written; false where a write failed. The writer
 * is woken too, because less than a burst may be all that is left. */
static bool writer_wait(struct staging *staging, size_t left, struct error *error)
{
    (void)pthread_mutex_lock(&staging->mutex);
    staging->awaited_bytes = left;
    (void)pthread_cond_signal(&staging->filled);
    while (staging->has_thread && staging->queued_bytes > left)
        (void)pthread_cond_wait(&staging->drained, &staging->mutex);
    bool done = staging->error.kind == ERROR_NONE;
    if (!done && error)
        *error = staging->error;
    (void)pthread_mutex_unlock(&staging->mutex);
    return done;
}

void staging_write_text(struct staging *staging, const char *name, const void *bytes, size_t length)
{
    struct job *job = memory_resize_array(NULL, 1, sizeof *job + length);
    job->next = NULL;
    (void)snprintf(job->name, sizeof job->name, "%s", name);
    job->length = length;
    memcpy(job->bytes, bytes, length);
    if (!staging->has_thread)
        /* Started with the first text: a run with nothing to write needs no thread. */
        staging->has_thread = pthread_create(&staging->thread, NULL, writer_run, staging) == 0;
    if (!staging->has_thread) { /* no thread to be had: slower, but the same */
        if (staging->error.kind == ERROR_NONE)
            (void)job_write(staging, job, &staging->error);
        free(job);
        return;
    }
    (void)pthread_mutex_lock(&staging->mutex);
    if (staging->first)
        staging->last->next = job;
    else
        staging->first = job;
    staging->last = job;
    /* Signalled where the queue passes BURST_BYTES, and not again before it was below that. */
    bool was_little = staging->queued_bytes < BURST_BYTES;
    staging->queued_bytes += job_size(job);
    if (was_little && staging->queued_bytes >= BURST_BYTES)
        (void)pthread_cond_signal(&staging->filled);
    bool is_full = staging->queued_bytes > QUEUE_BYTES_MAXIMUM;
    (void)pthread_mutex_unlock(&staging->mutex);
    /* Waited for outside the mutex, with half the queue as the aim, so that both threads work in
     * long stretches. */
    if (is_full)
        (void)writer_wait(staging, QUEUE_BYTES_MAXIMUM / 2, NULL);
}

void staging_close(struct staging *staging)
{
    if (!staging)
        return;
    (void)pthread_mutex_lock(&staging->mutex);
    staging->is_closing = true;
    (void)pthread_cond_signal(&staging->filled);
    (void)pthread_mutex_unlock(&staging->mutex);
    if (staging->has_thread)
        (void)pthread_join(staging->thread, NULL);
    /* Only now that the thread is gone may what it uses be taken away. */
    (void)pthread_mutex_destroy(&staging->mutex);
    (void)pthread_cond_destroy(&staging->filled);
    (void)pthread_cond_destroy(&staging->drained);
    gzip_free(staging->gzip);
    string_builder_release(&staging->compressed);
    if (staging->directory >= 0)
        (void)close(staging->directory);
    /* Fails where temporaries are left, which does no harm: the next run empties the folder. */
    if (staging->public_directory >= 0)
        (void)unlinkat(staging->public_directory, FALLBACK_FOLDER, AT_REMOVEDIR);
    free(staging);
}

/* ---- other files, and all of them ---- */

/* Inside the kernel: documents may have hundreds of megabytes. */
bool staging_copy(struct staging *staging, const char *name, int descriptor, struct error *error)
{
    int copy = temporary_create(staging, name, error);
    if (copy < 0)
        return false;
    off_t offset = 0;
    ssize_t count;
    /* A call copies a part, up to the file's end, where it gives 0. */
    do {
        count = sendfile(copy, descriptor, &offset, 1 << 20);
    } while (count > 0 || (count < 0 && errno == EINTR));
    return temporary_finish(staging, name, copy, count == 0, error);
}

/* Removes the temporary's folder; no effect while another file is in it. */
static void folder_drop(struct staging *staging, const char *name)
{
    char folder[NAME_SIZE];
    const char *slash = strchr(name, '/');
    if (!slash)
        return;
    (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - name), name);
    (void)unlinkat(staging->directory, folder, AT_REMOVEDIR);
}

void staging_drop(struct staging *staging, const char *name, bool has_gzip)
{
    char compressed[GZIP_NAME_SIZE];
    (void)writer_wait(staging, 0, NULL); /* else the writer may make it after it was removed */
    (void)unlinkat(staging->directory, name, 0);
    gzip_name(compressed, name);
    if (has_gzip)
        (void)unlinkat(staging->directory, compressed, 0);
    folder_drop(staging, name);
}

bool staging_sync(struct staging *staging, struct error *error)
{
    if (!writer_wait(staging, 0, error))
        return false;
    /* One call for all files: an fsync() each would cost a write of the disk's journal a file. */
    return syncfs(staging->directory) == 0 ? true : disk_failed(errno, error);
}

bool staging_place(struct staging *staging, const char *name, bool has_gzip, int directory,
                   const char *path, struct error *error)
{
    char compressed[GZIP_NAME_SIZE];
    char target[PATH_SIZE];
    int length = snprintf(target, sizeof target, "%s.gz", path);
    if (length < 0 || (size_t)length >= sizeof target)
        return error_set(error, ERROR_SYSTEM, "public/%s: path too long", path);
    gzip_name(compressed, name);
    /* The .gz first: a server that prefers it then never meets a new text beside an old .gz. */
    if (has_gzip && renameat(staging->directory, compressed, directory, target) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "public/%s", target);
    if (renameat(staging->directory, name, directory, path) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "public/%s", path);
    folder_drop(staging, name);
    return true;
}

bool staging_place_folder(struct staging *staging, const char *name, int directory,
                          const char *path, bool *is_taken, struct error *error)
{
    *is_taken = false;
    /* rename(2) replaces an empty folder, which nobody can have seen files in. */
    if (renameat(staging->directory, name, directory, path) == 0)
        return true;
    /* Somebody put something there since output_begin_folder() looked; then the files go in one by
     * one. */
    *is_taken = errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR;
    return *is_taken || error_set_errno(error, ERROR_SYSTEM, errno, "public/%s", path);
}
