/* SPDX-License-Identifier: MIT */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <stddef.h>
#include <stdint.h>

#include "http/http.h"

/* Inside http/ only: what is answered, for those who send it. */

const char *http_response_fields(const struct http_response *response, size_t *length);
uint64_t http_response_length(const struct http_response *response);

/* NULL: it is none of bytes. */
const char *http_response_bytes(const struct http_response *response);

/* -1: it is none of a file. */
int http_response_file(const struct http_response *response, uint64_t *offset);

#endif
