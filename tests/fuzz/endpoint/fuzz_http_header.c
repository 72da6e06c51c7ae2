/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "endpoint/network.h"
#include "endpoint/public_files.h"
#include "endpoint/request.h"
#include "http/http.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* One string as each of the things that a stranger writes into a request's head. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena arena = { 0 };
    const char *string = arena_copy_bytes(&arena, data, size);
    const struct validator validator = { "\"abc\"", 784111777 };
    const struct network_block anybody = { .bits = 0 };
    const struct network_proxies proxies = { &anybody, 1 };
    struct network_address address = { { 0 } };
    char path[PUBLIC_PATH_MAXIMUM];
    char text[NETWORK_TEXT_SIZE];
    uint64_t first = 0;
    uint64_t last = 0;
    struct request_target target;
    (void)condition_not_modified(&validator, string, NULL);
    (void)condition_not_modified(&validator, NULL, string);
    (void)condition_range_counts(&validator, string);
    if (range_parse(string, 1000, &first, &last) == RANGE_PART && (first > last || last >= 1000))
        abort();
    (void)prefers_gzip(string);
    network_resolve(&proxies, string, &address);
    network_truncate(&address, text);
    request_target_read(string, "/press/", &target);
    if (strlen(target.token) >= REQUEST_TOKEN_SIZE ||
        (*target.token && target.route == REQUEST_NONE))
        abort();
    if (public_path_from_url(string, path) &&
        (strstr(path, "..") == path || strstr(path, "/..") || strstr(path, "/.") || *path == '/'))
        abort();
    arena_release(&arena);
    return 0;
}
