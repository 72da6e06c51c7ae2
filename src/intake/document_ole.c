/* SPDX-License-Identifier: MIT */
/* Compound files of Word, Excel and PowerPoint up to 2003 ([MS-CFB]): a table (FAT) has an entry
 * for each sector, and the last one in use must lie in the file. */
#include "intake/document_formats.h"

#include <stddef.h>

enum {
    HEADER_SIZE = 512,
    TABLES_IN_HEADER = 109, /* numbers of the table's own sectors */
    SECTOR_MAXIMUM = 4096,
    ENTRY_SIZE = 4
};

#define LAST_NUMBER 0xFFFFFFFAU /* higher ones are no sectors */
#define FREE 0xFFFFFFFFU

static uint32_t number_at(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

struct ole {
    const struct document_file *file;
    int sector_size;
    uint32_t tables; /* how many sectors the table has */
    uint32_t seen;   /* how many of them were read */
    int64_t last;    /* the highest sector in use; -1: none yet */
};

static int64_t sector_offset(const struct ole *ole, uint32_t number)
{
    return ((int64_t)number + 1) * ole->sector_size;
}

/* Reads one sector of the table. False where it does not lie in the file. */
static bool read_table(struct ole *ole, uint32_t number)
{
    unsigned char sector[SECTOR_MAXIMUM];
    int64_t entries = ole->sector_size / ENTRY_SIZE;
    int64_t first = (int64_t)ole->seen++ * entries;
    if (!document_bytes(ole->file, sector_offset(ole, number), sector, ole->sector_size))
        return false;
    for (int64_t i = entries - 1; i >= 0; i--)
        if (number_at(sector + i * ENTRY_SIZE) != FREE) {
            ole->last = first + i;
            break;
        }
    return true;
}

static bool read_numbers(struct ole *ole, const unsigned char *numbers, int count)
{
    for (int i = 0; i < count && ole->seen < ole->tables; i++) {
        uint32_t number = number_at(numbers + (ptrdiff_t)i * ENTRY_SIZE);
        if (number < LAST_NUMBER && !read_table(ole, number))
            return false;
    }
    return true;
}

/* Reads the table sectors that the header has no room for: their numbers stand in sectors of their
 * own, each of which names the next. */
static bool read_further(struct ole *ole, uint32_t next)
{
    unsigned char sector[SECTOR_MAXIMUM];
    int count = ole->sector_size / ENTRY_SIZE - 1;
    uint32_t before = 0;
    while (ole->seen < ole->tables && next < LAST_NUMBER) {
        before = ole->seen;
        if (!document_bytes(ole->file, sector_offset(ole, next), sector, ole->sector_size) ||
            !read_numbers(ole, sector, count))
            return false;
        if (ole->seen == before) /* this sector named no further one: a loop or garbage, so stop */
            return true;
        next = number_at(sector + (ptrdiff_t)count * ENTRY_SIZE);
    }
    return true;
}

bool document_ole_has_end(const struct document_file *file)
{
    unsigned char header[HEADER_SIZE];
    if (!document_bytes(file, 0, header, HEADER_SIZE))
        return false;
    int shift = header[30];
    if (shift != 9 &&
        shift != 12) /* not a size that the format has: another format with the same beginning */
        return true;
    struct ole ole = { file, 1 << shift, number_at(header + 44), 0, -1 };
    if (ole.tables > (uint64_t)file->size >> shift)
        return false;
    if (!read_numbers(&ole, header + 76, TABLES_IN_HEADER) ||
        !read_further(&ole, number_at(header + 68)))
        return false;
    /* Some programs do not fill the last sector up. */
    return ole.last < 0 || (ole.last + 1) * ole.sector_size < file->size;
}
