/* SPDX-License-Identifier: MIT */
#include "inbound/notice.h"

/* How mail servers and providers name whom a report is about, in words of their own. */
const struct notice_row notice_recipient_rows[] = {
    { NOTICE_LIST, "exim",
      "the following address(es) failed|the following address failed|"
      "the following addresses failed|could not be delivered to all of its recipients|"
      "could not be delivered to one or more of its recipients|"
      "could not be delivered to one or more of the recipients|"
      "the message has not yet been delivered to the following address|"
      "the address to which the message has not yet been delivered is|"
      "the addresses to which the message has not yet been delivered are|"
      "the following message could not be delivered to|"
      "an error was detected while processing a file of bsmtp input" },
    { NOTICE_LIST, "postfix",
      "could not be delivered to one or more recipients|"
      "could not be delivered to one or more destinations|"
      "message has not been delivered to one or more recipients|"
      "your message could not be delivered for more than|"
      "delete your own text from the attached returned message|"
      "delete your own text from the message returned below|"
      "if you do so, please include this problem report" },
    { NOTICE_LIST, "sendmail",
      "the following addresses had permanent fatal errors|"
      "the following addresses have permanent fatal errors|"
      "the following addresses had transient non-fatal errors|"
      "the following addresses have delivery notifications|"
      "the following addresses had permanent delivery errors|"
      "the following addresses had fatal errors|"
      "the following addresses had permanent errors|"
      "the following addresses had successful delivery notifications" },
    { NOTICE_LIST, "delivery-errors", "the following addresses had delivery errors" },
    { NOTICE_LIST, "delivery-problems", "the following addresses had delivery problems" },
    { NOTICE_LIST, "qmail",
      "i wasn't able to deliver your message to the following address|"
      "i was not able to deliver your message to the following address|"
      "wasn't able to deliver your message to the following|"
      "your message could not be delivered to the following address|"
      "this is the qmail-send program at|this is the mail delivery agent at|"
      "this is the machine generated message from mail service|"
      "your message has been enqueued by qmail-send" },
    { NOTICE_LIST, "yahoo",
      "unable to deliver message to the following address(es)|"
      "unable to deliver message to the following address|"
      "we were unable to deliver your message to the following address|"
      "we weren't able to deliver your message to the following address|"
      "not able to deliver your message to the following address" },
    { NOTICE_LIST, "gmail",
      "delivery to the following recipient failed permanently|"
      "delivery to the following recipients failed permanently|"
      "delivery to the following recipient has been delayed|"
      "delivery to the following recipients has been delayed|"
      "delivery to the following recipient(s) failed" },
    { NOTICE_LIST, "exchange",
      "delivery to the following recipients failed|delivery to the following recipients was aborted|"
      "delivery to the following recipient failed|"
      "delivery to the following recipients or distribution lists failed|"
      "delivery to the following recipients or groups failed|"
      "delivery has failed to these recipients or distribution lists|"
      "delivery has failed to these recipients or groups|"
      "delivery is delayed to these recipients or groups|"
      "delivery is delayed to these recipients or distribution lists|"
      "did not reach the following recipient(s)|did not reach the following recipient|"
      "did not reach some or all of the intended recipients|"
      "could not be delivered to the following recipient|"
      "could not be delivered to the following recipients|"
      "the following recipient(s) could not be reached|"
      "the following recipient(s) cannot be reached|"
      "the following recipients could not be reached|"
      "kan ikke leveres til følgende modtagere|følgende modtagere kunne ikke nås|"
      "levering til disse modtagere eller grupper mislykkedes|"
      "levering til disse modtagere eller distributionslister mislykkedes|"
      "meddelelsen kunne ikke leveres til disse modtagere|"
      "nåede ikke frem til følgende modtagere|"
      "nåede ikke nogle af eller alle de ønskede modtagere|"
      "fehler bei der nachrichtenzustellung an folgende empfänger|"
      "fehler bei der zustellung an folgende empfänger|"
      "übermittlung an folgende empfänger fehlgeschlagen|"
      "übermittlung an folgende empfänger verzögert|"
      "folgende empfänger konnten nicht erreicht werden|"
      "folgende(r) empfänger kann nicht erreicht werden|"
      "folgende empfänger oder verteilerlisten|diesen empfängern oder gruppen|"
      "diese empfänger oder gruppen|échec de la remise pour ces destinataires ou groupes|"
      "échec de la remise à ces destinataires ou groupes|"
      "échec de la remise aux destinataires suivants|"
      "échec de remise aux destinataires suivants|"
      "n'a pas pu être remis aux destinataires suivants|"
      "impossible de joindre le(s) destinataire(s) suivant(s)|"
      "n'est pas parvenu à certains ou à tous les destinataires|"
      "error de entrega a estos destinatarios o grupos|"
      "no se pudo entregar a estos destinatarios o grupos|"
      "no se pudo entregar el mensaje a los siguientes destinatarios|"
      "no se ha podido entregar a los siguientes destinatarios|"
      "no se puede localizar a los destinatarios siguientes|"
      "falha na entrega a estes destinatários ou grupos|"
      "falha na entrega para estes destinatários ou grupos|"
      "recapito non riuscito a questi destinatari o gruppi|"
      "impossibile recapitare il messaggio ai destinatari|"
      "bezorging aan de volgende geadresseerden of groepen is mislukt|"
      "kan bericht niet bezorgen bij de volgende geadresseerden|"
      "bezorgen is mislukt voor deze geadresseerden|"
      "det gick inte att leverera till dessa mottagare eller grupper|"
      "leveransen till dessa mottagare eller grupper misslyckades|"
      "leveringen til disse mottakerne eller gruppene mislyktes|"
      "doręczenie wiadomości do tych adresatów lub grup nie powiodło się|"
      "сбой доставки следующим получателям или группам|"
      "не удалось доставить сообщение следующим получателям|次の受信者またはグループへの配信に失敗しました|"
      "次の受信者または配布リストへの配信に失敗しました|以下の受信者またはグループへの配信に失敗しました|下記の受信者へのメール配信ができませんでした|"
      "メッセージを配信できませんでした。受信者|未能送达以下收件人或通讯组|无法将邮件传递给以下收件人|传递失败，收件人" },
    { NOTICE_LIST, "domino",
      "was not delivered to|wurde nicht zugestellt an|konnte nicht zugestellt werden an|"
      "blev ikke leveret til|n'a pas été remis à|n'a pas été distribué à|"
      "no fue entregado a|non è stato consegnato a|は、以下の宛先に配信されませんでした|次の宛先に配信されませんでした" },
    { NOTICE_LIST, "notes", "------- failure reasons|failure reasons --------" },
    { NOTICE_LIST, "groupwise",
      "the message that you sent was undeliverable to the following|"
      "message that you sent was undeliverable to|"
      "die von ihnen gesendete nachricht konnte nicht zugestellt werden" },
    { NOTICE_LIST, "courier",
      "your message to the following recipients cannot be delivered|"
      "your message to the following recipients has been delayed|"
      "your message to the following recipients was delayed|"
      "your message to the following recipients was delivered" },
    { NOTICE_LIST, "opensmtpd",
      "below is the list of affected recipients|"
      "an error has occurred while attempting to deliver a message|"
      "a message is delayed for more than" },
    { NOTICE_LIST, "powermta",
      "below you will find a list of the affected recipients|"
      "below this line is a list of the affected recipients" },
    { NOTICE_LIST, "ses", "an error occurred while trying to deliver the mail to the following" },
    { NOTICE_LIST, "mdaemon",
      "the following addresses did not receive a copy of your message|"
      "did not receive a copy of your message" },
    { NOTICE_LIST, "intermail",
      "the following recipients did not receive this message|"
      "the following recipients did not receive your message|"
      "the following destination addresses were unknown|"
      "each of the following recipients was rejected|"
      "your message was not delivered to the following recipients|"
      "this message was undeliverable due to the following reason" },
    { NOTICE_LIST, "messaging-server",
      "your message cannot be delivered to the following recipients|"
      "your message can not be delivered to the following recipients|"
      "your message is being returned; it has been enqueued|"
      "has been enqueued and undeliverable for|"
      "your message has been successfully delivered to the following|"
      "the following recipients are affected" },
    { NOTICE_LIST, "mailmarshal", "the following recipients were affected" },
    { NOTICE_LIST, "scalix", "the following recipients have not been" },
    { NOTICE_LIST, "delivery-report",
      "the following recipients returned permanent errors|"
      "the following recipient returned permanent errors|"
      "the following recipients returned errors" },
    { NOTICE_LIST, "rr", "failed recipients ------|failed addresses follow" },
    { NOTICE_LIST, "failed-list", "failed recipients|failed addresses" },
    { NOTICE_LIST, "phquery", "message not delivered to the following" },
    { NOTICE_LIST, "non-delivery", "the email below could not be delivered to the following user" },
    { NOTICE_LIST, "smtpd",
      "could not deliver message to the following recipient(s)|"
      "could not deliver your message to the following|"
      "could not deliver the message to the following|"
      "cannot deliver your message to the following|"
      "cannot deliver the message to the following|"
      "unable to deliver your message to the following|"
      "unable to deliver the message to the following|"
      "unable to deliver mail to the following|"
      "unable to deliver your mail to the following|"
      "failed to deliver your message to the following|failed to deliver to the following|"
      "failed to deliver the following|failed to be delivered to the following|"
      "not delivered to the following|not been delivered to the following|"
      "cannot be delivered to the following|can not be delivered to the following|"
      "could not be delivered to the following|couldn't be delivered to the following|"
      "undeliverable to the following|delivery failed for the following|"
      "delivery failed to the following|delivery attempts to the following|"
      "the following recipients failed|the following recipients were not reached|"
      "the following recipients could not receive|"
      "the following recipients have been rejected|the following recipients were rejected|"
      "the following users were unknown|the following addresses were not found|"
      "the following addresses are invalid|the following addresses were undeliverable|"
      "the following address was undeliverable|the following addresses are unknown|"
      "the following mail addresses were not found|"
      "mail to the following recipients could not be" },
    { NOTICE_LIST, "aol", "your mail to the following recipients could not be delivered" },
    { NOTICE_LIST, "iplanet", "your message was not delivered to the following" },
    { NOTICE_ANY_LIST, "listed",
      "받는사람|수신자|the following recipients|the following recipient|following address|aux destinataires suivants|au destinataire suivant|an folgende|an die folgenden|following addresses|"
      "following email address|following e-mail address|recipients listed below|"
      "these recipients|recipient(s):|failed to the following|affected recipients|"
      "following user|following users|could not be sent to|"
      "ne peut être délivré aux destinataires suivants|"
      "n'a pas pu être délivré aux destinataires suivants|"
      "n'a pu être remis aux destinataires suivants|n'a pas pu être remis à|"
      "n'a pas pu être distribué|à l'adresse suivante|aux adresses suivantes|"
      "konnte nicht an folgende empfänger zugestellt werden|"
      "konnte folgenden empfängern nicht zugestellt werden|"
      "konnte an folgende empfänger nicht zugestellt werden|konnte nicht zugestellt werden|"
      "konnte an folgende adressen nicht|folgende empfänger|folgenden empfänger|"
      "folgende adresse|folgende e-mail-adresse|kunne ikke leveres til følgende|"
      "kunne ikke leveres til|følgende modtager|følgende adresse|kunde inte levereras till|"
      "kunne ikke bli levert til|följande mottagare|följande adress|følgende mottaker|"
      "niet worden bezorgd bij|kon niet worden afgeleverd|de volgende ontvanger|"
      "het volgende adres|no se ha podido entregar|no pudo ser entregado|"
      "los siguientes destinatarios|el siguiente destinatario|a las siguientes direcciones|"
      "ai seguenti destinatari|al seguente destinatario|ai seguenti indirizzi|"
      "al seguente indirizzo|aos seguintes destinatários|para os seguintes destinatários|"
      "para o seguinte destinatário|следующим получателям|по следующему адресу|"
      "по следующим адресам|одному или нескольким получателям|"
      "nie mogła zostać dostarczona do|nie mogła zostać doręczona|následujícím příjemcům|"
      "следните получатели|以下のメールアドレス|以下の宛先|下記の宛先|次の宛先|下記のメールアドレス|次のアドレス|以下のアドレス|下記のアドレス|"
      "无法到达|收件人邮件地址|无法投递|傳送失敗|다음 수신자|받는 사람" },
    { NOTICE_LIST, "mailru", "к сожалению, ваше письмо не может" },
    { NOTICE_LIST, "m-filter", "以下のメールアドレスへの送信に失敗しました" },
    { NOTICE_LIST, "sina", "无法发送到您指定的地址|邮件无法发送到您指定的地址" },
    { NOTICE_NAMES, "groupwise", "that you sent was undeliverable to the following" },
    { NOTICE_NAMES, "aol",
      "because they are not accepting mail from|because they are not accepting any mail" },
    { NOTICE_SAME, "report-in-words", "final-recipient:|original recipient:" },
    { NOTICE_SAME, "imail",
      "undeliverable to|unknown user:|unknown user|user mailbox exceeds allowed size:|"
      "invalid final delivery userid:|delivery userid:|attempts:" },
    { NOTICE_SAME, "mercury", "error-for:" },
    { NOTICE_SAME, "interscan",
      "unable to deliver message to|sent <<< rcpt to:|sent >>> rcpt to:" },
    { NOTICE_SAME, "smtpd",
      "unable to deliver to|unable to deliver your message to|unable to deliver mail to|"
      "unable to send to|could not deliver to|could not deliver mail to|"
      "could not deliver message to|could not deliver your message to|"
      "could not send message to|could not be delivered to|couldn't be delivered to|"
      "cannot be delivered to|can't be delivered to|can not be delivered to|"
      "could not be sent to|wasn't delivered to|was not delivered to|"
      "hasn't been delivered to|has not been delivered to|not been delivered to|"
      "not deliverable to|failed to deliver to|failed to deliver message to|"
      "failed to deliver your message to|failed to send to|failed to send message to|"
      "failed delivery to|failed delivery address|delivery failed:|delivery failed for|"
      "delivery failed to|delivery to|delivery of email to this address|"
      "delivery of your message to|delivery of the message to|delivery of this message to|"
      "deliver mail to|deliver your message to|failed recipient|failed address|"
      "failing address|intended recipient|undeliverable address|undeliverable recipient|"
      "invalid recipient|invalid address|unknown recipient|unknown address|bad address|"
      "bad recipient|recipient address|rejected recipient|the recipient address|recipient:|"
      "recipient <|recipients:|no such user|no such recipient|user not found:|"
      "user unknown:|mailbox is full:|mailbox not found:|local mailbox|mailbox for|"
      "the mailbox of|the mailbox|could not find a gateway for|addressed to|"
      "to email address|the email address|the e-mail address|the address|"
      "to which your message was addressed,|was addressed,|the following message to|"
      "you sent mail to|the message you sent to|message you sent to|the mail you sent to|"
      "the email you sent to|your message to|your mail to|your email to|your e-mail to|"
      "your message for|message to|mail for|message for|the user|error delivering to|"
      "error delivering message to|error sending to|did not reach|delivered to|rcpt to:|"
      "rcpt to" },
    { NOTICE_SAME, "sendmail", ">>> rcpt to:" },
    { NOTICE_SAME, "zoho", "error, address:" },
    { NOTICE_SAME, "demon", "the following message, addressed to" },
    { NOTICE_SAME, "xmail", "xmail bounce: rcpt=" },
    { NOTICE_SAME, "words",
      "ao destinatário|para o destinatário|o destinatário|para o endereço|o endereço|"
      "an die adresse|an folgende adresse|die adresse|der empfänger|empfänger:|"
      "empfängeradresse|an den empfänger|ihre nachricht an|ihre e-mail an|"
      "din meddelelse til|deres meddelelse til|din mail til|din e-mail til|"
      "kunne ikke leveres til|ikke levere meddelelsen til|ikke leveret til|modtageren|"
      "modtager:|adressen|ditt meddelande till|ditt brev till|mottagaren|votre message à|"
      "votre message pour|votre courrier à|l'adresse|le destinataire|destinataire :|"
      "destinataire:|destinatario:|destinatário:|su mensaje a|su mensaje para|la dirección|"
      "il destinatario|l'indirizzo|uw bericht aan|het adres|ваше сообщение для|получатель:|"
      "получателю|宛先:|宛先：|宛先メールアドレス|送信先|收件人：|收件人:|收件人|发往" },
    { NOTICE_BEFORE, "sendmail",
      "... user unknown|... deferred|... unknown user|... no such user|... host unknown|"
      "... mailbox full" },
    { NOTICE_BEFORE, "smtpd",
      "user unknown|unknown user|[user unknown|does not exist|doesn't exist|is unknown|"
      "is not known|is invalid|is full|is over quota|is disabled|is inactive|is no longer|"
      "is not a valid|is unavailable|isn't available|was not found|wasn't found|not found|"
      "has exceeded|has been disabled|has been suspended|could not be delivered|"
      "couldn't be delivered|couldn't be found|could not be found|could not be reached|"
      "cannot be delivered|was rejected|failed permanently|delivery failed|"
      "recipient address rejected|recipient rejected|not listed in" },
    { NOTICE_BEFORE, "zoho", "invalid address, error_code" },
    { NOTICE_BEFORE, "words",
      "ist nicht bekannt|ist unbekannt|existiert nicht|konnte nicht|findes ikke|kunne ikke|"
      "eksisterer ikke|finns inte|n'existe pas|no existe|non esiste|bestaat niet|"
      "не существует" },
    { NOTICE_MEANING_COUNT, NULL, NULL },
};
