/* SPDX-License-Identifier: MIT */
/* What pictures take in the process that reads them, measured beside what is counted before: draws
 * each kind, has it looked at and made smaller, and made whole where it is written anew for that.
 *
 *   picture_memory PROGRAM
 *
 * Prints the table of docs/performance.md, and what starting that process costs. */
#include "base/arena.h"
#include "base/error.h"
#include "confined/confined.h"
#include "picture/picture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <vips/vips.h>

enum { MEGABYTE = 1024 * 1024, STARTS = 15, WIDTH = 1200 };

struct kind {
    const char *name;
    int width;
    int height;
    int bands;
    bool is_deep; /* 16 bits a sample */
    int orientation;
    const char *suffix; /* of libvips's savers, with options */
};

/* clang-format off */
static const struct kind kinds[] = {
    { "JPEG", 5000, 4000, 3, false, 0, ".jpg[Q=95]" },
    { "JPEG, progressive", 5000, 4000, 3, false, 0, ".jpg[Q=95,interlace]" },
    { "JPEG, progressive", 10000, 7800, 3, false, 0, ".jpg[Q=95,interlace]" },
    { "JPEG on its side", 5000, 4000, 3, false, 6, ".jpg[Q=95]" },
    { "JPEG on its side, progressive", 5000, 4000, 3, false, 6, ".jpg[Q=95,interlace]" },
    { "JPEG, CMYK", 5000, 4000, 4, false, 0, ".jpg[Q=95]" },
    { "PNG, RGB", 5000, 4000, 3, false, 0, ".png" },
    { "PNG, RGB, interlaced", 5000, 4000, 3, false, 0, ".png[interlace]" },
    { "PNG, RGB, interlaced", 15000, 10000, 3, false, 0, ".png[interlace]" },
    { "PNG, RGBA", 12000, 8000, 4, false, 0, ".png" },
    { "PNG, RGBA", 27000, 3000, 4, false, 0, ".png" },
    { "PNG, RGBA of 16 bits", 5000, 4000, 4, true, 0, ".png" },
    { "PNG, RGBA of 16 bits", 24000, 3000, 4, true, 0, ".png" },
    { "PNG, RGBA of 16 bits, interlaced", 5000, 4000, 4, true, 0, ".png[interlace]" },
    { "PNG, RGBA of 16 bits, interlaced", 6000, 8300, 4, true, 0, ".png[interlace]" },
    { "PNG, palette", 5000, 4000, 3, false, 0, ".png[palette]" },
    { "GIF", 5000, 4000, 3, false, 0, ".gif[effort=1]" },
    { "WebP", 7000, 7900, 3, false, 0, ".webp" },
    { "WebP with alpha", 7000, 7900, 4, false, 0, ".webp" },
    { "TIFF, RGB", 5000, 4000, 3, false, 0, ".tif[compression=lzw]" },
    { "TIFF, RGB of 16 bits", 5000, 4000, 3, true, 0, ".tif[compression=lzw]" },
    { "AVIF", 7000, 7000, 3, false, 0, ".avif[effort=0]" },
    { "HEIC", 7000, 7000, 3, false, 0, ".heic[effort=0]" },
};

/* clang-format on */

static void stop(const char *what, const char *why)
{
    (void)fprintf(stderr, "%s: %s\n", what, why);
    exit(1);
}

/* ---- drawing ---- */

static VipsInterpretation colours_of(const struct kind *kind)
{
    if (kind->bands == 4 && strncmp(kind->suffix, ".jpg", 4) == 0)
        return VIPS_INTERPRETATION_CMYK;
    return kind->is_deep ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
}

/* A pattern of little content, not quite opaque: what has one colour alone is at times kept in
 * less, and the file itself, which is mapped, is to be small. */
static VipsImage *draw(const struct kind *kind)
{
    enum { TILE = 64 };

    VipsImage *ramp = NULL;
    VipsImage *scaled = NULL;
    VipsImage *tile = NULL;
    VipsImage *tiles = NULL;
    VipsImage *samples = NULL;
    VipsImage *bands[4];
    VipsImage *joined = NULL;
    VipsImage *named = NULL;
    double most = kind->is_deep ? 65000 : 250;
    VipsBandFormat format = kind->is_deep ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR;
    if (vips_grey(&ramp, TILE, TILE, NULL) != 0 ||
        vips_linear1(ramp, &scaled, most, 1, NULL) != 0 ||
        vips_cast(scaled, &tile, format, NULL) != 0 ||
        vips_replicate(tile, &tiles, kind->width / TILE + 1, kind->height / TILE + 1, NULL) != 0 ||
        vips_crop(tiles, &samples, 0, 0, kind->width, kind->height, NULL) != 0)
        stop(kind->name, vips_error_buffer());
    for (int i = 0; i < kind->bands; i++)
        bands[i] = samples;
    if (vips_bandjoin(bands, &joined, kind->bands, NULL) != 0 ||
        vips_copy(joined, &named, "interpretation", colours_of(kind), NULL) != 0)
        stop(kind->name, vips_error_buffer());
    if (kind->orientation)
        vips_image_set_int(named, VIPS_META_ORIENTATION, kind->orientation);
    g_object_unref(joined);
    g_object_unref(samples);
    g_object_unref(tiles);
    g_object_unref(tile);
    g_object_unref(scaled);
    g_object_unref(ramp);
    return named;
}

/* Unlinked, so that it goes with its descriptor. */
static int file_of(const struct kind *kind)
{
    char path[] = "picture_memory_XXXXXX.XXXXX";
    char *suffix = strchr(path, '.');
    VipsImage *image = draw(kind);
    void *bytes = NULL;
    size_t length = 0;
    *suffix = '\0';
    int descriptor = mkstemp(path);
    if (descriptor < 0 ||
        vips_image_write_to_buffer(image, kind->suffix, &bytes, &length, NULL) != 0)
        stop(kind->name, vips_error_buffer());
    (void)unlink(path);
    for (size_t written = 0; written < length;) {
        ssize_t count = write(descriptor, (char *)bytes + written, length - written);
        if (count <= 0)
            stop(kind->name, "no room for its file");
        written += (size_t)count;
    }
    g_free(bytes);
    g_object_unref(image);
    return descriptor;
}

/* ---- measuring ---- */

static long status_number(int process, const char *field)
{
    char path[64];
    char line[256];
    long number = -1;
    (void)snprintf(path, sizeof path, "/proc/%d/status", process);
    FILE *file = fopen(path, "re");
    while (file && number < 0 && fgets(line, sizeof line, file))
        if (strncmp(line, field, strlen(field)) == 0)
            number = strtol(line + strlen(field), NULL, 10);
    if (file)
        (void)fclose(file);
    return number;
}

/* The one process whose parent this is; 0: none. */
static int child_of(int parent)
{
    int child = 0;
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder && !child && (entry = readdir(folder)) != NULL;) {
        int process = (int)strtol(entry->d_name, NULL, 10);
        if (process > 0 && status_number(process, "PPid:") == parent)
            child = process;
    }
    if (folder)
        (void)closedir(folder);
    return child;
}

static int worker_of_this(void)
{
    return child_of(child_of(getpid()));
}

static const struct kind smallest = { "a small PNG", 8, 8, 3, false, 0, ".png" };

static void examine(struct picture_reader *reader, int descriptor, struct arena *arena,
                    struct picture_facts *facts)
{
    struct error error = { 0 };
    if (!picture_examine(reader, descriptor, NULL, arena, facts, &error))
        stop("picture_examine", error.message);
}

static void make(struct picture_reader *reader, int descriptor, int width,
                 const struct picture_facts *facts)
{
    struct picture_image image;
    enum picture_trouble trouble;
    struct error error = { 0 };
    if (!picture_make(reader, descriptor, width, facts->shown, &image, &trouble, &error))
        stop("picture_make", error.message);
    picture_image_release(&image);
}

/* In a worker of its own, beyond what it took with a picture of a few pixels: MB. */
static long measure(int descriptor, int small, int width, struct arena *arena,
                    struct picture_facts *facts)
{
    struct picture_facts nothing;
    struct picture_reader *reader = picture_reader_new();
    examine(reader, small, arena, &nothing);
    make(reader, small, WIDTH, &nothing);
    int worker = worker_of_this();
    long before = status_number(worker, "VmRSS:");
    examine(reader, descriptor, arena, facts);
    if (facts->trouble == PICTURE_GOOD)
        make(reader, descriptor, width, facts);
    long most = status_number(worker, "VmHWM:");
    picture_reader_free(reader);
    return (most - before + 512) / 1024;
}

static bool is_written_anew(const struct kind *kind, const struct picture_facts *facts)
{
    return facts->shown != facts->format || kind->orientation > 1 ||
           colours_of(kind) == VIPS_INTERPRETATION_CMYK;
}

/* False: it takes more than was counted. */
static bool print_kind(const struct kind *kind, int small)
{
    struct arena arena = { 0 };
    struct picture_facts facts;
    int descriptor = file_of(kind);
    long shown = measure(descriptor, small, WIDTH, &arena, &facts);
    long counted = (long)(facts.needed_bytes / MEGABYTE);
    printf("| %s | %d × %d | %ld | ", kind->name, kind->width, kind->height, counted);
    if (facts.trouble == PICTURE_GOOD)
        printf("%ld | ", shown);
    else
        printf("refused | ");
    if (facts.trouble == PICTURE_GOOD && is_written_anew(kind, &facts))
        printf("%ld |\n", measure(descriptor, small, 0, &arena, &facts));
    else
        printf("– |\n");
    (void)fflush(stdout);
    (void)close(descriptor);
    arena_release(&arena);
    return facts.trouble != PICTURE_GOOD || shown <= counted;
}

static double now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_size(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

static void print_start(int small)
{
    double first[STARTS];
    double second[STARTS];
    long template_size = 0;
    long worker_size = 0;
    for (int i = 0; i < STARTS; i++) {
        struct arena arena = { 0 };
        struct picture_facts facts;
        struct picture_reader *reader = picture_reader_new();
        double begun = now_ms();
        examine(reader, small, &arena, &facts);
        first[i] = now_ms() - begun;
        begun = now_ms();
        examine(reader, small, &arena, &facts);
        second[i] = now_ms() - begun;
        template_size = status_number(child_of(getpid()), "VmRSS:") / 1024;
        worker_size = status_number(worker_of_this(), "VmRSS:") / 1024;
        picture_reader_free(reader);
        arena_release(&arena);
    }
    qsort(first, STARTS, sizeof *first, by_size);
    qsort(second, STARTS, sizeof *second, by_size);
    printf(
        "\nfirst picture of a run: %.1f ms (%.1f–%.1f), each small one behind it %.2f ms; resident: "
        "template %ld MB, worker %ld MB, most of it the same pages\n",
        first[STARTS / 2], first[0], first[STARTS - 1], second[STARTS / 2], template_size,
        worker_size);
}

int main(int count, char **arguments)
{
    if (count != 2 || vips_init(arguments[0]) != 0)
        stop("picture_memory", "PROGRAM, and libvips, are needed");
    confined_set_program(arguments[1]);
    int small = file_of(&smallest);
    bool is_counted_well = true;
    printf("| picture | pixels | counted, MB | at 1200 pixels, MB | whole, MB |\n"
           "| --- | --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        is_counted_well = print_kind(&kinds[i], small) && is_counted_well;
    print_start(small);
    (void)close(small);
    vips_shutdown();
    if (!is_counted_well)
        stop("picture_memory",
             "a picture takes more than is counted for it (src/rendition/inspect.c)");
    return 0;
}
