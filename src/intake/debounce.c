/* SPDX-License-Identifier: MIT */
#include "intake/debounce.h"

#include "base/arena.h"
#include "intake/drop_directory.h"
#include "intake/intake.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

/* An entry, or a file beside the texts, that may still be being written. */
struct watched {
    struct drop_entry *entry; /* of the scan; for a file beside the texts it is made here */
    int64_t since;            /* when a change was last seen, in ms of waiting->now */
    bool is_still;
};

struct watch {
    const struct intake_settings *settings;
    const struct intake_waiting *waiting;
    struct watched *items;
    size_t count;
    size_t unstable;
};

static int64_t kernel_now(void *payload)
{
    struct timespec time;
    (void)payload;
    (void)clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void kernel_wait(void *payload, int64_t milliseconds)
{
    struct timespec time = { .tv_sec = milliseconds / 1000,
                             .tv_nsec = milliseconds % 1000 * 1000000 };
    (void)payload;
    (void)nanosleep(&time, NULL);
}

static const struct intake_waiting kernel = { .now = kernel_now, .wait = kernel_wait };

static const struct intake_waiting *waiting_of(const struct intake_settings *settings)
{
    return settings->waiting ? settings->waiting : &kernel;
}

static int64_t watch_now(const struct watch *watch)
{
    return watch->waiting->now(watch->waiting->payload);
}

bool debounce_is_within(const struct intake_settings *settings, int64_t time_ns,
                        int64_t milliseconds)
{
    const struct intake_waiting *waiting = waiting_of(settings);
    int64_t now = waiting->now(waiting->payload);
    int64_t time = time_ns / 1000000;
    return time > now - milliseconds && time <= now;
}

bool debounce_is_fresh(const struct intake_settings *settings, int64_t newest_ns)
{
    return debounce_is_within(settings, newest_ns, settings->debounce_ms);
}

static void add(struct watch *watch, struct drop_entry *entry, int64_t now)
{
    int64_t newest = entry->newest_ns / 1000000;
    if (newest <= now - watch->settings->debounce_ms)
        return;
    watch->items[watch->count++] = (struct watched){ .entry = entry,
                                                     .since = newest < now ? newest : now };
    watch->unstable++;
}

/* Watches the other files too, because they may belong to a text and still be being copied. */
static void add_others(struct watch *watch, struct drop_directory *scan, struct arena *arena,
                       int64_t now)
{
    for (size_t i = 0; i < scan->other_count; i++) {
        struct drop_file *file = &scan->other_files[i];
        struct drop_entry entry = { .path = file->name, .folder = "", .files = file, .count = 1 };
        entry.newest_ns = file->modified_ns > file->changed_ns ? file->modified_ns
                                                               : file->changed_ns;
        if (entry.newest_ns / 1000000 <= now - watch->settings->debounce_ms)
            continue;
        struct drop_entry *copy = arena_allocate(arena, sizeof *copy);
        *copy = entry;
        add(watch, copy, now);
    }
}

static bool is_same(const struct drop_entry *a, const struct drop_entry *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->files[i].size_bytes != b->files[i].size_bytes ||
            a->files[i].modified_ns != b->files[i].modified_ns ||
            a->files[i].changed_ns != b->files[i].changed_ns)
            return false;
    return true;
}

/* One that vanishes stays unstable: the next run notices that it is gone. */
static void scan_again(struct watch *watch, struct watched *item, struct arena *arena)
{
    const struct intake_settings *settings = watch->settings;
    struct drop_entry fresh;
    int64_t now = watch_now(watch);
    if (!drop_entry_scan(settings->releases_directory, item->entry->path, settings, arena,
                         &fresh)) {
        item->since = now;
        return;
    }
    /* A sidecar under a temporary name is gone once it is complete, because it is renamed then. */
    const char *misnamed = item->entry->misnamed_sidecar;
    if (!fresh.misnamed_sidecar && misnamed &&
        faccessat(settings->releases_directory, misnamed, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        fresh.misnamed_sidecar = misnamed;
    fresh.is_queued = item->entry->is_queued;
    if (!is_same(item->entry, &fresh)) {
        *item->entry = fresh;
        item->since = now;
    } else if (now - item->since >= settings->debounce_ms) {
        item->is_still = true;
        watch->unstable--;
    }
}

/* How long until the next one may be still. */
static int64_t next_wait(const struct watch *watch, int64_t now)
{
    int64_t shortest = INT64_MAX;
    for (size_t i = 0; i < watch->count; i++) {
        int64_t left = watch->items[i].since + watch->settings->debounce_ms - now;
        if (!watch->items[i].is_still && left < shortest)
            shortest = left;
    }
    return shortest > 1 ? shortest : 1;
}

void debounce_wait(const struct intake_settings *settings, struct drop_directory *scan,
                   struct drop_entry **entries, size_t count, struct arena *arena)
{
    struct watch watch = { .settings = settings, .waiting = waiting_of(settings) };
    int64_t start = watch_now(&watch);
    int64_t longest = settings->debounce_ms;
    if (settings->debounce_ms <= 0 || count == 0)
        return;
    watch.items = arena_allocate_array(arena, count + scan->other_count, sizeof *watch.items);
    for (size_t i = 0; i < count; i++)
        add(&watch, entries[i], start);
    add_others(&watch, scan, arena, start);
    /* A file that is complete becomes stable within debounce_ms. One that is written to for longer
     * is left for the next run, because it must not delay the others. */
    for (int64_t now = start; watch.unstable && now - start < longest; now = watch_now(&watch)) {
        int64_t wait = next_wait(&watch, now);
        int64_t left = longest - (now - start);
        watch.waiting->wait(watch.waiting->payload, wait < left ? wait : left);
        for (size_t i = 0; i < watch.count; i++)
            if (!watch.items[i].is_still)
                scan_again(&watch, &watch.items[i], arena);
    }
    for (size_t i = 0; i < watch.count; i++)
        watch.items[i].entry->is_unstable = !watch.items[i].is_still;
}
