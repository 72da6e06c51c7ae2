/* SPDX-License-Identifier: MIT */
#include "publish/picture.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "publish/view.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* From the folder of the program. */
#define MAKER_FILE "../lib/pressroom/picture.so"

#ifdef PRESSROOM_SANITIZED
/* AddressSanitizer 14 guesses where glibc keeps the thread-local variables of what was loaded
 * later, and reads wild memory when it guesses wrong. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
    return "intercept_tls_get_addr=0";
}

/* NOLINTEND(bugprone-reserved-identifier) */
#endif

static bool maker_path(char *path, size_t size, struct error *error)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length < 0)
        return error_set(error, ERROR_SYSTEM, "/proc/self/exe: cannot be read; mount /proc");
    program[length] = '\0';
    char *slash = strrchr(program, '/');
    if (slash)
        slash[1] = '\0';
    int written = snprintf(path, size, "%s" MAKER_FILE, program);
    return (written > 0 && (size_t)written < size) ||
           error_set(error, ERROR_SYSTEM, "%s: path too long", program);
}

/* Stays open: libvips cannot be ended and begun again. */
static const struct picture_maker *maker_open(struct error *error)
{
    static const struct picture_maker *opened;
    char path[PATH_MAX];
    if (opened)
        return opened;
    if (!maker_path(path, sizeof path, error))
        return NULL;
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const struct picture_maker *maker = handle ? dlsym(handle, PICTURE_MAKER_SYMBOL) : NULL;
    if (!maker) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread alone opens it */
        const char *reason = dlerror();
        (void)error_set(error, ERROR_SYSTEM, "pictures: %s; install all of pressroom, and libvips",
                        reason ? reason : path);
    } else if (maker->version != PICTURE_MAKER_VERSION) {
        (void)error_set(error, ERROR_SYSTEM, "%s: is of another version; install pressroom anew",
                        path);
    } else {
        opened = maker;
    }
    return opened;
}

bool picture_make(const void *bytes, size_t length, int width, const char *extension,
                  struct picture_image *image, struct error *error)
{
    const struct picture_maker *maker = maker_open(error);
    return maker && maker->make(bytes, length, width, extension, image, error);
}

void picture_image_release(struct picture_image *image)
{
    struct error unused;
    const struct picture_maker *maker = image->bytes ? maker_open(&unused) : NULL;
    if (maker)
        maker->release(image);
    *image = (struct picture_image){ 0 };
}

const char *picture_media_type(const char *extension)
{
    return strcmp(extension, "png") == 0 ? "image/png" : "image/jpeg";
}

void picture_rendition_hash(const struct hash *source, int width, struct hash *hash)
{
    struct hash_state state;
    const int numbers[2] = { PICTURE_RECIPE, width };
    hash_init(&state);
    hash_update(&state, source->bytes, HASH_SIZE);
    hash_update(&state, numbers, sizeof numbers);
    hash_final(&state, hash);
}

/* "a/b.jpg" → "a/b-640.jpg" */
static const char *path_suffixed(struct arena *arena, const char *path, const char *suffix)
{
    const char *dot = strrchr(path, '.');
    int stem = dot ? (int)(dot - path) : (int)strlen(path);
    return arena_format(arena, "%.*s%s%s", stem, path, suffix, dot ? dot : "");
}

static struct view_rendition rendition_of(struct arena *arena, const struct view_rendition *larger,
                                          const char *path, int width, const char *suffix)
{
    if (larger->width <= width)
        return *larger;
    int64_t height = ((int64_t)larger->height * width + larger->width / 2) / larger->width;
    return (struct view_rendition){ .path = path_suffixed(arena, path, suffix),
                                    .width = width,
                                    .height = height > 0 ? (int)height : 1 };
}

void picture_measure(struct arena *arena, struct view_asset *asset, int width, int height,
                     int64_t size_bytes)
{
    asset->size_bytes = size_bytes;
    asset->full = (struct view_rendition){ asset->path, width, height };
    asset->web = rendition_of(arena, &asset->full, asset->path, PICTURE_WEB, PICTURE_WEB_SUFFIX);
    asset->small = rendition_of(arena, &asset->web, asset->path, PICTURE_SMALL,
                                PICTURE_SMALL_SUFFIX);
}
