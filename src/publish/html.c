/* SPDX-License-Identifier: MIT */
#include "publish/html.h"

#include "base/text.h"

#include <string.h>

void html_append(struct text *text, const char *string)
{
    while (*string) {
        size_t plain = strcspn(string, "&<>\"");
        text_append_bytes(text, string, plain);
        string += plain;
        switch (*string) {
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
        default:
            return;
        }
        string++;
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
