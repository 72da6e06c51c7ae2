/* SPDX-License-Identifier: MIT */
#include "intake/drop_directory.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/string_builder.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static void add_times(struct hash_state *state, int64_t size, int64_t modified, int64_t changed)
{
    int64_t values[] = { size, modified, changed };
    hash_update(state, values, sizeof values);
}

static void add_asset(struct hash_state *state, int directory, const char *name)
{
    struct stat status;
    hash_update_string(state, name);
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        add_times(state, -1, 0, 0);
    else
        add_times(state, status.st_size,
                  (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec,
                  (int64_t)status.st_ctim.tv_sec * 1000000000 + status.st_ctim.tv_nsec);
}

static void begin(struct hash_state *state, const struct drop_entry *entry)
{
    hash_init(state);
    for (size_t i = 0; i < entry->count; i++) {
        const struct drop_file *file = &entry->files[i];
        hash_update_string(state, file->name);
        add_times(state, file->size_bytes, file->modified_ns, file->changed_ns);
    }
    if (entry->misnamed_sidecar)
        hash_update_string(state, entry->misnamed_sidecar);
}

const char *drop_entry_stat_fingerprint(int directory, const struct drop_entry *entry,
                                        const char *const *assets, size_t asset_count,
                                        struct arena *arena)
{
    struct hash_state state;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    struct string_builder names;
    string_builder_init(&names, 0);
    begin(&state, entry);
    for (size_t i = 0; i < asset_count; i++) {
        add_asset(&state, directory, assets[i]);
        string_builder_append_format(&names, "\n%s", assets[i]);
    }
    hash_final(&state, &hash);
    hash_to_hex(&hash, hex);
    const char *stat_fingerprint = arena_format(arena, "%s%s", hex, names.data);
    string_builder_release(&names);
    return stat_fingerprint;
}

bool drop_entry_has_stat_fingerprint(int directory, const struct drop_entry *entry,
                                     const char *stat_fingerprint)
{
    struct hash_state state;
    struct hash hash;
    char hex[HASH_HEX_SIZE];
    if (strlen(stat_fingerprint) < HASH_HEX_SIZE - 1)
        return false;
    begin(&state, entry);
    for (const char *line = strchr(stat_fingerprint, '\n'); line; line = strchr(line + 1, '\n')) {
        char name[4096];
        size_t length = strcspn(line + 1, "\n");
        if (length >= sizeof name)
            return false;
        memcpy(name, line + 1, length);
        name[length] = '\0';
        add_asset(&state, directory, name);
    }
    hash_final(&state, &hash);
    hash_to_hex(&hash, hex);
    return strncmp(stat_fingerprint, hex, HASH_HEX_SIZE - 1) == 0;
}
