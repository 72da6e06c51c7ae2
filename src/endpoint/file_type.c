/* SPDX-License-Identifier: MIT */
#include "endpoint/file_type.h"

#include "base/media_type.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static const char *extension_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    return dot ? dot + 1 : "";
}

static bool is_below(const char *path, const char *folder)
{
    return strncmp(path, folder, strlen(folder)) == 0;
}

const char *file_type_of(const char *path)
{
    const struct media_type *type = media_type_find(path);
    return type ? type->content_type : "application/octet-stream";
}

const char *cache_control_of(const char *path)
{
    if (is_below(path, "assets/"))
        return "public, max-age=31536000, immutable";
    return strcasecmp(extension_of(path), "html") == 0 ? "public, max-age=60"
                                                       : "public, max-age=300";
}
