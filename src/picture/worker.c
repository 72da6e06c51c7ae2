/* SPDX-License-Identifier: MIT */
#include "picture/picture.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "confined/confined.h"
#include "confined/packet.h"
#include "picture/container.h"
#include "picture/maker.h"
#include "picture/picture_confined.h"
#include "picture/reply.h"
#include "picture/rights.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What runs confined: one picture at a time, of a file that was handed over open. */

/* From the folder of the program. */
#define MAKER_FILE "../lib/pressroom/rendition.so"

enum {
    QUALITY_TURNED = 95,    /* a JPEG that is written anew because it lay on its side */
    QUALITY_CONVERTED = 92, /* at full size, of what was no JPEG */
    QUALITY_SMALL = 82,
    MEMORY_ALWAYS = 24 * 1024 * 1024, /* tables, what is written */
    PALETTE_BYTES = 8                 /* a pixel that is made, while its palette is chosen */
};

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

static bool maker_path(char *path, size_t size, struct error *error)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return error_set(error, ERROR_SYSTEM, "/proc/self/exe: cannot be read; mount /proc");
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash)
        slash[1] = '\0';
    int written = snprintf(path, size, "%s" MAKER_FILE, program);
    return (written > 0 && (size_t)written < size) ||
           error_set(error, ERROR_SYSTEM, "%s: path too long", program);
}

static bool prepare(const void *setup, size_t length, void **state, struct error *error)
{
    char path[PATH_MAX];
    (void)setup;
    (void)length;
    if (!maker_path(path, sizeof path, error))
        return false;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct rendition_maker *maker = handle ? dlsym(handle, RENDITION_SYMBOL) : NULL;
    if (!maker) {
        const char *reason = dlerror(); /* NOLINT(concurrency-mt-unsafe): one thread alone */
        return error_set(error, ERROR_SYSTEM, "pictures: %s; install all of pressroom, and libvips",
                         reason ? reason : path);
    }
    if (maker->version != RENDITION_VERSION)
        return error_set(error, ERROR_SYSTEM, "%s: is of another version; install pressroom anew",
                         path);
    *state = (void *)(uintptr_t)maker;
    return maker->start(error);
}

/* ---- one picture ---- */

struct job {
    const struct rendition_maker *maker;
    struct arena arena;
    struct span file;
    enum picture_format format;
    struct rendition_look look;
    enum picture_trouble trouble;
    int64_t needed_bytes;
    int64_t allowed_bytes;
    size_t frames;
};

static bool is_on_its_side(const struct job *job)
{
    return job->look.orientation >= 5;
}

static int upright_width(const struct job *job)
{
    return is_on_its_side(job) ? job->look.height : job->look.width;
}

static int upright_height(const struct job *job)
{
    return is_on_its_side(job) ? job->look.width : job->look.height;
}

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
static void look_at(struct job *job)
{
    if (job->trouble == PICTURE_GOOD) {
        job->format = picture_format_of(job->file.bytes, job->file.length);
        job->trouble = job->format == PICTURE_UNKNOWN ? PICTURE_NONE : PICTURE_GOOD;
    }
    if (job->trouble == PICTURE_GOOD)
        job->trouble = container_structure(job->format, job->file, &job->frames);
    if (job->trouble == PICTURE_GOOD)
        job->trouble = job->maker->look(job->file.bytes, job->file.length, job->format, &job->look);
    if (job->trouble != PICTURE_GOOD)
        return;
    job->needed_bytes = job->look.scan_bytes + MEMORY_ALWAYS;
    if (job->needed_bytes > PICTURE_MEMORY)
        job->trouble = PICTURE_TOO_LARGE;
    else if (job->look.width > PICTURE_SIDE_MAXIMUM || job->look.height > PICTURE_SIDE_MAXIMUM)
        job->trouble = PICTURE_TOO_LARGE;
}

/* Drawings and what is seen through stay what they are; all else is a photograph. */
static enum picture_format shown_of(const struct job *job)
{
    if (job->format == PICTURE_JPEG)
        return PICTURE_JPEG;
    return job->format == PICTURE_PNG || job->look.is_palette || job->look.has_alpha ? PICTURE_PNG
                                                                                     : PICTURE_JPEG;
}

static void examine(struct job *job, const char *language, struct text *reply)
{
    struct picture_rights rights = { 0 };
    if (job->trouble == PICTURE_GOOD)
        job->trouble = job->maker->scan(job->file.bytes, job->file.length, job->format);
    if (job->trouble == PICTURE_GOOD)
        rights_read(&job->arena, job->format, job->file, language, &rights);
    const struct picture_facts facts = {
        .format = job->format,
        .trouble = job->trouble,
        .width = upright_width(job),
        .height = upright_height(job),
        .is_animated = job->look.is_animated || job->frames > 1,
        .shown = shown_of(job),
        .needed_bytes = job->needed_bytes,
        .allowed_bytes = job->allowed_bytes,
        .rights = rights,
    };
    reply_put_facts(reply, &facts);
}

/* ---- making ---- */

/* The pixels byte for byte; orientation as rights_filter() has it. */
static bool put_as_it_is(struct job *job, const struct picture_rights *rights, int orientation,
                         struct text *reply)
{
    reply_put_head(reply, PICTURE_GOOD, upright_width(job), upright_height(job));
    return rights_filter(job->format, job->file, rights, orientation, reply);
}

/* Whether a picture can be offered whole without being written anew. */
static bool is_fit_as_it_is(const struct job *job, enum picture_format shown)
{
    return shown == job->format && job->look.orientation <= 1 && !job->look.is_cmyk;
}

static int quality_of(const struct job *job, int width)
{
    if (width > 0)
        return QUALITY_SMALL;
    return job->format == PICTURE_JPEG ? QUALITY_TURNED : QUALITY_CONVERTED;
}

/* Choosing a palette wants the whole picture in memory, as it comes out. Where there is no room, it
 * keeps its colours without one. */
static bool has_room_for_palette(const struct job *job, int width)
{
    int64_t made_width = upright_width(job);
    int64_t made_height = upright_height(job);
    if (width > 0 && width < made_width) {
        made_height = made_height * width / made_width + 1;
        made_width = width;
    }
    return job->needed_bytes + PALETTE_BYTES * made_width * made_height <= PICTURE_MEMORY;
}

/* Takes what was made, and frees it. */
static void put_image(struct job *job, const struct picture_rights *rights,
                      enum picture_format shown, struct picture_image *image, struct text *reply)
{
    struct span encoded = { .bytes = image->bytes, .length = image->length };
    reply_put_head(reply, job->trouble, image->width, image->height);
    if (job->trouble == PICTURE_GOOD && !rights_filter(shown, encoded, rights, 0, reply))
        job->trouble = PICTURE_DAMAGED;
    if (image->bytes)
        job->maker->release(image);
}

static void encode(struct job *job, const struct picture_rights *rights, int width,
                   enum picture_format shown, struct text *reply)
{
    struct picture_image image = { 0 };
    const struct rendition_order order = {
        .shown = shown,
        .width = width,
        .quality = quality_of(job, width),
        .is_palette = job->look.is_palette && shown == PICTURE_PNG &&
                      has_room_for_palette(job, width),
    };
    job->trouble = job->maker->make(job->file.bytes, job->file.length, job->format, &order, &image);
    put_image(job, rights, shown, &image, reply);
}

/* ---- turned at full size ---- */

/* What the bytes of a picture at full size take, encoded and as a reply. */
static int64_t copies_bytes(const struct job *job)
{
    return MEMORY_ALWAYS + 2 * (int64_t)job->file.length;
}

static bool turn(struct job *job, const struct picture_rights *rights, size_t most,
                 struct text *reply)
{
    struct picture_image image = { 0 };
    const struct rendition_room room = { .memory_bytes = PICTURE_MEMORY - copies_bytes(job),
                                         .reply_bytes = most };
    if (!job->maker->turn(job->file.bytes, job->file.length, job->look.orientation, &room, &image))
        return false;
    put_image(job, rights, PICTURE_JPEG, &image, reply);
    return job->trouble == PICTURE_GOOD && reply->length <= most;
}

/* At quality 95. */
static bool encode_turned(struct job *job, const struct picture_rights *rights, size_t most,
                          struct text *reply)
{
    if (job->look.scan_bytes + job->look.upright_bytes + copies_bytes(job) > PICTURE_MEMORY)
        return false;
    encode(job, rights, 0, PICTURE_JPEG, reply);
    return job->trouble == PICTURE_GOOD && reply->length <= most;
}

/* A JPEG that lies on its side, at full size: upright without loss where its blocks can change
 * places, which is so for the sizes of most cameras; else written anew where that is no longer, as
 * of what is hardly compressed; else with the mark that tells who shows it to turn it, as browsers
 * do. */
static void make_upright(struct job *job, const struct picture_rights *rights, struct text *reply)
{
    if (!put_as_it_is(job, rights, job->look.orientation, reply)) {
        job->trouble = PICTURE_DAMAGED;
        return;
    }
    size_t most = reply->length > job->file.length ? reply->length : job->file.length;
    if (turn(job, rights, most, reply) || encode_turned(job, rights, most, reply))
        return;
    job->trouble = PICTURE_GOOD;
    if (!put_as_it_is(job, rights, job->look.orientation, reply))
        job->trouble = PICTURE_DAMAGED;
}

static void make(struct job *job, int width, enum picture_format shown, struct text *reply)
{
    struct picture_rights rights;
    if (job->trouble != PICTURE_GOOD) {
        reply_put_head(reply, job->trouble, 0, 0);
        return;
    }
    rights_read(&job->arena, job->format, job->file, NULL, &rights);
    bool is_full = width == 0;
    if (is_full && is_fit_as_it_is(job, shown) && put_as_it_is(job, &rights, 0, reply))
        return;
    if (is_full && shown == PICTURE_JPEG && job->format == PICTURE_JPEG && !job->look.is_cmyk)
        make_upright(job, &rights, reply);
    else
        encode(job, &rights, width, shown, reply);
    if (job->trouble != PICTURE_GOOD)
        reply_put_head(reply, job->trouble, 0, 0);
}

static bool answer(void *state, struct confined_exchange *exchange, struct text *reply,
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
    look_at(&job);
    if (request == PICTURE_MAKE)
        make(&job, width, shown, reply);
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
                .wall_seconds = 600,
                .reply_bytes = PICTURE_REPLY_MAXIMUM,
                .has_threads = true },
    .prepare = prepare,
    .answer = answer,
};
