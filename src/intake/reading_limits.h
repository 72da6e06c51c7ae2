/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_READING_LIMITS_H
#define INTAKE_READING_LIMITS_H

/* Inside intake/ only: the limits of the confined process that reads texts. */

/* What one text may take. The process begins with 70 MB of addresses; the worst text of up to 2 MB
 * that is known takes 0.3 s, 130 MB more, and a reply of 3.4 MB. */
enum {
    READING_MEMORY_MB = 512,
    READING_CPU_SECONDS = 10,
    READING_WALL_SECONDS = 60,
    READING_REPLY_MAXIMUM = 32 * 1024 * 1024
};

/* What one text with a format of its own may take: 200 MB beside what the process begins with. */
enum { RICH_READING_MEMORY_MB = 320, RICH_READING_CPU_SECONDS = 2, RICH_READING_WALL_SECONDS = 30 };

#endif
