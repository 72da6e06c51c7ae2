/* SPDX-License-Identifier: MIT */
#ifndef INTAKE_DEBOUNCE_H
#define INTAKE_DEBOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct drop_directory;
struct drop_entry;
struct intake_settings;

/* Inside intake/ only: waiting until files are no longer being written. */

/* Waits until each of the entries, and each other file of the scan, has not changed (size, mtime,
 * ctime) for debounce_ms, and no longer than that in all; files that have been unchanged for
 * longer cost nothing. Entries that changed meanwhile are scanned anew; those that go on changing
 * get is_unstable. */
void debounce_wait(const struct intake_settings *settings, struct drop_directory *scan,
                   struct drop_entry **entries, size_t count, struct arena *arena);

/* Whether a file with this newest time was written to less than debounce_ms ago. Times in the
 * future (another host's clock) do not count. */
bool debounce_is_fresh(const struct intake_settings *settings, int64_t newest_ns);

/* Whether time (of a file) lies less than so many milliseconds back. */
bool debounce_is_within(const struct intake_settings *settings, int64_t time_ns,
                        int64_t milliseconds);

#endif
