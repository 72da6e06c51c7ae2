/* SPDX-License-Identifier: MIT */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is answered, without its status: fields, and bytes or a part of a file. Made once, shared by
 * all who ask for the same: once it has been answered with, nothing is added any more. Out of
 * memory aborts. */
struct http_response;

/* The maker is its first holder. bytes: becomes the response's, to be freed with free(). */
struct http_response *http_response_of_bytes(char *bytes, size_t length);

struct http_response *http_response_of_copy(const void *bytes, size_t length);

/* From offset on; descriptor becomes the response's. */
struct http_response *http_response_of_file(int descriptor, uint64_t offset, uint64_t length);

/* Without content, but with the Content-Length that content would have: for 304 (RFC 9110
 * section 8.6). */
struct http_response *http_response_of_length(uint64_t length);

void http_response_add(struct http_response *response, const char *name, const char *value);

/* One more holder; holders may be in different threads. */
void http_response_hold(struct http_response *response);

/* For one holder; it goes with the last one. Takes NULL. */
void http_response_free(struct http_response *response);

/* ---- for those who send ---- */

const char *http_response_fields(const struct http_response *response, size_t *length);
uint64_t http_response_length(const struct http_response *response);

/* NULL: it is none of bytes. */
const char *http_response_bytes(const struct http_response *response);

/* -1: it is none of a file. */
int http_response_file(const struct http_response *response, uint64_t *offset);

#endif
