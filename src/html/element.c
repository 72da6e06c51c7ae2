/* SPDX-License-Identifier: MIT */
#include "html/element.h"

#include "html/html.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct element {
    const char *name;
    unsigned traits;
};

struct name {
    const char *bytes;
    size_t length;
};

/* The elements of HTML, obsolete ones included, sorted for the search. */
static const struct element elements[] = {
    { "a", 0 },
    { "abbr", 0 },
    { "acronym", 0 },
    { "address", HTML_BLOCK },
    { "applet", HTML_HIDDEN },
    { "area", ELEMENT_VOID },
    { "article", HTML_BLOCK },
    { "aside", HTML_BLOCK },
    { "audio", 0 },
    { "b", 0 },
    { "base", ELEMENT_VOID },
    { "basefont", ELEMENT_VOID },
    { "bdi", 0 },
    { "bdo", 0 },
    { "big", 0 },
    { "blink", 0 },
    { "blockquote", HTML_BLOCK },
    { "body", HTML_BLOCK | ELEMENT_OMITTED },
    { "br", HTML_BREAK | ELEMENT_VOID },
    { "button", HTML_CELL },
    { "canvas", 0 },
    { "caption", HTML_BLOCK | ELEMENT_OMITTED },
    { "center", HTML_BLOCK },
    { "cite", 0 },
    { "code", 0 },
    { "col", ELEMENT_VOID },
    { "colgroup", ELEMENT_OMITTED },
    { "data", 0 },
    { "datalist", 0 },
    { "dd", HTML_BLOCK | ELEMENT_OMITTED },
    { "del", 0 },
    { "details", HTML_BLOCK },
    { "dfn", 0 },
    { "dialog", 0 },
    { "dir", 0 },
    { "div", HTML_BLOCK },
    { "dl", HTML_BLOCK },
    { "dt", HTML_BLOCK | ELEMENT_OMITTED },
    { "em", 0 },
    { "embed", ELEMENT_VOID },
    { "fieldset", HTML_BLOCK },
    { "figcaption", HTML_BLOCK },
    { "figure", HTML_BLOCK },
    { "font", 0 },
    { "footer", HTML_BLOCK },
    { "form", HTML_BLOCK },
    { "frame", ELEMENT_VOID },
    { "frameset", 0 },
    { "h1", HTML_BLOCK },
    { "h2", HTML_BLOCK },
    { "h3", HTML_BLOCK },
    { "h4", HTML_BLOCK },
    { "h5", HTML_BLOCK },
    { "h6", HTML_BLOCK },
    { "head", ELEMENT_OMITTED },
    { "header", HTML_BLOCK },
    { "hgroup", 0 },
    { "hr", HTML_BLOCK | ELEMENT_VOID },
    { "html", ELEMENT_OMITTED },
    { "i", 0 },
    { "iframe", HTML_HIDDEN | ELEMENT_RAW },
    { "img", ELEMENT_VOID },
    { "input", ELEMENT_VOID },
    { "ins", 0 },
    { "kbd", 0 },
    { "label", 0 },
    { "legend", 0 },
    { "li", HTML_BLOCK | ELEMENT_OMITTED },
    { "link", ELEMENT_VOID },
    { "main", HTML_BLOCK },
    { "map", 0 },
    { "mark", 0 },
    { "marquee", 0 },
    { "math", HTML_HIDDEN },
    { "menu", 0 },
    { "meta", ELEMENT_VOID },
    { "meter", 0 },
    { "nav", HTML_BLOCK },
    { "nobr", 0 },
    { "noframes", ELEMENT_RAW },
    { "noscript", HTML_HIDDEN },
    { "object", HTML_HIDDEN },
    { "ol", HTML_BLOCK },
    { "optgroup", ELEMENT_OMITTED },
    { "option", HTML_CELL | ELEMENT_OMITTED },
    { "output", 0 },
    { "p", HTML_BLOCK | ELEMENT_OMITTED },
    { "param", ELEMENT_VOID },
    { "picture", 0 },
    { "pre", HTML_BLOCK },
    { "progress", 0 },
    { "q", 0 },
    { "rp", ELEMENT_OMITTED },
    { "rt", ELEMENT_OMITTED },
    { "ruby", 0 },
    { "s", 0 },
    { "samp", 0 },
    { "script", HTML_HIDDEN | ELEMENT_RAW },
    { "section", HTML_BLOCK },
    { "select", HTML_HIDDEN },
    { "small", 0 },
    { "source", ELEMENT_VOID },
    { "span", 0 },
    { "strike", 0 },
    { "strong", 0 },
    { "style", HTML_HIDDEN | ELEMENT_RAW },
    { "sub", 0 },
    { "summary", HTML_BLOCK },
    { "sup", 0 },
    { "svg", HTML_HIDDEN },
    { "table", HTML_BLOCK },
    { "tbody", HTML_BLOCK | ELEMENT_OMITTED },
    { "td", HTML_CELL | ELEMENT_OMITTED },
    { "template", HTML_HIDDEN },
    { "textarea", HTML_HIDDEN | ELEMENT_RAW },
    { "tfoot", ELEMENT_OMITTED },
    { "th", HTML_CELL | ELEMENT_OMITTED },
    { "thead", HTML_BLOCK | ELEMENT_OMITTED },
    { "time", 0 },
    { "title", HTML_HIDDEN | ELEMENT_RAW },
    { "tr", HTML_BLOCK | ELEMENT_OMITTED },
    { "track", ELEMENT_VOID },
    { "tt", 0 },
    { "u", 0 },
    { "ul", HTML_BLOCK },
    { "var", 0 },
    { "video", 0 },
    { "wbr", ELEMENT_VOID },
    { "xml", 0 },
    { "xmp", HTML_HIDDEN | ELEMENT_RAW },
};

static int compare(const void *key, const void *member)
{
    const struct name *name = key;
    const struct element *element = member;
    int order = strncasecmp(name->bytes, element->name, name->length);
    return order ? order : -(element->name[name->length] != '\0');
}

unsigned element_traits(const char *name, size_t length)
{
    const struct name key = { name, length };
    if (memchr(name, '\0', length))
        return 0;
    const struct element *element = bsearch(&key, elements, sizeof elements / sizeof elements[0],
                                            sizeof elements[0], compare);
    return element ? element->traits | HTML_KNOWN : 0;
}
