/* SPDX-License-Identifier: MIT */
#include "net/mailbox_kind.h"

#include "base/error.h"
#include "base/hash.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libetpan/mailmbox.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* libetpan finds the messages in the file, mapped and locked (dot lock and fcntl) while it does;
 * opened read-only and without its own X-LibEtPan-UID fields, or it would rewrite the user's mail.
 * What lies where is then read with plain reads, so that a program that cuts the file short cannot
 * end us by SIGBUS; a hash tells whether a message still lies where it did. */
struct mbox_entry {
    off_t start;
    size_t length;
    struct hash hash; /* of at most MAILBOX_MESSAGE_MAXIMUM octets */
};

struct mbox_state {
    int descriptor;
    struct mbox_entry *entries;
    size_t count;
    size_t next;
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

/* A message ends where the next begins: libetpan takes a last body that no empty line follows for
 * padding. Line ends behind it are not counted, so that it stays the same when more is appended. */
static size_t entry_length(const struct mailmbox_folder *folder, unsigned index, size_t start)
{
    size_t end = folder->mb_mapping_size;
    const struct mailmbox_msg_info *next = NULL;
    if (index + 1 < carray_count(folder->mb_tab))
        next = carray_get(folder->mb_tab, index + 1);
    if (next && next->msg_start < end)
        end = next->msg_start;
    while (end > start &&
           (folder->mb_mapping[end - 1] == '\n' || folder->mb_mapping[end - 1] == '\r'))
        end--;
    return end > start ? end - start : 0;
}

/* While the lock is held. */
static void take_entries(struct mbox_state *state, const struct mailmbox_folder *folder)
{
    unsigned count = carray_count(folder->mb_tab);
    state->entries = calloc(count ? count : 1, sizeof *state->entries);
    if (!state->entries)
        abort();
    for (unsigned i = 0; i < count; i++) {
        const struct mailmbox_msg_info *info = carray_get(folder->mb_tab, i);
        size_t length = info ? entry_length(folder, i, info->msg_headers) : 0;
        if (!length)
            continue;
        struct mbox_entry *entry = &state->entries[state->count++];
        entry->start = (off_t)info->msg_headers;
        entry->length = length;
        hash_bytes(folder->mb_mapping + info->msg_headers, counted(length), &entry->hash);
    }
}

static bool list_messages(struct mbox_state *state, const char *path, struct error *error)
{
    struct mailmbox_folder *folder = NULL;
    int code = mailmbox_init(path, 1, 1, 0, &folder);
    if (code != MAILMBOX_NO_ERROR)
        return error_set(
            error, code == MAILMBOX_ERROR_FILE_NOT_FOUND ? ERROR_USAGE : ERROR_TEMPORARY,
            "mail.inbox: %s: cannot be read as an mbox, or is locked (code %d)", path, code);
    bool done = mailmbox_validate_read_lock(folder) == MAILMBOX_NO_ERROR;
    if (done) {
        take_entries(state, folder);
        (void)mailmbox_read_unlock(folder);
    } else {
        (void)error_set(error, ERROR_TEMPORARY, "mail.inbox: %s: is locked for too long", path);
    }
    mailmbox_done(folder);
    return done;
}

static void *open_mbox(const struct mailbox_settings *settings, const struct mailbox_place *place,
                       struct error *error)
{
    (void)place;
    struct mbox_state *state = calloc(1, sizeof *state);
    if (!state)
        abort();
    state->descriptor = open(settings->url, O_RDONLY | O_CLOEXEC);
    if (state->descriptor < 0) {
        (void)error_set_errno(error, ERROR_USAGE, errno, "mail.inbox: %s", settings->url);
    } else if (lseek(state->descriptor, 0, SEEK_END) == 0 ||
               list_messages(state, settings->url, error)) {
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

static bool read_mbox(void *payload, struct text *bytes, bool *found, struct error *error)
{
    struct mbox_state *state = payload;
    const struct mbox_entry *entry = &state->entries[state->next - 1];
    size_t wanted = entry->length <= MAILBOX_MESSAGE_MAXIMUM ? entry->length
                                                             : MAILBOX_MESSAGE_MAXIMUM + 1;
    struct hash hash;
    char *buffer = malloc(wanted ? wanted : 1);
    (void)error;
    if (!buffer)
        abort();
    ssize_t count = pread(state->descriptor, buffer, wanted, entry->start);
    *found = count >= 0 && (size_t)count == wanted;
    if (*found) {
        hash_bytes(buffer, counted(wanted), &hash);
        *found = hash_equal(&hash, &entry->hash);
    }
    if (*found)
        text_append_bytes(bytes, buffer, wanted);
    free(buffer);
    return true;
}

static bool done_mbox(void *payload, struct error *error)
{
    (void)payload, (void)error;
    return true;
}

const struct mailbox_kind mailbox_mbox = { open_mbox, next_mbox,  read_mbox,
                                           done_mbox, close_mbox, NULL };
