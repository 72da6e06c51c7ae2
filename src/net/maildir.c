/* SPDX-License-Identifier: MIT */
#include "net/mailbox.h"

#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAXIMUM = 200, ENVELOPE_MAXIMUM = 1024 };

static bool make_folder(int directory, const char *name)
{
    return mkdirat(directory, name, 0700) == 0 || errno == EEXIST;
}

int maildir_open(const char *path, struct error *error)
{
    if (!file_make_directories(AT_FDCWD, path, error))
        return -1;
    int directory = file_open_directory(AT_FDCWD, path, error);
    if (directory < 0)
        return -1;
    if (make_folder(directory, "tmp") && make_folder(directory, "new") &&
        make_folder(directory, "cur"))
        return directory;
    (void)error_set_errno(error, ERROR_SYSTEM, errno, "%s: the Maildir's folders", path);
    (void)close(directory);
    return -1;
}

static bool is_name(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strspn(name, allowed);
    return length && !name[length] && length <= NAME_MAXIMUM && name[0] != '.';
}

/* An envelope address as the value of a field: nothing in it may end the line. */
static void put_field(struct string_builder *text, const char *name, const char *before,
                      const char *address, const char *after)
{
    string_builder_append_format(text, "%s: %s", name, before);
    for (; *address && text->length < ENVELOPE_MAXIMUM; address++)
        string_builder_append_bytes(text, (unsigned char)*address < 0x20 ? "?" : address, 1);
    string_builder_append_format(text, "%s\n", after);
}

/* Undoes dot-stuffing (RFC 5321 section 4.5.2) and turns CRLF into LF. */
static void put_plain(struct string_builder *text, const char *data, size_t length)
{
    size_t at = 0;
    while (at < length) {
        const char *end = memchr(data + at, '\n', length - at);
        size_t next = end ? (size_t)(end - data) + 1 : length;
        size_t stop = end ? next - 1 : length;
        if (data[at] == '.')
            at++;
        if (end && stop > at && data[stop - 1] == '\r')
            stop--;
        string_builder_append_bytes(text, data + at, stop - at);
        string_builder_append_character(text, '\n');
        at = next;
    }
}

static bool write_temporary(int maildir, const char *path, const struct string_builder *text,
                            struct error *error)
{
    int descriptor = openat(maildir, path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                            0600);
    if (descriptor < 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "Maildir %s", path);
    bool done = file_write_all(descriptor, text->data, text->length) && fsync(descriptor) == 0;
    int written_errno = errno;
    if (close(descriptor) != 0 && done) {
        done = false;
        written_errno = errno;
    }
    if (done)
        return true;
    (void)unlinkat(maildir, path, 0);
    return error_set_errno(error, ERROR_SYSTEM, written_errno, "Maildir %s", path);
}

static bool move_to_new(int maildir, const char *from, const char *to, struct error *error)
{
    if (renameat(maildir, from, maildir, to) != 0)
        return error_set_errno(error, ERROR_SYSTEM, errno, "Maildir %s", to);
    int folder = openat(maildir, "new", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = folder >= 0 && fsync(folder) == 0;
    int sync_errno = errno;
    if (folder >= 0)
        (void)close(folder);
    return done || error_set_errno(error, ERROR_SYSTEM, sync_errno, "Maildir new/");
}

bool maildir_write(int maildir, const struct maildir_message *message, struct error *error)
{
    if (!is_name(message->name))
        return error_set(error, ERROR_INPUT, "\"%s\" is no name for a message in a Maildir",
                         message->name);
    char temporary[NAME_MAXIMUM + 8];
    char final[NAME_MAXIMUM + 8];
    (void)snprintf(temporary, sizeof temporary, "tmp/%s", message->name);
    (void)snprintf(final, sizeof final, "new/%s", message->name);

    struct string_builder text;
    string_builder_init(&text, message->length * 2 + (size_t)4 * ENVELOPE_MAXIMUM);
    put_field(&text, "Return-Path", "<", message->sender, ">");
    put_field(&text, "Delivered-To", "", message->recipient, "");
    put_plain(&text, message->data, message->length);
    bool done = write_temporary(maildir, temporary, &text, error) &&
                move_to_new(maildir, temporary, final, error);
    string_builder_release(&text);
    return done;
}
