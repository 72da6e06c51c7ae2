/* SPDX-License-Identifier: MIT */
#include "net/refusal.h"
#include "unit/phrases.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two bytes for the code, twelve for the enhanced one, then the text: whatever a server says. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 14, TEXT_SIZE = 8192 };

    static char text[TEXT_SIZE];
    char enhanced[13] = "";
    if (size < HEAD)
        return 0;
    memcpy(enhanced, data + 2, 12);
    size_t length = size - HEAD < TEXT_SIZE - 1 ? size - HEAD : TEXT_SIZE - 1;
    memcpy(text, data + HEAD, length);
    text[length] = '\0';
    const struct refusal_words words = { data[0] % 2 ? 400 + data[1] % 200 : 0, enhanced, text,
                                         kept_phrases() };
    struct refusal refusal;
    refusal_read(&words, &refusal);
    assert(refusal.kind <= REFUSAL_OURS && refusal.cause <= REFUSAL_SYSTEM);
    if (words.code >= 400 && words.code < 500)
        assert(refusal.kind != REFUSAL_ADDRESS);
    return 0;
}
