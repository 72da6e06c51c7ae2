/* SPDX-License-Identifier: MIT */
#include "picture/container.h"

#include "picture/gif_blocks.h"
#include "picture/iso_boxes.h"
#include "picture/jpeg_segments.h"
#include "picture/png_chunks.h"
#include "picture/tiff_directory.h"
#include "picture/webp_chunks.h"

enum picture_trouble container_structure(enum picture_format format, struct span file,
                                         size_t *frames)
{
    *frames = 1;
    switch (format) {
    case PICTURE_JPEG:
        return jpeg_structure(file);
    case PICTURE_PNG:
        return png_structure(file, frames);
    case PICTURE_GIF:
        return gif_structure(file, frames);
    case PICTURE_WEBP:
        return webp_structure(file, frames);
    case PICTURE_TIFF:
        return tiff_structure(file, frames);
    case PICTURE_HEIC:
    case PICTURE_AVIF:
        return iso_structure(file, frames);
    default:
        return PICTURE_NONE;
    }
}

void container_parts(struct arena *arena, enum picture_format format, struct span file,
                     struct picture_parts *parts)
{
    *parts = (struct picture_parts){ 0 };
    switch (format) {
    case PICTURE_JPEG:
        jpeg_parts(arena, file, parts);
        break;
    case PICTURE_PNG:
        png_parts(arena, file, parts);
        break;
    case PICTURE_GIF:
        gif_parts(file, parts);
        break;
    case PICTURE_WEBP:
        webp_parts(file, parts);
        break;
    case PICTURE_TIFF:
        tiff_parts(file, parts);
        break;
    case PICTURE_HEIC:
    case PICTURE_AVIF:
        iso_parts(file, parts);
        break;
    default:
        break;
    }
}
