/* SPDX-License-Identifier: MIT */
#include "rendition/rotate.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h> /* needs <stdio.h> */

/* A JPEG is rotated without loss: its blocks of coefficients change places, and within them rows
 * change with columns, and signs. What stands at a mirrored edge must end with whole blocks, since
 * a part of one can only be at the right and at the bottom. */

enum { PROFILE_MARKER = JPEG_APP0 + 2, MARKER_MAXIMUM = 0xFFFF };

struct failure {
    struct jpeg_error_mgr manager;
    jmp_buf back;
};

/* Where what is at (x, y) comes from: from (y, x) where it is transposed, and from the other end
 * where it is mirrored. */
struct way {
    bool is_transposed;
    bool is_mirrored_across;
    bool is_mirrored_down;
};

struct rotation {
    struct jpeg_decompress_struct from;
    struct jpeg_compress_struct to;
    struct jpeg_destination_mgr destination;
    struct failure failure;
    struct way way;
    jvirt_barray_ptr rotated[MAX_COMPONENTS];
    unsigned char *bytes;
    size_t room;
};

/* ---- what the library calls ---- */

static void fail(j_common_ptr common)
{
    struct failure *failure = (struct failure *)common->err;
    longjmp(failure->back, 1);
}

/* Its default counts warnings and writes the first. */
static void count_warning(j_common_ptr common, int level)
{
    common->err->num_warnings += level < 0;
}

static void begin_output(j_compress_ptr to)
{
    (void)to;
}

static boolean is_full(j_compress_ptr to)
{
    fail((j_common_ptr)to);
    return FALSE;
}

/* ---- blocks ---- */

static size_t across_of(const jpeg_component_info *component)
{
    size_t each = (size_t)component->h_samp_factor;
    return (component->width_in_blocks + each - 1) / each * each;
}

static size_t down_of(const jpeg_component_info *component)
{
    size_t each = (size_t)component->v_samp_factor;
    return (component->height_in_blocks + each - 1) / each * each;
}

/* Mirroring changes the sign of every other frequency of that direction. */
static void rotate_block(const struct way *way, const JCOEF *from, JCOEF *to)
{
    for (int row = 0; row < DCTSIZE; row++)
        for (int column = 0; column < DCTSIZE; column++) {
            int from_row = way->is_transposed ? column : row;
            int from_column = way->is_transposed ? row : column;
            bool is_negative = (way->is_mirrored_across && from_column % 2) !=
                               (way->is_mirrored_down && from_row % 2);
            JCOEF value = from[from_row * DCTSIZE + from_column];
            to[row * DCTSIZE + column] = (JCOEF)(is_negative ? -value : value);
        }
}

static void rotate_component(struct rotation *rotation, int index, jvirt_barray_ptr source)
{
    const struct way *way = &rotation->way;
    j_common_ptr common = (j_common_ptr)&rotation->from;
    const jpeg_component_info *component = &rotation->from.comp_info[index];
    size_t from_across = across_of(component);
    size_t from_down = down_of(component);
    size_t across = way->is_transposed ? from_down : from_across;
    size_t down = way->is_transposed ? from_across : from_down;
    for (size_t y = 0; y < down; y++) {
        JBLOCKROW to = *rotation->from.mem->access_virt_barray(common, rotation->rotated[index],
                                                               (JDIMENSION)y, 1, TRUE);
        for (size_t x = 0; x < across; x++) {
            size_t from_x = way->is_transposed ? y : x;
            size_t from_y = way->is_transposed ? x : y;
            if (way->is_mirrored_across)
                from_x = from_across - 1 - from_x;
            if (way->is_mirrored_down)
                from_y = from_down - 1 - from_y;
            JBLOCKROW from = *rotation->from.mem->access_virt_barray(common, source,
                                                                     (JDIMENSION)from_y, 1, FALSE);
            rotate_block(way, from[from_x], to[x]);
        }
    }
}

/* ---- the picture around them ---- */

static struct way way_of(int orientation)
{
    return (struct way){ .is_transposed = orientation >= 5,
                         .is_mirrored_across = orientation == 2 || orientation == 3 ||
                                               orientation == 7 || orientation == 8,
                         .is_mirrored_down = orientation == 3 || orientation == 4 ||
                                             orientation == 6 || orientation == 7 };
}

/* Whether no edge would be cut, and there is memory for the coefficients, as they are and rotated.
 */
static bool can_be_rotated(const struct rotation *rotation, int64_t memory_bytes)
{
    const struct jpeg_decompress_struct *from = &rotation->from;
    size_t blocks = 0;
    for (int i = 0; i < from->num_components; i++)
        blocks += across_of(&from->comp_info[i]) * down_of(&from->comp_info[i]);
    bool is_whole_across = from->image_width % (unsigned)(from->max_h_samp_factor * DCTSIZE) == 0;
    bool is_whole_down = from->image_height % (unsigned)(from->max_v_samp_factor * DCTSIZE) == 0;
    return (is_whole_across || !rotation->way.is_mirrored_across) &&
           (is_whole_down || !rotation->way.is_mirrored_down) &&
           (int64_t)(2 * blocks * sizeof(JBLOCK)) <= memory_bytes;
}

/* Before the source is read: the library hands out its memory then. */
static void make_room(struct rotation *rotation)
{
    struct jpeg_decompress_struct *from = &rotation->from;
    for (int i = 0; i < from->num_components; i++) {
        const jpeg_component_info *component = &from->comp_info[i];
        bool is_transposed = rotation->way.is_transposed;
        size_t across = is_transposed ? down_of(component) : across_of(component);
        size_t down = is_transposed ? across_of(component) : down_of(component);
        int rows = is_transposed ? component->h_samp_factor : component->v_samp_factor;
        rotation->rotated[i] = from->mem->request_virt_barray((j_common_ptr)from, JPOOL_IMAGE,
                                                              FALSE, (JDIMENSION)across,
                                                              (JDIMENSION)down, (JDIMENSION)rows);
    }
}

static void transpose_tables(struct jpeg_compress_struct *to)
{
    for (int i = 0; i < NUM_QUANT_TBLS; i++)
        for (int row = 0; to->quant_tbl_ptrs[i] && row < DCTSIZE; row++)
            for (int column = 0; column < row; column++) {
                UINT16 *values = to->quant_tbl_ptrs[i]->quantval;
                UINT16 value = values[row * DCTSIZE + column];
                values[row * DCTSIZE + column] = values[column * DCTSIZE + row];
                values[column * DCTSIZE + row] = value;
            }
}

/* Copies what the file has besides its coefficients, and whether it comes in several passes. */
static void describe(struct rotation *rotation)
{
    struct jpeg_compress_struct *to = &rotation->to;
    jpeg_copy_critical_parameters(&rotation->from, to);
    if (rotation->way.is_transposed) {
        JDIMENSION width = to->image_width;
        to->image_width = to->image_height;
        to->image_height = width;
        for (int i = 0; i < to->num_components; i++) {
            int across = to->comp_info[i].h_samp_factor;
            to->comp_info[i].h_samp_factor = to->comp_info[i].v_samp_factor;
            to->comp_info[i].v_samp_factor = across;
        }
        transpose_tables(to);
    }
    to->optimize_coding = TRUE;
    if (rotation->from.progressive_mode)
        jpeg_simple_progression(to);
}

static void write_all(struct rotation *rotation)
{
    struct jpeg_compress_struct *to = &rotation->to;
    rotation->destination = (struct jpeg_destination_mgr){ .next_output_byte = rotation->bytes,
                                                           .free_in_buffer = rotation->room,
                                                           .init_destination = begin_output,
                                                           .empty_output_buffer = is_full,
                                                           .term_destination = begin_output };
    to->dest = &rotation->destination;
    jpeg_write_coefficients(to, rotation->rotated);
    for (jpeg_saved_marker_ptr at = rotation->from.marker_list; at; at = at->next)
        jpeg_write_marker(to, at->marker, at->data, at->data_length);
    jpeg_finish_compress(to);
}

/* False where the picture cannot be rotated, is damaged, or would grow. */
static bool rotate_all(struct rotation *rotation, const void *bytes, size_t length,
                       int64_t memory_bytes)
{
    struct jpeg_decompress_struct *from = &rotation->from;
    if (setjmp(rotation->failure.back) != 0) /* NOLINT(cert-err52-cpp): the library's way */
        return false;
    jpeg_create_decompress(from);
    jpeg_create_compress(&rotation->to);
    jpeg_save_markers(from, PROFILE_MARKER, MARKER_MAXIMUM);
    jpeg_mem_src(from, bytes, length);
    (void)jpeg_read_header(from, TRUE);
    if (!can_be_rotated(rotation, memory_bytes))
        return false;
    make_room(rotation);
    jvirt_barray_ptr *read = jpeg_read_coefficients(from);
    if (from->err->num_warnings)
        return false;
    describe(rotation);
    for (int i = 0; i < from->num_components; i++)
        rotate_component(rotation, i, read[i]);
    write_all(rotation);
    return true;
}

bool rotate_upright(const void *bytes, size_t length, int orientation,
                    const struct rendition_room *room, struct picture_image *image)
{
    struct rotation rotation = { .way = way_of(orientation),
                                 .bytes = malloc(room->reply_bytes),
                                 .room = room->reply_bytes };
    if (!rotation.bytes)
        return false;
    rotation.from.err = jpeg_std_error(&rotation.failure.manager);
    rotation.to.err = rotation.from.err;
    rotation.failure.manager.error_exit = fail;
    rotation.failure.manager.emit_message = count_warning;
    bool done = rotate_all(&rotation, bytes, length, room->memory_bytes);
    if (done)
        *image = (struct picture_image){
            .bytes = rotation.bytes,
            .length = rotation.room - rotation.destination.free_in_buffer,
            .width = (int)rotation.to.image_width,
            .height = (int)rotation.to.image_height,
        };
    jpeg_destroy_compress(&rotation.to);
    jpeg_destroy_decompress(&rotation.from);
    if (!done)
        free(rotation.bytes);
    return done;
}
