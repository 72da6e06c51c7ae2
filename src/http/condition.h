/* SPDX-License-Identifier: MIT */
#ifndef HTTP_CONDITION_H
#define HTTP_CONDITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Conditional and range requests, and preferences (RFC 9110 sections 12 to 14), without input or
 * output. Header values may be NULL: not sent. */

enum { HTTP_DATE_SIZE = 30 };

/* "Sun, 06 Nov 1994 08:49:37 GMT" (section 5.6.7). */
void http_date_format(int64_t seconds, char text[HTTP_DATE_SIZE]);

/* That form and the two obsolete ones; false where it is none. */
bool http_date_parse(const char *string, int64_t *seconds);

/* What a client may have already. */
struct validator {
    const char *etag; /* strong, with its quotes */
    int64_t modified_seconds;
};

/* Whether 304 is the answer: If-None-Match (compared weakly) decides where it was sent, whatever
 * If-Modified-Since says. */
bool condition_not_modified(const struct validator *validator, const char *if_none_match,
                            const char *if_modified_since);

/* Whether a Range counts: If-Range is absent, or names exactly this representation. */
bool condition_range_counts(const struct validator *validator, const char *if_range);

enum range_result {
    RANGE_WHOLE,        /* none asked, several, or not understood: the whole */
    RANGE_PART,         /* first … last */
    RANGE_UNSATISFIABLE /* 416 */
};

/* One byte range ("bytes=0-99", "bytes=100-", "bytes=-100") of size bytes. */
enum range_result range_parse(const char *range, uint64_t size, uint64_t *first, uint64_t *last);

/* The weight among the parameters behind a value, ";q=0.5", in thousandths (section 12.4.2); 1000
 * where there is none. */
int http_weight(const char *parameters, size_t length);

/* Whether Accept-Encoding takes gzip, and likes it no less than the file as it is (section
 * 12.5.3). */
bool prefers_gzip(const char *accept_encoding);

#endif
