/* SPDX-License-Identifier: MIT */
#ifndef CONFINED_CHANNEL_H
#define CONFINED_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct string_builder;

/* Inside confined/ only: frames over a Unix stream socket, a head and then so many bytes, with at
 * most one descriptor beside the head. */

enum frame_kind {
    FRAME_SETUP = 1, /* to the template: what prepare() gets */
    FRAME_FORK,      /* to the template, with the worker's end of a socket */
    FRAME_REAP,      /* to the template: how did the worker end? */
    FRAME_READY,     /* from the template */
    FRAME_PROCESS,   /* from the template: the number of the new process, or of its end */
    FRAME_CONFINED,  /* from a worker, once it has given up its rights */
    FRAME_OPEN,      /* from a worker that could not */
    FRAME_REQUEST,
    FRAME_QUESTION,
    FRAME_ANSWER,
    FRAME_REPLY,
    FRAME_ERROR /* a struct frame_error's kind as one byte, then the message */
};

struct frame {
    uint32_t kind;
    uint32_t has_descriptor;
    uint64_t length;
};

enum channel_result {
    CHANNEL_WELL,
    CHANNEL_CLOSED, /* the other side has gone */
    CHANNEL_LATE,   /* the deadline passed */
    CHANNEL_LONG    /* the frame is longer than allowed, or no frame */
};

/* deadline_ms: of clock_monotonic_now(); -1: none, and the socket may be a blocking one. Writes
 * all. */
enum channel_result channel_send(int socket, enum frame_kind kind, const void *bytes, size_t length,
                                 int descriptor, int64_t deadline_ms);

/* Without waiting and without a descriptor. CHANNEL_LATE: there was no room, and nothing is sent.
 * CHANNEL_LONG: there was room for a part of it. */
enum channel_result channel_try_send(int socket, enum frame_kind kind, const void *bytes,
                                     size_t length);

/* One frame in place of what bytes held, whose maximum must be above most. *descriptor: what came
 * with it, the caller's, or -1; NULL: none is taken. */
enum channel_result channel_receive(int socket, enum frame_kind *kind, struct string_builder *bytes,
                                    size_t most, int *descriptor, int64_t deadline_ms);

#endif
