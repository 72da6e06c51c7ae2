/* SPDX-License-Identifier: MIT */
#include "picture/job.h"

#include "base/string_builder.h"
#include "picture/picture_confined.h"
#include "picture/reply.h"
#include "picture/rights.h"

/* What is made of a picture in the confined process. */

enum {
    QUALITY_TURNED = 95,    /* a JPEG that is written anew, since it lay on its side or is in ink */
    QUALITY_CONVERTED = 92, /* at full size, of what was no JPEG */
    QUALITY_SMALL = 82,
    QUALITY_PALETTE = 80, /* of colours, where all that there may be are too heavy */
    QUALITY_EXACT = 100,
    PALETTE_BYTES = 8 /* a pixel that is made, while its palette is chosen */
};

static bool is_on_its_side(const struct job *job)
{
    return job->properties.orientation >= 5;
}

int job_upright_width(const struct job *job)
{
    return is_on_its_side(job) ? job->properties.height : job->properties.width;
}

int job_upright_height(const struct job *job)
{
    return is_on_its_side(job) ? job->properties.width : job->properties.height;
}

/* The pixels byte for byte; orientation as rights_filter() has it. */
static bool put_as_it_is(struct job *job, const struct picture_rights *rights, int orientation,
                         struct string_builder *reply)
{
    reply_put_head(reply, PICTURE_GOOD, job_upright_width(job), job_upright_height(job));
    return rights_filter(job->format, job->file, rights, orientation, reply);
}

/* Whether a picture can be offered whole without being written anew. */
static bool is_fit_as_it_is(const struct job *job, enum picture_format shown)
{
    return shown == job->format && job->properties.orientation <= 1 && !job->properties.is_cmyk;
}

static int quality_of(int width, enum picture_format shown)
{
    if (shown == PICTURE_PNG)
        return QUALITY_EXACT;
    return width > 0 ? QUALITY_SMALL : QUALITY_CONVERTED;
}

/* Choosing a palette wants the whole picture in memory, as it comes out. Where there is no room, it
 * keeps its colours without one. */
static bool has_room_for_palette(const struct job *job, int width)
{
    int64_t made_width = job_upright_width(job);
    int64_t made_height = job_upright_height(job);
    if (width > 0 && width < made_width) {
        made_height = made_height * width / made_width + 1;
        made_width = width;
    }
    return job->needed_bytes + PALETTE_BYTES * made_width * made_height <= PICTURE_MEMORY;
}

/* Takes what was made, and frees it. */
static void put_image(struct job *job, const struct picture_rights *rights,
                      enum picture_format shown, struct picture_image *image,
                      struct string_builder *reply)
{
    struct span encoded = { .bytes = image->bytes, .length = image->length };
    reply_put_head(reply, job->trouble, image->width, image->height);
    if (job->trouble == PICTURE_GOOD && !rights_filter(shown, encoded, rights, 0, reply))
        job->trouble = PICTURE_DAMAGED;
    if (image->bytes)
        job->maker->release(image);
}

/* A drawing or what is seen through, in a palette of fewer colours: as many as are told apart. */
static void lighten(const struct job *job, const struct rendition_order *order,
                    struct picture_image *image)
{
    enum { COLOUR_TYPE = 25, HAS_ALPHA = 4 }; /* RFC 2083, 4.1.1 */

    struct picture_image light = { 0 };
    struct rendition_order lighter = *order;
    const unsigned char *bytes = image->bytes;
    if (order->shown != PICTURE_PNG || order->width == 0 || image->length <= PICTURE_HEAVY ||
        !(order->is_palette || bytes[COLOUR_TYPE] & HAS_ALPHA) ||
        !has_room_for_palette(job, order->width))
        return;
    lighter.is_palette = true;
    lighter.quality = QUALITY_PALETTE;
    (void)job->maker->make(job->file.bytes, job->file.length, job->format, &lighter, &light);
    if (light.bytes && light.length < image->length) {
        struct picture_image heavy = *image;
        *image = light;
        light = heavy;
    }
    if (light.bytes)
        job->maker->release(&light);
}

static void encode(struct job *job, const struct picture_rights *rights,
                   const struct rendition_order *order, struct string_builder *reply)
{
    struct picture_image image = { 0 };
    job->trouble = job->maker->make(job->file.bytes, job->file.length, job->format, order, &image);
    if (job->trouble == PICTURE_GOOD)
        lighten(job, order, &image);
    put_image(job, rights, order->shown, &image, reply);
}

static void encode_anew(struct job *job, const struct picture_rights *rights, int width,
                        enum picture_format shown, struct string_builder *reply)
{
    const struct rendition_order order = {
        .shown = shown,
        .width = width,
        .quality = quality_of(width, shown),
        .is_palette = job->properties.is_palette && shown == PICTURE_PNG &&
                      has_room_for_palette(job, width),
    };
    encode(job, rights, &order, reply);
}

/* A JPEG in ink at full size: as near to it as it can be without growing. */
static void encode_ink(struct job *job, const struct picture_rights *rights,
                       struct string_builder *reply)
{
    static const int qualities[] = { QUALITY_TURNED, 85, 75, 60, 45 };
    for (size_t i = 0; i < sizeof qualities / sizeof qualities[0]; i++) {
        const struct rendition_order order = { .shown = PICTURE_JPEG, .quality = qualities[i] };
        encode(job, rights, &order, reply);
        if (job->trouble != PICTURE_GOOD || reply->length <= job->file.length)
            return;
    }
}

/* ---- turned at full size ---- */

/* What the bytes of a picture at full size take, encoded and as a reply. */
static int64_t copies_bytes(const struct job *job)
{
    return JOB_MEMORY_ALWAYS + 2 * (int64_t)job->file.length;
}

static bool turn(struct job *job, const struct picture_rights *rights, size_t most,
                 struct string_builder *reply)
{
    struct picture_image image = { 0 };
    const struct rendition_room room = { .memory_bytes = PICTURE_MEMORY - copies_bytes(job),
                                         .reply_bytes = most };
    if (!job->maker->rotate(job->file.bytes, job->file.length, job->properties.orientation, &room,
                            &image))
        return false;
    put_image(job, rights, PICTURE_JPEG, &image, reply);
    return job->trouble == PICTURE_GOOD && reply->length <= most;
}

/* At quality 95. */
static bool encode_turned(struct job *job, const struct picture_rights *rights, size_t most,
                          struct string_builder *reply)
{
    if (job->properties.scan_bytes + job->properties.upright_bytes + copies_bytes(job) >
        PICTURE_MEMORY)
        return false;
    const struct rendition_order order = { .shown = PICTURE_JPEG, .quality = QUALITY_TURNED };
    encode(job, rights, &order, reply);
    return job->trouble == PICTURE_GOOD && reply->length <= most;
}

/* A JPEG that lies on its side, at full size: upright without loss where its blocks can change
 * places, which is so for the sizes of most cameras; else written anew where that is no longer, as
 * of what is hardly compressed; else with the mark that tells who shows it to turn it, as browsers
 * do. */
static void make_upright(struct job *job, const struct picture_rights *rights,
                         struct string_builder *reply)
{
    if (!put_as_it_is(job, rights, job->properties.orientation, reply)) {
        job->trouble = PICTURE_DAMAGED;
        return;
    }
    size_t most = reply->length > job->file.length ? reply->length : job->file.length;
    if (turn(job, rights, most, reply) || encode_turned(job, rights, most, reply))
        return;
    job->trouble = PICTURE_GOOD;
    if (!put_as_it_is(job, rights, job->properties.orientation, reply))
        job->trouble = PICTURE_DAMAGED;
}

void job_make(struct job *job, int width, enum picture_format shown, struct string_builder *reply)
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
    if (!is_full || shown != PICTURE_JPEG || job->format != PICTURE_JPEG)
        encode_anew(job, &rights, width, shown, reply);
    else if (job->properties.is_cmyk)
        encode_ink(job, &rights, reply);
    else
        make_upright(job, &rights, reply);
    if (job->trouble != PICTURE_GOOD)
        reply_put_head(reply, job->trouble, 0, 0);
}
