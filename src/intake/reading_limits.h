/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READING_LIMITS_H
#define INTAKE_READING_LIMITS_H

/* What one text may take (see docs/performance.md for what the worst ones do). */
enum {
    READING_MEMORY_MB = 1024,
    READING_CPU_SECONDS = 10,
    READING_WALL_SECONDS = 60,
    READING_REPLY_MAXIMUM = 32 * 1024 * 1024
};

#endif
