/* SPDX-License-Identifier: MIT */
#include "dmarc/dmarc.h"
#include "mime_parser/mime_part.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Reporters name the type of what they attach in a dozen ways (application/gzip, x-gzip, zip,
 * octet-stream, text/xml, text/plain): its first bytes say what it is. */

enum { CANDIDATES_MAXIMUM = 2 }; /* parts that are unpacked */

/* How gzip, zip, and XML (with and without a mark of byte order) begin in base64. */
static bool begins_in_base64(const char *body, size_t length)
{
    static const char *const starts[] = { "H4s", "UEsDB", "PD94", "PGZl", "PCEt", "77u/" };
    while (length && isspace((unsigned char)*body)) {
        body++;
        length--;
    }
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (length > strlen(starts[i]) && memcmp(body, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* Without decoding it: most attachments are something else. */
static bool is_likely(const struct mime_part *part)
{
    const char *encoding = mime_field(part->fields, "Content-Transfer-Encoding");
    if (part->parts || part->body_length == 0)
        return false;
    return encoding && strncasecmp(encoding, "base64", 6) == 0
               ? begins_in_base64(part->body, part->body_length)
               : dmarc_report_is_likely(part->body, part->body_length);
}

static const struct dmarc_report *read_part(struct arena *arena, const struct mime_part *part,
                                            unsigned *left)
{
    const struct dmarc_report *report = NULL;
    if (strncmp(part->type, "message/", 8) == 0 || *left == 0)
        return NULL;
    if (is_likely(part)) {
        size_t length = 0;
        const char *bytes = mime_body_decode(arena, part, &length);
        report = dmarc_report_read(arena, bytes, length);
        --*left;
    }
    for (const struct mime_part *child = part->parts; child && !report; child = child->next)
        report = read_part(arena, child, left);
    return report;
}

const struct dmarc_report *mime_dmarc_read(struct arena *arena, const struct mime_part *root)
{
    unsigned left = CANDIDATES_MAXIMUM;
    return read_part(arena, root, &left);
}
