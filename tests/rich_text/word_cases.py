# SPDX-License-Identifier: MIT
"""Word files of every kind that people have, each with the words that are to come of it, in their order."""
from parts import (HEADINGS, MAIN_TYPE, R, STYLES, docx, field, item, numbering, p, picture, png, relation, run, style, table)

IMAGE = relation("rId10", "image", "media/image1.png")
MEDIA = [("word/media/image1.png", png())]

# The identifiers that Word of each language gives its own styles; their names stay English.
LANGUAGES = {
    "da": ("Titel", "Undertitel", "Overskrift1", "Overskrift2", "Citat", "Billedtekst"),
    "sv": ("Rubrik", "Underrubrik", "Rubrik1", "Rubrik2", "Citat", "Beskrivning"),
    "nb": ("Tittel", "Undertittel", "Overskrift1", "Overskrift2", "Sitat", "Bildetekst"),
    "de": ("Titel", "Untertitel", "berschrift1", "berschrift2", "Zitat", "Beschriftung"),
    "en": ("Title", "Subtitle", "Heading1", "Heading2", "Quote", "Caption"),
}


def of_languages():
    for language, names in LANGUAGES.items():
        own = (style("Normal", "Normal", default=' w:default="1"')
               + "".join(style(identifier, name, "Normal", outline) for identifier, name, outline in zip(names, (
                   "Title", "Subtitle", "heading 1", "heading 2", "Quote", "caption"),
                   ("", "", '<w:outlineLvl w:val="0"/>', '<w:outlineLvl w:val="1"/>', "", ""))))
        body = "".join(p(f"Ord {n} på {name}", name) for n, name in enumerate(names)) + p("Brødtekst med æøå ÆØÅ äöü ß.")
        yield dict(name=f"styles-{language}", bytes=docx(body, own), words=" ".join(f"Ord {n} på {name}" for n, name in enumerate(names))
                   + " Brødtekst med æøå ÆØÅ äöü ß", outlines={f"Ord 2 på {names[2]}": 1, f"Ord 3 på {names[3]}": 2},
                   marks={f"Ord 0 på {names[0]}": "title", f"Ord 1 på {names[1]}": "subtitle"})


def of_styles():
    chain = STYLES + style("Intern", "Intern overskrift", "Mellem") + style("Mellem", "Mellem", "Heading2") + style("Titel2", "Vores titel", "Title")
    yield dict(name="style-chain", bytes=docx(p("Toppen", "Titel2") + p("Delen", "Intern") + p("Teksten."), chain), words="Toppen Delen Teksten",
               outlines={"Delen": 2}, marks={"Toppen": "title"})
    circle = STYLES + style("A", "A", "B") + style("B", "B", "A")
    yield dict(name="style-circle", bytes=docx(p("Rundt", "A") + p("Og rundt.", "B"), circle), words="Rundt Og rundt")
    yield dict(name="style-missing", bytes=docx(p("Uden", "FindesIkke") + p("Stil.")), words="Uden Stil")
    yield dict(name="outline-direct", bytes=docx(p("Afsnit", "", '<w:outlineLvl w:val="2"/>') + p("Ordene.")), words="Afsnit Ordene", outlines={"Afsnit": 3})
    yield dict(name="outline-undone", bytes=docx(p("Ikke mere", "Heading1", '<w:outlineLvl w:val="9"/>') + p("Ordene.")), words="Ikke mere Ordene")
    yield dict(name="nine-headings", bytes=docx("".join(p(f"Trin {n}", f"Heading{n}") for n in range(1, 10))),
               words=" ".join(f"Trin {n}" for n in range(1, 10)), outlines={f"Trin {n}": n for n in range(1, 10)})
    yield dict(name="all-bold", bytes=docx(p(run("Helt fed", "<w:b/>")) + p("Almindelig.") + p(run("Halvt", "<w:b/>") + run(" fed."))),
               words="Helt fed Almindelig Halvt fed", marks={"Helt fed": "bold"})
    yield dict(name="no-styles", bytes=docx(p("Uden stilark") + p("og uden problemer."), styles=""), words="Uden stilark og uden problemer")


def of_lists():
    bullets = numbering(("bullet", "•", 1), ("bullet", "–", 1), ("decimal", "%3.", 1))
    yield dict(name="list-bullets", bytes=docx(p("Før:") + item("En") + item("To") + item("Indre", 1) + item("Dybere", 2) + item("Tre") + p("Efter."), lists=bullets),
               words="Før En To Indre Dybere Tre Efter")
    numbers = numbering(("decimal", "%1.", 1), ("lowerLetter", "%2)", 1))
    yield dict(name="list-numbers", bytes=docx(item("Først") + item("Så") + p("Imellem.") + item("Derefter") + item("Forfra", 0, 2), lists=numbers),
               words="Først Så Imellem Derefter Forfra")
    start = numbering(("decimal", "%1.", 5))
    yield dict(name="list-start", bytes=docx(item("Fem") + item("Seks"), lists=start), words="Fem Seks")
    roman = numbering(("upperRoman", "%1.", 1))
    yield dict(name="list-roman", bytes=docx(item("Romersk") + item("Også"), lists=roman), words="I Romersk II Også")
    letters = numbering(("lowerLetter", "%1)", 1))
    yield dict(name="list-letters", bytes=docx(item("Bogstav") + item("Nummer to"), lists=letters), words="a Bogstav b Nummer to")
    legal = numbering(("decimal", "§ %1", 1), ("decimal", "%1.%2", 1))
    yield dict(name="list-legal", bytes=docx(item("Paragraf") + item("Stykke", 1) + item("Stykke igen", 1), lists=legal),
               words="1 Paragraf 1 1 Stykke 1 2 Stykke igen")
    yield dict(name="list-style", bytes=docx(p("Fra stilen", "Punkt") + p("Igen", "Punkt"), STYLES + style(
        "Punkt", "List Bullet", "Normal", '<w:numPr><w:numId w:val="1"/></w:numPr>'), lists=bullets), words="Fra stilen Igen")
    yield dict(name="list-none", bytes=docx(p("Fravalgt", "Punkt", '<w:numPr><w:numId w:val="0"/></w:numPr>'), STYLES + style(
        "Punkt", "List Bullet", "Normal", '<w:numPr><w:numId w:val="1"/></w:numPr>'), lists=bullets), words="Fravalgt")


def of_tables():
    yield dict(name="table", bytes=docx(p("Før.") + table(("By", "Antal"), ("Lillesund", "12"), ("Vesterhavn", "7")) + p("Efter.")),
               words="Før By Antal Lillesund 12 Vesterhavn 7 Efter")
    wide = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("Over begge") + "</w:tc></w:tr>"
    down = ('<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("Ned") + "</w:tc><w:tc>" + p("a1") + "</w:tc></w:tr>"
            "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>" + p("") + "</w:tc><w:tc>" + p("b1") + "</w:tc></w:tr>")
    yield dict(name="table-merged", bytes=docx(table(wide, ("x", "y"), down)), words="Over begge x y Ned a1 b1")
    yield dict(name="table-nested", bytes=docx(table((p("Ude") + table(("inde1", "inde2")) + p("bagefter"), "ved siden af"))),
               words="Ude inde1 inde2 bagefter ved siden af")
    yield dict(name="table-single", bytes=docx(table((p("Boksens første") + p("Boksens anden"),)) + p("Efter.")), words="Boksens første Boksens anden Efter")
    yield dict(name="table-fields", bytes=docx(table(("Emner", "Sundhed"), ("Kontakter", "Mette Holm, formand, 55 10 20 30")) + p("Nyt hus", "Title") + p("Et hus.")),
               words="Emner Sundhed Kontakter Mette Holm formand 55 10 20 30 Nyt hus Et hus", marks={"Nyt hus": "title"})
    yield dict(name="table-in-controls", bytes=docx(
        "<w:tbl><w:tblPr/><w:tblGrid/><w:sdt><w:sdtContent><w:tr><w:tc>" + p("Række i boks") + "</w:tc><w:sdt><w:sdtContent><w:tc>" + p("Celle i boks")
        + "</w:tc></w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>"), words="Række i boks Celle i boks")


def of_notes():
    notes = ('<w:footnote w:type="separator" w:id="-1">' + p("<w:r><w:separator/></w:r>") + '</w:footnote><w:footnote w:id="1">'
             + p('<w:r><w:footnoteRef/></w:r>' + run(" Første note.")) + '</w:footnote><w:footnote w:id="2">' + p("Anden note.") + "</w:footnote>")
    body = p(run("Ord") + '<w:r><w:footnoteReference w:id="1"/></w:r>' + run(" og flere ord") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run("."))
    yield dict(name="footnotes", bytes=docx(body, notes=notes), words="Ord og flere ord Første note Anden note")
    ends = '<w:endnote w:id="1">' + p("Slutnote.") + "</w:endnote>"
    yield dict(name="endnotes", bytes=docx(p(run("Ord") + '<w:r><w:endnoteReference w:id="1"/></w:r>' + run(" igen.")), endnotes=ends), words="Ord igen Slutnote")
    yield dict(name="note-missing", bytes=docx(p(run("Uden") + '<w:r><w:footnoteReference w:id="7"/></w:r>' + run(" note.")), notes=notes),
               words="Uden note")


def of_pictures():
    yield dict(name="picture", bytes=docx(p("Før.") + p(picture(alternative="Et rødt hus")) + p("Efter."), relations=IMAGE, media=MEDIA),
               words="Før Efter", pictures=["Et rødt hus"])
    caption = p(run("Figur ") + field("SEQ Figur", run("1")) + run(": Huset set fra havnen"), "Caption")
    yield dict(name="picture-caption", bytes=docx(p(picture(alternative="Et hus")) + caption + p("Tekst."), relations=IMAGE, media=MEDIA),
               words="Figur 1 Huset set fra havnen Tekst", pictures=["Et hus"])
    yield dict(name="picture-vml", bytes=docx(p('<w:r><w:pict><v:shape id="s" alt="Gammelt billede"><v:imagedata r:id="rId10"/></v:shape></w:pict></w:r>')
                                              + p("Tekst."), relations=IMAGE, media=MEDIA), words="Tekst", pictures=["Gammelt billede"])
    yield dict(name="picture-external", bytes=docx(p(picture(link=True)) + p("Tekst."), relations=relation(
        "rId10", "image", "https://sporing.example/pixel.png", True)), words="Tekst", findings={"external"})
    yield dict(name="picture-missing", bytes=docx(p(picture()) + p("Tekst."), relations=IMAGE), words="Tekst", findings={"unreadable"})
    yield dict(name="picture-emf", bytes=docx(p(picture()) + p("Tekst."), relations=relation("rId10", "image", "media/image1.emf"),
                                              media=[("word/media/image1.emf", b"\1\0\0\0l\0\0\0" + b"\0" * 40 + b" EMF" + b"\0" * 60)]),
               words="Tekst", findings={"unreadable"})


def of_boxes():
    inner = p("I boksen")
    choice = f"<wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp>"
    both = ('<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData '
            f'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">{choice}</a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>'
            f'<mc:Fallback><w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>')
    yield dict(name="text-box", bytes=docx(p(run("Før ") + both + run("efter.")) + p("Næste.")), words="Før efter I boksen Næste", any_order=True)
    old = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    yield dict(name="text-box-vml", bytes=docx(p(run("Før ") + old) + p("Næste.")), words="Før I boksen Næste", any_order=True)
    fallback = f'<w:r><mc:AlternateContent><mc:Choice Requires="zz"><w:t>Ukendt</w:t></mc:Choice><mc:Fallback><w:t>Kendt</w:t></mc:Fallback></mc:AlternateContent></w:r>'
    yield dict(name="fallback", bytes=docx(p(run("Et ") + fallback + run(" ord."))), words="Et Kendt ord", gone="Ukendt")


def of_changes():
    author = 'w:id="1" w:author="Ida" w:date="2026-06-01T10:00:00Z"'
    deleted = f"<w:del {author}><w:r><w:delText xml:space=\"preserve\">120 millioner </w:delText></w:r></w:del>"
    inserted = f"<w:ins {author}>{run('12 millioner ')}</w:ins>"
    yield dict(name="tracked", bytes=docx(p(run("Det koster ") + deleted + inserted + run("kroner."))), words="Det koster 12 millioner kroner", gone="120",
               findings={"inserted", "deleted"})
    moved = (p(f"<w:moveFromRangeStart {author} w:name=\"m\"/><w:moveFrom {author}>{run('Flyttet afsnit.')}</w:moveFrom><w:moveFromRangeEnd w:id=\"1\"/>") + p("Imellem.")
             + p(f"<w:moveToRangeStart {author} w:name=\"m\"/><w:moveTo {author}>{run('Flyttet afsnit.')}</w:moveTo><w:moveToRangeEnd w:id=\"1\"/>"))
    yield dict(name="tracked-move", bytes=docx(moved), words="Imellem Flyttet afsnit", findings={"moved"})
    mark = p(run("Før"), "", f"<w:rPr><w:del {author}/></w:rPr>") + p(run(" og efter."))
    yield dict(name="tracked-mark", bytes=docx(mark), words="Før og efter", findings={"deleted"})
    row = f"<w:tr><w:trPr><w:del {author}/></w:trPr><w:tc>{p(f'<w:del {author}><w:r><w:delText>Slettet række</w:delText></w:r></w:del>')}</w:tc></w:tr>"
    yield dict(name="tracked-row", bytes=docx(table(("Stående række",), row) + p("Efter.")), words="Stående række Efter", gone="Slettet", findings={"deleted"})
    changed = run("Ny udgave", f"<w:b/><w:rPrChange {author}><w:rPr><w:strike/><w:vanish/></w:rPr></w:rPrChange>")
    yield dict(name="tracked-format", bytes=docx(p(changed + run(" af teksten."))), words="Ny udgave af teksten")
    both = f"<w:ins {author}><w:del {author}><w:r><w:delText>Sat ind og slettet igen</w:delText></w:r></w:del></w:ins>"
    yield dict(name="tracked-both", bytes=docx(p(run("Kun ") + both + run("det her."))), words="Kun det her", gone="slettet", findings={"deleted"})
    notes = f'<w:footnote w:id="1">{p(run("Note ") + deleted + inserted + run("slut."))}</w:footnote>'
    yield dict(name="tracked-note", bytes=docx(p(run("Ord") + '<w:r><w:footnoteReference w:id="1"/></w:r>'), notes=notes),
               words="Ord Note 12 millioner slut", gone="120", findings={"inserted", "deleted"})
    comments = '<w:comment w:id="0" w:author="Ida">' + p("Er tallet rigtigt?") + "</w:comment>"
    commented = '<w:commentRangeStart w:id="0"/>' + run("Tallet er 12") + '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>' + run(".")
    yield dict(name="comment", bytes=docx(p(commented), comments=comments), words="Tallet er 12", gone="rigtigt", findings={"comment"})


def of_hidden():
    yield dict(name="struck", bytes=docx(p(run("Prisen er ") + run("120", "<w:strike/>") + run("110", "<w:dstrike/>") + run("12", '<w:strike w:val="0"/>') + run(" kroner."))),
               words="Prisen er 12 kroner", gone="120 110", findings={"struck"})
    yield dict(name="struck-style", bytes=docx(p(run("Væk", '<w:rStyle w:val="Streg"/>') + run("Tilbage", '<w:rStyle w:val="Streg"/><w:strike w:val="false"/>')),
                                               STYLES + style("Streg", "Streg", kind="character", run_properties="<w:strike/>")), words="Tilbage", gone="Væk",
               findings={"struck"})
    yield dict(name="struck-paragraph", bytes=docx(p("Hele afsnittet", "Gammel") + p("Det nye."), STYLES + style("Gammel", "Gammel", "Normal", "", "<w:strike/>")),
               words="Det nye", gone="Hele", findings={"struck"})
    yield dict(name="hidden", bytes=docx(p(run("Synlig ") + run("skjult", "<w:vanish/>") + run("tekst."))), words="Synlig tekst", gone="skjult", findings={"hidden"})
    yield dict(name="hidden-style", bytes=docx(p("Noter til mig selv", "Skjult") + p("Til alle."), STYLES + style("Skjult", "Skjult", "Normal", "", "<w:vanish/>")),
               words="Til alle", gone="selv", findings={"hidden"})
    yield dict(name="header", bytes=docx(p("Teksten."), header=p("FORTROLIGT UDKAST")), words="Teksten", gone="FORTROLIGT", findings={"page-header"})


def of_fields():
    link = field('HYPERLINK "https://nordhav.example/side" \\o "Tip"', run("siden"))
    yield dict(name="field-link", bytes=docx(p(run("Se ") + link + run("."))), words="Se siden", gone="HYPERLINK Tip", links=["https://nordhav.example/side"])
    yield dict(name="link", bytes=docx(p(run("Se ") + f'<w:hyperlink r:id="rId11">{run("hjemmesiden")}</w:hyperlink>' + run(".")), relations=relation(
        "rId11", "hyperlink", "https://nordhav.example/", True)), words="Se hjemmesiden", links=["https://nordhav.example/"])
    yield dict(name="link-bad", bytes=docx(p(run("Se ") + f'<w:hyperlink r:id="rId11">{run("ikke her")}</w:hyperlink>' + run(".")), relations=relation(
        "rId11", "hyperlink", "javascript:alert(1)", True)), words="Se ikke her", links=[])
    yield dict(name="field-simple", bytes=docx(p(f'<w:fldSimple w:instr=" DATE \\@ &quot;d. MMMM yyyy&quot; ">{run("9. juni 2026")}</w:fldSimple>' + run(" i dag."))),
               words="9 juni 2026 i dag", gone="DATE MMMM")
    nested = field(f"IF</w:instrText></w:r>{field('PAGE', run('3'))}<w:r><w:instrText> = 3", run("Side tre"))
    yield dict(name="field-nested", bytes=docx(p(nested + run(" er her."))), words="Side tre er her", gone="IF PAGE")
    split = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPER</w:instrText></w:r><w:r><w:instrText>LINK "https://a.example/"</w:instrText></w:r>'
             '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("delt"))
    yield dict(name="field-paragraphs", bytes=docx(p(split) + p(run("over to") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>') + p("Efter.")),
               words="delt over to Efter", gone="HYPER LINK")
    contents = ('<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>'
                + p(field("TOC \\o", f'<w:hyperlink w:anchor="_Toc1">{run("Kapitlet")}<w:r><w:tab/></w:r>{run("2")}</w:hyperlink>')) + "</w:sdtContent></w:sdt>")
    yield dict(name="contents", bytes=docx(contents + p('<w:bookmarkStart w:id="1" w:name="_Toc1"/>' + run("Kapitlet") + '<w:bookmarkEnd w:id="1"/>', "Heading1") + p("Ord.")),
               words="Kapitlet 2 Kapitlet Ord", gone="TOC")
    tracked = ('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:delInstrText> PAGE </w:delInstrText></w:r>'
               '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("7") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    yield dict(name="field-tracked", bytes=docx(p(run("Side ") + tracked + run(" her."))), words="Side 7 her", gone="PAGE")
    bare = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    yield dict(name="field-empty", bytes=docx(p(run("Tomt") + bare + run(" felt.")) + p("Efter.")), words="Tomt felt Efter")
    yield dict(name="field-open", bytes=docx(p(run("Uden ") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
                                               '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("ende")) + p("Efter.")), words="Uden ende Efter", gone="PAGE")
    form = field("FORMTEXT", run("Udfyldt")) + field("FORMCHECKBOX", "")
    yield dict(name="field-form", bytes=docx(p(form + run(" felt."))), words="Udfyldt felt", gone="FORMTEXT")


def of_controls():
    deep = run("Inderst")
    for _ in range(8):
        deep = f"<w:sdt><w:sdtPr/><w:sdtContent>{deep}</w:sdtContent></w:sdt>"
    block = "<w:sdt><w:sdtContent><w:sdt><w:sdtContent>" + p("Blok") + "</w:sdtContent></w:sdt></w:sdtContent></w:sdt>"
    yield dict(name="controls", bytes=docx(block + p(run("Inline ") + deep)), words="Blok Inline Inderst")
    more = (f'<w:smartTag w:element="place">{run("Lille")}</w:smartTag><w:customXml w:element="x">{run("sund")}</w:customXml>'
            f'<w:bdo w:val="ltr">{run(" er")}</w:bdo><w:dir w:val="ltr">{run(" en by")}</w:dir>')
    yield dict(name="wrappers", bytes=docx(p(more)), words="Lillesund er en by")
    tick = ('<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:sym w:font="MS Gothic" w:char="2612"/></w:r>'
            "</w:sdtContent></w:sdt>")
    yield dict(name="checkbox", bytes=docx(p(tick + run(" Godkendt"))), words="Godkendt")
    def place(more, words="&lt;overskrift&gt;"):
        return f'<w:sdt><w:sdtPr>{more}<w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run(words)}</w:sdtContent></w:sdt>'

    # A placeholder is none of the text, but that of our templates, which is refused by its words; LibreOffice forgets that it goes.
    yield dict(name="placeholder", bytes=docx(p(place("<w:temporary/>"), "Title") + p("Tekst.")), words="overskrift Tekst", marks={"<overskrift>": "title"})
    yield dict(name="placeholder-kept", bytes=docx(p(place(""), "Title") + p("Tekst.")), words="overskrift Tekst")
    yield dict(name="placeholder-word", bytes=docx(p(place("", "Klik her for at skrive"), "Title") + p("Tekst.")), words="Tekst", gone="Klik", findings={"field-code"})
    yield dict(name="placeholder-header", bytes=docx(p("Tekst."), header=p(place("", "Skriv noget"))), words="Tekst", gone="noget", findings={"field-code"},
               untold={"page-header"})


def of_characters():
    run_of = "<w:r><w:t>Før</w:t><w:tab/><w:t>tab</w:t><w:br/><w:t>linje</w:t><w:cr/><w:t>retur</w:t><w:br w:type=\"page\"/><w:t>side</w:t></w:r>"
    yield dict(name="breaks", bytes=docx(p(run_of)), words="Før tab linje retur side")
    joined = "<w:r><w:t>E</w:t><w:noBreakHyphen/><w:t>mail og sund</w:t><w:softHyphen/><w:t>hed</w:t></w:r>"
    yield dict(name="hyphens", bytes=docx(p(joined)), words="E mail og sundhed")
    split = run("Sund") + "<w:proofErr w:type=\"spellStart\"/>" + '<w:bookmarkStart w:id="3" w:name="b"/>' + run("heds", "<w:i/>") + '<w:bookmarkEnd w:id="3"/>' + run("hus")
    yield dict(name="split-words", bytes=docx(p(split + run(" åbner"))), words="Sundhedshus åbner")
    unkept = "<w:r><w:t> to </w:t></w:r><w:r><w:t>ord </w:t></w:r>"
    yield dict(name="spaces-unkept", bytes=docx(p(unkept + "<w:r><w:t xml:space=\"preserve\"> og</w:t></w:r>" + run(" mere"))), words=None)
    yield dict(name="cp1252-symbol", bytes=docx(p(run("Pris: ") + '<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>' + run(" 12"))), words=None)
    yield dict(name="surrogates", bytes=docx(p("Hus 🏠 og &#x1F1E9;&#x1F1F0; og tal &#178;")), words="Hus og og tal ²")
    yield dict(name="decomposed", bytes=docx(p("A\u030aben a\u030a og o\u0308")), words="Åben å og ö")
    yield dict(name="caps", bytes=docx(p(run("Med versaler", "<w:caps/>") + run(" og kapitæler", "<w:smallCaps/>"))), words="Med versaler og kapitæler")
    ruby = "<w:r><w:ruby><w:rt>" + run("furi") + "</w:rt><w:rubyBase>" + run("kanji") + "</w:rubyBase></w:ruby></w:r>"
    drop = p(run("D"), "", '<w:framePr w:dropCap="drop" w:lines="3" w:wrap="around"/>') + p("et var en gang.")
    yield dict(name="drop-cap", bytes=docx(drop + p("Næste.")), words="Det var en gang Næste")
    yield dict(name="ruby", bytes=docx(p(ruby + run(" ord"))), words=None)
    yield dict(name="empty-paragraphs", bytes=docx(p("") * 30 + p("Endelig.") + p("") * 30), words="Endelig")
    long_text = " ".join(f"ord{n}" for n in range(3000))
    yield dict(name="long", bytes=docx(p(long_text)), words=long_text)


def of_programs():
    body = p("Titlen", "Title") + p("Del", "Heading1") + table(("a", "b")) + p("Tekst.")
    yield dict(name="strict", bytes=docx(body, strict=True), words="Titlen Del a b Tekst", outlines={"Del": 1}, marks={"Titlen": "title"})
    yield dict(name="main-elsewhere", bytes=docx(body, main="word/document2.xml"), words="Titlen Del a b Tekst")
    yield dict(name="main-in-root", bytes=docx(body, main="doc/hoved.xml"), words="Titlen Del a b Tekst")
    yield dict(name="utf-16", bytes=docx(body, encoding="utf-16"), words="Titlen Del a b Tekst")
    yield dict(name="template-type", bytes=docx(body, main_type=MAIN_TYPE + "template.main+xml"), words="Titlen Del a b Tekst")
    yield dict(name="stored", bytes=docx(body, method=0), words="Titlen Del a b Tekst")
    # Google Docs: identifiers of its own case, everything set directly, lists by levels alone.
    google = ("<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Arial\"/><w:sz w:val=\"22\"/></w:rPr></w:rPrDefault></w:docDefaults>"
              + style("Normal", "normal", default=' w:default="1"') + style("Title", "Title", "Normal", "<w:keepNext/>", '<w:sz w:val="52"/>')
              + style("Heading1", "heading 1", "Normal", "<w:keepNext/>", '<w:sz w:val="40"/>'))
    text = (p('<w:bookmarkStart w:colFirst="0" w:colLast="0" w:id="0" w:name="_abc"/><w:bookmarkEnd w:id="0"/>' + run("Fra Google", '<w:rtl w:val="0"/>'), "Title")
            + p(run("Første del", '<w:rtl w:val="0"/>'), "Heading1")
            + p(run("Et punkt", '<w:u w:val="none"/>'), "", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:ind w:left="720"/>')
            + p(run("Link: ") + f'<w:hyperlink r:id="rId11">{run("https://a.example/x", "<w:color w:val=&quot;1155cc&quot;/>".replace("&quot;", chr(34)))}</w:hyperlink>'))
    yield dict(name="google-docs", bytes=docx(text, google, lists=numbering(("bullet", "●", 1)), relations=relation("rId11", "hyperlink", "https://a.example/x", True)),
               words="Fra Google Første del Et punkt Link https a example x", outlines={"Første del": 1}, marks={"Fra Google": "title"})
    # Pages: styles by its own names, "Body" for all text, and each run in a language of its own.
    pages = (style("Body", "Body", default="") + style("TitleP", "Title") + style("HeadingP", "Heading", "", '<w:outlineLvl w:val="0"/>') + style("Normal", "Normal", default=' w:default="1"'))
    yield dict(name="pages", bytes=docx(p(run("Fra Pages", '<w:lang w:val="da-DK"/>'), "TitleP") + p("Afsnit", "HeadingP")
                                        + p(run("Tekst ", '<w:rtl w:val="0"/>') + run("i stykker", '<w:lang w:val="en-US"/>'), "Body"), pages),
               words="Fra Pages Afsnit Tekst i stykker", outlines={"Afsnit": 1}, marks={"Fra Pages": "title"})
    # WordPad and others: nothing but the text.
    yield dict(name="bare", bytes=docx(p("Kun tekst.") + p("Og mere."), styles=""), words="Kun tekst Og mere")
    glossary = ("word/glossary/document.xml", f'<w:glossaryDocument xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docParts><w:docPart><w:docPartBody>'
                f'{p("Klik her for at skrive")}</w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>')
    yield dict(name="glossary", bytes=docx(p("Teksten."), relations=relation("rId12", "glossaryDocument", "glossary/document.xml"), more=[glossary]),
               words="Teksten", gone="Klik")


def of_objects():
    macros = ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0" + b"\0" * 60)
    yield dict(name="macros", bytes=docx(p("Med makro."), main_type="application/vnd.ms-word.document.macroEnabled.main+xml", more=[macros],
                                         relations=relation("rId13", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")),
               words="Med makro", findings={"macros"})
    thing = '<w:r><w:object><v:shape><v:imagedata r:id="rId10"/></v:shape><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12" r:id="rId14"/></w:object></w:r>'
    yield dict(name="embedded", bytes=docx(p(run("Se arket: ") + thing), relations=IMAGE + relation("rId14", "package", "embeddings/ark.xlsx"), media=MEDIA,
                                           more=[("word/embeddings/ark.xlsx", b"PK\5\6" + b"\0" * 18)]), words="Se arket", findings={"embedded"})
    chart = ('<w:r><w:drawing><wp:inline><wp:docPr id="4" name="Diagram 4"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
             '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rId15"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>')
    yield dict(name="chart", bytes=docx(p(chart) + p("Tekst."), relations=relation("rId15", "chart", "charts/chart1.xml"),
                                        more=[("word/charts/chart1.xml", '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"/>')]),
               words="Tekst", findings={"chart"})
    math = "<m:oMath><m:r><m:t>a</m:t></m:r><m:r><m:t>=12</m:t></m:r></m:oMath>"
    yield dict(name="formula", bytes=docx(p(run("Regn: ") + math)), words="Regn a 12")
    chunk = '<w:altChunk r:id="rId16"/>'
    yield dict(name="chunk", bytes=docx(p("Før.") + chunk + p("Efter."), relations=relation("rId16", "aFChunk", "del.html"),
                                        more=[("word/del.html", "<p>Fra en anden fil</p>")]), words="Før Efter", findings={"embedded"})


def cases():
    for family in (of_languages, of_styles, of_lists, of_tables, of_notes, of_pictures, of_boxes, of_changes, of_hidden, of_fields, of_controls,
                   of_characters, of_programs, of_objects):
        for case in family():
            yield dict(case, format="docx")
