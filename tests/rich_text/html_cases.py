# SPDX-License-Identifier: MIT
"""Pages as they are saved, each with the words that are to come of them, in their order."""


def page(body, head="", encoding="utf-8"):
    return f'<!DOCTYPE html>\n<html lang="da"><head><meta charset="{encoding}"><title>Fanens titel</title>{head}</head><body>{body}</body></html>'.encode(encoding)


TEXT = "<h1>Nyt hus</h1><p>Et rødt hus åbner i Lillesund, og der er plads til mange mennesker i det nye hus ved havnen.</p>"
WORDS = "Nyt hus Et rødt hus åbner i Lillesund og der er plads til mange mennesker i det nye hus ved havnen"
AROUND = ('<header><a href="/">Forsiden</a></header><nav><ul><li>Menu et</li><li>Menu to</li></ul></nav>', "<aside>Læs også</aside><footer>Cookiepolitik</footer>")


def cases():
    found = [
        dict(name="plain", bytes=page(TEXT), words=WORDS),
        dict(name="main", bytes=page(AROUND[0] + f"<main>{TEXT}</main>" + AROUND[1]), words=WORDS, gone="Forsiden Menu Cookiepolitik", findings={"furniture"}),
        dict(name="article", bytes=page(AROUND[0] + f"<div><article>{TEXT}</article></div>" + AROUND[1]), words=WORDS, gone="Forsiden Menu Cookiepolitik"),
        dict(name="scripts", bytes=page(f"<script>var hemmelig = 1;</script><style>p {{ color: red }}</style>{TEXT}<noscript>uden script</noscript><template>skabelon</template>"), words=WORDS,
             gone="hemmelig color skabelon"),
        dict(name="word", bytes=page(
            '<div class=WordSection1><p class=MsoTitle>Titlen fra Word<o:p></o:p></p><!--[if gte mso 9]><xml>hemmelig</xml><![endif]--><p class=MsoNormal>Et <b>fedt</b> ord.<o:p>&nbsp;</o:p></p>'
            '<p class=MsoListParagraph style="mso-list:l0 level1 lfo1"><![if !supportLists]><span style="mso-list:Ignore">·<span>&nbsp; </span></span><![endif]>Et punkt</p></div>'),
            words="Titlen fra Word Et fedt ord Et punkt", gone="hemmelig"),
        dict(name="struck", bytes=page(f"{TEXT}<p>Prisen er <s>120</s><del>110</del><strike>100</strike> 12 kroner.</p>"), words=WORDS + " Prisen er 12 kroner", gone="120 110 100",
             findings={"struck"}),
        dict(name="hidden", bytes=page(f'{TEXT}<p hidden>skjult et</p><p style="display:none">skjult to</p>'), words=WORDS, gone="skjult"),
        dict(name="entities", bytes=page("<p>R&oslash;d &amp; bl&aring; &#230;ble &#x1F3E0; 2&nbsp;000</p>"), words="Rød blå æble 2 000"),
        dict(name="table", bytes=page(f"{TEXT}<table><tr><th>By</th><th>Antal</th></tr><tr><td>Lillesund</td><td>12</td></tr></table>"), words=WORDS + " By Antal Lillesund 12"),
        dict(name="lists", bytes=page(f"{TEXT}<ul><li>En<ul><li>Indre</li></ul></li><li>To</li></ul><ol start=5><li>Fem</li></ol>"), words=WORDS + " En Indre To Fem"),
        dict(name="breaks", bytes=page("<p>Et<br>to</p><div>tre</div>fire<p>fem"), words="Et to tre fire fem"),
        dict(name="fragment", bytes="<p>Uden hoved<p>og uden ende".encode(), words="Uden hoved og uden ende"),
    ]
    return [dict(case, name="html-" + case["name"], format="html") for case in found]
