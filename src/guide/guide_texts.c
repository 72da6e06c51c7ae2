/* SPDX-License-Identifier: MIT */
#include "guide/guide_part.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string_builder.h"
#include "locale/locale.h"
#include "yaml/yaml.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool add_texts(struct guide_making *making, const char *language, const char *path,
                      struct error *error)
{
    struct string_builder bytes;
    string_builder_init(&bytes, YAML_SIZE_MAXIMUM);
    const struct yaml_node *root = NULL;
    if (file_read(AT_FDCWD, path, &bytes, error)) {
        root = yaml_parse(making->arena, bytes.data, bytes.length, 1, error);
        if (!root)
            (void)error_prefix(error, "%s", path);
    }
    string_builder_release(&bytes);
    for (const struct yaml_node *entry = root ? root->first : NULL; entry; entry = entry->next)
        if (entry->kind == YAML_SCALAR)
            strings_add(making->texts, language, entry->key, entry->text);
    return root != NULL;
}

bool guide_texts_read(struct guide_making *making, struct error *error)
{
    const char *const languages[] = { "en", making->language };
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        const char *path = arena_format(making->arena, "%s/templates/languages/%s/guide.yaml",
                                        making->settings->share_directory, languages[i]);
        if (i > 0 && (strcmp(languages[i], languages[0]) == 0 || access(path, F_OK) != 0))
            break;
        if (!add_texts(making, languages[i], path, error))
            return false;
    }
    return true;
}

const char *guide_text(const struct guide_making *making, const char *key)
{
    return strings_get(making->texts, making->language, key);
}
