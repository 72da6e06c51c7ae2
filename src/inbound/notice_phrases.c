/* SPDX-License-Identifier: MIT */
#include "inbound/notice.h"

/* What else they say: that it failed, or is late, and where the message returned begins. */
const struct notice_row notice_other_rows[] = {
    { NOTICE_CUT, "",
      "this is a copy of the message|this is a copy of your message|this is a copy of|"
      "here is a copy of|below this line is a copy|below this line is the|"
      "below the next line is a copy|below is a copy of|below this line|"
      "enclosed is a copy of|a copy of the original message|a copy of the message follows|"
      "a copy of your message|original message follows|original message below|"
      "original message as received|original message headers|original message header|"
      "original message:|original message -|original message attached|"
      "original mail as follows|original mail header|original headers follow|"
      "the original message follows|the original message was:|the original message is|"
      "the original message:|the original message is included|"
      "the first 50 lines of your original|the first lines of|"
      "the header of the original message|the headers of the original message|"
      "the header and top|the message headers follow|the message header follows|"
      "message headers follow|message header follows|message headers:|message header:|"
      "message text follows|message follows|headers of the message|headers follow|"
      "header of the source mail|header of the original|returned message|"
      "returned mail follows|returned mail -|returned content|start of returned message|"
      "start of message|begin of message|begin message|unsent message follows|"
      "unsent message below|no message was collected|undelivered message follows|"
      "undelivered message|rejected message|forwarded message|old message:|"
      "your original message|your message reads|your message follows|your message was:|"
      "text of the message follows|content of the original|return-path: <|received: from|"
      "received: by|received: (|dkim-signature: v=1|arc-seal: i=|kopie der nachricht|"
      "ursprüngliche nachricht|ursprüngliche nachrichtenkopfzeilen|originalnachricht|"
      "original-nachricht|oprindelig meddelelse|oprindelige meddelelsesheadere|"
      "oprindelige brevhoveder|den oprindelige meddelelse|her er en kopi af|"
      "ursprungligt meddelande|ursprungliga meddelandehuvuden|message d'origine|"
      "message original|en-têtes de message d'origine|en-têtes du message d'origine|"
      "copie du message|mensaje original|encabezados de mensajes originales|"
      "encabezados del mensaje original|messaggio originale|mensagem original|"
      "oorspronkelijk bericht|oorspronkelijke berichtkoppen|ниже этой линии|"
      "оригинальное сообщение|元のメッセージ ヘッダー|元のメッセージ|原始邮件标题|原始邮件|附件中的内容是原信件" },
    { NOTICE_END, "",
      "transcript of session follows|session transcript|non-delivered information|"
      "message header for delivery|diagnostic information for administrators|"
      "diagnoseinformation für administratoren|"
      "diagnostiske oplysninger til administratorer|"
      "informations de diagnostic pour les administrateurs|"
      "información de diagnóstico para administradores|"
      "informazioni di diagnostica per gli amministratori|"
      "diagnostische gegevens voor beheerders|管理者用の診断情報|管理员的诊断信息|original message details|"
      "error details|message hops|notification details|technical details|"
      "additional information|error detail (|smtp command|"
      "no action is required on your part|please reply to|for further assistance|"
      "reporting-mta:" },
    { NOTICE_FAILED, "",
      "undeliverable|undelivered|not delivered|could not be delivered|"
      "couldn't be delivered|cannot be delivered|can not be delivered|can't be delivered|"
      "could not deliver|unable to deliver|wasn't able to deliver|not able to deliver|"
      "failed to deliver|could not be sent|was not sent|delivery failed|delivery failure|"
      "delivery has failed|delivery error|delivery problem|delivery to|failed|failure|"
      "rejected|refused|blocked|returned|returning message|non-delivery|nondelivery|"
      "did not reach|no mailbox here|user unknown|unknown user|no such user|"
      "invalid recipient|does not exist|doesn't exist|mailbox full|over quota|"
      "quota exceeded|permanent error|bounced|fehlgeschlagen|nicht zugestellt|unzustellbar|"
      "nicht ausgeliefert|kunne ikke leveres|kan ikke leveres|blev ikke leveret|"
      "ikke leveret|ikke levere|leveringsfejl|mislykkedes|returneres|returneret|"
      "kunde inte levereras|kunne ikke bli levert|misslyckades|n'a pas pu être|n'a pu être|"
      "ne peut être|impossible de|échec de la remise|no se pudo entregar|no se ha podido|"
      "no pudo ser|no se puede|non è stato|impossibile|não foi possível|não pôde ser|"
      "niet worden|niet bezorgd|не доставлено|не может быть доставлено|не может быть|"
      "невозможно доставить|не удалось|nie mogła|配信できません|配信されません|送信できません|送信に失敗|配信に失敗|"
      "お届けできません|届きません|エラー|无法|失败|退信|被退回|失敗|실패" },
    { NOTICE_FINAL, "",
      "i've given up|giving up|given up|not going to try again|"
      "no further delivery attempts|no further attempts will be made|will not be retried|"
      "will not be attempted|will not continue trying|will not try again|permanent error|"
      "permanent failure|permanent fatal errors|failed permanently|"
      "has been removed from the|was removed from the queue|message expired|"
      "retry timeout exceeded|retry time not reached for any host after|action: failed|"
      "delivery failed; will not" },
    { NOTICE_DELAYED, "",
      "this is a warning message only|warning message only|this is only a warning|"
      "this is just a warning|this is an advisory-only|advisory only|will be retried|"
      "will be tried again|we will continue to try|will continue to try|"
      "will continue trying|will keep trying|will try again|will retry|"
      "will be attempted again|will be reattempted|delivery attempts will continue|"
      "attempts to deliver the message will continue|"
      "delivery will continue to be attempted|continue to be attempted|has been delayed|"
      "been delayed|is delayed|was delayed|has been postponed|been deferred|"
      "has not yet been delivered|not yet been delivered|has not yet been able|"
      "do not need to resend|don't need to resend|not necessary to resend|"
      "delays in delivering your message|transient non-fatal errors|action: delayed|"
      "er blevet forsinket|er forsinket|forsøger fortsat|prøver igen|har försenats|"
      "försöker igen|wurde verzögert|verzögert sich|noch nicht zugestellt|"
      "weiterhin versucht|dies ist eine warnung|a été retardé|est retardé|"
      "n'a pas encore été|se ha retrasado|todavía no se ha|è stato ritardato|is vertraagd|"
      "задерживается|配信が遅延|遅延しています" },
    { NOTICE_DELIVERED, "",
      "was successfully delivered|has been successfully delivered|"
      "was delivered successfully|successfully delivered to|been successfully relayed to|"
      "was successfully relayed|had successful delivery notifications|"
      "(successfully delivered|(relayed to|"
      "delivery to these recipients or groups is complete|action: delivered|action: relayed" },
    { NOTICE_SUBJECT, "",
      "undeliver|unable to deliver|returned mail|returned message|returned to sender|"
      "mail delivery|mail could not be delivered|mail error|mail failure|mail failed|"
      "mail status report|mail system error|mail not delivered|mail rejected|mail returned|"
      "email delivery|e-mail delivery|email bounce|message delivery|message not delivered|"
      "message you sent blocked|message status - undeliverable|"
      "message could not be delivered|delivery failure|delivery failed|delivery error|"
      "delivery problem|delivery report|delivery status|delivery notification|"
      "delivery notice|delivery warning|failure notice|failure delivery|failed delivery|"
      "failed mail|failed to deliver|error delivering|error sending|nondeliverable|"
      "non deliverable|non-deliverable|non delivery|non-delivery|nondelivery|not delivered|"
      "could not be delivered|couldn't be delivered|could not deliver|cannot be delivered|"
      "permanent delivery failure|processing error|automatically rejected mail|rejected:|"
      "bounce|[bounce]|user unknown|unknown user|nameserver error report|"
      "notification d'état|kan ikke leveres|kunne ikke leveres|ikke leveret|leveringsfejl|"
      "leveringsstatus|meddelelse om leveringsstatus|returneret|olevererbart|"
      "kan inte levereras|kunde inte levereras|leveransfel|unzustellbar|nicht zustellbar|"
      "zustellung fehlgeschlagen|zustellungsfehler|zustellungsbenachrichtigung|"
      "benachrichtigung zum übermittlungsstatus|fehler bei der zustellung|fehlgeschlagen|"
      "non remis|non distribuable|échec de la remise|échec de remise|message non délivré|"
      "courrier non délivré|courrier électronique non délivré|no se puede entregar|"
      "no entregado|error de entrega|mancata consegna|impossibile recapitare|não entregue|"
      "falha na entrega|falha de entrega|onbestelbaar|niet bezorgd|не доставлено|"
      "недоставленное|не удается доставить|niedostarczaln|nedoručiteln|配信不能|配信できませんでした|"
      "送信エラー|配信エラー|メール送信エラー|配送失敗|退信|无法投递|无法送达|未送达|系统退信|邮件发送失败|邮件投送失败|배달되지|반송" },
    { NOTICE_LATE, "",
      "warning: message|warning: could not send message|warning - delayed mail|"
      "delayed mail|mail delivery delayed|delivery delayed|delayed delivery|"
      "delivery status notification (delay)|message delayed|delayed:|delivery delay|"
      "mail delivery warning|transient delivery failure|temporary delivery|forsinket|"
      "forsinkelse|verzögert|zustellung verzögert|remise différée|配信遅延" },
    { NOTICE_CHALLENGE, "tmda",
      "please confirm your message|"
      "this message was created automatically by mail delivery software (tmda)|"
      "your message has been held pending confirmation" },
    { NOTICE_CHALLENGE, "spamarrest",
      "(verification)|protecting myself from receiving junk mail|"
      "click the link below so i can receive your email|spam arrest|spamarrest.com" },
    { NOTICE_CHALLENGE, "boxbe",
      "(action required)|add yourself to my guest list|was waitlisted|boxbe guest list|"
      "boxbe waiting list|boxbe.com" },
    { NOTICE_CHALLENGE, "bluebottle", "this account is protected by bluebottle" },
    { NOTICE_CHALLENGE, "mailblocks", "mailblocks" },
    { NOTICE_CHALLENGE, "earthlink", "spamblocker|request to be added to" },
    { NOTICE_CHALLENGE, "uol", "antispam uol|anti-spam uol" },
    { NOTICE_CHALLENGE, "choicemail", "choicemail" },
    { NOTICE_CHALLENGE, "challenge",
      "requires verification|your server requires confirmation|sender verification|"
      "verify that you are a human|verify that you are human|"
      "verify that you are a real person|verify you are human|prove you are human|"
      "prove that you are human|confirm that you are a human|confirm you are human|"
      "please verify your message|please verify your email to|please confirm that you sent|"
      "confirm your message to|confirm delivery of your message|to release your message|"
      "complete the captcha|challenge-response|challenge/response|[sender verification|"
      "verification required|verification needed|confirmation required|"
      "bitte bestätigen sie ihre nachricht|dass sie ein mensch sind|has not been verified|"
      "is being held because the address|"
      "just this once, click the link|confirm that this message was sent by|"
      "authenticate your message|you are not in my list of|confirmez que vous|"
      "bekræft din mail|bekræft at du er et menneske" },
    { NOTICE_CHALLENGE, "mailinblack", "mailinblack" },
    { NOTICE_MEANING_COUNT, NULL, NULL },
};
