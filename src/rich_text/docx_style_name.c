/* SPDX-License-Identifier: MIT */
#include "rich_text/docx_style_name.h"

#include <ctype.h>
#include <string.h>

struct style_name {
    const char *name; /* ASCII letters alone: ids of German Word lack the first of "Überschrift" */
    enum docx_role role;
};

/* Word writes the names of its own styles in English; ids, and styles that are brought over from
 * elsewhere, are in the language of the program. */
static const struct style_name names[] = {
    { "heading", DOCX_ROLE_HEADING },
    { "overskrift", DOCX_ROLE_HEADING },
    { "rubrik", DOCX_ROLE_HEADING },
    { "berschrift", DOCX_ROLE_HEADING },
    { "title", DOCX_ROLE_TITLE },
    { "titel", DOCX_ROLE_TITLE },
    { "tittel", DOCX_ROLE_TITLE },
    { "subtitle", DOCX_ROLE_SUBTITLE },
    { "undertitel", DOCX_ROLE_SUBTITLE },
    { "underrubrik", DOCX_ROLE_SUBTITLE },
    { "undertittel", DOCX_ROLE_SUBTITLE },
    { "untertitel", DOCX_ROLE_SUBTITLE },
    { "caption", DOCX_ROLE_CAPTION },
    { "billedtekst", DOCX_ROLE_CAPTION },
    { "beskrivning", DOCX_ROLE_CAPTION },
    { "bildetekst", DOCX_ROLE_CAPTION },
    { "beschriftung", DOCX_ROLE_CAPTION },
    { "imagecaption", DOCX_ROLE_CAPTION },
    { "tablecaption", DOCX_ROLE_CAPTION },
    { "quote", DOCX_ROLE_QUOTE },
    { "intensequote", DOCX_ROLE_QUOTE },
    { "blocktext", DOCX_ROLE_QUOTE },
    { "quotations", DOCX_ROLE_QUOTE },
    { "citat", DOCX_ROLE_QUOTE },
    { "strktcitat", DOCX_ROLE_QUOTE },
    { "starktcitat", DOCX_ROLE_QUOTE },
    { "sitat", DOCX_ROLE_QUOTE },
    { "sterktsitat", DOCX_ROLE_QUOTE },
    { "zitat", DOCX_ROLE_QUOTE },
    { "intensiveszitat", DOCX_ROLE_QUOTE },
    { "htmlpreformatted", DOCX_ROLE_PREFORMATTED },
    { "preformattedtext", DOCX_ROLE_PREFORMATTED },
    { "sourcecode", DOCX_ROLE_PREFORMATTED },
    { "listparagraph", DOCX_ROLE_ITEM_CONTINUED },
    { "listcontinue", DOCX_ROLE_ITEM_CONTINUED },
};

enum { NAME_MAXIMUM = 24 };

/* The ASCII letters of the name, up to the number at its end, which it gives (0: none); false where
 * it has a number elsewhere or is longer than any that is known. */
static bool take_apart(const char *name, char *letters, int *number)
{
    size_t length = 0;
    *number = 0;
    for (; *name; name++) {
        unsigned char c = (unsigned char)*name;
        if (isdigit(c)) {
            if (*number || c == '0')
                return false;
            *number = c - '0';
        } else if (isalpha(c)) {
            if (*number || length + 1 >= NAME_MAXIMUM)
                return false;
            letters[length++] = (char)tolower(c);
        } else if (c < 0x80 && !strchr(" _-", c)) {
            return false;
        }
    }
    letters[length] = '\0';
    return true;
}

enum docx_role docx_style_role(const char *name, int *level)
{
    char letters[NAME_MAXIMUM];
    if (!name || !take_apart(name, letters, level))
        return DOCX_ROLE_NONE;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(letters, names[i].name) != 0)
            continue;
        if (names[i].role != DOCX_ROLE_HEADING || *level)
            return names[i].role;
        /* Without a number the Swedish one is the title. */
        return strcmp(letters, "rubrik") == 0 ? DOCX_ROLE_TITLE : DOCX_ROLE_NONE;
    }
    return DOCX_ROLE_NONE;
}
