/* SPDX-License-Identifier: MIT */
#include "mail/mail.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "release/newsroom.h"
#include "template/template.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct mail_resources *new_resources(void)
{
    static const char source[] = "{{intro}}\n{{answer}}\n{{excerpt}}\n";
    static const struct newsroom newsroom = { .name = "N", .site_url = "https://n.example/" };
    static const struct mail_settings settings = { .from_address = "presse@n.example",
                                                   .list_id = "n.example" };
    static struct mail_resources resources = { .newsroom = &newsroom, .settings = &settings };
    struct error error;
    struct template_set *templates = template_set_new();
    assert(template_add(templates, "mail-forward.text", source, strlen(source), &error));
    resources.templates = templates;
    resources.strings = strings_new("en");
    return &resources;
}

/* What SMTP is given: whole lines, none too long, and none that is a dot alone. */
static void check_lines(const struct string_builder *out)
{
    size_t start = 0;
    for (size_t i = 0; i < out->length; i++) {
        if (out->data[i] != '\n')
            continue;
        assert(i > start && out->data[i - 1] == '\r');
        size_t length = i - 1 - start;
        assert(!memchr(out->data + start, '\r', length) && !memchr(out->data + start, 0, length));
        assert(length <= 999 && !(length == 1 && out->data[start] == '.'));
        assert(length == 0 || out->data[start] != '.' || out->data[start + 1] == '.');
        start = i + 1;
    }
    assert(start == out->length);
}

/* The message as it went in, line ends apart; *at: where it begins in out. */
static void check_message(const struct string_builder *out, size_t at, const char *bytes,
                          size_t length)
{
    for (size_t i = 0; i < length; at++) {
        bool begins = out->data[at - 1] == '\n';
        if (begins && out->data[at] == '.')
            at++;
        if (bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n')
            i++;
        if (bytes[i] == '\n') {
            assert(out->data[at] == '\r' && out->data[at + 1] == '\n');
            at++;
        } else {
            assert(out->data[at] == bytes[i]);
        }
        i++;
    }
    assert(strncmp(out->data + at, "\r\n--=_", 6) == 0);
}

/* Whatever a person's program wrote is sent on unharmed, and as SMTP wants it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct mail_resources *resources;
    static const char seven[] = "message/rfc822\r\nContent-Disposition: inline\r\n"
                                "Content-Transfer-Encoding: 7bit\r\n\r\n";
    static const char eight[] = "message/rfc822\r\nContent-Disposition: inline\r\n"
                                "Content-Transfer-Encoding: 8bit\r\n\r\n";
    struct arena arena = { 0 };
    struct error error;
    struct string_builder out;
    bool is_eight_bit = false;
    if (!resources)
        resources = new_resources();
    string_builder_init(&out, 0);
    const struct forward_request request = { .language = "en",
                                             .to = "a@b.example",
                                             .date = "Mon, 01 Jun 2026 09:35:00 +0200",
                                             .message_id = "<a@b.example>",
                                             .writer = "c@d.example",
                                             .is_answer = true,
                                             .bytes = (const char *)data,
                                             .length = size,
                                             .is_whole = true };
    assert(forward_mail_build(&arena, resources, &request, &out, &is_eight_bit, &error));
    check_lines(&out);
    const char *found = strstr(out.data, is_eight_bit ? eight : seven);
    assert(found || strstr(out.data, "base64"));
    if (found)
        check_message(&out, (size_t)(found - out.data) + strlen(seven), request.bytes, size);
    string_builder_release(&out);
    arena_release(&arena);
    return 0;
}
