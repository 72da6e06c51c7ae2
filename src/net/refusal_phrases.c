/* SPDX-License-Identifier: MIT */
#include "net/refusal_phrase.h"

/* Each list in the order of the alphabet. A phrase goes with the meaning that it has in a refusal:
 * "access denied" alone says nothing, as it stands in texts about unknown addresses too. */
const char *const refusal_phrases[PHRASE_MEANING_COUNT] = {
    [PHRASE_GREYLISTED] = "gray list*|graylist*|grey list*|greylist*|greypass*|postgrey*",
    [PHRASE_MAILBOX_RATE] =
        "exceeded receiving limits|exceeding receiving limits|message receive limit|"
        "receiving email at a rate|receiving email too quickly|receiving limit*|"
        "receiving mail at a rate|receiving mail too quickly|"
        "recipient limit exceeded for this mailbox",
    [PHRASE_RATE] =
        "emails per hour|exceed the rate|exceeded the rate|exceeds the rate|flood*|"
        "high volume|mail rate|max emails per|maximum rate|message rate|messages per hour|"
        "messages per minute|per hour|per minute|per second|rate exceeded|rate limit*|"
        "ratelimit*|recipient rate|sending rate|sending too|sent too many|server busy|"
        "server is busy|slow down|submission rate|throttl*|too fast|too many emails|"
        "too many errors|too many mails|too many messages|too many recipients|"
        "too many requests|too much mail|too quickly|unusual rate",
    [PHRASE_QUOTA] =
        "daily email limit|daily limit|daily mail limit|daily message limit|"
        "daily message quota|daily quota|daily rate|daily recipient*|daily relay|"
        "daily sending limit|daily sending quota|daily smtp|daily user sending|"
        "email quota exceeded for this account|emails per day|exceeded tenant|"
        "external recipient rate|mails per day|message quota exceeded|messages per day|"
        "monthly limit|monthly quota|outbound quota|per day|quota for today|"
        "recipients per day|sending limit*|sending quota|submission quota|submissionquota*|"
        "tenant exceeded",
    [PHRASE_CONNECTIONS] =
        "concurrency|concurrency limit|concurrent connection*|concurrent sessions|"
        "connection count|connection limit|connection rate|connections from your|"
        "connections limit|max connection*|maximum connection*|number of connections|"
        "session limit|sessions limit|simultaneous connection*|thread limit|"
        "too many concurrent|too many connections|too many open|too many parallel|"
        "too many sessions|too many simultaneous|too many smtp",
    [PHRASE_SESSION] = "connection*|session*",
    [PHRASE_MESSAGES] = "emails*|mails*|messages*|transactions*",
    [PHRASE_FULL] =
        "account full|account is full|boite du destinataire pleine|box full|"
        "boîte aux lettres pleine|boîte pleine|buzón lleno|casilla llena|disc quota|"
        "disk quota|domaindisk quota|enough space|exceed maximum allowed storage|"
        "exceeded its quota|exceeded quota|exceeded storage|exceeded the local limit|"
        "exceeded the quota|exceeded the storage|exceeded their quota|exceeding their quota|"
        "exceeds disk quota|exceeds quota|exceeds storage|exceeds the quota|folder is full|"
        "fuld postkasse|full mailbox|inbox full|inbox is full|indbakken er fuld|"
        "insufficient disk|insufficient space|mail quota|mail system full|mailbox exceeded|"
        "mailbox exceeds|mailbox full|mailbox has exceeded|mailbox is full|mailbox limit|"
        "mailbox quota|mailbox size exceeded|mailbox size limit|mailbox too full|"
        "mailbox would exceed|mailboxfull*|mailfolder is full|no space|not enough disk|"
        "not enough storage|out of disk|out of storage|over disk quota|over its quota|"
        "over quota|over size limit|over storage|over the allowed quota|over the quota|"
        "over their quota|overquota*|postfach ist voll|postfach ueberfuellt|postfach voll|"
        "postkasse er fuld|postkassen er fuld|quota exceed*|quota full|"
        "quota has been exceeded|quota is full|quota usage exceeded|quota violation|"
        "speicherplatz|storage full|storage limit|storage quota|too many messages in|"
        "too many messages on the server|used up|userdisk quota",
    [PHRASE_SENDER] =
        "backscatter*|bad mail from|bad sender|badmailfrom*|banned sender|batv*|"
        "blocked sender|domain of sender|domain of the sender|empty envelope|empty sender|"
        "envelope sender|forged sender|from address|from domain|from header|invalid sender|"
        "mail from|not allowed to send as|not owned by|not owned by user|null sender|"
        "return path|reverse path|send as|sendas*|sender address|sender blocked|"
        "sender denied|sender does not|sender domain|sender email address|sender has|"
        "sender invalid|sender is|sender not|sender refused|sender rejected|sender s domain|"
        "sender unknown|sender verif*|senders address|senders domain|senders mailbox|"
        "unknown sender|unroutable sender|validate sender|verify sender",
    [PHRASE_RELAYING] =
        "allowed rcpthosts|as a relay|cannot relay|no third party|not a gateway|"
        "not permitted to relay|not relay|open relay|rcpthosts|relay access|relay denied|"
        "relay for this|relay forbidden|relay mail|relay not|relay prohibited|relay rejected|"
        "relay through|relaying|relaying to|unable to relay|we do not relay|we dont relay",
    [PHRASE_SPAM] =
        "abuse|abusive|anti spam|antispam|bad content|bulk email|bulk mail|classified as|"
        "cloudmark*|considered spam|content filter*|content rejected|infected|junk email|"
        "junk mail|likely suspicious|malware|message content rejected|phish*|reputation|"
        "spam*|suspicious content|suspicious due|ube|uce|unsolicited|virus",
    [PHRASE_BLOCKLIST] =
        "abusix*|are banned|bad reputation|banned ip|banned sending|barracudacentral*|"
        "been banned|been blocked|black list*|blacklist*|block list*|blocked because|"
        "blocked by|blocked due|blocked for|blocked from|blocked list|blocked using|"
        "blocklist*|cbl|client host|denied access list|denylist*|dnsbl*|email blocked|"
        "host blocked|invaluement*|ip address has|ip address is|ip banned|ip blocked|"
        "is banned|is listed in|listed in dns*|low reputation|mail blocked|mailspike*|"
        "message blocked|pbl|poor reputation|rbl|rbls|sbl|sender score|senderscore*|"
        "sending ip|sending server|sorbs|spamcop*|spamhaus*|uceprotect*|xbl|your ip|"
        "your network",
    [PHRASE_AUTHENTICATION] =
        "arc fail*|authenticat*|dkim|dmarc|domainkeys|not signed|sender policy framework|spf|"
        "unauthenticated|unsigned",
    [PHRASE_REVERSE_NAME] =
        "cannot find your hostname|cannot find your reverse*|dynamic address|dynamic ip|"
        "dynamic pool|ehlo|fcrdns|forward confirmed|generic hostname|helo|hostname lookup|"
        "no reverse|ptr|rdns|residential|reverse address|reverse dns|reverse hostname|"
        "reverse lookup|reverse mapping|reverse name|without reverse",
    [PHRASE_POLICY] =
        "admin prohibition|administrative prohibition|administratively|aup|"
        "delivery restrict*|deliverymanagement|do not accept mail from|forbidden|"
        "mail is refused|members only|non member|not accept mail from|"
        "not accept messages from|not authorised|not authorized|not permitted|not subscribed|"
        "notauthorized*|only accept mail|only accepts mail|organizational settings|polic*|"
        "prohibited|prohibition|rejected by an anti*|rejected by recipient|"
        "rejected by the recipient|restrictdomains*|restrictedtorecip*|security restrictions|"
        "tss04|tss09|unauthorised|unauthorized|user complaints|your message looks",
    [PHRASE_SIZE] =
        "exceeded maximum|exceeds fixed|exceeds maximum|exceeds size|exceeds the maximum|"
        "file size|header size|larger than|message exceeds|message size|recipsizelimit|"
        "size exceeds|size limit|too big|too large|too much mail data",
    [PHRASE_CONTENT] =
        "8 bit*|8bit*|attachment*|bare lf|bare newline*|content restrict*|executable*|"
        "header error|headers are|invalid characters|invalid header|line too long|"
        "lines too long|malformed message|mime*|missing header|not ascii|rfc 2822|rfc 5322|"
        "rfc 822|rfc2822|rfc5322|smtputf8",
    [PHRASE_UNKNOWN_ADDRESS] =
        "account does not exist|account doesnt exist|account no longer|account not exist|"
        "account not found|account not known|account unavailable|account unknown|"
        "address does not exist|address doesnt exist|address invalid|address is invalid|"
        "address is unknown|address no longer|address not exist|address not found|"
        "address not known|address not present|address not recognized|address not valid|"
        "address unknown|address you sent|addressee unknown|addresses were unknown|"
        "adresse inconnue|adresse unbekannt|alias maps|bad address|bad destination|"
        "bad mailbox|bad recipient|bad user|badrcptto*|badrecipientto*|benutzer unbekannt|"
        "bestaat niet|cannot be found|cant be found|could not be found|couldnt be found|"
        "destinataire inconnu|destination mailbox address|destination not valid|"
        "does not exist|does not have a final|doesnt exist|empfaenger unbekannt|"
        "empfänger unbekannt|existiert nicht|findes ikke|finnes ikke|finns inte|"
        "has been replaced|has moved|has not been collected|hittades inte|ikke fundet|"
        "inconnu*|inexistant|introuvable|invalid address|invalid destination|invalid email|"
        "invalid final delivery|invalid local|invalid mailbox|invalid recipient|"
        "invalid recipients|invalid user|is not a user|is not known|is not listed|is unknown|"
        "isnt here|left the company|local recipient table|local user list|"
        "mailbox does not exist|mailbox doesnt exist|mailbox invalid|mailbox is unavailable|"
        "mailbox is unknown|mailbox name not|mailbox no longer|mailbox non existent|"
        "mailbox not available|mailbox not exist|mailbox not found|mailbox not known|"
        "mailbox not present|mailbox not valid|mailbox unavailable|mailbox unknown|"
        "modtageren findes|n existe pas|name is not recognized|nessun utente|nexiste pas|"
        "nicht bekannt|nicht gefunden|nie znaleziono|niet gevonden|no account by|no existe|"
        "no longer accept*|no longer active|no longer an active|no longer at|"
        "no longer employed|no longer exists|no longer in use|no longer valid|no longer with|"
        "no longer works|no mailbox|no matches to|no one at this address|no person at|"
        "no recipient by|no se encontró|no such account|no such address|no such alias|"
        "no such customer|no such email|no such id|no such local user|no such mail box|"
        "no such mailbox|no such person|no such recipient|no such recipient*|no such user|"
        "no such virtual user|no user|no valid recip*|no valid user|non existent address|"
        "non existent mailbox|non existent recipient|non existent user|non trovato|"
        "nonexistent address|nonexistent mailbox|nonexistent recipient|nonexistent user|"
        "nosuchuser|not a known address|not a known mailbox|not a known recipient|"
        "not a known user|not a local|not a valid address|not a valid email|"
        "not a valid mailbox|not a valid recipient|not a valid user|not an active address|"
        "not exist|not existing|not found in|not in directory|not in my|not in our|"
        "not known at|not known here|not listed|not listed in|not one of our|"
        "not our customer|not recognized here|não encontrado|okänd mottagare|"
        "onbekende gebruiker|recipient address does not|recipient address unknown|"
        "recipient does not exist|recipient doesnt exist|recipient invalid|"
        "recipient is unknown|recipient no longer|recipient not exist|recipient not found|"
        "recipient not known|recipient not listed|recipient not recognized|"
        "recipient not valid|recipient unknown|recipientnotfound|rejected recipient|"
        "resolver adr|ukendt bruger|ukendt modtager|ukjent mottaker|unbekannte adresse|"
        "undeliverable address|unknown account|unknown address|unknown addressee|"
        "unknown customer|unknown email|unknown local*|unknown mailbox|unknown or illegal|"
        "unknown or invalid|unknown recipient|unknown recipients|unknown user|"
        "unknown virtual user|unrecognized recipient|unroutable address|unroutable recipient|"
        "unrouteable address|user does not exist|user does not have|user doesnt exist|"
        "user doesnt have|user dont exist|user has moved|user invalid|user is unknown|"
        "user no longer|user not exist|user not found|user not here|user not known|"
        "user not local|user unavailable|user unknown|users mailbox does not|"
        "usuario desconocido|utilisateur inconnu|virtual alias table|virtual mailbox table|"
        "was not found|wasnt found|не найден*|не существует",
    [PHRASE_NO_DOMAIN] =
        "could not find a mail|could not find any host|couldnt find any host|dns domain|"
        "domain does not accept|domain does not exist|domain doesnt accept|"
        "domain doesnt exist|domain has no|domain invalid|domain must exist|"
        "domain name not found|domain not exist|domain not found|domain of recip*|"
        "domain unknown|host not found|host or domain name not found|host unknown|"
        "illegal host|illegal host domain name|infodomainnonexistent|invalid domain|"
        "name or service not|no mx|no such domain|no such host|non existent domain|"
        "nonexistent domain|nonexistentdomain|null mx|nullmx|nxdomain|recipient domain must|"
        "relevant mx records|unknown domain|unknown host|unknown or unrouteable|"
        "unroutable mail domain|unrouteable mail domain",
    [PHRASE_DISABLED] =
        "account blocked|account canceled|account cancelled|account closed|"
        "account deactivated|account deleted|account disabled|account expired|account frozen|"
        "account has been closed|account has been deactivated|account has been deleted|"
        "account has been disabled|account has been suspended|account has expired|"
        "account inactive|account is blocked|account is closed|account is currently|"
        "account is deactivated|account is disabled|account is inactive|account is locked|"
        "account is not active|account is not available|account is suspended|"
        "account is unavailable|account locked|account not active|account not available|"
        "account suspended|account terminated|account that you tried to reach is disabled|"
        "archived recipient|archivee|been disabled|currently suspended|deactivated account|"
        "deactivated mailbox|disabled account|disabled mailbox|disabled recipient|"
        "disabled user|dormant|has been closed|has been deactivated|has been deleted|"
        "has been disabled|has been discontinued|has been inactive|has been suspended|"
        "ikke aktiv|inactive account|inactive email|inactive mailbox|inactive recipient|"
        "inactive user|is deactivated|is disabled|is inactive|mailbox blocked|mailbox closed|"
        "mailbox currently|mailbox deactivated|mailbox deleted|mailbox disabled|"
        "mailbox expired|mailbox frozen|mailbox inactive|mailbox is blocked|"
        "mailbox is deactivated|mailbox is disabled|mailbox is frozen|mailbox is inactive|"
        "mailbox is locked|mailbox is not active|mailbox is suspended|mailbox locked|"
        "mailbox not active|mailbox suspended|nedlagt|not active|over quota and inactive|"
        "over quota for a long|recipient disabled|recipient inactive|recipient is inactive|"
        "recipient suspend|suspended account|temporarily inactive|temporarily locked|"
        "temporary locked|user deleted|user disabled|user inactive|user is disabled|"
        "user is inactive|user is locked|user is suspended|user suspended",
    [PHRASE_TIMEOUT] =
        "bad connection|cannot connect|connection dropped|connection lost|connection refused|"
        "connection reset|could not connect|couldnt connect|delivery attempts|"
        "delivery expired|delivery time expired|did not respond|dns error|dns failure|"
        "dns query|establish an smtp|failed to connect|for more than|giving up|"
        "have been failing|host down|host is down|host is unreachable|host unreachable|"
        "long time|lookup failed|lookup failure|lost connection|message expired|"
        "multiple retries|network is unreachable|network unreachable|no answer|no response|"
        "no route|not reachable|not responding|operation timed|queue expired|queue too long|"
        "retry time|retry timeout|still being retried|temporarily unavailable|temporary|"
        "time out|timed out|timeout|too old|try again|try later|unable to connect",
    [PHRASE_LOOKUP_LATER] = "host not found try again|name server timeout|not found try again",
    [PHRASE_LOOP] =
        "forwarding loop|hop count|loop detected|loops back|mail forwarding loop|mail loop|"
        "mail loops|message loop|message looping|points to local|routing loop|too many hops|"
        "too many received",
    [PHRASE_ACCESS_DENIED] = "access denied",
    [PHRASE_ADDRESS_REJECTED] = "address rejected",
};
