/* SPDX-License-Identifier: MIT */
#include "endpoint/file_type.h"

#include <stdbool.h>

#include <string.h>
#include <strings.h>

static const struct {
    const char *extension;
    const char *type;
} file_types[] = {
    { "html", "text/html; charset=utf-8" },
    { "atom", "application/atom+xml; charset=utf-8" },
    { "rss", "application/rss+xml; charset=utf-8" },
    { "json", "application/json" },
    { "xml", "application/xml; charset=utf-8" },
    { "ics", "text/calendar; charset=utf-8" },
    { "opml", "text/x-opml; charset=utf-8" },
    { "css", "text/css; charset=utf-8" },
    { "txt", "text/plain; charset=utf-8" },
    { "jpg", "image/jpeg" },
    { "jpeg", "image/jpeg" },
    { "png", "image/png" },
    { "gif", "image/gif" },
    { "webp", "image/webp" },
    { "avif", "image/avif" },
    { "svg", "image/svg+xml" },
    { "tif", "image/tiff" },
    { "tiff", "image/tiff" },
    { "heic", "image/heic" },
    { "ico", "image/x-icon" },
    { "pdf", "application/pdf" },
    { "doc", "application/msword" },
    { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
    { "xls", "application/vnd.ms-excel" },
    { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
    { "ppt", "application/vnd.ms-powerpoint" },
    { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
    { "odt", "application/vnd.oasis.opendocument.text" },
    { "ods", "application/vnd.oasis.opendocument.spreadsheet" },
    { "odp", "application/vnd.oasis.opendocument.presentation" },
    { "rtf", "application/rtf" },
    { "csv", "text/csv; charset=utf-8" },
    { "zip", "application/zip" },
    { "gz", "application/gzip" },
    { "br", "application/octet-stream" },
    { "mp3", "audio/mpeg" },
    { "m4a", "audio/mp4" },
    { "wav", "audio/wav" },
    { "mp4", "video/mp4" },
    { "webm", "video/webm" },
    { "mov", "video/quicktime" },
    { "vtt", "text/vtt; charset=utf-8" },
    { "eps", "application/postscript" },
};

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
    const char *extension = extension_of(path);
    if (strcasecmp(extension, "json") == 0 && is_below(path, "feeds/"))
        return "application/feed+json";
    /* Documents of a release name their character set themselves, so none is added here. */
    if (strcasecmp(extension, "xml") == 0 && is_below(path, "releases/"))
        return "application/xml";
    for (size_t i = 0; i < sizeof file_types / sizeof file_types[0]; i++)
        if (strcasecmp(file_types[i].extension, extension) == 0)
            return file_types[i].type;
    return "application/octet-stream";
}

const char *cache_control_of(const char *path)
{
    if (is_below(path, "assets/"))
        return "public, max-age=31536000, immutable";
    return strcasecmp(extension_of(path), "html") == 0 ? "public, max-age=60"
                                                       : "public, max-age=300";
}
