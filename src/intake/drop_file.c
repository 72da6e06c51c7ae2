/* SPDX-License-Identifier: MIT */
/* One name, or file, of the drop directory. */
#include "intake/drop_parts.h"

#include "base/arena.h"
#include "base/invisible.h"
#include "base/utf8.h"
#include "intake/drop_container.h"
#include "intake/intake.h"
#include "intake/sidecar.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool drop_ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t ending_length = strlen(ending);
    return length > ending_length && strcasecmp(name + length - ending_length, ending) == 0;
}

/* Files that systems create and nobody means as a release: thumbnails, bins, what an archive or a
 * repaired disk leaves. */
static const char *const system_names[] = {
    "thumbs.db", "ehthumbs.db",        "desktop.ini",  "@eaDir",   "#recycle",
    "@Recycle",  "@Recently-Snapshot", "$RECYCLE.BIN", "RECYCLER", "System Volume Information",
    "__MACOSX",  "lost+found",         "Icon\r",       NULL,
};

bool drop_name_is_skipped(const char *name)
{
    static const char *const endings[] = { ".part", ".tmp",  ".filepart", ".crdownload",
                                           "~",     ".lock", NULL };
    if (name[0] == '.' || strncmp(name, "~$", 2) == 0 || drop_ends_with(name, DROP_NOTE_ENDING))
        return true;
    for (const char *const *ending = endings; *ending; ending++)
        if (drop_ends_with(name, *ending))
            return true;
    for (const char *const *system = system_names; *system; system++)
        if (strcasecmp(name, *system) == 0)
            return true;
    return false;
}

bool drop_name_is_ours(const char *name)
{
    return strcmp(name, INTAKE_STATUS_PAGE) == 0;
}

bool drop_name_is_usable(const char *name)
{
    size_t length = strlen(name);
    size_t offset = 0;
    uint32_t c;
    while (utf8_next(name, length, &offset, &c))
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '\\' || invisible_is_direction(c))
            return false;
    return offset == length;
}

const char *drop_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *drop_container_of(const struct intake_settings *settings, const char *path,
                              struct arena *arena)
{
    size_t length = drop_container_length(settings, path, NULL);
    return length ? arena_copy_bytes(arena, path, length) : "";
}

int drop_compare_files(const void *a, const void *b)
{
    return strcmp(((const struct drop_file *)a)->name, ((const struct drop_file *)b)->name);
}

int64_t drop_nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

bool drop_stat(int directory, const char *name, struct stat *status, struct drop_file *file)
{
    *file = (struct drop_file){ .name = name };
    if (fstatat(directory, name, status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    file->size_bytes = status->st_size;
    file->modified_ns = drop_nanoseconds(status->st_mtim);
    file->changed_ns = drop_nanoseconds(status->st_ctim);
    file->is_regular = S_ISREG(status->st_mode);
    file->is_link = S_ISLNK(status->st_mode);
    return true;
}

void drop_set_trouble(struct drop_entry *entry, enum intake_message_id id, const char *a,
                      const char *b)
{
    if (entry->has_trouble)
        return;
    entry->has_trouble = true;
    entry->trouble = id;
    entry->trouble_a = a;
    entry->trouble_b = b;
}

void drop_set_newest(struct drop_entry *entry)
{
    entry->newest_ns = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const struct drop_file *file = &entry->files[i];
        if (file->modified_ns > entry->newest_ns)
            entry->newest_ns = file->modified_ns;
        if (file->changed_ns > entry->newest_ns)
            entry->newest_ns = file->changed_ns;
    }
}

const struct drop_file *drop_find_sidecar(const struct drop_file *files, size_t count,
                                          const char *text, struct arena *arena)
{
    const char *names[SIDECAR_FORMS];
    const struct drop_file *file = NULL;
    if (!count)
        return NULL;
    sidecar_names(arena, text, names);
    for (size_t i = 0; !file && i < SIDECAR_FORMS; i++) {
        struct drop_file key = { .name = names[i] };
        file = bsearch(&key, files, count, sizeof *files, drop_compare_files);
    }
    return file;
}
