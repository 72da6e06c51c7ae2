/* SPDX-License-Identifier: MIT */
#include "base/html.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

void html_append(struct text *text, const char *string)
{
    size_t length = strlen(string);
    size_t offset = 0;
    while (offset < length) {
        size_t run = strcspn(string + offset, "&<>\"\r");
        utf8_append_clean(text, string + offset, run);
        offset += run;
        switch (string[offset]) {
        case '&':
            text_append(text, "&amp;");
            break;
        case '<':
            text_append(text, "&lt;");
            break;
        case '>':
            text_append(text, "&gt;");
            break;
        case '"':
            text_append(text, "&quot;");
            break;
        case '\r':
            text_append_character(text, string[offset + 1] == '\n' ? ' ' : '\n');
            break;
        default:
            break;
        }
        offset++;
    }
}

void html_append_element(struct text *text, const char *name, const char *string)
{
    if (!string)
        return;
    text_append_format(text, "<%s>", name);
    html_append(text, string);
    text_append_format(text, "</%s>", name);
}
