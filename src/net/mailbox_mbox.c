/* SPDX-License-Identifier: MIT */
#include "net/mailbox_kind.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "net/mailbox_fingerprint.h"
#include "net/mbox_split.h"

#include <errno.h>
#include <fcntl.h>
#include <libetpan/maillock.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Locked (dot lock and fcntl, by libetpan) while its messages are looked for, opened read-only and
 * never written. What lies where is read with plain reads, so that a program that cuts the file
 * short cannot end us by SIGBUS; a hash tells whether a message still lies where it did. */
enum { READ_SIZE = 64 * 1024 };

struct mbox_entry {
    off_t start;
    size_t length;
    struct hash hash; /* of at most MAILBOX_MESSAGE_MAXIMUM octets, whatever marks are put among its
                         fields: other programs rewrite the file */
};

struct mbox_state {
    int descriptor;
    struct mbox_entry *entries;
    size_t count;
    size_t next;
    struct mailbox_fingerprint fingerprint;
};

static bool close_mbox(void *payload, struct error *error)
{
    struct mbox_state *state = payload;
    (void)error;
    if (state->descriptor >= 0)
        (void)close(state->descriptor);
    free(state->entries);
    free(state);
    return true;
}

static size_t counted(size_t length)
{
    return length < MAILBOX_MESSAGE_MAXIMUM ? length : MAILBOX_MESSAGE_MAXIMUM;
}

static bool split_file(int descriptor, struct mbox_split *split)
{
    static char bytes[READ_SIZE];
    int64_t offset = 0;
    ssize_t count = 1;
    while (count > 0 && !split->is_foreign) {
        count = pread(descriptor, bytes, sizeof bytes, offset);
        if (count > 0)
            mbox_split_bytes(split, bytes, (size_t)count);
        offset += count;
    }
    mbox_split_end(split);
    return count >= 0;
}

/* Called while the lock is held, so that the hashes are of whole messages. */
static bool take_entries(struct mbox_state *state, const struct mbox_split *split)
{
    static char bytes[MAILBOX_MESSAGE_MAXIMUM];
    state->entries = memory_allocate_array(split->count, sizeof *state->entries);
    for (; state->count < split->count; state->count++) {
        const struct mbox_part *part = &split->parts[state->count];
        struct mbox_entry *entry = &state->entries[state->count];
        entry->start = part->start;
        entry->length = (size_t)(part->end - part->start);
        ssize_t count = pread(state->descriptor, bytes, counted(entry->length), entry->start);
        if (count != (ssize_t)counted(entry->length))
            return false;
        mailbox_content_hash(bytes, counted(entry->length), &entry->hash);
    }
    return true;
}

static bool list_messages(struct mbox_state *state, const char *path, struct error *error)
{
    struct mbox_split split;
    if (maillock_read_lock(path, state->descriptor) != 0)
        return error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: is locked for too long", path);
    mbox_split_begin(&split);
    bool done = split_file(state->descriptor, &split);
    if (split.is_foreign)
        done = error_set(error, ERROR_USAGE,
                         "mail.inbox: %s: is no mbox: its first line does not begin with \"From \"",
                         path);
    else if (split.has_too_many)
        done = error_set(error, ERROR_USAGE,
                         "mail.inbox: %s: holds more than %d messages" ERROR_ADVICE
                         "begin a new one",
                         path, MBOX_PARTS_MAXIMUM);
    else if (!done || !take_entries(state, &split))
        done = error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: cannot be read", path);
    mbox_split_release(&split);
    (void)maillock_read_unlock(path, state->descriptor);
    return done;
}

static void *open_mbox(const struct mailbox_settings *settings, const struct mailbox_url *server,
                       struct error *error)
{
    (void)server;
    struct mbox_state *state = memory_allocate(sizeof *state);
    mailbox_fingerprint_take(&state->fingerprint, settings, AT_FDCWD, settings->url, NULL);
    state->descriptor = open(settings->url, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (state->descriptor < 0) {
        (void)error_set_errno(error, ERROR_USAGE, errno, "mail.inbox: %s", settings->url);
    } else if (list_messages(state, settings->url, error)) {
        return state;
    }
    (void)close_mbox(state, error);
    return NULL;
}

static bool next_mbox(void *payload, char key[MAILBOX_KEY_SIZE], bool *found, struct error *error)
{
    struct mbox_state *state = payload;
    char hex[HASH_HEX_SIZE];
    (void)error;
    *found = state->next < state->count;
    if (!*found)
        return true;
    hash_to_hex(&state->entries[state->next++].hash, hex);
    mailbox_key_write(key, hex);
    return true;
}

static bool read_mbox(void *payload, struct string_builder *bytes, bool *found, struct error *error)
{
    struct mbox_state *state = payload;
    const struct mbox_entry *entry = &state->entries[state->next - 1];
    size_t wanted = entry->length <= MAILBOX_MESSAGE_MAXIMUM ? entry->length
                                                             : MAILBOX_MESSAGE_MAXIMUM + 1;
    struct hash hash;
    char *buffer = memory_resize_array(NULL, wanted, 1);
    (void)error;
    ssize_t count = pread(state->descriptor, buffer, wanted, entry->start);
    *found = count >= 0 && (size_t)count == wanted;
    if (*found) {
        mailbox_content_hash(buffer, counted(wanted), &hash);
        *found = hash_equal(&hash, &entry->hash);
    }
    if (*found)
        string_builder_append_bytes(bytes, buffer, wanted);
    free(buffer);
    return true;
}

static bool done_mbox(void *payload, const size_t *numbers, size_t count, struct error *error)
{
    (void)payload, (void)numbers, (void)count, (void)error;
    return true;
}

static bool wait_mbox(void *payload, int64_t most_ms, enum mailbox_news *news, struct error *error)
{
    struct mbox_state *state = payload;
    (void)error;
    mailbox_fingerprint_wait(&state->fingerprint, most_ms);
    *news = MAILBOX_AGAIN;
    return true;
}

const struct mailbox_kind mailbox_mbox = {
    open_mbox, next_mbox, read_mbox, done_mbox, NULL, wait_mbox, close_mbox, NULL,
};
