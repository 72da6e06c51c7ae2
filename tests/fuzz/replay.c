/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over each file of the folders given: corpus replay for builds without
 * libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    size_t capacity = (size_t)16 * 1024 * 1024;
    uint8_t *data = malloc(capacity);
    if (!data) {
        (void)fclose(file);
        return 0;
    }
    size_t size = fread(data, 1, capacity, file);
    (void)fclose(file);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

int main(int count, char **arguments)
{
    int files = 0;
    for (int i = 1; i < count; i++) {
        DIR *directory = opendir(arguments[i]);
        if (!directory) {
            (void)fprintf(stderr, "%s: no such corpus\n", arguments[i]);
            return 1;
        }
        const struct dirent *entry;
        while ((entry = readdir(directory))) { /* NOLINT(concurrency-mt-unsafe) */
            char path[4096];
            if (entry->d_name[0] == '.')
                continue;
            (void)snprintf(path, sizeof path, "%s/%s", arguments[i], entry->d_name);
            files += replay_file(path);
        }
        (void)closedir(directory);
    }
    printf("%d inputs replayed\n", files);
    return files > 0 ? 0 : 1;
}
