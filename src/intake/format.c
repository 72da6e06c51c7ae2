/* SPDX-License-Identifier: MIT */
/* The formats of texts, by the endings of their names. */
#include "intake/reader.h"

#include <string.h>
#include <strings.h>

static const struct intake_format formats[] = {
    { "md", "Markdown", markdown_read, false },
    { "markdown", "Markdown", markdown_read, false },
    { "txt", "plain text", plain_text_read, false },
    { "docx", "Word", word_text_read, true },
    { "odt", "OpenDocument", open_document_read, true },
    { "html", "HTML", web_page_read, true },
    { "htm", "HTML", web_page_read, true },
    { "eml", "mail", eml_read, true },
};

static const char *const unread_extensions[] = { "docx", "doc",  "odt",   "rtf",   "html", "htm",
                                                 "msg",  "docm", "dotx",  "dotm",  "dot",  "ott",
                                                 "oft",  "mht",  "mhtml", "pages", "gdoc", "xml",
                                                 "text", "fodt", "wpd",   "wps",   "tex",  NULL };

/* The part of a path behind its last dot; "" where there is none. */
static const char *extension_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    const char *file = slash ? slash + 1 : name;
    const char *dot = strrchr(file, '.');
    return dot && dot > file ? dot + 1 : "";
}

static const struct intake_format *find_format(const char *extension, size_t length)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strlen(formats[i].extension) == length &&
            strncasecmp(formats[i].extension, extension, length) == 0)
            return &formats[i];
    return NULL;
}

/* "x.md.txt" is Markdown: editors add an ending to the one that was typed. Its first ending; NULL:
 * there is but one. */
static const char *inner_extension(const char *name)
{
    const char *outer = extension_of(name);
    if (strcasecmp(outer, "txt") != 0)
        return NULL;
    const char *dot = outer - 1;
    while (dot > name && dot[-1] != '.' && dot[-1] != '/')
        dot--;
    bool is_inner = dot > name + 1 && dot[-1] == '.' && dot[-2] != '/';
    return is_inner && find_format(dot, (size_t)(outer - 1 - dot)) ? dot : NULL;
}

const struct intake_format *intake_format_of(const char *name)
{
    const char *extension = extension_of(name);
    const char *inner = inner_extension(name);
    return inner ? find_format(inner, (size_t)(extension - 1 - inner))
                 : find_format(extension, strlen(extension));
}

size_t intake_format_stem(const char *name)
{
    const char *inner = inner_extension(name);
    const char *extension = inner ? inner : extension_of(name);
    return *extension ? (size_t)(extension - 1 - name) : strlen(name);
}

bool intake_format_is_unread(const char *name)
{
    const char *extension = extension_of(name);
    if (intake_format_of(name))
        return false;
    for (const char *const *unread = unread_extensions; *unread; unread++)
        if (strcasecmp(*unread, extension) == 0)
            return true;
    return false;
}
