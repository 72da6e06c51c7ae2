/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "picture/container.h"
#include "picture/job.h"
#include "picture/maker.h"
#include "picture/picture_confined.h"
#include "picture/reply.h"
#include "picture/rights.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What runs confined: one picture at a time, of a file that was handed over open. */

#ifdef PRESSROOM_SANITIZED
/* AddressSanitizer 14 guesses where glibc keeps the thread-local variables of what was loaded
 * later, and reads wild memory when it guesses wrong. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "intercept_tls_get_addr=0";
}

/* NOLINTEND(bugprone-reserved-identifier) */
#endif

/* ---- before it is confined ---- */

static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    (void)setup;
    (void)length;
    const struct rendition_maker *maker = confined_load("rendition", RENDITION_SYMBOL, "libvips",
                                                        RENDITION_VERSION, error);
    if (!maker)
        return false;
    *state = (void *)(uintptr_t)maker; /* NOLINT(performance-no-int-to-ptr): const alone goes */
    return maker->start(error);
}

/* ---- one picture ---- */

/* The whole file, never past its end as it is now. */
static void open_file(struct job *job, int descriptor)
{
    off_t length = lseek(descriptor, 0, SEEK_END);
    if (length <= 0) {
        job->trouble = PICTURE_NONE;
        return;
    }
    if (length > PICTURE_FILE_MAXIMUM) {
        job->trouble = PICTURE_TOO_LARGE;
        job->needed_bytes = length;
        job->allowed_bytes = PICTURE_FILE_MAXIMUM;
        return;
    }
    void *bytes = mmap(NULL, (size_t)length, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (bytes == MAP_FAILED)
        job->trouble = PICTURE_NONE;
    else
        job->file = (struct span){ .bytes = bytes, .length = (size_t)length };
}

/* All that can be known without decoding a pixel, and whether there is memory for those. */
static void inspect(struct job *job)
{
    if (job->trouble == PICTURE_GOOD) {
        job->format = picture_format_of(job->file.bytes, job->file.length);
        job->trouble = job->format == PICTURE_UNKNOWN ? PICTURE_NONE : PICTURE_GOOD;
    }
    if (job->trouble == PICTURE_GOOD)
        job->trouble = container_structure(job->format, job->file, &job->frames);
    if (job->trouble == PICTURE_GOOD)
        job->trouble = job->maker->inspect(job->file.bytes, job->file.length, job->format,
                                           &job->properties);
    if (job->trouble != PICTURE_GOOD)
        return;
    job->needed_bytes = job->properties.scan_bytes + JOB_MEMORY_ALWAYS;
    if (job->needed_bytes > PICTURE_MEMORY)
        job->trouble = PICTURE_TOO_LARGE;
    else if (job->properties.width > PICTURE_SIDE_MAXIMUM ||
             job->properties.height > PICTURE_SIDE_MAXIMUM)
        job->trouble = PICTURE_TOO_LARGE;
}

/* Drawings and what is seen through stay what they are; all else is a photograph. */
static enum picture_format shown_of(const struct job *job)
{
    if (job->format == PICTURE_JPEG)
        return PICTURE_JPEG;
    return job->format == PICTURE_PNG || job->properties.is_palette || job->properties.has_alpha
               ? PICTURE_PNG
               : PICTURE_JPEG;
}

static void examine(struct job *job, const char *language, struct string_builder *reply)
{
    struct picture_rights rights = { 0 };
    if (job->trouble == PICTURE_GOOD)
        job->trouble = job->maker->scan(job->file.bytes, job->file.length, job->format);
    if (job->trouble == PICTURE_GOOD)
        rights_read(&job->arena, job->format, job->file, language, &rights);
    const struct picture_facts facts = {
        .format = job->format,
        .trouble = job->trouble,
        .width = job_upright_width(job),
        .height = job_upright_height(job),
        .is_animated = job->properties.is_animated || job->frames > 1,
        .shown = shown_of(job),
        .needed_bytes = job->needed_bytes,
        .allowed_bytes = job->allowed_bytes,
        .rights = rights,
    };
    reply_put_facts(reply, &facts);
}

static bool answer(void *state, struct confined_exchange *exchange, struct string_builder *reply,
                   struct error *error)
{
    size_t length = 0;
    struct packet packet;
    struct job job = { .maker = state, .trouble = PICTURE_GOOD, .allowed_bytes = PICTURE_MEMORY };
    const void *bytes = confined_request(exchange, &length);
    packet_init(&packet, bytes, length);
    enum picture_request request = (enum picture_request)packet_integer(&packet);
    const char *language = request == PICTURE_EXAMINE ? packet_string(&packet, &job.arena) : NULL;
    int width = request == PICTURE_MAKE ? (int)packet_integer(&packet) : 0;
    enum picture_format shown = request == PICTURE_MAKE
                                    ? (enum picture_format)packet_integer(&packet)
                                    : PICTURE_UNKNOWN;
    if (!packet_is_good(&packet)) {
        arena_release(&job.arena);
        return error_set(error, ERROR_INPUT, "no such request");
    }
    open_file(&job, confined_descriptor(exchange));
    inspect(&job);
    if (request == PICTURE_MAKE)
        job_make(&job, width, shown, reply);
    else
        examine(&job, language, reply);
    if (job.file.bytes)
        (void)munmap((void *)(uintptr_t)job.file.bytes, job.file.length);
    arena_release(&job.arena);
    return true;
}

const struct confined_function picture_confined = {
    .name = PICTURE_FUNCTION,
    .limits = { .memory_bytes = PICTURE_ADDRESS_SPACE,
                .cpu_seconds = 120,
                .wall_seconds = 150, /* everything else of the run waits as long */
                .reply_bytes = PICTURE_REPLY_MAXIMUM,
                .has_threads = true },
    .prepare = prepare,
    .answer = answer,
};
