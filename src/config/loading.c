/* SPDX-License-Identifier: MIT */
#include "config/loading.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/string_builder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAXIMUM = 10000, FILE_SIZE_MAXIMUM = 1024 * 1024 };

bool loading_read_bytes(struct loading *loading, const char *path, const char *name,
                        const char **bytes, size_t *length)
{
    struct string_builder text;
    struct error error;
    loading->problems->file = name;
    string_builder_init(&text, FILE_SIZE_MAXIMUM);
    bool done = file_read(AT_FDCWD, path, &text, &error);
    if (done) {
        *bytes = arena_copy_bytes(loading->arena, text.data, text.length);
        *length = text.length;
    } else {
        const char *place = strstr(error.message, path) == error.message ? path : "";
        const char *message = error.message + strlen(place);
        error_list_add(loading->problems, 0, "%s", message + (*place ? strspn(message, ": ") : 0));
    }
    string_builder_release(&text);
    return done;
}

const struct yaml_node *loading_parse_yaml(struct loading *loading, const char *bytes,
                                           size_t length)
{
    struct error error;
    const struct yaml_node *root = yaml_parse(loading->arena, bytes, length, 1, &error);
    if (!root) {
        error_list_add_error(loading->problems, &error);
        return NULL;
    }
    return yaml_check_mapping(loading->problems, root) ? root : NULL;
}

const struct yaml_node *loading_read_yaml(struct loading *loading, const char *path,
                                          const char *name)
{
    const char *bytes;
    size_t length;
    return loading_read_bytes(loading, path, name, &bytes, &length)
               ? loading_parse_yaml(loading, bytes, length)
               : NULL;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *loading_list(struct loading *loading, const char *path, const char *ending)
{
    const char **names = arena_allocate_array(loading->arena, 1, sizeof *names);
    size_t count = 0;
    size_t capacity = 0;
    size_t ending_length = strlen(ending);
    DIR *directory = opendir(path);
    if (!directory) {
        if (errno != ENOENT)
            error_list_add(loading->problems, 0,
                           "%s: cannot be read" ERROR_ADVICE "give pressroom the right to read it",
                           path);
        return names;
    }
    const struct dirent *entry;
    while (count < LIST_MAXIMUM &&
           (entry = readdir(directory))) { /* NOLINT(concurrency-mt-unsafe): a stream of our own */
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' || length <= ending_length ||
            strcmp(entry->d_name + length - ending_length, ending) != 0)
            continue;
        if (count == capacity) {
            capacity = capacity ? capacity * 2 : 32;
            const char **larger = arena_allocate_array(loading->arena, capacity + 1,
                                                       sizeof *larger);
            memcpy(larger, names, count * sizeof *larger);
            names = larger;
        }
        names[count++] = arena_copy_bytes(loading->arena, entry->d_name, length - ending_length);
    }
    (void)closedir(directory);
    qsort(names, count, sizeof *names, compare_names);
    return names;
}

void loading_unknown_key(struct loading *loading, const struct yaml_node *entry,
                         const char *const *known)
{
    const char *nearest = name_nearest(entry->key, known);
    if (nearest)
        error_list_add(loading->problems, entry->key_line,
                       "unknown key “%s”" ERROR_ADVICE "did you mean “%s”?", entry->key, nearest);
    else
        error_list_add(loading->problems, entry->key_line,
                       "unknown key “%s”" ERROR_ADVICE "remove it", entry->key);
}

bool loading_fail_installed(const struct file_error *problem, struct error *error)
{
    const char *line = problem->error.line ? ":" : "";
    char number[24] = "";
    if (problem->error.line)
        (void)snprintf(number, sizeof number, "%d", (int)problem->error.line);
    return error_set(error, ERROR_USAGE, "%s%s%s: %s (is pressroom completely installed?)",
                     problem->file, line, number, problem->error.message);
}

const char *loading_path(struct loading *loading, const char *path)
{
    return *path == '/' ? path : file_join(loading->arena, loading->directory, path);
}
