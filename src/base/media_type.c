/* SPDX-License-Identifier: MIT */
#include "base/media_type.h"

#include <string.h>
#include <strings.h>

#define MADE(place, extension, type)                                                               \
    {                                                                                              \
        place, extension, type, type, NULL, false                                                  \
    }
#define MADE_TEXT(place, extension, type)                                                          \
    {                                                                                              \
        place, extension, type, type "; charset=utf-8", NULL, false                                \
    }
#define ASSET(extension, type)                                                                     \
    {                                                                                              \
        "", extension, type, type, NULL, true                                                      \
    }
#define ASSET_IN(container, extension, type)                                                       \
    {                                                                                              \
        "", extension, type, type, container, true                                                 \
    }
#define ASSET_TEXT(extension, type)                                                                \
    {                                                                                              \
        "", extension, type, type "; charset=utf-8", "text/plain", true                            \
    }

#define OOXML "application/vnd.openxmlformats-officedocument."
#define OPEN_DOCUMENT "application/vnd.oasis.opendocument."

/* Of two rows with one extension that of a folder stands first. */
static const struct media_type types[] = {
    MADE_TEXT("", "html", "text/html"),
    MADE_TEXT("", "atom", MEDIA_TYPE_ATOM),
    MADE_TEXT("", "rss", MEDIA_TYPE_RSS),
    MADE("feeds/", "json", MEDIA_TYPE_JSON_FEED),
    MADE("", "json", "application/json"),
    /* Documents of a release name their character set themselves, so none is added here. */
    MADE("releases/", "xml", "application/xml"),
    MADE_TEXT("", "xml", "application/xml"),
    MADE_TEXT("", "ics", "text/calendar"),
    MADE_TEXT("", "opml", "text/x-opml"),
    MADE_TEXT("", "css", "text/css"),
    MADE_TEXT("", "txt", "text/plain"),
    MADE_TEXT("", "vtt", "text/vtt"),
    MADE("", "svg", "image/svg+xml"),
    MADE("", "ico", "image/x-icon"),
    MADE("", "rtf", "application/rtf"),
    MADE("", "eps", "application/postscript"),
    MADE("", "gz", "application/gzip"),
    ASSET("jpg", "image/jpeg"),
    ASSET("jpeg", "image/jpeg"),
    ASSET("jpe", "image/jpeg"),
    ASSET("jfif", "image/jpeg"),
    ASSET("png", "image/png"),
    ASSET("gif", "image/gif"),
    ASSET("webp", "image/webp"),
    ASSET("tif", "image/tiff"),
    ASSET("tiff", "image/tiff"),
    ASSET("heic", "image/heic"),
    ASSET("heif", "image/heic"),
    ASSET("hif", "image/heic"),
    ASSET("avif", "image/avif"),
    ASSET("pdf", "application/pdf"),
    ASSET_IN(MEDIA_TYPE_ZIP, "zip", MEDIA_TYPE_ZIP),
    ASSET_IN(MEDIA_TYPE_ZIP, "docx", OOXML "wordprocessingml.document"),
    ASSET_IN(MEDIA_TYPE_ZIP, "xlsx", OOXML "spreadsheetml.sheet"),
    ASSET_IN(MEDIA_TYPE_ZIP, "pptx", OOXML "presentationml.presentation"),
    ASSET_IN(MEDIA_TYPE_ZIP, "odt", OPEN_DOCUMENT "text"),
    ASSET_IN(MEDIA_TYPE_ZIP, "ods", OPEN_DOCUMENT "spreadsheet"),
    ASSET_IN(MEDIA_TYPE_ZIP, "odp", OPEN_DOCUMENT "presentation"),
    ASSET_IN(MEDIA_TYPE_OLE, "doc", "application/msword"),
    ASSET_IN(MEDIA_TYPE_OLE, "xls", "application/vnd.ms-excel"),
    ASSET_IN(MEDIA_TYPE_OLE, "ppt", "application/vnd.ms-powerpoint"),
    ASSET("mp4", "video/mp4"),
    ASSET("m4v", "video/mp4"),
    ASSET_IN("video/mp4", "mov", "video/quicktime"),
    ASSET_IN("video/mp4", "m4a", "audio/mp4"),
    ASSET("webm", "video/webm"),
    ASSET("mp3", "audio/mpeg"),
    ASSET("wav", "audio/wav"),
    ASSET_TEXT("csv", "text/csv"),
};

const struct media_type *media_type_find(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash + 1 : path, '.');
    if (!dot)
        return NULL;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcasecmp(types[i].extension, dot + 1) == 0 &&
            strncmp(path, types[i].folder, strlen(types[i].folder)) == 0)
            return &types[i];
    return NULL;
}
