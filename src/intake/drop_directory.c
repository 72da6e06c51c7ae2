/* SPDX-License-Identifier: MIT */
#include "intake/drop_parts.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "intake/drop_container.h"
#include "intake/intake.h"
#include "intake/media_type.h"
#include "intake/reader.h"
#include "intake/sidecar.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct drop_entry *)a)->path, ((const struct drop_entry *)b)->path);
}

/* The message for something that is no regular file. */
static enum intake_message_id special_message(mode_t mode)
{
    if (S_ISLNK(mode))
        return INTAKE_MESSAGE_IS_LINK;
    if (S_ISFIFO(mode))
        return INTAKE_MESSAGE_IS_FIFO;
    if (S_ISSOCK(mode))
        return INTAKE_MESSAGE_IS_SOCKET;
    return INTAKE_MESSAGE_IS_DEVICE;
}

/* A name without ending may be meant as a text, so it is reported rather than ignored. */
static bool has_no_ending(const char *name)
{
    const char *dot = strrchr(drop_base_name(name), '.');
    return !dot || dot[1] == '\0';
}

/* ---- files ---- */

static void add_file(struct drop_entry *entry, struct arena *arena, const struct drop_file *file)
{
    struct drop_file *files = arena_allocate_array(arena, entry->count + 1, sizeof *files);
    if (entry->count)
        memcpy(files, entry->files, entry->count * sizeof *files);
    files[entry->count++] = *file;
    entry->files = files;
    drop_set_newest(entry);
}

/* Fills the entry of a single file: a text, something meant as one, or a sidecar without its text.
 * */
static void scan_file(const struct drop_file *file, mode_t mode, struct arena *arena,
                      struct drop_entry *entry)
{
    entry->path = file->name;
    entry->folder = "";
    entry->container = arena_copy_bytes(arena, file->name,
                                        (size_t)(drop_base_name(file->name) - file->name));
    entry->note = arena_format(arena, "%s" DROP_NOTE_ENDING, file->name);
    add_file(entry, arena, file);
    if (!file->is_regular)
        drop_set_trouble(entry, special_message(mode), NULL, NULL);
    else if (intake_format_is_unread(file->name))
        drop_set_trouble(entry, INTAKE_MESSAGE_FORMAT_UNREAD, strrchr(file->name, '.') + 1, NULL);
    else if (sidecar_is_name(file->name))
        drop_set_trouble(entry, INTAKE_MESSAGE_SIDECAR_ALONE, file->name, NULL);
    else if (has_no_ending(file->name))
        drop_set_trouble(entry, INTAKE_MESSAGE_FORMAT_NONE, NULL, NULL);
    else
        entry->text = file->name;
}

static void add_sidecar(int directory, struct drop_entry *entry, struct arena *arena)
{
    struct stat status;
    struct drop_file file;
    const char *names[SIDECAR_FORMS];
    sidecar_names(arena, entry->path, names);
    for (size_t i = 0; !entry->sidecar && i < SIDECAR_FORMS; i++) {
        if (!drop_stat(directory, names[i], &status, &file))
            continue;
        entry->sidecar = names[i];
        add_file(entry, arena, &file);
    }
}

bool drop_entry_scan(int directory, const char *path, const struct intake_settings *settings,
                     struct arena *arena, struct drop_entry *entry)
{
    struct stat status;
    struct drop_file file;
    size_t length = strlen(path);
    char *name = arena_copy(arena, path);
    while (length > 1 && name[length - 1] == '/')
        name[--length] = '\0';
    *entry = (struct drop_entry){ .path = path };
    if (!drop_stat(directory, name, &status, &file))
        return false;
    if (S_ISDIR(status.st_mode)) {
        struct folder_scan scan;
        if (drop_container_is(settings, name))
            return false;
        drop_scan_folder(directory, name, settings, arena, entry, &scan);
        return true;
    }
    if (strchr(name + drop_container_length(settings, name, NULL), '/'))
        return drop_scan_version(directory, name, settings, arena, entry);
    scan_file(&file, status.st_mode, arena, entry);
    if (entry->text)
        add_sidecar(directory, entry, arena);
    entry->has_note = fstatat(directory, entry->note, &status, AT_SYMLINK_NOFOLLOW) == 0;
    return true;
}

/* ---- all of it ---- */

/* What a scan collects before sidecars, notes and texts are matched. */
struct collection {
    int directory;
    const struct intake_settings *settings;
    struct arena *arena;
    struct name_list closed;
    struct file_list other_files;
    struct file_list sidecars;
    struct name_list on_their_way; /* sidecars under temporary names */
    struct name_list notes;
    struct name_list bad_names;
    struct entry_list entries;
};

/* Whether the file becomes an entry: a text, something meant as one, or no regular file. Others
 * may be a part of a release. */
static bool is_text_or_trouble(const struct drop_file *file)
{
    const char *name = file->name;
    return intake_format_of(name) || intake_format_is_unread(name) || has_no_ending(name) ||
           (!file->is_regular && !(file->is_link && media_type_name_is_known(name)));
}

static void collect_folder(struct collection *collection, const char *name)
{
    struct drop_entry folder;
    struct folder_scan scan;
    drop_scan_folder(collection->directory, name, collection->settings, collection->arena, &folder,
                     &scan);
    *entry_list_add(&collection->entries, collection->arena) = folder;
    for (size_t i = 0; i < scan.texts.count; i++)
        drop_make_version(&folder, scan.texts.versions[i], &scan.list.notes, collection->arena,
                          entry_list_add(&collection->entries, collection->arena));
}

static void collect_file(struct collection *collection, const struct drop_file *file, mode_t mode)
{
    if (sidecar_is_name(file->name) && file->is_regular)
        file_list_add(&collection->sidecars, collection->arena, file);
    else if (is_text_or_trouble(file))
        scan_file(file, mode, collection->arena,
                  entry_list_add(&collection->entries, collection->arena));
    else
        file_list_add(&collection->other_files, collection->arena, file);
}

/* One name of the drop directory, or of the container that the path begins with. True: the path is
 * a container itself, and what it holds is to be collected. */
static bool collect(struct collection *collection, const char *path)
{
    struct stat status;
    struct drop_file file;
    const char *name = drop_base_name(path);
    if (drop_ends_with(name, DROP_NOTE_ENDING)) {
        name_list_add(&collection->notes, collection->arena, path);
        return false;
    }
    if (drop_name_is_skipped(name) && sidecar_is_on_its_way(collection->arena, name))
        name_list_add(&collection->on_their_way, collection->arena, path);
    if (drop_name_is_skipped(name) || drop_name_is_ours(path) ||
        drop_container_is_readme(collection->settings, path) ||
        !drop_stat(collection->directory, path, &status, &file))
        return false;
    if (!drop_name_is_usable(name)) {
        name_list_add(&collection->bad_names, collection->arena, path);
        return false;
    }
    file.name = arena_copy(collection->arena, path);
    if (!S_ISDIR(status.st_mode))
        collect_file(collection, &file, status.st_mode);
    else if (drop_container_is(collection->settings, path))
        return true;
    else
        collect_folder(collection, file.name);
    return false;
}

/* Gives each text its sidecar; a sidecar without text becomes an entry, so that it is reported. */
static void match_sidecars(struct collection *collection)
{
    struct file_list *sidecars = &collection->sidecars;
    bool *claimed = arena_allocate_array(collection->arena, sidecars->count + 1, sizeof *claimed);
    if (sidecars->count)
        qsort(sidecars->files, sidecars->count, sizeof *sidecars->files, drop_compare_files);
    for (size_t i = 0; i < collection->entries.count; i++) {
        struct drop_entry *entry = &collection->entries.entries[i];
        if (*entry->folder || !entry->text || !sidecars->count)
            continue;
        const struct drop_file *file = drop_find_sidecar(sidecars->files, sidecars->count,
                                                         entry->path, collection->arena);
        if (!file)
            continue;
        claimed[file - sidecars->files] = true;
        entry->sidecar = file->name;
        add_file(entry, collection->arena, file);
    }
    sidecar_match_misnamed(sidecars, claimed, &collection->on_their_way, &collection->entries,
                           collection->arena);
    for (size_t i = 0; i < sidecars->count; i++)
        if (!claimed[i])
            scan_file(&sidecars->files[i], S_IFREG, collection->arena,
                      entry_list_add(&collection->entries, collection->arena));
}

static void match_notes(struct collection *collection, struct drop_directory *result)
{
    struct name_list orphan = { 0 };
    for (size_t i = 0; i < collection->notes.count; i++) {
        const char *note = collection->notes.names[i];
        const char *file = arena_copy_bytes(collection->arena, note,
                                            strlen(note) - strlen(DROP_NOTE_ENDING));
        struct drop_entry *entry = drop_directory_find(result, file);
        if (entry)
            entry->has_note = true;
        else
            name_list_add(&orphan, collection->arena, note);
    }
    result->orphan_notes = orphan.names;
    result->orphan_note_count = orphan.count;
}

static DIR *open_again(int directory, const char *path)
{
    int descriptor = file_open_directory_beneath(directory, *path ? path : ".");
    DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!folder && descriptor >= 0)
        (void)close(descriptor);
    return folder;
}

/* What lies in the drop directory, or in the container at path ("Kladder/"); containers found go
 * into inner. False with errno where it cannot be read. */
static bool list(struct collection *collection, const char *path, struct name_list *inner)
{
    const struct dirent *item;
    DIR *folder = open_again(collection->directory, path);
    if (!folder)
        return false;
    for (errno = 0; (item = readdir(folder)); errno = 0) { /* NOLINT(concurrency-mt-unsafe) */
        const char *name = *path ? arena_format(collection->arena, "%s%s", path, item->d_name)
                                 : item->d_name;
        if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 &&
            collect(collection, name))
            name_list_add(inner, collection->arena, arena_format(collection->arena, "%s/", name));
    }
    int saved = errno;
    (void)closedir(folder);
    errno = saved;
    return saved == 0;
}

/* A container that cannot be read costs what lies in it, not the others. */
static void list_containers(struct collection *collection, const struct name_list *containers)
{
    for (size_t i = 0; i < containers->count; i++) {
        struct name_list inner = { 0 };
        if (!list(collection, containers->names[i], &inner))
            name_list_add(&collection->closed, collection->arena, containers->names[i]);
        for (size_t k = 0; k < inner.count; k++) {
            struct name_list none = { 0 }; /* a third level is no container (drop_container.c) */
            if (!list(collection, inner.names[k], &none))
                name_list_add(&collection->closed, collection->arena, inner.names[k]);
        }
    }
}

static void sort(struct drop_directory *result)
{
    if (result->count)
        qsort(result->entries, result->count, sizeof *result->entries, compare_entries);
    if (result->other_count)
        qsort(result->other_files, result->other_count, sizeof *result->other_files,
              drop_compare_files);
}

bool drop_directory_scan(int directory, const struct intake_settings *settings, struct arena *arena,
                         struct drop_directory *result, struct error *error)
{
    struct collection collection = { .directory = directory, .settings = settings, .arena = arena };
    struct name_list containers = { 0 };
    if (!list(&collection, "", &containers))
        return error_set_errno(error, ERROR_SYSTEM, errno, "the drop directory");
    list_containers(&collection, &containers);
    match_sidecars(&collection);
    *result = (struct drop_directory){ .entries = collection.entries.entries,
                                       .count = collection.entries.count,
                                       .other_files = collection.other_files.files,
                                       .other_count = collection.other_files.count,
                                       .bad_names = collection.bad_names.names,
                                       .bad_count = collection.bad_names.count,
                                       .closed = collection.closed.names,
                                       .closed_count = collection.closed.count };
    sort(result);
    match_notes(&collection, result);
    return true;
}

struct drop_entry *drop_directory_find(const struct drop_directory *scan, const char *path)
{
    struct drop_entry key = { .path = path };
    if (!scan->count)
        return NULL;
    return bsearch(&key, scan->entries, scan->count, sizeof *scan->entries, compare_entries);
}
