/* SPDX-License-Identifier: MIT */
#include "rich_text/kind.h"

#include "rich_text/package.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

struct kind {
    const char *mark;
    const char *name;
};

static bool holds(const char *bytes, size_t length, const char *mark)
{
    return memmem(bytes, length, mark, strlen(mark)) != NULL;
}

/* ---- packages ---- */

/* Types of main parts in [Content_Types].xml. A text may embed a sheet, but its main part is its
 * own. */
static const struct kind office_types[] = {
    { "wordprocessingml.document.main+xml", "docx" },
    { "wordprocessingml.template.main+xml", "docx" },
    { "application/vnd.ms-word.document.macroEnabled.main+xml", "docx" },
    { "application/vnd.ms-word.template.macroEnabledTemplate.main+xml", "docx" },
    { "spreadsheetml.sheet.main+xml", "xlsx" },
    { "spreadsheetml.template.main+xml", "xlsx" },
    { "application/vnd.ms-excel.", "xlsx" },
    { "presentationml.", "pptx" },
    { "application/vnd.ms-powerpoint.", "pptx" },
    { "application/vnd.ms-visio.", "vsdx" },
    { "application/vnd.ms-package.xps", "xps" },
};

/* What the entry "mimetype" holds (OpenDocument part 2, EPUB). */
static const struct kind media_types[] = {
    { "application/vnd.oasis.opendocument.text", "odt" },
    { "application/vnd.oasis.opendocument.text-template", "odt" },
    { "application/vnd.oasis.opendocument.text-master", "odm" },
    { "application/vnd.oasis.opendocument.text-web", "oth" },
    { "application/vnd.oasis.opendocument.spreadsheet", "ods" },
    { "application/vnd.oasis.opendocument.presentation", "odp" },
    { "application/vnd.oasis.opendocument.graphics", "odg" },
    { "application/vnd.sun.xml.writer", "sxw" },
    { "application/epub+zip", "epub" },
};

/* Entries that others are known by. */
static const struct kind entries[] = {
    { "word/document.xml", "docx" },    { "xl/workbook.xml", "xlsx" },
    { "ppt/presentation.xml", "pptx" }, { "Index/Document.iwa", "pages" },
    { "Index.zip", "pages" },           { "index.apxl", "key" },
    { "index.xml", "pages" },           { "META-INF/MANIFEST.MF", "jar" },
    { "designmap.xml", "idml" },
};

static const char *office_kind(const char *types, size_t length)
{
    for (size_t i = 0; i < sizeof office_types / sizeof office_types[0]; i++)
        if (holds(types, length, office_types[i].mark))
            return office_types[i].name;
    return NULL;
}

static bool is_encrypted(struct package *package)
{
    size_t length;
    const char *manifest = package_part(package, "META-INF/manifest.xml", &length);
    return manifest && holds(manifest, length, "encryption-data");
}

/* type: of the entry "mimetype", or of the manifest where that is missing. */
static const char *media_kind(const char *type, size_t length)
{
    while (length && strchr(" \t\r\n", type[length - 1]))
        length--;
    for (size_t i = 0; i < sizeof media_types / sizeof media_types[0]; i++)
        if (strlen(media_types[i].mark) == length && memcmp(type, media_types[i].mark, length) == 0)
            return media_types[i].name;
    return NULL;
}

static const char *kind_by_entries(const struct package *package)
{
    const char *name;
    for (size_t i = 0; (name = package_name(package, i)); i++)
        for (size_t k = 0; k < sizeof entries / sizeof entries[0]; k++)
            if (strcasecmp(name, entries[k].mark) == 0)
                return entries[k].name;
    return "zip";
}

const char *kind_of_package(struct package *package)
{
    size_t length;
    const char *kind = NULL;
    const char *type = package_part(package, "mimetype", &length);
    if (type)
        kind = media_kind(type, length);
    if (!kind && (type = package_part(package, "[Content_Types].xml", &length)))
        kind = office_kind(type, length);
    if (!kind && (type = package_part(package, "META-INF/manifest.xml", &length)) &&
        holds(type, length, "\"application/vnd.oasis.opendocument.text\""))
        kind = "odt";
    if (kind && strcmp(kind, "odt") == 0 && is_encrypted(package))
        return "encrypted";
    return kind ? kind : kind_by_entries(package);
}

/* ---- other files ---- */

static const struct kind beginnings[] = {
    { "{\\rtf", "rtf" },   { "%PDF-", "pdf" },         { "<!DOCTYPE html", "html" },
    { "<html", "html" },   { "MIME-Version:", "mht" }, { "\xFFWPC", "wpd" },
    { "\x31\xBE", "wri" }, { "\xDB\xA5", "doc" },
};

/* The container of Office's older files, and of those with a password (MS-OFFCRYPTO 2.3.4.1). */
static const char *container_kind(const char *bytes, size_t length)
{
    static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    static const char book[] = "W\0o\0r\0k\0b\0o\0o\0k";
    static const char slides[] = "P\0o\0w\0e\0r\0P\0o\0i\0n\0t\0 \0D\0o\0c";
    static const char message[] = "_\0_\0s\0u\0b\0s\0t\0g\0";
    if (memmem(bytes, length, encrypted, sizeof encrypted))
        return "encrypted";
    if (memmem(bytes, length, message, sizeof message))
        return "msg";
    if (memmem(bytes, length, book, sizeof book))
        return "xls";
    return memmem(bytes, length, slides, sizeof slides) ? "ppt" : "doc";
}

/* A byte order mark, and white space. */
static void skip_blank(const char **bytes, size_t *length)
{
    if (*length >= 3 && memcmp(*bytes, "\xEF\xBB\xBF", 3) == 0) {
        *bytes += 3;
        *length -= 3;
    }
    while (*length && **bytes && strchr(" \t\r\n", **bytes)) {
        (*bytes)++;
        (*length)--;
    }
}

const char *kind_of_bytes(const char *bytes, size_t length)
{
    if (length >= 8 && memcmp(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        return container_kind(bytes, length);
    skip_blank(&bytes, &length);
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        size_t count = strlen(beginnings[i].mark);
        if (length >= count && strncasecmp(bytes, beginnings[i].mark, count) == 0)
            return beginnings[i].name;
    }
    if (!length || *bytes != '<')
        return NULL; /* a package may hold its parts as they are */
    size_t head = length < 4096 ? length : 4096;
    if (holds(bytes, head, "urn:oasis:names:tc:opendocument:xmlns:office:1.0"))
        return "fodt";
    if (holds(bytes, head, "http://schemas.microsoft.com/office/2006/xmlPackage") ||
        holds(bytes, head, "http://schemas.microsoft.com/office/word/2003/wordml"))
        return "xml";
    return NULL;
}
