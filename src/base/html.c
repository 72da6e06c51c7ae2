/* SPDX-License-Identifier: MIT */
#include "base/html.h"

#include "base/string_builder.h"
#include "base/utf8.h"

#include <string.h>

void html_append(struct string_builder *text, const char *string)
{
    size_t length = strlen(string);
    size_t offset = 0;
    while (offset < length) {
        size_t run = strcspn(string + offset, "&<>\"\r");
        utf8_append_clean(text, string + offset, run);
        offset += run;
        switch (string[offset]) {
        case '&':
            string_builder_append(text, "&amp;");
            break;
        case '<':
            string_builder_append(text, "&lt;");
            break;
        case '>':
            string_builder_append(text, "&gt;");
            break;
        case '"':
            string_builder_append(text, "&quot;");
            break;
        case '\r':
            string_builder_append_character(text, string[offset + 1] == '\n' ? ' ' : '\n');
            break;
        default:
            break;
        }
        offset++;
    }
}

void html_append_element(struct string_builder *text, const char *name, const char *string)
{
    if (!string)
        return;
    string_builder_append_format(text, "<%s>", name);
    html_append(text, string);
    string_builder_append_format(text, "</%s>", name);
}
