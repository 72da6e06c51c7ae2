/* SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PICTURE_PICTURE_SCENE_H
#define TESTS_UNIT_PICTURE_PICTURE_SCENE_H

#include "cmocka_all.h"

#include "confined/confined.h"
#include "picture/picture.h"

#include <vips/vips.h>

/* A reader of pictures and libvips, for a group of tests. */

static struct picture_reader *reader;

static inline int open_reader(void **state)
{
    (void)state;
    confined_set_program(PRESSROOM_PROGRAM);
    reader = picture_reader_new();
    return vips_init("test");
}

static inline int close_reader(void **state)
{
    (void)state;
    picture_reader_free(reader);
    vips_shutdown();
    return 0;
}

#endif
