/* SPDX-License-Identifier: MIT */
#include "list/csv_write.h"

#include "address/address.h"
#include "base/string_builder.h"

#include <string.h>

const struct csv_form csv_form_plain = { .beginning = "", .separator = ',', .line_end = "\n" };
const struct csv_form csv_form_excel = { .beginning = "\xEF\xBB\xBF",
                                         .separator = ';',
                                         .line_end = "\r\n" };

static bool is_formula_sign(char c)
{
    return c == '=' || c == '+' || c == '-' || c == '@';
}

/* A value that begins with apostrophes of its own gets one more, so that what is read back is what
 * was written. */
static bool needs_guard(const char *value)
{
    const char *at = value + strspn(value, "'");
    size_t length = strlen(at);
    address_trim(&at, &length);
    return length && is_formula_sign(*at);
}

/* Whether a program that expects another separator, or loses the quotes, would begin a new cell
 * here. */
static bool may_end_cell(const struct csv_form *form, char c)
{
    return c != form->separator && (c == ';' || c == '\t' || c == '\r' || c == '\n' ||
                                    (c == ',' && form->separator == ';'));
}

static void guarded_append(struct string_builder *text, const struct csv_form *form,
                           const char *value)
{
    /* Nothing but spaces and quotes came since a character that may end a cell. */
    bool begins_cell = false;
    if (needs_guard(value))
        string_builder_append_character(text, '\'');
    for (const char *c = value; *c; c++) {
        if (begins_cell && is_formula_sign(*c))
            string_builder_append_character(text, '\'');
        if (may_end_cell(form, *c))
            begins_cell = true;
        else if (*c != ' ' && *c != '"')
            begins_cell = false;
        if (*c == '"')
            string_builder_append_character(text, '"');
        string_builder_append_character(text, *c);
    }
}

void csv_write_field(struct string_builder *text, const struct csv_form *form, const char *value,
                     bool is_last)
{
    size_t length = strlen(value);
    bool is_quoted = strpbrk(value, ",;\"\t\r\n") != NULL || value[0] == ' ' ||
                     (length && value[length - 1] == ' ');
    if (is_quoted)
        string_builder_append_character(text, '"');
    guarded_append(text, form, value);
    if (is_quoted)
        string_builder_append_character(text, '"');
    if (is_last)
        string_builder_append(text, form->line_end);
    else
        string_builder_append_character(text, form->separator);
}

const char *csv_unguarded(const char *field)
{
    return *field == '\'' && needs_guard(field) ? field + 1 : field;
}
