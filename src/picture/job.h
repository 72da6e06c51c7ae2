/* SPDX-License-Identifier: MIT */
#ifndef PICTURE_JOB_H
#define PICTURE_JOB_H

#include "base/arena.h"
#include "picture/maker.h"
#include "picture/picture.h"
#include "picture/span.h"

struct string_builder;

/* Inside picture/ only, and in the confined process: one file at work. */

struct job {
    const struct rendition_maker *maker;
    struct arena arena;
    struct span file;
    enum picture_format format;
    struct rendition_properties properties;
    enum picture_trouble trouble;
    int64_t needed_bytes;
    int64_t allowed_bytes;
    size_t frames;
};

enum { JOB_MEMORY_ALWAYS = 24 * 1024 * 1024 /* tables, what is written */ };

/* As it is meant to be seen. */
int job_upright_width(const struct job *job);
int job_upright_height(const struct job *job);

/* Appends the reply to PICTURE_MAKE. */
void job_make(struct job *job, int width, enum picture_format shown, struct string_builder *reply);

#endif
