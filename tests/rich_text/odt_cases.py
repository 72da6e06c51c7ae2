# SPDX-License-Identifier: MIT
"""OpenDocument texts of every kind, each with the words that are to come of it, in their order."""
from parts import automatic, odt, png

MEDIA = [("Pictures/hus.png", png())]


def p(content, style="Standard"):
    return f'<text:p text:style-name="{style}">{content}</text:p>'


def h(content, level):
    return f'<text:h text:style-name="Heading_20_{level}" text:outline-level="{level}">{content}</text:h>'


def span(content, style):
    return f'<text:span text:style-name="{style}">{content}</text:span>'


def of_styles():
    yield dict(name="styles", bytes=odt(p("Titlen", "Title") + p("Under", "Subtitle") + h("Et", 1) + h("To", 2) + p("Citeret", "Quotations") + p("Tekst.")),
               words="Titlen Under Et To Citeret Tekst", outlines={"Et": 1, "To": 2}, marks={"Titlen": "title", "Under": "subtitle"})
    chain = automatic("P1", "", "paragraph", "Title") + automatic("P2", '<style:text-properties fo:font-weight="bold"/>', "paragraph", "Standard")
    yield dict(name="style-chain", bytes=odt(p("Titlen", "P1") + p("Fed", "P2") + p("Tekst."), automatic_styles=chain), words="Titlen Fed Tekst",
               marks={"Titlen": "title", "Fed": "bold"})
    yield dict(name="no-styles", bytes=odt(p("Uden", "FindesIkke") + "<text:p>og mere.</text:p>"), words="Uden og mere")


def of_blocks():
    inner = "<text:list><text:list-item>" + p("Indre") + "</text:list-item></text:list>"
    yield dict(name="list", bytes=odt(p("Før:") + "<text:list><text:list-header>" + p("Hoved") + "</text:list-header><text:list-item>" + p("En") + "</text:list-item><text:list-item>"
                                      + p("To") + inner + "</text:list-item></text:list>" + p("Efter.")), words="Før Hoved En To Indre Efter")

    def cell(content, more=""):
        return f"<table:table-cell{more}>{p(content)}</table:table-cell>"

    rows = ("<table:table-header-rows><table:table-row>" + cell("By") + cell("Antal") + "</table:table-row></table:table-header-rows><table:table-row>"
            + cell("Over begge", ' table:number-columns-spanned="2"') + "<table:covered-table-cell/></table:table-row><table:table-row>"
            + cell("Lillesund") + cell("12") + "</table:table-row>")
    yield dict(name="table", bytes=odt(p("Før.") + f'<table:table><table:table-column table:number-columns-repeated="2"/>{rows}</table:table>' + p("Efter.")),
               words="Før By Antal Over begge Lillesund 12 Efter")
    note = ('<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>' + p("Noten.") + "</text:note-body></text:note>")
    yield dict(name="footnote", bytes=odt(p(f"Ord{note} igen.")), words="Ord igen Noten")
    frame = ('<draw:frame text:anchor-type="paragraph"><draw:image xlink:href="Pictures/hus.png"/><svg:title>Hus</svg:title><svg:desc>Et rødt hus</svg:desc></draw:frame>')
    yield dict(name="picture", bytes=odt(p("Før.") + p(frame) + p("Efter."), media=MEDIA), words="Før Efter", some_pictures=1)
    boxed = '<draw:frame><draw:text-box>' + p(frame + "Billedteksten") + "</draw:text-box></draw:frame>"
    yield dict(name="picture-caption", bytes=odt(p(boxed) + p("Efter."), media=MEDIA), words="Billedteksten Efter", some_pictures=1)
    yield dict(name="text-box", bytes=odt(p("Før <draw:frame><draw:text-box>" + p("i boksen") + "</draw:text-box></draw:frame>efter.")), words="Før efter i boksen", any_order=True)
    yield dict(name="external", bytes=odt(p('<draw:frame><draw:image xlink:href="https://sporing.example/p.png"/></draw:frame>') + p("Tekst.")), words="Tekst",
               findings={"external"})
    yield dict(name="section", bytes=odt('<text:section text:name="A">' + p("I afsnit") + '</text:section><text:section text:name="B" text:display="none">' + p("Skjult afsnit")
                                         + "</text:section>" + p("Efter.")), words="I afsnit Efter", gone="Skjult", findings={"hidden"})
    contents = '<text:table-of-content><text:index-body><text:index-title>' + p("Indhold") + "</text:index-title>" + p("Kapitel<text:tab/>1") + "</text:index-body></text:table-of-content>"
    yield dict(name="contents", bytes=odt(contents + h("Kapitel", 1) + p("Ord.")), words="Indhold Kapitel 1 Kapitel Ord")


def of_words():
    yield dict(name="spaces", bytes=odt(p('To<text:s text:c="3"/>ord<text:tab/>og<text:line-break/>linje<text:soft-page-break/>r')), words="To ord og linjer")
    yield dict(name="link", bytes=odt(p('Se <text:a xlink:href="https://nordhav.example/">siden</text:a>.')), words="Se siden", links=["https://nordhav.example/"])
    yield dict(name="fields", bytes=odt(p('Side <text:page-number>3</text:page-number> den <text:date text:date-value="2026-06-09">9. juni</text:date>.')), words="Side 3 den 9 juni")
    yield dict(name="bookmarks", bytes=odt(p('Sund<text:bookmark-start text:name="b"/>heds<text:bookmark-end text:name="b"/>hus')), words="Sundhedshus")
    yield dict(name="ruby", bytes=odt(p("<text:ruby><text:ruby-base>kanji</text:ruby-base><text:ruby-text>furi</text:ruby-text></text:ruby> ord")), words=None)


def of_changes():
    struck = automatic("T1", '<style:text-properties style:text-line-through-style="solid"/>') + automatic("T2", '<style:text-properties style:text-line-through-style="none"/>')
    yield dict(name="struck", bytes=odt(p("Prisen er " + span("120 ", "T1") + span("12", "T2") + " kroner."), automatic_styles=struck), words="Prisen er 12 kroner", gone="120",
               findings={"struck"})
    hidden = automatic("T3", '<style:text-properties text:display="none"/>')
    yield dict(name="hidden", bytes=odt(p("Synlig " + span("skjult ", "T3") + "tekst."), automatic_styles=hidden), words="Synlig tekst", gone="skjult", findings={"hidden"})
    yield dict(name="hidden-paragraph", bytes=odt(p('<text:hidden-paragraph text:condition="ooow:1" text:is-hidden="true"/>Til mig selv') + p("Til alle.")), words="Til alle", gone="selv",
               findings={"hidden"})
    yield dict(name="comment", bytes=odt(p("Tallet<office:annotation><dc:creator>Ida</dc:creator>" + p("Er det rigtigt?") + "</office:annotation> er 12.")), words="Tallet er 12",
               gone="rigtigt Ida", findings={"comment"})
    who = "<office:change-info><dc:creator>Ida</dc:creator><dc:date>2026-06-01T10:00:00</dc:date></office:change-info>"
    tracked = ('<text:tracked-changes><text:changed-region text:id="c1"><text:deletion>' + who + p("120 millioner ") + '</text:deletion></text:changed-region>'
               f'<text:changed-region text:id="c2"><text:insertion>{who}</text:insertion></text:changed-region></text:tracked-changes>')
    body = tracked + p('Det koster <text:change text:change-id="c1"/><text:change-start text:change-id="c2"/>12 millioner<text:change-end text:change-id="c2"/> kroner.')
    yield dict(name="tracked", bytes=odt(body), words="Det koster 12 millioner kroner", gone="120", findings={"inserted", "deleted"})


def cases():
    for family in (of_styles, of_blocks, of_words, of_changes):
        for case in family():
            yield dict(case, name="odt-" + case["name"], format="odt")
