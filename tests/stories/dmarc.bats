#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# DMARC: what records in DNS say (RFC 9989), and who sends in the newsroom's name, as reports in its mailbox say.

bats_require_minimum_version 1.5.0
load newsroom
load nameserver

setup() {
    newsroom_make
    INBOX=$BATS_TEST_TMPDIR/inbox
    mkdir -p "$INBOX"/{new,cur,tmp}
    sed -i "s,^mail:,mail:\n  inbox: maildir:$INBOX\n  replies: svar@nordhav.example\n  bounces: retur@nordhav.example," "$ROOM/newsroom.yaml"
}

teardown() {
    nameserver_stop
}

# report NAME KIND ORGANIZATION [ROW…]: a mail in the inbox with a report of 7 June as KIND (gz, zip, xml, xml2: of RFC
# 9990's namespace). A row is SOURCE,COUNT,DKIM,SPF[,DKIM'S DOMAIN[,REASON]]. ID and DOMAIN may be set.
report() {
    "$PYTHON" - "$INBOX/new/$1" "${ID:-$1}" "${DOMAIN:-nordhav.example}" "${@:2}" <<'PY'
import base64, gzip, io, sys, zipfile
path, name, domain, kind, organization, *rows = sys.argv[1:]
records = ""
for row in rows:
    source, count, dkim, spf, signer, reason = (row.split(",") + ["", ""])[:6]
    signed = f"<dkim><domain>{signer or domain}</domain><result>pass</result></dkim>" if signer or dkim == "pass" else ""
    records += f"""<record><row><source_ip>{source}</source_ip><count>{count}</count><policy_evaluated>
<disposition>{'none' if 'pass' in (dkim, spf) else 'quarantine'}</disposition><dkim>{dkim}</dkim><spf>{spf}</spf>
{f'<reason><type>{reason}</type></reason>' if reason else ''}</policy_evaluated></row>
<identifiers><header_from>{domain}</header_from></identifiers>
<auth_results>{signed}<spf><domain>{domain}</domain><result>{spf}</result></spf></auth_results></record>"""
space = ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"' if kind == "xml2" else ""
xml = f"""<?xml version="1.0"?><feedback{space}><report_metadata><org_name>{organization}</org_name><report_id>{name}</report_id>
<date_range><begin>1780790400</begin><end>1780876799</end></date_range></report_metadata>
<policy_published><domain>{domain}</domain><p>none</p></policy_published>{records}</feedback>""".encode()
if kind == "gz":
    xml, kind = gzip.compress(xml), "gzip"
elif kind == "zip":
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a!b!1!2.xml", xml)
    xml = packed.getvalue()
else:
    kind = "xml"
with open(path, "w") as mail:
    mail.write(f"""From: noreply@rapport.example
To: svar@nordhav.example
Subject: Report Domain: {domain} Submitter: rapport.example Report-ID: {name}
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: application/{kind}
Content-Transfer-Encoding: base64

{base64.encodebytes(xml).decode()}""")
PY
}

mails_left() {
    find "$INBOX/new" "$INBOX/cur" -type f | wc -l
}

status_json() {
    pr status --json | json "d['dmarc']$1"
}

@test "reports of every form are counted, each once, and who sends in our name is told" {
    run -0 pr status
    [[ $output != *DMARC* ]]
    report a gz Storpost 192.0.2.10,80,pass,pass 198.51.100.7,2,fail,fail
    report b zip "Kontor Post" 192.0.2.10,15,pass,pass 2001:db8::7,1,fail,fail,,forwarded
    report c xml2 Rapport 192.0.2.10,2,pass,fail
    run -0 pr collect
    [[ $output == *"collect: 3 DMARC reports"* ]]
    [ "$(mails_left)" -eq 0 ]
    ID=a report again gz Storpost 192.0.2.10,80,pass,pass 198.51.100.7,2,fail,fail
    run -0 pr collect
    [ "$(mails_left)" -eq 0 ]
    run -0 pr status
    [[ $output == *"In our name, 30 days (DMARC): 100 messages by 3 reports, 97 % passed"* ]]
    echo "$output" | grep -qE '^from +messages +DKIM +SPF +neither +refused +reported by$'
    echo "$output" | grep -qE '^192\.0\.2\.10 \(most likely the relay\) +97 +100 % +97 % +0 +0  Kontor Post, Rapport, Storpost$'
    echo "$output" | grep -qE '^198\.51\.100\.7 +2 +0 % +0 % +2 +2  Storpost$'
    [ "$(status_json '["messages"], d["dmarc"]["passed"], d["dmarc"]["reports"], d["dmarc"]["days"]')" = "(100, 97, 3, 30)" ]
    [ "$(status_json '["sources"][0]["source"], d["dmarc"]["sources"][0]["spf"]')" = "('192.0.2.10', 95)" ]
    [ "$(status_json '["sources"][0]["relay"], d["dmarc"]["sources"][1]["relay"]')" = "(True, False)" ]
    # Thirty days on nothing of it is left, and what was stored is gone with the next look into the mailbox.
    run -0 at 2026-07-08T08:00:00Z status
    [[ $output != *DMARC* ]]
    at 2026-07-25T08:00:00Z collect >/dev/null
    [ "$(sqlite3 "$ROOM/state/pressroom.db" 'SELECT (SELECT count(*) FROM inbound_dmarc) + (SELECT count(*) FROM inbound_dmarc_report)')" = 0 ]
}

@test "reports of others, bombs and what is no report stay for a person, and harm nothing" {
    DOMAIN=sydhav.example report other gz Storpost 192.0.2.10,80,pass,pass
    "$PYTHON" - "$INBOX/new" <<'PY'
import base64, gzip, io, sys, zipfile
def mail(name, kind, data):
    with open(f"{sys.argv[1]}/{name}", "w") as file:
        file.write(f"From: noreply@rapport.example\nTo: svar@nordhav.example\nSubject: Report Domain: nordhav.example {name}\n"
                   f"Content-Type: application/{kind}\nContent-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}")
zeros = gzip.compress(bytes(100_000_000))
mail("zeros", "gzip", zeros)
mail("twice", "gzip", gzip.compress(zeros))
packed = io.BytesIO()
with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
    for i in range(200):
        archive.writestr(f"{i}.txt", b"x")
    archive.writestr("a.xml", b"<feedback>" + b"<a>" * 20_000_000 + b"</feedback>")
mail("deep", "zip", packed.getvalue())
mail("entities", "gzip", gzip.compress(b'<!DOCTYPE feedback [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%b">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]><feedback>&j;</feedback>"))
mail("outside", "gzip", gzip.compress(b'<!DOCTYPE feedback SYSTEM "http://127.0.0.1:9/"><feedback></feedback>'))
mail("unused", "gzip", gzip.compress(b"unused"))
mail("cut", "gzip", gzip.compress(b"<feedback>" + bytes(range(256)) * 400)[:300])
PY
    run -0 pr collect
    [[ $output != *"DMARC report"* ]]
    [ "$(mails_left)" -eq 8 ]
    run -0 pr status
    [[ $output != *DMARC* ]]
    [ "$(status_json '["messages"]')" = 0 ]
}

@test "a report that is too long to be read stays, and is told once" {
    report long xml Storpost $(printf '192.0.2.10,%s,pass,pass ' {1..800})
    [ "$(stat -c %s "$INBOX/new/long")" -gt 270000 ]
    run -0 pr collect
    [[ $output == *"inbox: a DMARC report of rapport.example was left: it is longer than 256 kB"* ]]
    [ "$(mails_left)" -eq 1 ]
    run -0 pr collect
    [[ $output != *"DMARC"* ]]
    report packed gz Storpost $(printf '192.0.2.10,%s,pass,pass ' {1..800})
    run -0 pr collect
    [[ $output == *"collect: 1 DMARC report"* ]]
    [ "$(status_json '["messages"]')" = 320400 ]
}

@test "doctor tells whether the relay aligns, which it is, and who else sends" {
    sed -i 's,smtp: maildir:.*,smtp: smtp://relay.nordhav.example:25,' "$ROOM/newsroom.yaml"
    nameserver_start --host-record=relay.nordhav.example,192.0.2.10
    run pr doctor
    [[ $output == *"skipped  DMARC reports: none came in 30 days; to see who sends in its name, let the DMARC record of nordhav.example have them sent (rua=mailto:…) to an address that mail.inbox reads"* ]]
    report a gz Storpost 192.0.2.10,40,pass,pass 192.0.2.99,70,pass,pass
    pr collect >/dev/null
    run pr doctor
    [[ $output == *"good     DMARC reports: the relay: of 40 messages in 30 days 100 % passed, 100 % by DKIM and 100 % by SPF (reported by Storpost)"* ]]
    [[ $output == *"good     DMARC reports: 1 other address sent 70 messages in our name: 70 passed, 0 were sent on by others, 0 did not pass"* ]]
    report b gz Kontor 192.0.2.10,60,fail,pass,relay.example 198.51.100.7,50,fail,fail
    run -0 pr collect
    [[ $output == *"DMARC, nordhav.example: of 220 messages in its name in 30 days, 50 passed neither DKIM nor SPF, 50 of them from 198.51.100.7, reported by Kontor; \`pressroom doctor\` says what to do"* ]]
    run -0 pr status
    [[ $output == *"Told:         nordhav.example since 2026-06-10 "*": of 220 messages in its name in 30 days, 50 passed neither DKIM nor SPF, "* ]]
    report c gz Kontor 192.0.2.10,1,pass,pass
    run -0 pr collect
    [[ $output != *"DMARC, nordhav.example"* ]] # it is told once
    [ "$(sqlite3 "$ROOM/state/pressroom.db" "SELECT kind, subject, until_at IS NULL FROM notice")" = "7|nordhav.example|1" ]
    run pr doctor
    [[ $output == *"DMARC reports: the relay: of 101 messages in 30 days 100 % passed, 40 % by DKIM and 100 % by SPF (reported by Kontor, Storpost); let it sign with d=nordhav.example (it signs for another domain)"* ]]
    [[ $output == *"DMARC reports: 2 other addresses sent 120 messages in our name, of which 50 did not pass (most of all 198.51.100.7: 50, reported by Kontor); "*"p=reject keeps such mails out"* ]]
    [[ $output != *"problem"*"DMARC reports"* ]]
}

@test "doctor takes the address that sent most for the relay's where DNS has another one" {
    report a gz Storpost 192.0.2.10,40,fail,fail 192.0.2.99,5,pass,pass
    pr collect >/dev/null
    run -0 pr doctor # a forged report is no reason for exit 1
    [[ $output == *"DMARC reports: 192.0.2.10, by its share most likely the relay: of 40 messages in 30 days 0 % passed, 0 % by DKIM and 0 % by SPF (reported by Storpost); let it sign with d=nordhav.example, and name it in the SPF record of nordhav.example"* ]]
}

@test "doctor takes those that pass for a relay with many addresses" {
    report a gz Storpost 192.0.2.10,40,pass,fail 192.0.2.11,40,pass,fail 192.0.2.12,40,pass,fail 198.51.100.7,3,fail,fail
    pr collect >/dev/null
    run -0 pr doctor
    [[ $output == *"DMARC reports: the relay, most likely, with 3 addresses that pass: of 120 messages in 30 days 100 % passed, 100 % by DKIM and 0 % by SPF (reported by Storpost); name it in the SPF record of nordhav.example"* ]]
    [[ $output == *"good     DMARC reports: 1 other address sent 3 messages in our name: 0 passed, 0 were sent on by others, 3 did not pass"* ]]
}

@test "doctor judges records by RFC 9989" {
    local name
    local -A records=(
        [pct]="v=DMARC1; p=reject; pct=20|has pct, which is gone (RFC 9989)*write t=y"
        [rf]="v=DMARC1; p=reject; rf=afrf|has rf, which is gone"
        [ri]="v=DMARC1; p=reject; ri=86400|has ri, which is gone"
        [empty]="v=DMARC1|says no policy (p=…), which counts as p=none"
        [word]="v=DMARC1; p=monitor|has a p, sp or np that is no policy, and no rua, so it does not count"
        [wordrua]="v=DMARC1; p=reject; sp=x; rua=mailto:a@wordrua.example|has a p, sp or np that is no policy, so all of it counts as p=none"
        [small]="v=dmarc1; p=none|does not begin with v=DMARC1 in these capitals"
        [suffix]="v=DMARC1; p=none; psd=y|everybody can have a name below it"
        [rua]="v=DMARC1; p=none; rua=dmarc@rua.example|has an address in rua that no report can be sent to"
        [size]="v=DMARC1; p=none; rua=mailto:a@size.example!10m|has a size (!) behind an address in rua"
        [test]="v=DMARC1; p=reject; t=y| – t=y: the policy is a test, and not carried out"
        [strict]="v=DMARC1; p=reject; adkim=s; aspf=s|adkim=s: of DKIM's signatures only that of strict.example"
        [outside]="v=DMARC1; p=none; rua=mailto:a@samler.example|rua: samler.example is outside outside.example and does not say"
        [inside]="v=DMARC1; p=none; rua=mailto:a@tager.example|DMARC: v=DMARC1; p=none"
    )
    local -a options=(--txt-record=inside.example._report._dmarc.tager.example,v=DMARC1)
    for name in "${!records[@]}"; do
        # A comma would begin another string.
        options+=("--txt-record=_dmarc.$name.example,${records[$name]%%|*}")
    done
    nameserver_start "${options[@]}"
    for name in "${!records[@]}"; do
        sed -i "s/<presse@.*>/<presse@$name.example>/; s/bounces: .*/bounces: retur@$name.example/" "$ROOM/newsroom.yaml"
        run -0 pr doctor
        echo "$name: $output"
        [[ $output == *${records[$name]#*|}* ]]
        [ "$name" != inside ] || [[ $output != *"rua: "* ]]
    done
}

@test "doctor walks up to the record that counts, and says where SPF is aligned" {
    sed -i 's/presse@nordhav.example/presse@a.b.presse.nordhav.example/; s/retur@nordhav.example/retur@retur.nordhav.example/' "$ROOM/newsroom.yaml"
    nameserver_start --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=none; sp=reject" \
        --txt-record=_dmarc.b.presse.nordhav.example,"v=DMARC1; p=quarantine" --txt-record=_dmarc.presse.nordhav.example,"v=DMARC1; p=none" \
        --txt-record=_dmarc.presse.nordhav.example,"v=DMARC1; p=reject"
    run -0 pr doctor
    [[ $output == *"good     DNS a.b.presse.nordhav.example: DMARC: v=DMARC1; p=none; sp=reject – of _dmarc.nordhav.example – sp: here p=reject counts"* ]]
    [[ $output == *"_dmarc.presse.nordhav.example has more than one DMARC record"* ]]
    [[ $output != *"is where mail.bounces is"* ]]
    nameserver_stop
    # A record that ends the way makes it another organization.
    nameserver_start --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=none" --txt-record=_dmarc.presse.nordhav.example,"v=DMARC1; p=none; psd=n"
    run -0 pr doctor
    [[ $output == *"DMARC: v=DMARC1; p=none; psd=n – of _dmarc.presse.nordhav.example"* ]]
    [[ $output == *"DNS retur.nordhav.example: is where mail.bounces is, but mail.from is in a.b.presse.nordhav.example, so SPF does not count"* ]]
    nameserver_stop
    nameserver_start --txt-record=_dmarc.nordhav.example,"v=DMARC1; p=none; aspf=s"
    run -0 pr doctor
    [[ $output == *"asks for the very domain of mail.from (aspf=s)"* ]]
}
