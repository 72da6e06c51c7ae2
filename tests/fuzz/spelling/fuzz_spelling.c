/* SPDX-License-Identifier: MIT */
/* The input is words, a line each, as they are asked of a dictionary: whatever they are, the looks
 * that are left go down, and never below nothing. */
#include "spelling/spelling.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct spelling_dictionary *dictionaries[2];

static void open_dictionaries(void)
{
    static const char *const paths[] = { TEST_SOURCE_DIRECTORY "/tests/golden/spelling/small",
                                         TEST_SOURCE_DIRECTORY "/tests/golden/spelling/latin" };
    for (size_t i = 0; i < 2; i++) {
        dictionaries[i] = spelling_reader.open(paths[i]);
        if (!dictionaries[i])
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const joints[] = { "s", "e", NULL };
    const struct spelling_joining joining = { joints, 3 };
    char *text = malloc(size + 1);
    int looks = 2000;
    if (!text)
        return 0;
    if (!dictionaries[0])
        open_dictionaries();
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    char *rest = text;
    for (const char *word; (word = strsep(&rest, "\n"));) {
        for (size_t i = 0; i < 2; i++) {
            int before = looks;
            bool is_known = spelling_reader.knows(dictionaries[i], word, i ? NULL : &joining,
                                                  &looks);
            if (looks > before || looks < 0 || (before == 0 && !is_known))
                abort();
        }
    }
    free(text);
    return 0;
}
