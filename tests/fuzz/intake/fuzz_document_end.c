/* SPDX-License-Identifier: MIT */
/* Bytes of a stranger taken for a document of each kind: looking for its end comes to one, reads
 * nothing outside it. */
#include "intake/document_end.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {
        "application/pdf", "application/zip", "application/msword", "video/mp4",
        "video/webm",      "audio/wav",       "audio/mpeg",         "text/csv",
    };

    int file = memfd_create("document", MFD_CLOEXEC);
    if (file < 0 || write(file, data, size) != (ssize_t)size)
        abort();
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        (void)document_has_end(file, types[i], (int64_t)size);
    if (!document_has_end(file, "text/csv", (int64_t)size) ||
        document_has_end(file, "application/zip", 3))
        abort();
    (void)close(file);
    return 0;
}
