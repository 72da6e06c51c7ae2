/* SPDX-License-Identifier: MIT */
#include "address/token.h"
#include "address/verp.h"
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* A token that is read must be the one that would be written; a word found in an address must give
 * that address when it is built. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena arena = { 0 };
    struct token_keys *keys = token_keys_fixed(1);
    const char *string = arena_copy_bytes(&arena, data, size);
    const struct verp_base base = { "svar", "nordhav.example", '+' };
    const char *extension = NULL;
    size_t length = 0;
    for (int purpose = TOKEN_CONFIRM; purpose <= TOKEN_CONFIRM_MAIL; purpose++) {
        struct token token;
        char again[TOKEN_SIZE];
        if (!token_read(keys, (enum token_purpose)purpose, string, size, &token))
            continue;
        token_write(keys, &token, again);
        if (strcasecmp(again, string) != 0)
            abort();
    }
    if (verp_parse(&base, string, size, &extension, &length)) {
        const char *word = arena_copy_bytes(&arena, extension, length);
        if (strcasecmp(verp_build(&arena, &base, word), string) != 0)
            abort();
    }
    token_keys_free(keys);
    arena_release(&arena);
    return 0;
}
