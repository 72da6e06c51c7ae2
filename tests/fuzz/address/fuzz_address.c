/* SPDX-License-Identifier: MIT */
#include "address/address.h"
#include "base/arena.h"
#include "base/error.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* What is taken must be harmless in an SMTP command, and its folded form must fold to itself. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena arena = { 0 };
    struct error error = { 0 };
    const char *name = NULL;
    const struct address *address = address_parse(&arena, (const char *)data, size, &error);
    if (address) {
        if (strpbrk(address->envelope, "\r\n<>") || strlen(address->envelope) > ADDRESS_MAXIMUM)
            abort();
        size_t length = strlen(address->folded);
        const struct address *again = address_parse(&arena, address->folded, length, &error);
        if (again && strcmp(again->folded, address->folded) != 0)
            abort();
        const char *meant = address_suggest(&arena, address, &address->domain, 1);
        if (meant) /* a domain of our own is no slip */
            abort();
        meant = address_suggest(&arena, address, NULL, 0);
        if (meant && !address_parse(&arena, meant, strlen(meant), &error) &&
            strlen(meant) <= ADDRESS_MAXIMUM)
            abort();
    } else if (error.kind != ERROR_INPUT) {
        abort();
    }
    const char *string = arena_copy_bytes(&arena, data, size);
    (void)address_parse_display(&arena, string, &name, &error);
    arena_release(&arena);
    return 0;
}
