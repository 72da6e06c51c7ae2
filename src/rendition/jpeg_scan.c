/* SPDX-License-Identifier: MIT */
#include "rendition/jpeg_scan.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h> /* needs <stdio.h> */

#include <jerror.h> /* needs the one above */

/* Huffman codes have no check sums, but bytes that are not those that were written seldom end with
 * the last block: too few are left for the others, or too many, or one is no code at all. The
 * library warns of each and goes on. */

struct scan {
    struct jpeg_error_mgr manager; /* first: the library hands back its address */
    jmp_buf back;
    bool is_cut;
    bool is_damaged;
};

static void stop(j_common_ptr common)
{
    longjmp(((struct scan *)common->err)->back, 1);
}

/* Some cameras fill up to a length with zeros before the end: nothing is wrong with that. Called
 * where the library has passed over bytes, and stands behind the marker that it found. */
static bool are_left_over(const struct jpeg_decompress_struct *from, size_t count)
{
    enum { HARMLESS = 64 /* padding of another kind */, MARKER_SIZE = 2 };

    const JOCTET *end = from->src->next_input_byte - MARKER_SIZE;
    size_t zeros = 0;
    while (zeros < count && end[-1 - (ptrdiff_t)zeros] == 0)
        zeros++;
    return count > HARMLESS && zeros < count;
}

/* All other warnings are about what the file says of itself, and change no pixel. */
static void judge(j_common_ptr common, int level)
{
    struct scan *scan = (struct scan *)common->err;
    const struct jpeg_decompress_struct *from = (const struct jpeg_decompress_struct *)common;
    if (level >= 0)
        return;
    switch (common->err->msg_code) {
    case JWRN_JPEG_EOF:
        scan->is_cut = true;
        break;
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
        scan->is_damaged = true;
        break;
    case JWRN_EXTRANEOUS_DATA:
        if (from->input_scan_number > 0 && are_left_over(from, (size_t)common->err->msg_parm.i[0]))
            scan->is_damaged = true;
        break;
    default:
        break;
    }
}

/* Decodes at the smallest scale, because only the coefficients have to be read. */
static bool read_all(struct jpeg_decompress_struct *from, struct scan *scan, const void *bytes,
                     size_t length)
{
    enum { SMALLEST = 8 };

    if (setjmp(scan->back) != 0) /* NOLINT(cert-err52-cpp): the library's way */
        return false;
    jpeg_create_decompress(from);
    jpeg_mem_src(from, bytes, length);
    (void)jpeg_read_header(from, TRUE);
    from->scale_num = 1;
    from->scale_denom = SMALLEST;
    from->out_color_space = from->jpeg_color_space;
    from->do_fancy_upsampling = FALSE;
    (void)jpeg_start_decompress(from);
    JSAMPARRAY line = from->mem->alloc_sarray(
        (j_common_ptr)from, JPOOL_IMAGE, from->output_width * (JDIMENSION)from->output_components,
        1);
    while (from->output_scanline < from->output_height)
        (void)jpeg_read_scanlines(from, line, 1);
    (void)jpeg_finish_decompress(from);
    return true;
}

enum picture_trouble jpeg_scan(const void *bytes, size_t length)
{
    struct scan scan = { 0 };
    struct jpeg_decompress_struct from = { .err = jpeg_std_error(&scan.manager) };
    scan.manager.error_exit = stop;
    scan.manager.emit_message = judge;
    bool is_read = read_all(&from, &scan, bytes, length);
    jpeg_destroy_decompress(&from);
    if (scan.is_cut)
        return PICTURE_CUT;
    return is_read && !scan.is_damaged ? PICTURE_GOOD : PICTURE_DAMAGED;
}
