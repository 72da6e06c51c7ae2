/* SPDX-License-Identifier: MIT */
#include "intake/document_confined.h"

#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "intake/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* The file, and one object stream inflated. */
#define MEMORY_BYTES (256 * INT64_C(1024) * 1024)

enum { CPU_SECONDS = 5, WALL_SECONDS = 15, REPLY_BYTES = 64 };

/* ---- the process ---- */

/* The whole file, never past its end as it is now; NULL: it is too large, or cannot be read. To be
 * freed. */
static char *read_file(int descriptor, size_t *length)
{
    off_t end = lseek(descriptor, 0, SEEK_END);
    if (end <= 0 || end > PDF_TAGS_FILE_MAXIMUM)
        return NULL;
    char *bytes = memory_allocate((size_t)end);
    *length = 0;
    while (*length < (size_t)end) {
        ssize_t count = pread(descriptor, bytes + *length, (size_t)end - *length, (off_t)*length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        *length += (size_t)count;
    }
    return bytes;
}

static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    size_t length = 0;
    char *bytes = read_file(confined_descriptor(exchange), &length);
    (void)state;
    (void)error;
    packet_put_integer(reply, bytes ? pdf_tags_read(bytes, length) : PDF_TAGS_UNKNOWN);
    free(bytes);
    return true;
}

const struct confined_function intake_document_confined = {
    .name = "document",
    .limits = { .memory_bytes = MEMORY_BYTES,
                .cpu_seconds = CPU_SECONDS,
                .wall_seconds = WALL_SECONDS,
                .reply_bytes = REPLY_BYTES },
    .answer = answer,
};

/* ---- asking it ---- */

struct document_reader {
    struct confined *confined; /* NULL: not open */
    bool has_failed;           /* not tried again */
};

struct document_reader *document_reader_new(void)
{
    struct document_reader *reader = memory_allocate(sizeof *reader);
    *reader = (struct document_reader){ .confined = NULL };
    return reader;
}

void document_reader_free(struct document_reader *reader)
{
    if (reader)
        confined_close(reader->confined);
    free(reader);
}

static bool open_process(struct document_reader *reader)
{
    struct error error;
    if (reader->confined || reader->has_failed)
        return reader->confined != NULL;
    reader->confined = confined_open(intake_document_confined.name, NULL, 0, &error);
    reader->has_failed = !reader->confined;
    if (reader->has_failed)
        log_line(LOG_WARNING, "documents are not looked into: %s", error.message);
    return reader->confined != NULL;
}

enum pdf_tags document_read_tags(struct document_reader *reader, int descriptor)
{
    struct confined_call call = { .request = "", .length = 0, .descriptor = descriptor };
    struct string_builder reply;
    struct packet packet;
    struct error error;
    int64_t tags = PDF_TAGS_UNKNOWN;
    if (!open_process(reader))
        return PDF_TAGS_UNKNOWN;
    string_builder_init(&reply, (size_t)REPLY_BYTES + 1);
    if (confined_call(reader->confined, &call, &reply, &error)) {
        packet_init(&packet, reply.data, reply.length);
        tags = packet_integer_within(&packet, PDF_TAGS_UNKNOWN, PDF_TAGS_THERE);
    } else {
        log_line(LOG_WARNING, "a document is not looked into: %s", error.message);
    }
    string_builder_release(&reply);
    return (enum pdf_tags)tags;
}
