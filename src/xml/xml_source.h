/* SPDX-License-Identifier: MIT */
#ifndef XML_XML_SOURCE_H
#define XML_XML_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct string_builder;

/* Inside xml/ only: a document's bytes as libxml2 is to get them. Its encoding is seen to here, so
 * that what can be asked of bytes is asked of those that it reads, and so that a process that may
 * open nothing, as iconv would, reads the same as any other. */

/* *bytes and *length: the document without byte order mark and XML declaration, in UTF-8; of an
 * encoding that is another, in room. Those of XML's own (UTF-8, UTF-16), ASCII, Latin-1 and
 * Windows-1252 are known; false for all others. Whether it is well-formed UTF-8, libxml2 sees. */
bool xml_source_decode(const char **bytes, size_t *length, struct string_builder *room);

/* The most attributes that a tag has, declarations of namespaces included, for which libxml2 takes
 * time by their square before it tells of them. Of what is no XML up to there anything. */
size_t xml_source_attributes(const char *bytes, size_t length);

#endif
