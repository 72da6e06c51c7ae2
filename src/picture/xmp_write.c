/* SPDX-License-Identifier: MIT */
#include "picture/xmp.h"

#include "base/html.h"
#include "base/string_builder.h"

static void append_simple(struct string_builder *out, const char *name, const char *value)
{
    html_append_element(out, name, value);
}

/* A property of several values or languages: we always have one. */
static void append_one(struct string_builder *out, const char *name, const char *list,
                       const char *value)
{
    bool has_languages = list[0] == 'A';
    if (!value)
        return;
    string_builder_append_format(out, "<%s><rdf:%s><rdf:li%s>", name, list,
                                 has_languages ? " xml:lang=\"x-default\"" : "");
    html_append(out, value);
    string_builder_append_format(out, "</rdf:li></rdf:%s></%s>", list, name);
}

void xmp_write(const struct picture_rights *rights, struct string_builder *out)
{
    if (!rights->creator && !rights->credit && !rights->copyright && !rights->source_type &&
        !rights->alt && !rights->caption)
        return;
    /* The byte order mark tells programs that look for packets without knowing the container. */
    string_builder_append(out,
                          "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
                          "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                          "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                          "<rdf:Description rdf:about=\"\""
                          " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
                          " xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\""
                          " xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\""
                          " xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">");
    append_one(out, "dc:creator", "Seq", rights->creator);
    append_simple(out, "photoshop:Credit", rights->credit);
    append_one(out, "dc:rights", "Alt", rights->copyright);
    append_simple(out, "Iptc4xmpExt:DigitalSourceType", rights->source_type);
    append_one(out, "Iptc4xmpCore:AltTextAccessibility", "Alt", rights->alt);
    append_one(out, "dc:description", "Alt", rights->caption);
    string_builder_append(out, "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>");
}
