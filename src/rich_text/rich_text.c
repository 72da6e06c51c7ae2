/* SPDX-License-Identifier: MIT */
#include "rich_text/rich_text.h"

#include "base/arena.h"
#include "release/body.h"
#include "rich_text/docx.h"
#include "rich_text/html_page.h"
#include "rich_text/kind.h"
#include "rich_text/odt.h"
#include "rich_text/package.h"
#include "rich_text/reader.h"

#include <libxml/parser.h>
#include <string.h>

/* Formats that are packages, by the name that kind_of_package() has for them. */
struct package_format {
    enum rich_text_format format;
    const char *kind;
    rich_text_read_package read;
};

static const struct package_format package_formats[] = {
    { RICH_TEXT_DOCX, "docx", docx_read },
    { RICH_TEXT_ODT, "odt", odt_read },
};

/* ---- one file ---- */

static void set_fault(struct rich_text *text, enum rich_text_fault fault, const char *detail)
{
    text->fault = fault;
    text->detail = detail;
}

static void read_opened(struct arena *arena, const struct package_format *format,
                        struct package *package, struct rich_text *text)
{
    const char *detail;
    const char *kind = kind_of_package(package);
    if (strcmp(kind, "encrypted") == 0)
        set_fault(text, RICH_TEXT_FAULT_ENCRYPTED, "");
    else if (strcmp(kind, format->kind) != 0 || !format->read)
        set_fault(text, RICH_TEXT_FAULT_OTHER, kind);
    else
        format->read(arena, package, text);
    enum rich_text_fault fault = package_fault(package, &detail);
    if (fault != RICH_TEXT_FAULT_NONE)
        set_fault(text, fault, detail);
}

static void read_package(struct arena *arena, const struct package_format *format,
                         const char *bytes, size_t length, struct rich_text *text)
{
    const char *kind = kind_of_bytes(bytes, length);
    if (kind && strcmp(kind, "encrypted") == 0) {
        set_fault(text, RICH_TEXT_FAULT_ENCRYPTED, "");
        return;
    }
    if (kind) {
        set_fault(text, RICH_TEXT_FAULT_OTHER, kind);
        return;
    }
    struct package *package = package_open(arena, bytes, length, &text->fault, &text->detail);
    if (!package)
        return;
    read_opened(arena, format, package, text);
    package_close(package);
}

static const struct rich_text *read_text(struct arena *arena, enum rich_text_format format,
                                         const struct html_reader *html, const char *bytes,
                                         size_t length)
{
    struct rich_text *text = arena_allocate(arena, sizeof *text);
    text->detail = "";
    if (length > RICH_TEXT_BYTES_MAXIMUM) {
        set_fault(text, RICH_TEXT_FAULT_TOO_LARGE, "file");
    } else if (format == RICH_TEXT_HTML && html) {
        html_page_read(arena, html, bytes, length, text);
    } else {
        set_fault(text, RICH_TEXT_FAULT_OTHER, "");
        for (size_t i = 0; i < sizeof package_formats / sizeof package_formats[0]; i++)
            if (package_formats[i].format == format) {
                set_fault(text, RICH_TEXT_FAULT_NONE, "");
                read_package(arena, &package_formats[i], bytes, length, text);
            }
    }
    if (text->fault != RICH_TEXT_FAULT_NONE)
        *text = (struct rich_text){ .fault = text->fault, .detail = text->detail };
    if (!text->body)
        text->body = body_new(arena);
    return text;
}

/* libxml2 makes its tables; the rest is opened by what a zip file has. */
static void start(const struct html_reader *html)
{
    (void)html;
    xmlInitParser();
    html_page_start();
}

__attribute__((visibility("default"))) const struct rich_text_reader rich_text_reader = {
    .version = RICH_TEXT_READER_VERSION,
    .start = start,
    .read = read_text,
};
