/* SPDX-License-Identifier: MIT */
#include "net/mailbox_kind.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "net/mailbox_fingerprint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char done_name[] = "." MAILBOX_DONE_FOLDER;

enum { NAMES_TRIED = 100 };

/* Names are read once, at opening: "new/NAME" and "cur/NAME:2,FLAGS". The part before the colon is
 * a message's for ever, whoever marks it as read meanwhile. */
struct maildir_state {
    struct arena arena;
    const char *path;
    int directory;
    char **names;
    size_t count;
    size_t capacity;
    size_t next; /* the present message is the one before */
    int done;    /* the folder that takes what is done; -1: not opened yet */
    struct mailbox_fingerprint fingerprint;
};

static void add_name(struct maildir_state *state, const char *folder, const char *name)
{
    ARRAY_GROW(state->names, state->count, state->capacity);
    state->names[state->count++] = arena_format(&state->arena, "%s/%s", folder, name);
}

static bool list_folder(struct maildir_state *state, const char *folder, struct error *error)
{
    int descriptor = openat(state->directory, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!directory) {
        (void)error_set_errno(error, ERROR_USAGE, errno, "mail.inbox: %s/%s", state->path, folder);
        if (descriptor >= 0)
            (void)close(descriptor);
        return false;
    }
    struct dirent *entry;
    while ((entry = readdir(directory))) /* NOLINT(concurrency-mt-unsafe) */
        if (entry->d_name[0] != '.')
            add_name(state, folder, entry->d_name);
    (void)closedir(directory);
    return true;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool close_maildir(void *payload, struct error *error)
{
    struct maildir_state *state = payload;
    (void)error;
    if (state->directory >= 0)
        (void)close(state->directory);
    if (state->done >= 0)
        (void)close(state->done);
    free(state->names);
    arena_release(&state->arena);
    free(state);
    return true;
}

static void *open_maildir(const struct mailbox_settings *settings, const struct mailbox_url *server,
                          struct error *error)
{
    (void)server;
    struct maildir_state *state = memory_allocate(sizeof *state);
    state->done = -1;
    state->path = arena_copy(&state->arena, settings->url);
    state->directory = open(state->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (state->directory < 0)
        (void)error_set_errno(error, ERROR_USAGE, errno, "mail.inbox: %s", state->path);
    mailbox_fingerprint_take(&state->fingerprint, settings, state->directory, "new", "cur");
    if (state->directory < 0 || !list_folder(state, "new", error) ||
        !list_folder(state, "cur", error)) {
        (void)close_maildir(state, error);
        return NULL;
    }
    if (state->count)
        qsort(state->names, state->count, sizeof *state->names, compare_names);
    return state;
}

static bool next_maildir(void *payload, char key[MAILBOX_KEY_SIZE], bool *found,
                         struct error *error)
{
    struct maildir_state *state = payload;
    (void)error;
    *found = state->next < state->count;
    if (!*found)
        return true;
    struct arena arena = { 0 };
    const char *name = state->names[state->next++] + strlen("new/");
    mailbox_key_write(key, arena_copy_bytes(&arena, name, strcspn(name, ":")));
    arena_release(&arena);
    return true;
}

/* As much of the file as counts; links and what is no file are not followed. */
static bool read_some(int descriptor, struct string_builder *bytes)
{
    char buffer[16384];
    while (bytes->length <= MAILBOX_MESSAGE_MAXIMUM) {
        size_t room = MAILBOX_MESSAGE_MAXIMUM + 1 - bytes->length;
        ssize_t count = read(descriptor, buffer, room < sizeof buffer ? room : sizeof buffer);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count == 0;
        string_builder_append_bytes(bytes, buffer, (size_t)count);
    }
    return true;
}

static bool is_file(int descriptor)
{
    struct stat found;
    return fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
}

/* A link or a special file in the folder is skipped, because the messages behind it must not wait
 * for it. */
static bool is_passed_over(int failure)
{
    return failure == ENOENT || failure == ELOOP || failure == ENXIO;
}

static bool read_maildir(void *payload, struct string_builder *bytes, bool *found,
                         struct error *error)
{
    struct maildir_state *state = payload;
    const char *name = state->names[state->next - 1];
    int descriptor = openat(state->directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *found = descriptor >= 0 && is_file(descriptor);
    if (descriptor >= 0 && !*found)
        (void)close(descriptor);
    /* Gone: read, moved or removed by somebody else since it was listed; or no file. */
    if (!*found && (descriptor >= 0 || is_passed_over(errno)))
        return true;
    bool done = *found && read_some(descriptor, bytes);
    if (!done)
        (void)error_set_errno(error, ERROR_INPUT, errno, "mail.inbox: %s/%s", state->path, name);
    if (*found)
        (void)close(descriptor);
    return done;
}

/* ---- what is done ---- */

/* Maildir++: a folder within the folder, marked as one, for the same people as the inbox. */
static bool make_done(struct maildir_state *state)
{
    static const char *const inside[] = { "tmp", "new", "cur" };
    struct stat inbox;
    if (fstat(state->directory, &inbox) != 0)
        return false;
    mode_t mode = inbox.st_mode & 0777;
    if (mkdirat(state->directory, done_name, mode) != 0 && errno != EEXIST)
        return false;
    state->done = openat(state->directory, done_name,
                         O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (state->done < 0)
        return false;
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++)
        if (mkdirat(state->done, inside[i], mode) == 0)
            (void)!fchownat(state->done, inside[i], inbox.st_uid, inbox.st_gid, 0);
        else if (errno != EEXIST)
            return false;
    int mark = openat(state->done, "maildirfolder", O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
                      mode & 0666);
    if (mark < 0)
        return false;
    (void)!fchown(mark, inbox.st_uid, inbox.st_gid);
    (void)close(mark);
    (void)!fchown(state->done, inbox.st_uid, inbox.st_gid);
    return true;
}

/* Under another name where that one is taken: no message there is ever replaced. */
static bool put_away(struct maildir_state *state, const char *name)
{
    struct arena arena = { 0 };
    const char *new_name = name;
    int flags_at = (int)strcspn(name, ":");
    int failure = 0;
    for (int i = 1; i <= NAMES_TRIED; i++) {
        failure = renameat2(state->directory, name, state->done, new_name, RENAME_NOREPLACE) ? errno
                                                                                             : 0;
        if (failure != EEXIST)
            break;
        new_name = arena_format(&arena, "%.*s.%d%s", flags_at, name, i, name + flags_at);
    }
    if (failure == EINVAL || failure == ENOSYS) /* a file system that knows only the old call */
        failure = renameat(state->directory, name, state->done, name) ? errno : 0;
    arena_release(&arena);
    errno = failure;
    return failure == 0 || failure == ENOENT; /* moved by somebody else: it comes again */
}

static bool done_maildir(void *payload, const size_t *numbers, size_t count, struct error *error)
{
    struct maildir_state *state = payload;
    if (state->done < 0 && !make_done(state))
        return error_set_errno(error, ERROR_TEMPORARY, errno, "mail.inbox: %s/%s", state->path,
                               done_name);
    for (size_t i = 0; i < count; i++) {
        if (!put_away(state, state->names[numbers[i]]))
            return error_set_errno(error, ERROR_TEMPORARY, errno, "mail.inbox: %s/%s: to %s",
                                   state->path, state->names[numbers[i]], done_name);
        fault_point("mailbox_moved");
    }
    return true;
}

static bool wait_maildir(void *payload, int64_t most_ms, enum mailbox_news *news,
                         struct error *error)
{
    struct maildir_state *state = payload;
    (void)error;
    mailbox_fingerprint_wait(&state->fingerprint, most_ms);
    *news = MAILBOX_AGAIN;
    return true;
}

const struct mailbox_kind mailbox_maildir = {
    open_maildir, next_maildir, read_maildir, done_maildir, NULL, wait_maildir, close_maildir, NULL,
};
