/* SPDX-License-Identifier: MIT */
#include "http/http.h"

const char *http_reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } reasons[] = { { 200, "OK" },
                    { 206, "Partial Content" },
                    { 301, "Moved Permanently" },
                    { 304, "Not Modified" },
                    { 400, "Bad Request" },
                    { 404, "Not Found" },
                    { 405, "Method Not Allowed" },
                    { 410, "Gone" },
                    { 413, "Content Too Large" },
                    { 414, "URI Too Long" },
                    { 416, "Range Not Satisfiable" },
                    { 417, "Expectation Failed" },
                    { 421, "Misdirected Request" },
                    { 429, "Too Many Requests" },
                    { 431, "Request Header Fields Too Large" },
                    { 500, "Internal Server Error" },
                    { 501, "Not Implemented" },
                    { 503, "Service Unavailable" },
                    { 505, "HTTP Version Not Supported" } };

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Unknown";
}
