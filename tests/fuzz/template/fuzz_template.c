/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/string_builder.h"
#include "template/template.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;
    struct string_builder text;
    struct template_set *set = template_set_new();
    json_t *context = json_pack("{s:s,s:[{s:i},s],s:{s:b},s:n}", "a", "<x>\ny", "l", "n", 1, "z",
                                "o", "t", 1, "null");
    string_builder_init(&text, 65536);
    if (size < 4096 && template_add(set, "t", (const char *)data, size, &error))
        (void)template_render(set, "t", context, TEMPLATE_HTML, &text, &error);
    string_builder_release(&text);
    json_decref(context);
    template_set_free(set);
    return 0;
}
