/* SPDX-License-Identifier: MIT */
/* A folder of the drop directory: a text, its versions, its pictures and documents. */
#include "intake/drop_parts.h"
#include "intake/intake.h"

#include "base/arena.h"
#include "base/file.h"
#include "intake/format_advice.h"
#include "intake/reader.h"
#include "intake/sidecar.h"
#include "intake/version_name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Appends the files of the folder that is open as descriptor (closed here), each name behind
 * prefix; goes one level down. */
static bool list_folder(int descriptor, const char *prefix, struct arena *arena,
                        struct folder_list *list, size_t maximum)
{
    DIR *folder = fdopendir(descriptor);
    const struct dirent *item;
    if (!folder) {
        (void)close(descriptor);
        return false;
    }
    while (list->files.count <= maximum &&
           (item = readdir(folder))) { /* NOLINT(concurrency-mt-unsafe) */
        struct stat status;
        struct drop_file file;
        if (!*prefix && drop_ends_with(item->d_name, DROP_NOTE_ENDING))
            name_list_add(&list->notes, arena, item->d_name);
        if (!*prefix && drop_name_is_skipped(item->d_name) &&
            sidecar_is_on_its_way(arena, item->d_name))
            list->on_its_way = arena_copy(arena, item->d_name);
        if (drop_name_is_skipped(item->d_name) ||
            !drop_stat(descriptor, item->d_name, &status, &file))
            continue;
        if (!drop_name_is_usable(item->d_name)) {
            list->bad_name = arena_format(arena, "%s%s", prefix, item->d_name);
            continue;
        }
        file.name = arena_format(arena, "%s%s", prefix, item->d_name);
        if (!S_ISDIR(status.st_mode)) {
            file_list_add(&list->files, arena, &file);
            continue;
        }
        int inner = *prefix ? -1
                            : openat(descriptor, item->d_name,
                                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner >= 0)
            (void)list_folder(inner, arena_format(arena, "%s/", file.name), arena, list, maximum);
    }
    (void)closedir(folder);
    return true;
}

/* Whether a name says a language, for the text of the same name without one. */
static bool is_version_of(const char *name, const char *stem, struct arena *arena)
{
    const char *own_stem;
    return version_name_tag(arena, name, &own_stem) && strcmp(own_stem, stem) == 0;
}

/* The original among several texts: the first without a language in its name, else the first. */
static const struct drop_file *find_original(const struct drop_file *const *texts, size_t count,
                                             struct arena *arena)
{
    const char *stem;
    for (size_t i = 0; i < count; i++)
        if (!version_name_tag(arena, texts[i]->name, &stem))
            return texts[i];
    return count ? texts[0] : NULL;
}

/* Beside a text that is nothing but one, a Word file is a document of the release (has_rich
 * false). */
static bool is_text(const struct drop_file *file, bool has_rich)
{
    const struct intake_format *format = strchr(file->name, '/') ? NULL
                                                                 : intake_format_of(file->name);
    return format && (has_rich || !format->is_rich);
}

static void find_texts(struct drop_entry *entry, struct folder_texts *texts, struct arena *arena)
{
    texts->versions = arena_allocate_array(arena, entry->count + 1, sizeof(struct drop_file *));
    bool has_plain = false;
    for (size_t i = 0; i < entry->count && !has_plain; i++)
        has_plain = is_text(&entry->files[i], false);
    for (size_t i = 0; i < entry->count; i++)
        if (is_text(&entry->files[i], !has_plain))
            texts->versions[texts->count++] = &entry->files[i];
    texts->text = find_original(texts->versions, texts->count, arena);
    if (!texts->text)
        return;
    const char *stem;
    size_t kept = 0;
    if (!version_name_tag(arena, texts->text->name, &stem))
        stem = arena_copy_bytes(arena, texts->text->name, intake_format_stem(texts->text->name));
    for (size_t i = 0; i < texts->count; i++) {
        const struct drop_file *file = texts->versions[i];
        if (!file->is_regular)
            drop_set_trouble(
                entry, file->is_link ? INTAKE_MESSAGE_ASSET_LINK : INTAKE_MESSAGE_ASSET_SPECIAL,
                file->name, NULL);
        if (file == texts->text)
            continue;
        if (!is_version_of(file->name, stem, arena))
            drop_set_trouble(entry, INTAKE_MESSAGE_FOLDER_TWO_TEXTS, texts->text->name, file->name);
        texts->versions[kept++] = file;
    }
    texts->count = kept;
}

/* Gives the entry a text of the folder, and its sidecar. */
static void set_text(struct drop_entry *entry, const char *text, struct arena *arena)
{
    const struct drop_file *sidecar = drop_find_sidecar(entry->files, entry->count, text, arena);
    entry->text = arena_format(arena, "%s%s", entry->folder, text);
    entry->sidecar = sidecar ? arena_format(arena, "%s%s", entry->folder, sidecar->name) : NULL;
}

static bool is_sidecar_of(const struct drop_entry *entry, const struct drop_file *file,
                          const char *text, struct arena *arena)
{
    return drop_find_sidecar(entry->files, entry->count, text, arena) == file;
}

/* Reports a sidecar that belongs to none of the texts, because its embargo would be missed. */
static void check_sidecars(struct drop_entry *entry, const struct folder_texts *texts,
                           struct arena *arena)
{
    for (size_t i = 0; i < entry->count; i++) {
        const struct drop_file *file = &entry->files[i];
        if (!sidecar_is_name(file->name) || strchr(file->name, '/'))
            continue;
        bool is_known = is_sidecar_of(entry, file, texts->text->name, arena);
        for (size_t v = 0; v < texts->count && !is_known; v++)
            is_known = is_sidecar_of(entry, file, texts->versions[v]->name, arena);
        if (!is_known)
            drop_set_trouble(entry, INTAKE_MESSAGE_SIDECAR_ALONE, file->name, NULL);
    }
}

/* The file that somebody may have meant as the text of a folder that has none: one that was written
 * in a word processor rather than a PDF; NULL: none. */
static const char *find_meant(const struct drop_entry *entry)
{
    const char *pdf = NULL;
    for (size_t i = 0; i < entry->count; i++) {
        const char *name = entry->files[i].name;
        if (strchr(name, '/') || !format_advice_is_due(name))
            continue;
        if (intake_format_is_unread(name))
            return name;
        pdf = pdf ? pdf : name;
    }
    return pdf;
}

/* Finds the text of a folder among its own files, and its sidecar. */
static void choose_text(struct drop_entry *entry, struct folder_texts *texts, struct arena *arena)
{
    find_texts(entry, texts, arena);
    if (!texts->text) {
        drop_set_trouble(entry,
                         entry->count ? INTAKE_MESSAGE_FOLDER_NO_TEXT : INTAKE_MESSAGE_FOLDER_EMPTY,
                         find_meant(entry), NULL);
        return;
    }
    set_text(entry, texts->text->name, arena);
    check_sidecars(entry, texts, arena);
}

void drop_make_version(const struct drop_entry *folder, const struct drop_file *file,
                       const struct name_list *notes, struct arena *arena,
                       struct drop_entry *version)
{
    const char *note = arena_format(arena, "%s" DROP_NOTE_ENDING, file->name);
    *version = *folder;
    set_text(version, file->name, arena);
    version->path = version->text;
    version->note = arena_format(arena, "%s%s", folder->folder, note);
    version->orphan_note_count = 0;
    version->has_note = false;
    for (size_t i = 0; i < notes->count; i++)
        version->has_note = version->has_note || strcmp(notes->names[i], note) == 0;
}

static bool is_note_of_version(const struct folder_texts *texts, const char *note)
{
    for (size_t i = 0; i < texts->count; i++) {
        size_t length = strlen(texts->versions[i]->name);
        if (strncmp(note, texts->versions[i]->name, length) == 0 &&
            strcmp(note + length, DROP_NOTE_ENDING) == 0)
            return true;
    }
    return false;
}

/* Finds the folder's own note, and notes of texts that are no longer in it. */
static void match_folder_notes(struct drop_entry *entry, const struct folder_texts *texts,
                               const struct name_list *notes, struct arena *arena)
{
    struct name_list orphan = { 0 };
    for (size_t i = 0; i < notes->count; i++) {
        const char *path = arena_format(arena, "%s%s", entry->folder, notes->names[i]);
        if (strcmp(path, entry->note) == 0)
            entry->has_note = true;
        else if (entry->has_trouble || !is_note_of_version(texts, notes->names[i]))
            name_list_add(&orphan, arena, path);
    }
    entry->orphan_notes = orphan.names;
    entry->orphan_note_count = orphan.count;
}

void drop_scan_folder(int directory, const char *name, const struct intake_settings *settings,
                      struct arena *arena, struct drop_entry *entry, struct folder_scan *scan)
{
    int maximum = settings->folder_files_maximum ? settings->folder_files_maximum
                                                 : INTAKE_FOLDER_FILES_DEFAULT;
    struct folder_list *list = &scan->list;
    struct stat status;
    *scan = (struct folder_scan){ 0 };
    *entry = (struct drop_entry){ .path = arena_format(arena, "%s/", name) };
    entry->folder = entry->path;
    entry->container = drop_container_of(settings, name, arena);
    int descriptor = file_open_directory_beneath(directory, name);
    if (descriptor < 0 || !list_folder(descriptor, "", arena, list, (size_t)maximum)) {
        drop_set_trouble(entry, INTAKE_MESSAGE_FOLDER_UNREADABLE, NULL,
                         strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
    } else if (list->files.count > (size_t)maximum) {
        drop_set_trouble(entry, INTAKE_MESSAGE_FOLDER_TOO_MANY, arena_format(arena, "%d", maximum),
                         NULL);
    }
    entry->files = list->files.files;
    entry->count = list->files.count;
    entry->bad_name = list->bad_name;
    if (entry->count)
        qsort(entry->files, entry->count, sizeof *entry->files, drop_compare_files);
    else if (!entry->has_trouble && fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        entry->emptied_ns = drop_nanoseconds(status.st_mtim);
    if (!entry->has_trouble)
        choose_text(entry, &scan->texts, arena);
    if (list->on_its_way && !entry->sidecar)
        entry->misnamed_sidecar = arena_format(arena, "%s%s", entry->path, list->on_its_way);
    drop_set_newest(entry);
    const char *noted = entry->text
                            ? entry->text
                            : arena_format(arena, "%s%s", entry->path, drop_base_name(name));
    entry->note = arena_format(arena, "%s" DROP_NOTE_ENDING, noted);
    match_folder_notes(entry, &scan->texts, &list->notes, arena);
    if (entry->has_trouble) /* the original is not known, so neither is what they are versions of */
        scan->texts.count = 0;
}

bool drop_scan_version(int directory, const char *path, const struct intake_settings *settings,
                       struct arena *arena, struct drop_entry *entry)
{
    struct drop_entry folder;
    struct folder_scan scan;
    const char *slash = strrchr(path, '/');
    drop_scan_folder(directory, arena_copy_bytes(arena, path, (size_t)(slash - path)), settings,
                     arena, &folder, &scan);
    for (size_t i = 0; i < scan.texts.count; i++) {
        if (strcmp(scan.texts.versions[i]->name, slash + 1) != 0)
            continue;
        drop_make_version(&folder, scan.texts.versions[i], &scan.list.notes, arena, entry);
        return true;
    }
    return false;
}
