/* SPDX-License-Identifier: MIT */
#include "net/net.h"

#include "base/error.h"

#include <curl/curl.h>

bool net_initialize(struct error *error)
{
    CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (code != CURLE_OK)
        return error_set(error, ERROR_SYSTEM, "libcurl: %s", curl_easy_strerror(code));
    return true;
}
