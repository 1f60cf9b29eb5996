//! Every reason the engine can give, with its sentence: the one table that the program and its documentation show.

use domain::Text;
use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal, $ru:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $(#[serde(rename = $code)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it in JSON.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The sentence for people.
            #[must_use]
            pub fn text(self) -> Text {
                match self { $(Self::$variant => Text::new($ru, $en),)+ }
            }
        }
    };
}

reasons! {
    /// What speaks for a decision. The second half says why a payment is no customer's.
    EvidenceKind {
        InvoiceNumber = "invoice_number", "номер счёта назван в назначении", "the purpose names the invoice number";
        InvoiceNumberByDigits = "invoice_number_by_digits", "номер счёта совпадает цифрами, без букв и нулей впереди", "the digits of the invoice number agree, its letters are left out";
        InvoiceNumberSlip = "invoice_number_slip", "номер счёта набран с одной опиской", "the invoice number is typed with one slip";
        NumberInText = "number_in_text", "такое число есть в назначении, но не названо номером счёта", "the number stands in the purpose, but is not called an invoice number";
        InvoiceDate = "invoice_date", "дата счёта названа в назначении", "the purpose names the invoice date";
        PayerInn = "payer_inn", "ИНН плательщика — ИНН покупателя в счёте", "the payer's INN is the customer's";
        PayerAccount = "payer_account", "платёж с известного счёта покупателя", "the payment comes from a known account of the customer";
        PayerLearned = "payer_learned", "подтверждено раньше: этот плательщик платит за покупателя", "confirmed earlier: this payer pays for the customer";
        CustomerInnInText = "customer_inn_in_text", "в назначении назван ИНН покупателя", "the purpose names the customer's INN";
        CustomerNameInText = "customer_name_in_text", "в назначении названо, за кого платят", "the purpose names who is paid for";
        PayerPaysSeveral = "payer_pays_several", "плательщик обычно платит за несколько счетов сразу", "the payer uses to pay several invoices at once";
        PayerNamesNoNumbers = "payer_names_no_numbers", "плательщик никогда не называет номера счетов", "the payer never names invoice numbers";
        PayerRoundsSums = "payer_rounds_sums", "плательщик обычно округляет сумму до рублей", "the payer uses to round the sum to whole roubles";
        Earned = "earned", "такие решения по этому плательщику подтверждены много раз и не отменялись", "such decisions about this payer were confirmed many times and not undone";
        UserRule = "user_rule", "по вашему правилу", "by a rule of yours";
        PayerName = "payer_name", "название плательщика — название покупателя", "the payer's name is the customer's name";
        PayerInitials = "payer_initials", "фамилия и инициалы плательщика — как у покупателя", "the payer's surname and initials are the customer's";
        ExactAmount = "exact_amount", "сумма до копейки равна остатку по счёту", "the sum is exactly what is open";
        NamedPart = "named_part", "слова называют часть или остаток, и сумма им отвечает", "the words name a part or the rest, and the sum agrees";
        OnlyWithSum = "only_with_sum", "у покупателя это единственный открытый счёт на такую сумму", "this is the customer's only open invoice with this sum";
        ExactTotal = "exact_total", "сумма до копейки равна остаткам по названным счетам вместе", "the sum is exactly what is open on the named invoices together";
        SetTotal = "set_total", "сумма до копейки равна остаткам нескольких счетов вместе", "the sum is exactly what is open on several invoices together";

        Outgoing = "outgoing", "это списание, а не поступление", "this is money going out, not coming in";
        Reversal = "reversal", "банк отменил прежнюю операцию", "the bank took an earlier operation back";
        Refund = "refund", "деньги возвращены: отменён прежний платёж", "money went back: an earlier payment is undone";
        OwnAccount = "own_account", "перевод между своими счетами", "a transfer between own accounts";
        OwnInn = "own_inn", "плательщик — своя компания", "the payer is one's own company";
        Loan = "loan", "заём или кредит", "a loan or credit";
        Acquirer = "acquirer", "возмещение от эквайера или площадки", "a payout of an acquirer or marketplace";
        TaxRefund = "tax_refund", "возврат из бюджета", "a refund from the budget";
        Interest = "interest", "проценты банка", "interest from the bank";
        Fee = "fee", "комиссия", "a fee";
        Cash = "cash", "взнос наличных", "a cash deposit";
        Returned = "returned", "возврат денег", "money returned";
        FounderMoney = "founder_money", "деньги учредителя: вклад или пополнение", "the founder's money: a contribution";
        OtherIncome = "other_income", "другое поступление не от покупателя", "other money that is no customer's";
        NoSum = "no_sum", "в платеже нет суммы", "the payment has no sum";
        NothingFits = "nothing_fits", "ни один счёт не подходит", "no invoice fits";
    }
}

reasons! {
    /// What speaks against deciding without a person.
    AgainstKind {
        Tie = "tie", "подходят несколько счетов, выберите сами", "several invoices fit equally, choose one";
        NoNumber = "no_number", "номер счёта в назначении не назван", "the purpose names no invoice number";
        NumberNotNamed = "number_not_named", "число в назначении не названо номером счёта", "the number in the purpose is not called an invoice number";
        NumberAbridged = "number_abridged", "написан только конец номера счёта", "only the end of the invoice number is written";
        NumberSlip = "number_slip", "номер счёта набран с опиской", "the invoice number is typed with a slip";
        NumberNotFound = "number_not_found", "названного номера нет среди счетов покупателя", "the named number is none of the customer's invoices";
        NotAWholeNumber = "not_a_whole_number", "номер счёта есть в назначении только внутри другого числа", "the invoice number stands in the purpose only inside another number";
        OtherNumberNamed = "other_number_named", "в назначении назван другой номер счёта", "the purpose names another invoice number";
        SeveralInvoices = "several_invoices", "названо несколько счетов, проверьте разбивку", "several invoices are named, check how the sum is split";
        SeveralOpen = "several_open", "у покупателя несколько открытых счетов", "the customer has several open invoices";
        AmountDiffers = "amount_differs", "сумма не равна остатку по счёту", "the sum is not what is open";
        KopeckDifference = "kopeck_difference", "сумма расходится с остатком по счёту меньше чем на рубль", "the sum is less than a rouble from what is open";
        CommissionWithheld = "commission_withheld", "не хватает немногого: возможно, удержана комиссия", "a little is missing: a commission may have been withheld";
        Overpaid = "overpaid", "пришло больше, чем открыто: остаток будет авансом", "more came than is open: the rest would be an advance";
        ListDiffers = "list_differs", "сумма не равна остаткам по названным счетам вместе", "the sum is not what is open on the named invoices together";
        PartDiffers = "part_differs", "сумма не равна доле, названной в назначении", "the sum is not the part that the purpose names";
        PartUnnumbered = "part_unnumbered", "в назначении названа часть, но не счёт", "the purpose names a part, but no invoice";
        RoundSum = "round_sum", "сумма круглая: она могла совпасть случайно", "the sum is round: it may agree by chance";
        SetUnnamed = "set_unnamed", "номера не названы, вместе подходят несколько счетов", "no numbers are named, several invoices fit together";
        SetByChance = "set_by_chance", "открытых счетов столько, что сумма могла сложиться из них случайно", "so many invoices are open that some of them may make up the sum by chance";
        SetPartlyNamed = "set_partly_named", "в назначении есть номер не всех этих счетов", "the purpose has the numbers of some of these invoices only";
        TooManyToTry = "too_many_to_try", "открытых счетов слишком много, наборы не перебирались", "too many invoices are open, sets of them were not tried";
        Repeated = "repeated", "такой же платёж по этому счёту уже был", "the same payment for this invoice has been before";
        OtherDocument = "other_document", "в назначении назван другой документ", "the purpose names another document";
        OtherWords = "other_words", "в назначении сказано не о товаре или услуге по счёту", "the purpose speaks of something else than an invoice";
        InvoiceDateDiffers = "invoice_date_differs", "в назначении другая дата счёта", "the purpose names another invoice date";
        PayerDiffers = "payer_differs", "платит не тот, кому выставлен счёт", "the payer is not the invoice's customer";
        OtherCustomerNamed = "other_customer_named", "в назначении назван другой покупатель", "the purpose names another customer";
        PayerUnknown = "payer_unknown", "плательщика не удалось узнать по ИНН или счёту", "the payer is not known by INN or account";
        OtherLegalForm = "other_legal_form", "у плательщика и покупателя разные организационные формы", "the payer and the customer have different legal forms";
        OnlyInitials = "only_initials", "фамилия и инициалы совпадают, но это может быть другой человек", "surname and initials agree, but it may be somebody else";
        OtherCompany = "other_company", "деньги пришли не той своей компании, что выставила счёт", "the money came to another own company than the one that issued the invoice";
        InvoicePaid = "invoice_paid", "счёт уже оплачен", "the invoice is already paid";
        InvoiceCancelled = "invoice_cancelled", "счёт отменён", "the invoice is cancelled";
        OtherCurrency = "other_currency", "счёт в другой валюте", "the invoice is in another currency";
        InvoiceAfterPayment = "invoice_after_payment", "счёт выставлен позже платежа", "the invoice is dated after the payment";
        OverCap = "over_cap", "сумма выше предела для решений без человека", "the sum is over the limit for decisions without a person";
        Contested = "contested", "на этот счёт может приходиться прежний платёж, который ждёт решения", "an earlier payment that waits for a decision may be for this invoice";
        UnprovenStatement = "unproven_statement", "остатки в выписке не сходятся", "the statement's balances do not add up";
        UndoneBefore = "undone_before", "решение по этому платежу уже отменял человек", "a person took back a decision about this payment";
        InvoicesIncomplete = "invoices_incomplete", "список счетов из CRM прочитан не весь", "the CRM's list of invoices was not read to its end";
        DirectionUnknown = "direction_unknown", "по выписке не понять, поступление это или списание", "the statement does not tell whether money came or went";
        RejectedBefore = "rejected_before", "предложение по этому платежу уже отклонял человек", "a person refused a suggestion for this payment";
        OnlyAPerson = "only_a_person", "по вашему правилу решает только человек", "by a rule of yours only a person decides";
        ReadsAsOther = "reads_as_other", "по назначению похоже не на оплату счёта", "the purpose reads like something other than a customer's payment";
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_reason_has_its_own_word_and_sentence() {
        let all: Vec<(&str, Text)> = EvidenceKind::ALL
            .iter()
            .map(|kind| (kind.code(), kind.text()))
            .chain(AgainstKind::ALL.iter().map(|kind| (kind.code(), kind.text())))
            .collect();
        for word in [|text: &Text| text.ru.clone(), |text: &Text| text.en.clone()] {
            assert_eq!(
                all.iter().map(|(_, text)| word(text)).collect::<HashSet<_>>().len(),
                all.len()
            );
        }
        let codes: HashSet<&str> = all.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes.len(), all.len());
    }
}
