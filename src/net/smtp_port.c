/* SPDX-License-Identifier: MIT */
#include "net/smtp_port.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { PATIENCE_MS = 3000, URL_SIZE = 1024 };

static bool is_secure(const char *url)
{
    return strncasecmp(url, "smtps:", 6) == 0;
}

void smtp_port_other_url(const char *url, char *other, unsigned size)
{
    const char *rest = strchr(url, ':');
    (void)snprintf(other, size, "%s%s", is_secure(url) ? "smtp" : "smtps", rest ? rest : "");
}

struct probe {
    const atomic_bool *is_cancelled;
    bool is_greeted;
};

static size_t on_line(char *bytes, size_t size, size_t count, void *payload)
{
    struct probe *probe = payload;
    probe->is_greeted |= size * count >= 4 && strncmp(bytes, "220", 3) == 0;
    return size * count;
}

static int on_progress(void *payload, curl_off_t download_total, curl_off_t download,
                       curl_off_t upload_total, curl_off_t upload)
{
    const struct probe *probe = payload;
    (void)download_total, (void)download, (void)upload_total, (void)upload;
    return atomic_load(probe->is_cancelled) || probe->is_greeted ? 1 : 0;
}

static bool set_connection(CURL *curl, const char *url)
{
    return !curl_easy_setopt(curl, CURLOPT_URL, url) &&
           !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps") &&
           !curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) &&
           !curl_easy_setopt(curl, CURLOPT_PROXY, "") &&
           !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
           /* The certificate is not verified, because only whether the port speaks TLS is asked. */
           !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_CAPATH, NULL) &&
           !curl_easy_setopt(curl, CURLOPT_CAINFO, NULL) &&
           !curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)PATIENCE_MS);
}

static bool set_callbacks(CURL *curl, struct probe *probe)
{
    return !curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_line) &&
           !curl_easy_setopt(curl, CURLOPT_HEADERDATA, probe) &&
           !curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) &&
           !curl_easy_setopt(curl, CURLOPT_XFERINFODATA, probe);
}

bool smtp_port_speaks_other(const char *url, const atomic_bool *is_cancelled)
{
    char other[URL_SIZE];
    struct probe probe = { .is_cancelled = is_cancelled };
    curl_off_t handshake_us = 0;
    smtp_port_other_url(url, other, sizeof other);
    CURL *curl = curl_easy_init();
    if (curl && set_connection(curl, other) && set_callbacks(curl, &probe)) {
        (void)curl_easy_perform(curl);
        (void)curl_easy_getinfo(curl, CURLINFO_APPCONNECT_TIME_T, &handshake_us);
    }
    curl_easy_cleanup(curl);
    return is_secure(other) ? handshake_us > 0 : probe.is_greeted;
}
