/* SPDX-License-Identifier: MIT */
#include "cmocka_all.h"

#include "net/refusal.h"
#include "net/refusal_phrase.h"
#include "unit/phrases.h"

#include <string.h>

#define ADDRESS REFUSAL_ADDRESS
#define MAILBOX REFUSAL_MAILBOX
#define OURS REFUSAL_OURS

static struct mail_phrases *phrases;

struct example {
    int code;
    const char *enhanced;
    const char *text;
    enum refusal_kind kind;
    enum refusal_cause cause;
};

static void check(const struct example *examples, size_t count)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const struct example *example = &examples[i];
        const struct refusal_words words = { example->code, example->enhanced, example->text,
                                             phrases };
        struct refusal refusal;
        refusal_read(&words, &refusal);
        if (refusal.kind == example->kind && refusal.cause == example->cause)
            continue;
        wrong++;
        print_error("%d %s %s: %s %d, not %s %d\n", example->code, example->enhanced, example->text,
                    refusal_kind_name(refusal.kind), (int)refusal.cause,
                    refusal_kind_name(example->kind), (int)example->cause);
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(examples) check(examples, sizeof(examples) / sizeof(examples)[0])

static void codes_alone_are_placed(void **state)
{
    (void)state;
    static const struct example examples[] = {
        { 550, "5.1.1", "", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.2", "", ADDRESS, REFUSAL_NO_DOMAIN },
        { 553, "5.1.3", "", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.6", "", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 556, "5.1.10", "", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 556, "5.1.10", "Recipient address has null MX", ADDRESS, REFUSAL_NO_DOMAIN },
        { 550, "5.2.1", "", ADDRESS, REFUSAL_DISABLED },
        { 550, "5.4.4", "", ADDRESS, REFUSAL_NO_DOMAIN },
        { 550, "5.4.1", "Recipient address rejected: Access denied", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.4.1", "No answer from host", MAILBOX, REFUSAL_TIMEOUT },
        { 551, "", "", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 551, "", "User not local; please try <kari@elsewhere.example>", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 552, "5.2.2", "", MAILBOX, REFUSAL_FULL },
        { 450, "4.2.0", "", MAILBOX, REFUSAL_UNPLACED },
        { 450, "4.2.1", "", MAILBOX, REFUSAL_UNPLACED },
        { 452, "4.2.2", "", MAILBOX, REFUSAL_FULL },
        { 450, "", "", MAILBOX, REFUSAL_UNPLACED },
        { 451, "4.4.1", "", MAILBOX, REFUSAL_TIMEOUT },
        { 0, "4.4.7", "", MAILBOX, REFUSAL_TIMEOUT },
        { 0, "5.4.7", "", MAILBOX, REFUSAL_TIMEOUT },
        { 451, "4.3.0", "", MAILBOX, REFUSAL_SYSTEM },
        { 450, "4.1.1", "unverified address: User unknown", MAILBOX, REFUSAL_UNPLACED },
        { 450, "5.1.1", "User unknown", MAILBOX, REFUSAL_UNPLACED },
        { 550, "5.7.1", "", OURS, REFUSAL_POLICY },
        { 550, "5.7.0", "", OURS, REFUSAL_POLICY },
        { 550, "5.7.23", "", OURS, REFUSAL_AUTHENTICATION },
        { 550, "5.7.25", "", OURS, REFUSAL_REVERSE_NAME },
        { 550, "5.7.26", "", OURS, REFUSAL_AUTHENTICATION },
        { 550, "5.7.515", "", OURS, REFUSAL_AUTHENTICATION },
        { 550, "5.7.606", "", OURS, REFUSAL_BLOCKLIST },
        { 550, "5.7.1", "user unknown to our policy", OURS, REFUSAL_POLICY },
        { 451, "4.7.1", "", OURS, REFUSAL_POLICY },
        { 451, "4.7.500", "", OURS, REFUSAL_RATE },
        { 552, "5.3.4", "", OURS, REFUSAL_SIZE },
        { 552, "5.2.3", "", OURS, REFUSAL_SIZE },
        { 554, "5.6.0", "", OURS, REFUSAL_CONTENT },
        { 554, "5.6.7", "", OURS, REFUSAL_CONTENT },
        { 553, "5.1.7", "", OURS, REFUSAL_SENDER },
        { 553, "5.1.8", "", OURS, REFUSAL_SENDER },
        { 432, "", "", OURS, REFUSAL_SYSTEM },
        { 432, "4.3.2", "", OURS, REFUSAL_SYSTEM },
        { 454, "", "", OURS, REFUSAL_SYSTEM },
        { 450, "4.3.2", "", OURS, REFUSAL_SYSTEM },
        /* nobody can place it */
        { 550, "", "", OURS, REFUSAL_UNPLACED },
        { 554, "5.0.0", "Error: no", OURS, REFUSAL_UNPLACED },
        { 550, "5.1.0", "", OURS, REFUSAL_UNPLACED },
        { 550, "5.1.9", "", OURS, REFUSAL_UNPLACED },
        { 550, "5.5.1", "Bad sequence", OURS, REFUSAL_UNPLACED },
        { 550, "", "Access denied", OURS, REFUSAL_UNPLACED },
        { 0, "", "", OURS, REFUSAL_UNPLACED },
        { 0, "nonsense", "5.1.1234 1.5.1.1 x5.1.1", OURS, REFUSAL_UNPLACED },
    };
    CHECK(examples);
}

static void words_answer_where_codes_do_not(void **state)
{
    (void)state;
    static const struct example examples[] = {
        { 550, "", "<a@x.example>: User unknown in virtual table", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "No Such User Here", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.0.0", "Unrouteable address", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.0", "Address rejected", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "#5.1.0 Address rejected.", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "#5.1.1 Bad destination", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 0, "", "Sorry, no mailbox here by that name. (#5.1.1)", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 0, "", "Sorry, I couldn't find any host named nordhav.example. (#5.1.2)", ADDRESS,
          REFUSAL_NO_DOMAIN },
        { 0, "5.0.0", "smtp; 550 5.1.1 unknown", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.3.0", "553 5.3.0 <kari@nordhav.example>... User unknown", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.0", "The recipient doesn\xe2\x80\x99t exist; no such user", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "Host unknown (Name server: nordhav.example: host not found)", ADDRESS,
          REFUSAL_NO_DOMAIN },
        { 550, "", "The account is disabled", ADDRESS, REFUSAL_DISABLED },
        { 550, "", "retry timeout exceeded", MAILBOX, REFUSAL_TIMEOUT },
        { 0, "", "connect to mx.nordhav.example[192.0.2.1]:25: Connection timed out", MAILBOX,
          REFUSAL_TIMEOUT },
        { 0, "5.4.4", "Name service error for name=a.example type=MX: Host not found, try again",
          MAILBOX, REFUSAL_TIMEOUT },
        { 0, "5.4.6", "mail for nordhav.example loops back to myself", MAILBOX, REFUSAL_SYSTEM },
        { 550, "", "Message size exceeds fixed maximum", OURS, REFUSAL_SIZE },
        /* who sends, and what, is not the address's affair */
        { 550, "5.1.0", "Sender address rejected: User unknown", OURS, REFUSAL_SENDER },
        { 550, "5.1.1", "Sender verify failed", OURS, REFUSAL_SENDER },
        { 550, "5.1.8", "Sender address rejected: Domain not found", OURS, REFUSAL_SENDER },
        { 550, "5.1.1", "Message blocked by our spam filter", OURS, REFUSAL_BLOCKLIST },
        { 550, "5.1.1", "This looks like spam", OURS, REFUSAL_SPAM },
        { 554, "5.4.1", "Relay access denied", OURS, REFUSAL_RELAYING },
        { 550, "5.1.2", "we do not relay for that domain", OURS, REFUSAL_RELAYING },
        { 550, "5.1.1", "rejected for policy reasons", OURS, REFUSAL_POLICY },
        { 0, "5.1.1", "smtp; 550 5.7.1 no", OURS, REFUSAL_POLICY },
        { 550, "5.2.1", "Message refused: it was classified as spam", OURS, REFUSAL_SPAM },
        { 550, "5.4.4", "mail from your network is refused by policy", OURS, REFUSAL_SENDER },
        /* names of people and machines say nothing */
        { 550, "5.1.1", "<spam@policy.example>: Recipient address rejected: User unknown", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.1", "host spam.filter.example said: no such user", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.1", "unknown; see https://help.example/policy/spam", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "no; see https://help.example/no/such/user-unknown", OURS, REFUSAL_UNPLACED },
        /* a mailbox, whatever stands beside */
        { 450, "4.7.1", "Greylisted, see http://postgrey.example/", MAILBOX, REFUSAL_GREYLISTED },
        { 451, "", "Recipient address rejected: Greylisted, try again in 300 seconds", MAILBOX,
          REFUSAL_GREYLISTED },
        { 550, "5.1.1", "user over quota (#5.1.1)", MAILBOX, REFUSAL_FULL },
        { 552, "", "Requested mail action aborted: exceeded storage allocation", MAILBOX,
          REFUSAL_FULL },
        { 550, "5.2.2", "Mailbox full: message size exceeds what is left", MAILBOX, REFUSAL_FULL },
        { 554, "5.2.0", "User has too many messages on the server", MAILBOX, REFUSAL_FULL },
        /* rate and quota, at any code */
        { 451, "4.3.0", "Rate limit reached", OURS, REFUSAL_RATE },
        { 450, "4.7.1", "Error: too much mail from 192.0.2.1", OURS, REFUSAL_RATE },
        { 421, "4.7.0", "Error: too many connections from 192.0.2.1", OURS, REFUSAL_CONNECTIONS },
        { 550, "5.4.5", "Daily user sending quota exceeded", OURS, REFUSAL_QUOTA },
        { 552, "5.2.2", "Your submission quota was exceeded", OURS, REFUSAL_QUOTA },
    };
    CHECK(examples);
}

static void servers_are_understood(void **state)
{
    (void)state;
    static const struct example examples[] = {
        /* Postfix */
        { 550, "5.1.1",
          "<a@x.example>: Recipient address rejected: User unknown in local recipient table",
          ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 0, "5.1.1", "unknown user: \"kari\"", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 0, "5.4.4",
          "Host or domain name not found. Name service error for name=a.example "
          "type=A: Host not found",
          ADDRESS, REFUSAL_NO_DOMAIN },
        { 0, "4.4.3",
          "Host or domain name not found. Name service error for name=a.example "
          "type=MX: Host not found, try again",
          MAILBOX, REFUSAL_TIMEOUT },
        { 554, "5.7.1", "<x@y.example>: Relay access denied", OURS, REFUSAL_RELAYING },
        { 554, "5.7.1",
          "Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; "
          "https://www.spamhaus.org/query/ip/192.0.2.1",
          OURS, REFUSAL_BLOCKLIST },
        { 450, "4.7.25", "Client host rejected: cannot find your hostname, [192.0.2.1]", OURS,
          REFUSAL_REVERSE_NAME },
        { 504, "5.5.2", "<news>: Helo command rejected: need fully-qualified hostname", OURS,
          REFUSAL_REVERSE_NAME },
        { 452, "4.3.1", "Insufficient system storage", MAILBOX, REFUSAL_SYSTEM },
        /* in other languages */
        { 552, "", "Postlådan är full", MAILBOX, REFUSAL_FULL },
        { 550, "", "Okänd användare: ida", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 552, "", "Postboksen er full", MAILBOX, REFUSAL_FULL },
        { 550, "", "Brukeren finnes ikke", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 552, "", "Postfach ist voll", MAILBOX, REFUSAL_FULL },
        { 550, "", "Das Konto wurde deaktiviert", ADDRESS, REFUSAL_DISABLED },
        /* Exim */
        { 550, "", "Unrouteable address", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "unknown user", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 0, "", "all relevant MX records point to non-existent hosts", ADDRESS,
          REFUSAL_NO_DOMAIN },
        { 550, "", "relay not permitted", OURS, REFUSAL_RELAYING },
        { 550, "", "Administrative prohibition", OURS, REFUSAL_POLICY },
        { 550, "", "Verification failed for <news@x.example> Sender verify failed", OURS,
          REFUSAL_SENDER },
        { 0, "",
          "all hosts for 'x.example' have been failing for a long time (and retry time not "
          "reached)",
          MAILBOX, REFUSAL_TIMEOUT },
        /* sendmail */
        { 550, "5.1.1", "<kari@x.example>... User unknown", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.2",
          "<kari@x.example>... Host unknown (Name server: x.example.: host not "
          "found)",
          ADDRESS, REFUSAL_NO_DOMAIN },
        { 550, "5.7.1", "<kari@x.example>... Relaying denied. Proper authentication required.",
          OURS, REFUSAL_RELAYING },
        { 553, "5.1.8",
          "<news@x.example>... Domain of sender address news@x.example does not "
          "exist",
          OURS, REFUSAL_SENDER },
        /* qmail */
        { 553, "", "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", OURS,
          REFUSAL_RELAYING },
        { 553, "", "sorry, your envelope sender is in my badmailfrom list (#5.7.1)", OURS,
          REFUSAL_SENDER },
        { 0, "", "Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", MAILBOX,
          REFUSAL_TIMEOUT },
        { 0, "", "This address no longer accepts mail.", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 0, "", "user is over quota", MAILBOX, REFUSAL_FULL },
        /* Exchange, Microsoft 365, Outlook.com */
        { 550, "5.7.515",
          "Access denied, sending domain nordhav.example does not meet the required "
          "authentication level.",
          OURS, REFUSAL_AUTHENTICATION },
        { 550, "5.7.1",
          "Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet "
          "service provider since part of their network is on our block list (S3150).",
          OURS, REFUSAL_BLOCKLIST },
        { 550, "5.7.606", "Access denied, banned sending IP [192.0.2.1]", OURS, REFUSAL_BLOCKLIST },
        { 550, "5.4.1", "Recipient address rejected: Access denied. AS(201806281)", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.10",
          "RESOLVER.ADR.RecipientNotFound; Recipient kari@x.example not found by SMTP address "
          "lookup",
          ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.1.1", "RESOLVER.ADR.ExRecipNotFound; not found", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.5.0", "Requested action not taken: mailbox unavailable (S2017062302).", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.7.1", "RESOLVER.RST.AuthRequired; authentication required", OURS,
          REFUSAL_AUTHENTICATION },
        { 554, "5.2.2", "mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException", MAILBOX,
          REFUSAL_FULL },
        { 552, "5.2.3", "RESOLVER.RST.RecipSizeLimit; message too large for this recipient", OURS,
          REFUSAL_SIZE },
        { 550, "5.4.310",
          "DNS domain nordhav.example does not exist "
          "[Message=InfoDomainNonexistent]",
          ADDRESS, REFUSAL_NO_DOMAIN },
        { 550, "4.4.7", "QUEUE.Expired; message expired", MAILBOX, REFUSAL_TIMEOUT },
        { 550, "5.4.300", "Message expired -> 451 4.4.0 no answer", MAILBOX, REFUSAL_TIMEOUT },
        { 550, "5.4.14", "Hop count exceeded - possible mail loop ATTR34", MAILBOX,
          REFUSAL_SYSTEM },
        { 432, "4.3.2", "STOREDRV.ClientSubmit; sender thread limit exceeded", OURS,
          REFUSAL_CONNECTIONS },
        { 432, "4.3.2", "Concurrent connections limit exceeded", OURS, REFUSAL_CONNECTIONS },
        { 451, "4.7.500", "Server busy. Please try again later from [192.0.2.1]. (S77719)", OURS,
          REFUSAL_RATE },
        { 554, "5.2.0",
          "STOREDRV.Submission.Exception:SubmissionQuotaExceededException; message limit", OURS,
          REFUSAL_QUOTA },
        { 550, "5.7.509",
          "Access denied, sending domain x.example does not pass DMARC verification", OURS,
          REFUSAL_AUTHENTICATION },
        /* Gmail */
        { 550, "5.1.1",
          "The email account that you tried to reach does not exist. Please try double-checking "
          "the recipient's email address for typos or unnecessary spaces. Learn more at "
          "https://support.google.com/mail/?p=NoSuchUser a1-1 - gsmtp",
          ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "5.2.1",
          "The email account that you tried to reach is inactive. For more information, go to "
          "https://support.google.com/mail/?p=DisabledUser",
          ADDRESS, REFUSAL_DISABLED },
        { 550, "5.2.1",
          "The user you are trying to contact is receiving mail at a rate that prevents "
          "additional messages from being delivered.",
          MAILBOX, REFUSAL_RATE },
        { 450, "4.2.1", "The user you are trying to contact is receiving mail too quickly.",
          MAILBOX, REFUSAL_RATE },
        { 552, "5.2.2", "The recipient's inbox is out of storage space.", MAILBOX, REFUSAL_FULL },
        { 421, "4.7.0",
          "Our system has detected that this message is suspicious due to the very low "
          "reputation of the sending IP address.",
          OURS, REFUSAL_BLOCKLIST },
        { 421, "4.7.28",
          "Our system has detected an unusual rate of unsolicited mail originating from your IP "
          "address. To protect our users from spam, mail sent from your IP address has been "
          "temporarily rate limited.",
          OURS, REFUSAL_RATE },
        { 550, "5.7.26",
          "This mail has been blocked because the sender is unauthenticated. Gmail requires all "
          "senders to authenticate with either SPF or DKIM.",
          OURS, REFUSAL_AUTHENTICATION },
        { 550, "5.7.1",
          "Our system has detected that this message is likely unsolicited mail. To reduce the "
          "amount of spam sent to Gmail, this message has been blocked.",
          OURS, REFUSAL_BLOCKLIST },
        { 550, "5.4.5", "Daily user sending limit exceeded.", OURS, REFUSAL_QUOTA },
        /* Yahoo, AOL */
        { 554, "5.7.9",
          "Message not accepted for policy reasons. See https://postmaster.yahooinc"
          ".com/error-codes",
          OURS, REFUSAL_POLICY },
        { 421, "4.7.0",
          "[TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user "
          "complaints",
          OURS, REFUSAL_POLICY },
        { 554, "",
          "delivery error: dd This user doesn't have a yahoo.com account "
          "(kari@yahoo.com) [0] - mta1.mail.example",
          ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 554, "", "delivery error: dd Requested mail action aborted, mailbox not found", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 552, "", "1 Requested mail action aborted, mailbox not found", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        /* Apple */
        { 550, "5.1.1", "<kari@icloud.com>: user does not exist", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 552, "5.2.2", "<kari@icloud.com>: user is over quota", MAILBOX, REFUSAL_FULL },
        { 554, "5.7.1", "[CS01] Message rejected due to local policy.", OURS, REFUSAL_POLICY },
        /* GMX, web.de, T-Online, mailbox.org */
        { 550, "",
          "Requested action not taken: mailbox unavailable invalid DNS MX or A/AAAA "
          "resource record",
          ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 550, "",
          "Requested action not taken: mailbox unavailable Reject due to policy "
          "restrictions.",
          OURS, REFUSAL_POLICY },
        { 554, "",
          "gmx.net (mxgmx016) Nemesis ESMTP Service not available No SMTP service Bad "
          "DNS PTR resource record.",
          OURS, REFUSAL_REVERSE_NAME },
        { 554, "",
          "IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to "
          "contact tosa@rx.t-online.de to clarify.)",
          OURS, REFUSAL_UNPLACED },
        { 550, "", "user unknown (t-online)", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        /* Mimecast, Proofpoint, Barracuda, Cisco */
        { 550, "", "Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "Rejected by header based manually Blocked Senders: news@x.example", OURS,
          REFUSAL_UNPLACED },
        { 550, "", "Administrative prohibition - envelope blocked", OURS, REFUSAL_POLICY },
        { 554, "", "Email rejected due to security policies", OURS, REFUSAL_POLICY },
        { 550, "5.1.1", "User Unknown (proofpoint)", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
        { 554, "", "Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1", OURS,
          REFUSAL_UNPLACED },
        { 550, "", "permanent failure for one or more recipients (kari@x.example:blocked)", OURS,
          REFUSAL_UNPLACED },
        { 554, "",
          "Service unavailable; Client host [192.0.2.1] blocked using Barracuda "
          "Reputation; http://www.barracudanetworks.com/reputation/",
          OURS, REFUSAL_BLOCKLIST },
        { 550, "", "#5.7.1 Your access to submit messages to this e-mail system has been rejected.",
          OURS, REFUSAL_POLICY },
        /* Amazon SES */
        { 454, "", "Throttling failure: Maximum sending rate exceeded.", OURS, REFUSAL_RATE },
        { 454, "", "Throttling failure: Daily message quota exceeded.", OURS, REFUSAL_QUOTA },
        { 554, "", "Message rejected: Email address is not verified.", OURS, REFUSAL_UNPLACED },
        /* SPF, DKIM, DMARC, names */
        { 550, "5.7.1", "SPF unauthorized mail is prohibited.", OURS, REFUSAL_AUTHENTICATION },
        { 550, "", "SPF check failed", OURS, REFUSAL_AUTHENTICATION },
        { 550, "5.7.1", "rejected by DMARC policy for nordhav.example", OURS,
          REFUSAL_AUTHENTICATION },
        { 554, "", "DKIM signature invalid", OURS, REFUSAL_AUTHENTICATION },
        { 550, "", "The sending IP has no reverse DNS", OURS, REFUSAL_REVERSE_NAME },
        { 550, "5.7.25", "does not have a PTR record", OURS, REFUSAL_REVERSE_NAME },
        { 554, "", "Your IP is listed in the SBL", OURS, REFUSAL_BLOCKLIST },
        /* Notes, GroupWise */
        { 0, "", "User kari (kari@x.example) not listed in Domino Directory", ADDRESS,
          REFUSAL_UNKNOWN_ADDRESS },
        { 550, "", "No such recipient", ADDRESS, REFUSAL_UNKNOWN_ADDRESS },
    };
    CHECK(examples);
}

/* What is shown and kept is what counted. */
static void the_code_that_it_went_by_is_told(void **state)
{
    (void)state;

    static const struct {
        int code;
        const char *enhanced, *text, *by;
        enum refusal_kind kind;
    } examples[] = {
        { 550, "5.1.1", "no", "5.1.1", ADDRESS },
        { 550, "5.1.1", "5.2.2 5.1.3", "5.1.1", ADDRESS },
        { 550, "5.2.0", "smtp; 550 5.1.1 gone", "5.1.1", ADDRESS },
        { 550, "5.0.0", "550-5.1.1 gone", "5.1.1", ADDRESS },
        { 550, "5.5.0", "550 5.1.0 Address rejected", "5.1.0", ADDRESS },
        { 550, "5.0.0", "5.0.0 5.1.1", "5.0.0", OURS },
        { 550, "5.1.1", "550 5.7.26 not authentic", "5.7.26", OURS },
        { 550, "5.7.1", "550 5.7.26 not authentic", "5.7.1", OURS },
        { 450, "4.0.0", "450 4.2.2 later", "4.2.2", MAILBOX },
        { 0, "4.4.7", "550 5.0.0 expired", "4.4.7", MAILBOX },
        /* a final no with a code of another class within */
        { 550, "5.0.0", "550 4.4.7 expired", "4.4.7", MAILBOX },
        { 550, "", "550 4.2.1 not at this time", "4.2.1", OURS },
        { 550, "", "550 4.1.1 User unknown", "4.1.1", ADDRESS },
        { 550, "4.1.1", "User unknown", "4.1.1", MAILBOX },
        /* what did not fail, and versions */
        { 550, "2.0.0", "no", "", OURS },
        { 0, "", "Mailer 2.1.1 said no", "", OURS },
        { 0, "5.1.1234", "mx5.1.1 4.1.1.9 5.1", "", OURS },
        { 550, "5.1.01 ", "", "5.1.1", ADDRESS },
    };

    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct refusal_words words = { examples[i].code, examples[i].enhanced,
                                             examples[i].text, phrases };
        char by[ENHANCED_STATUS_SIZE];
        struct refusal refusal;
        refusal_read_by(&words, &refusal, by);
        if (strcmp(by, examples[i].by) != 0 || refusal.kind != examples[i].kind)
            fail_msg("%d %s %s: %s, %s", examples[i].code, examples[i].enhanced, examples[i].text,
                     by, refusal_kind_name(refusal.kind));
    }
}

static void a_session_that_is_full_is_known_by_its_words(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        bool is_of_session;
    } table[] = {
        { "Too many messages in this session", true },
        { "4.4.2 Max 100 e-mails per SMTP-connection reached.", true },
        { "This SESSION has had its 20 transactions", true },
        { "too many connections", false },
        { "too many messages", false },
        { "session.mails.example refuses your messages", false },
        { "closing connection", false },
        { "", false },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (refusal_is_of_session(phrases, table[i].text) != table[i].is_of_session)
            fail_msg("%s", table[i].text);
    }
}

static void phrases_are_written_as_they_are_sought(void **state)
{
    (void)state;
    for (int meaning = 0; meaning <= PHRASE_ADDRESS_REJECTED; meaning++) {
        size_t count;
        const struct phrase *list = mail_phrases_list(phrases, (enum phrase_meaning)meaning,
                                                      &count);
        assert_true(count > 0);
        for (size_t i = 0; i < count; i++)
            if (!(refusal_phrases_find(phrases, list[i].words) & (UINT32_C(1) << meaning)))
                fail_msg("never found: %s", list[i].words);
    }
}

/* A reply may hold anything. */
static void long_texts_are_cut(void **state)
{
    (void)state;
    static char text[100000];
    memset(text, 'a', sizeof text - 1);
    assert_int_equal(refusal_phrases_find(phrases, text), 0);
    memset(text, ' ', sizeof text - 1);
    memcpy(text + sizeof text - 20, "user unknown", 12);
    assert_int_equal(refusal_phrases_find(phrases, text), UINT32_C(1) << PHRASE_UNKNOWN_ADDRESS);
    for (size_t i = 0; i + 1 < sizeof text; i++)
        text[i] = i % 2 ? '.' : '5';
    assert_int_equal(refusal_phrases_find(phrases, text), 0);
}

static int set_up(void **state)
{
    (void)state;
    phrases = shipped_phrases();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    mail_phrases_free(phrases);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_alone_are_placed),
        cmocka_unit_test(words_answer_where_codes_do_not),
        cmocka_unit_test(servers_are_understood),
        cmocka_unit_test(the_code_that_it_went_by_is_told),
        cmocka_unit_test(a_session_that_is_full_is_known_by_its_words),
        cmocka_unit_test(phrases_are_written_as_they_are_sought),
        cmocka_unit_test(long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
