/* SPDX-License-Identifier: MIT */
#include "intake/drop_directory.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/invisible.h"
#include "base/utf8.h"
#include "intake/drop_list.h"
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

static bool ends_with(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t ending_length = strlen(ending);
    return length > ending_length && strcasecmp(name + length - ending_length, ending) == 0;
}

/* What systems put beside people's files, and nobody means: thumbnails, bins, what an archive or a
 * repaired disk leaves. */
static const char *const system_names[] = {
    "thumbs.db", "ehthumbs.db",        "desktop.ini",  "@eaDir",   "#recycle",
    "@Recycle",  "@Recently-Snapshot", "$RECYCLE.BIN", "RECYCLER", "System Volume Information",
    "__MACOSX",  "lost+found",         "Icon\r",       NULL,
};

/* Names that are never read: temporary and lock names, those of systems, and our own notes. */
static bool drop_name_is_skipped(const char *name)
{
    static const char *const endings[] = { ".part", ".tmp",  ".filepart", ".crdownload",
                                           "~",     ".lock", NULL };
    if (name[0] == '.' || strncmp(name, "~$", 2) == 0 || ends_with(name, DROP_NOTE_ENDING))
        return true;
    for (const char *const *ending = endings; *ending; ending++)
        if (ends_with(name, *ending))
            return true;
    for (const char *const *system = system_names; *system; system++)
        if (strcasecmp(name, *system) == 0)
            return true;
    return false;
}

/* A name that shows what it is, wherever it is told. */
static bool is_usable_name(const char *name)
{
    size_t length = strlen(name);
    size_t offset = 0;
    uint32_t c;
    while (utf8_next(name, length, &offset, &c))
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == '\\' || invisible_is_direction(c))
            return false;
    return offset == length;
}

static int compare_files(const void *a, const void *b)
{
    return strcmp(((const struct drop_file *)a)->name, ((const struct drop_file *)b)->name);
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct drop_entry *)a)->path, ((const struct drop_entry *)b)->path);
}

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* False where there is nothing of that name. */
static bool stat_file(int directory, const char *name, struct stat *status, struct drop_file *file)
{
    *file = (struct drop_file){ .name = name };
    if (fstatat(directory, name, status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    file->size_bytes = status->st_size;
    file->modified_ns = nanoseconds(status->st_mtim);
    file->changed_ns = nanoseconds(status->st_ctim);
    file->is_regular = S_ISREG(status->st_mode);
    file->is_link = S_ISLNK(status->st_mode);
    return true;
}

/* What stands there in the place of a file. */
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

static void set_trouble(struct drop_entry *entry, enum intake_message_id id, const char *a,
                        const char *b)
{
    if (entry->has_trouble)
        return;
    entry->has_trouble = true;
    entry->trouble = id;
    entry->trouble_a = a;
    entry->trouble_b = b;
}

static void set_newest(struct drop_entry *entry)
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

/* A file without ending: perhaps a text of a release. */
static bool has_no_ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    return !dot || dot[1] == '\0';
}

/* ---- folders ---- */

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
        if (!*prefix && ends_with(item->d_name, DROP_NOTE_ENDING))
            name_list_add(&list->notes, arena, item->d_name);
        if (!*prefix && drop_name_is_skipped(item->d_name) &&
            sidecar_is_on_its_way(arena, item->d_name))
            list->on_its_way = arena_copy(arena, item->d_name);
        if (drop_name_is_skipped(item->d_name) ||
            !stat_file(descriptor, item->d_name, &status, &file))
            continue;
        if (!is_usable_name(item->d_name)) {
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

/* The sidecar of a text among files, which are sorted; NULL: none. */
static const struct drop_file *find_sidecar(const struct drop_file *files, size_t count,
                                            const char *text, struct arena *arena)
{
    const char *names[SIDECAR_FORMS];
    const struct drop_file *file = NULL;
    if (!count)
        return NULL;
    sidecar_names(arena, text, names);
    for (size_t i = 0; !file && i < SIDECAR_FORMS; i++) {
        struct drop_file key = { .name = names[i] };
        file = bsearch(&key, files, count, sizeof *files, compare_files);
    }
    return file;
}

/* Finds the text of a folder among its own files, and its sidecar. */
static void choose_text(struct drop_entry *entry, struct arena *arena)
{
    const char *text = NULL;
    for (size_t i = 0; i < entry->count; i++) {
        const char *name = entry->files[i].name;
        if (strchr(name, '/') || !intake_format_of(name))
            continue;
        if (text)
            set_trouble(entry, INTAKE_MESSAGE_FOLDER_TWO_TEXTS, text, name);
        else if (!entry->files[i].is_regular)
            set_trouble(entry,
                        entry->files[i].is_link ? INTAKE_MESSAGE_ASSET_LINK
                                                : INTAKE_MESSAGE_ASSET_SPECIAL,
                        name, NULL);
        text = text ? text : name;
    }
    if (!text) {
        set_trouble(entry,
                    entry->count ? INTAKE_MESSAGE_FOLDER_NO_TEXT : INTAKE_MESSAGE_FOLDER_EMPTY,
                    NULL, NULL);
        return;
    }
    const struct drop_file *sidecar = find_sidecar(entry->files, entry->count, text, arena);
    if (sidecar)
        entry->sidecar = arena_format(arena, "%s%s", entry->folder, sidecar->name);
    for (size_t i = 0; i < entry->count; i++) {
        const char *name = entry->files[i].name;
        if (&entry->files[i] != sidecar && sidecar_is_name(name) && !strchr(name, '/'))
            set_trouble(entry, INTAKE_MESSAGE_SIDECAR_ALONE, name, NULL);
    }
    entry->text = arena_format(arena, "%s%s", entry->folder, text);
}

/* Its own note, and those of texts that were in it once. */
static void match_folder_notes(struct drop_entry *entry, const struct name_list *notes,
                               struct arena *arena)
{
    struct name_list stray = { 0 };
    for (size_t i = 0; i < notes->count; i++) {
        const char *path = arena_format(arena, "%s%s", entry->folder, notes->names[i]);
        if (strcmp(path, entry->note) == 0)
            entry->has_note = true;
        else
            name_list_add(&stray, arena, path);
    }
    entry->stray_notes = stray.names;
    entry->stray_count = stray.count;
}

/* name is the folder's, without slash. */
static void look_at_folder(int directory, const char *name, int maximum, struct arena *arena,
                           struct drop_entry *entry)
{
    struct folder_list list = { 0 };
    struct stat status;
    entry->path = arena_format(arena, "%s/", name);
    entry->folder = entry->path;
    int descriptor = openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0 || !list_folder(descriptor, "", arena, &list, (size_t)maximum)) {
        set_trouble(entry, INTAKE_MESSAGE_FOLDER_UNREADABLE, NULL,
                    strerror(errno)); /* NOLINT(concurrency-mt-unsafe) */
    } else if (list.files.count > (size_t)maximum) {
        set_trouble(entry, INTAKE_MESSAGE_FOLDER_TOO_MANY, arena_format(arena, "%d", maximum),
                    NULL);
    }
    entry->files = list.files.files;
    entry->count = list.files.count;
    entry->bad_name = list.bad_name;
    if (entry->count)
        qsort(entry->files, entry->count, sizeof *entry->files, compare_files);
    else if (!entry->has_trouble && fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        entry->emptied_ns = nanoseconds(status.st_mtim);
    if (!entry->has_trouble)
        choose_text(entry, arena);
    if (list.on_its_way && !entry->sidecar)
        entry->stray_sidecar = arena_format(arena, "%s%s", entry->path, list.on_its_way);
    set_newest(entry);
    const char *noted = entry->text ? entry->text : arena_format(arena, "%s%s", entry->path, name);
    entry->note = arena_format(arena, "%s" DROP_NOTE_ENDING, noted);
    match_folder_notes(entry, &list.notes, arena);
}

/* ---- files ---- */

static void add_file(struct drop_entry *entry, struct arena *arena, const struct drop_file *file)
{
    struct drop_file *files = arena_allocate_array(arena, entry->count + 1, sizeof *files);
    if (entry->count)
        memcpy(files, entry->files, entry->count * sizeof *files);
    files[entry->count++] = *file;
    entry->files = files;
    set_newest(entry);
}

/* An entry of one file that is a text, would be one, or is a lone sidecar. */
static void look_at_file(const struct drop_file *file, mode_t mode, struct arena *arena,
                         struct drop_entry *entry)
{
    entry->path = file->name;
    entry->folder = "";
    entry->note = arena_format(arena, "%s" DROP_NOTE_ENDING, file->name);
    add_file(entry, arena, file);
    if (!file->is_regular)
        set_trouble(entry, special_message(mode), NULL, NULL);
    else if (intake_format_is_unread(file->name))
        set_trouble(entry, INTAKE_MESSAGE_FORMAT_UNREAD, strrchr(file->name, '.') + 1, NULL);
    else if (sidecar_is_name(file->name))
        set_trouble(entry, INTAKE_MESSAGE_SIDECAR_ALONE, file->name, NULL);
    else if (has_no_ending(file->name))
        set_trouble(entry, INTAKE_MESSAGE_FORMAT_NONE, NULL, NULL);
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
        if (!stat_file(directory, names[i], &status, &file))
            continue;
        entry->sidecar = names[i];
        add_file(entry, arena, &file);
    }
}

bool drop_entry_look(int directory, const char *path, int folder_files_maximum, struct arena *arena,
                     struct drop_entry *entry)
{
    struct stat status;
    struct drop_file file;
    size_t length = strlen(path);
    char *name = arena_copy(arena, path);
    while (length > 1 && name[length - 1] == '/')
        name[--length] = '\0';
    *entry = (struct drop_entry){ .path = path };
    if (!stat_file(directory, name, &status, &file))
        return false;
    if (S_ISDIR(status.st_mode)) {
        look_at_folder(directory, name, folder_files_maximum, arena, entry);
        return true;
    }
    look_at_file(&file, status.st_mode, arena, entry);
    if (entry->text)
        add_sidecar(directory, entry, arena);
    entry->has_note = fstatat(directory, entry->note, &status, AT_SYMLINK_NOFOLLOW) == 0;
    return true;
}

/* ---- all of it ---- */

/* What a look collects before it is sorted out. */
struct collection {
    int directory;
    int folder_files_maximum;
    struct arena *arena;
    struct file_list loose;
    struct file_list sidecars;
    struct name_list on_their_way; /* sidecars under temporary names */
    struct name_list notes;
    struct name_list bad_names;
    struct entry_list entries;
};

/* Whether it is a text, would be one, or is no file at all; others may belong to a text. */
static bool is_text_or_trouble(const struct drop_file *file)
{
    const char *name = file->name;
    return intake_format_of(name) || intake_format_is_unread(name) || has_no_ending(name) ||
           (!file->is_regular && !(file->is_link && media_type_name_is_known(name)));
}

static void collect(struct collection *collection, const char *name)
{
    struct stat status;
    struct drop_file file;
    if (ends_with(name, DROP_NOTE_ENDING)) {
        name_list_add(&collection->notes, collection->arena, name);
        return;
    }
    if (drop_name_is_skipped(name) && sidecar_is_on_its_way(collection->arena, name))
        name_list_add(&collection->on_their_way, collection->arena, name);
    if (drop_name_is_skipped(name) || !stat_file(collection->directory, name, &status, &file))
        return;
    if (!is_usable_name(name)) {
        name_list_add(&collection->bad_names, collection->arena, name);
        return;
    }
    file.name = arena_copy(collection->arena, name);
    if (S_ISDIR(status.st_mode))
        look_at_folder(collection->directory, file.name, collection->folder_files_maximum,
                       collection->arena, entry_list_add(&collection->entries, collection->arena));
    else if (sidecar_is_name(name) && file.is_regular)
        file_list_add(&collection->sidecars, collection->arena, &file);
    else if (is_text_or_trouble(&file))
        look_at_file(&file, status.st_mode, collection->arena,
                     entry_list_add(&collection->entries, collection->arena));
    else
        file_list_add(&collection->loose, collection->arena, &file);
}

/* Gives each text its sidecar; what is left over becomes an entry of its own. */
static void match_sidecars(struct collection *collection)
{
    struct file_list *sidecars = &collection->sidecars;
    bool *claimed = arena_allocate_array(collection->arena, sidecars->count + 1, sizeof *claimed);
    if (sidecars->count)
        qsort(sidecars->files, sidecars->count, sizeof *sidecars->files, compare_files);
    for (size_t i = 0; i < collection->entries.count; i++) {
        struct drop_entry *entry = &collection->entries.entries[i];
        if (*entry->folder || !entry->text || !sidecars->count)
            continue;
        const struct drop_file *file = find_sidecar(sidecars->files, sidecars->count, entry->path,
                                                    collection->arena);
        if (!file)
            continue;
        claimed[file - sidecars->files] = true;
        entry->sidecar = file->name;
        add_file(entry, collection->arena, file);
    }
    sidecar_match_strays(sidecars, claimed, &collection->on_their_way, &collection->entries,
                         collection->arena);
    for (size_t i = 0; i < sidecars->count; i++)
        if (!claimed[i])
            look_at_file(&sidecars->files[i], S_IFREG, collection->arena,
                         entry_list_add(&collection->entries, collection->arena));
}

static void match_notes(struct collection *collection, struct drop_directory *result)
{
    struct name_list stray = { 0 };
    for (size_t i = 0; i < collection->notes.count; i++) {
        const char *note = collection->notes.names[i];
        const char *file = arena_copy_bytes(collection->arena, note,
                                            strlen(note) - strlen(DROP_NOTE_ENDING));
        struct drop_entry *entry = drop_directory_find(result, file);
        if (entry)
            entry->has_note = true;
        else
            name_list_add(&stray, collection->arena, note);
    }
    result->stray_notes = stray.names;
    result->stray_count = stray.count;
}

static DIR *open_again(int directory)
{
    int descriptor = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = descriptor >= 0 ? fdopendir(descriptor) : NULL;
    if (!folder && descriptor >= 0)
        (void)close(descriptor);
    return folder;
}

bool drop_directory_look(int directory, int folder_files_maximum, struct arena *arena,
                         struct drop_directory *result, struct error *error)
{
    struct collection collection = { .directory = directory,
                                     .folder_files_maximum = folder_files_maximum,
                                     .arena = arena };
    DIR *folder = open_again(directory);
    if (!folder)
        return error_set_errno(error, ERROR_SYSTEM, errno, "the drop directory");
    const struct dirent *item;
    for (errno = 0; (item = readdir(folder)); errno = 0) /* NOLINT(concurrency-mt-unsafe) */
        collect(&collection, item->d_name);
    int saved = errno;
    (void)closedir(folder);
    if (saved)
        return error_set_errno(error, ERROR_SYSTEM, saved, "the drop directory");
    match_sidecars(&collection);
    *result = (struct drop_directory){ .entries = collection.entries.entries,
                                       .count = collection.entries.count,
                                       .loose = collection.loose.files,
                                       .loose_count = collection.loose.count,
                                       .bad_names = collection.bad_names.names,
                                       .bad_count = collection.bad_names.count };
    if (result->count)
        qsort(result->entries, result->count, sizeof *result->entries, compare_entries);
    if (result->loose_count)
        qsort(result->loose, result->loose_count, sizeof *result->loose, compare_files);
    match_notes(&collection, result);
    return true;
}

struct drop_entry *drop_directory_find(const struct drop_directory *look, const char *path)
{
    struct drop_entry key = { .path = path };
    if (!look->count)
        return NULL;
    return bsearch(&key, look->entries, look->count, sizeof *look->entries, compare_entries);
}
