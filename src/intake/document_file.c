/* SPDX-License-Identifier: MIT */
#include "intake/document_file.h"

#include <errno.h>
#include <unistd.h>

bool document_bytes(const struct document_file *file, int64_t offset, void *bytes, int64_t length)
{
    unsigned char *to = bytes;
    int64_t used = 0;
    if (offset < 0 || length > file->size || offset > file->size - length)
        return false;
    while (used < length) {
        ssize_t count = pread(file->descriptor, to + used, (size_t)(length - used), offset + used);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        used += count > 0 ? count : 0;
    }
    return true;
}
