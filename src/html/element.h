/* SPDX-License-Identifier: MIT */
#ifndef HTML_ELEMENT_H
#define HTML_ELEMENT_H

#include <stddef.h>

/* Inside html/ only: what is known of each element by its name alone. */

/* Of how the parser reads what stands in an element; beside enum html_trait. */
enum element_trait {
    ELEMENT_VOID = 1 << 16,    /* holds nothing and has no end tag: <br> */
    ELEMENT_RAW = 1 << 17,     /* tags in it are none, up to its end tag: <script> */
    ELEMENT_OMITTED = 1 << 18, /* ends without an end tag where its like begins: <li> */
    ELEMENT_TRAITS = ELEMENT_VOID | ELEMENT_RAW | ELEMENT_OMITTED
};

/* The traits of both kinds; 0 for a name that is none of HTML's. In any case of letters. */
unsigned element_traits(const char *name, size_t length);

#endif
