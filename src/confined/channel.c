/* SPDX-License-Identifier: MIT */
#include "confined/channel.h"

#include "base/clock.h"
#include "base/string_builder.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

static enum channel_result wait_for(int socket, short events, int64_t deadline_ms)
{
    struct pollfd wanted = { .fd = socket, .events = events };
    for (;;) {
        int64_t left_ms = deadline_ms < 0 ? -1 : deadline_ms - clock_monotonic_now();
        if (deadline_ms >= 0 && left_ms <= 0)
            return CHANNEL_LATE;
        int count = poll(&wanted, 1, left_ms > 60000 ? 60000 : (int)left_ms);
        if (count > 0)
            return CHANNEL_WELL;
        if (count < 0 && errno != EINTR)
            return CHANNEL_CLOSED;
    }
}

/* What to do after a call that moved no bytes; CHANNEL_WELL: try again. */
static enum channel_result after_failure(int socket, short events, int64_t deadline_ms)
{
    if (errno == EINTR)
        return CHANNEL_WELL;
    if (errno == EAGAIN)
        return wait_for(socket, events, deadline_ms);
    return CHANNEL_CLOSED;
}

/* ---- sending ---- */

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
};

/* Head and bytes go in one call, because two would wake the other side twice. */
static ssize_t send_first(int socket, const struct frame *frame, const void *bytes, int descriptor)
{
    struct frame head = *frame;
    struct iovec parts[] = { { .iov_base = &head, .iov_len = sizeof head },
                             { .iov_len = (size_t)frame->length } };
    union control control = { .room = { 0 } };
    struct msghdr message = { .msg_iov = parts, .msg_iovlen = frame->length ? 2 : 1 };
    memcpy(&parts[1].iov_base, &bytes, sizeof bytes); /* which are not written to */
    if (descriptor >= 0) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
        struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(sizeof descriptor);
        memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    }
    return sendmsg(socket, &message, MSG_NOSIGNAL);
}

static enum channel_result send_bytes(int socket, const char *bytes, size_t length,
                                      int64_t deadline_ms)
{
    size_t sent = 0;
    while (sent < length) {
        ssize_t count = send(socket, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (count >= 0) {
            sent += (size_t)count;
            continue;
        }
        enum channel_result result = after_failure(socket, POLLOUT, deadline_ms);
        if (result != CHANNEL_WELL)
            return result;
    }
    return CHANNEL_WELL;
}

enum channel_result channel_send(int socket, enum frame_kind kind, const void *bytes, size_t length,
                                 int descriptor, int64_t deadline_ms)
{
    const struct frame frame = { .kind = kind,
                                 .has_descriptor = descriptor >= 0,
                                 .length = length };
    ssize_t count;
    while ((count = send_first(socket, &frame, bytes, descriptor)) < 0) {
        enum channel_result result = after_failure(socket, POLLOUT, deadline_ms);
        if (result != CHANNEL_WELL)
            return result;
    }
    size_t sent = (size_t)count;
    if (sent < sizeof frame) { /* a part of the head alone was sent, which happens only with a
                                  nearly full buffer */
        enum channel_result result = send_bytes(socket, (const char *)&frame + sent,
                                                sizeof frame - sent, deadline_ms);
        if (result != CHANNEL_WELL)
            return result;
        sent = sizeof frame;
    }
    sent -= sizeof frame;
    return sent == length
               ? CHANNEL_WELL
               : send_bytes(socket, (const char *)bytes + sent, length - sent, deadline_ms);
}

enum channel_result channel_try_send(int socket, enum frame_kind kind, const void *bytes,
                                     size_t length)
{
    const struct frame frame = { .kind = kind, .length = length };
    ssize_t count = send_first(socket, &frame, bytes, -1);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? CHANNEL_LATE : CHANNEL_CLOSED;
    return (size_t)count == sizeof frame + length ? CHANNEL_WELL : CHANNEL_LONG;
}

/* ---- receiving ---- */

static void take_descriptor(struct msghdr *message, int *descriptor)
{
    for (struct cmsghdr *rights = CMSG_FIRSTHDR(message); rights;
         rights = CMSG_NXTHDR(message, rights)) {
        if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS)
            continue;
        int taken;
        memcpy(&taken, CMSG_DATA(rights), sizeof taken);
        if (descriptor && *descriptor < 0)
            *descriptor = taken;
        else
            (void)close(taken);
    }
}

/* Where no descriptor is wanted there is no room for one, and the kernel lets none in. */
static ssize_t receive_some(int socket, void *room, size_t size, int *descriptor)
{
    struct iovec part = { .iov_base = room, .iov_len = size };
    union control control = { .room = { 0 } };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    if (descriptor) {
        message.msg_control = control.room;
        message.msg_controllen = sizeof control.room;
    }
    ssize_t count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (count >= 0 && descriptor)
        take_descriptor(&message, descriptor);
    return count;
}

static enum channel_result receive_bytes(int socket, char *room, size_t length, int *descriptor,
                                         int64_t deadline_ms)
{
    size_t received = 0;
    while (received < length) {
        ssize_t count = receive_some(socket, room + received, length - received, descriptor);
        if (count == 0)
            return CHANNEL_CLOSED;
        if (count > 0) {
            received += (size_t)count;
            continue;
        }
        enum channel_result result = after_failure(socket, POLLIN, deadline_ms);
        if (result != CHANNEL_WELL)
            return result;
    }
    return CHANNEL_WELL;
}

/* Received in pieces, because the length is the other side's claim and must not be allocated before
 * the bytes are there. */
static enum channel_result receive_payload(int socket, struct string_builder *bytes,
                                           uint64_t length, int64_t deadline_ms)
{
    while (length > 0) {
        size_t piece = length < PIECE ? (size_t)length : PIECE;
        char *room = string_builder_append_room(bytes, piece);
        if (!room)
            return CHANNEL_LONG;
        enum channel_result result = receive_bytes(socket, room, piece, NULL, deadline_ms);
        if (result != CHANNEL_WELL)
            return result;
        length -= piece;
    }
    return CHANNEL_WELL;
}

enum channel_result channel_receive(int socket, enum frame_kind *kind, struct string_builder *bytes,
                                    size_t most, int *descriptor, int64_t deadline_ms)
{
    struct frame frame = { .kind = 0 };
    string_builder_clear(bytes);
    if (descriptor)
        *descriptor = -1;
    enum channel_result result = receive_bytes(socket, (char *)&frame, sizeof frame, descriptor,
                                               deadline_ms);
    if (result != CHANNEL_WELL)
        return result;
    if (frame.length > most || frame.kind < FRAME_SETUP || frame.kind > FRAME_ERROR)
        return CHANNEL_LONG;
    *kind = (enum frame_kind)frame.kind;
    return receive_payload(socket, bytes, frame.length, deadline_ms);
}
