//! Words that are nobody's: what a purpose says of invoices, contracts and taxes, and the legal forms of firms. They stay,
//! because readers and people understand a statement by them.

use std::{collections::HashSet, sync::LazyLock};

/// Lower case, ё as е.
pub(super) fn folded(word: &str) -> String {
    word.to_lowercase().replace('ё', "е")
}

/// Starts of words of business; the words themselves are written in many forms.
const STEMS: &str = "\
    оплат предоплат постоплат доплат переплат платеж аванс счет фактур договор контракт соглашен оферт приложен \
    спецификац накладн заказ заявк поручен распоряжен заявлен номер сумм налог облагает включа исключа процент \
    ставк возврат возмещен перевод перечислен пополнен зачислен списан поступлен выплат зарплат заработ отпускн \
    займ заем кредит дебет депозит комисс вознагражден обслуживан ведени эквайринг терминал операци реестр взыскан \
    взнос страхов пенси пени штраф госпошлин пошлин товар услуг работ поставк аренд доставк перевоз материал \
    ремонт подряд проект средств собственн денежн расчет лицев текущ банковск карт касс наличн выручк инкасс \
    согласно основан назначен период месяц квартал полугоди числ рубл копе январ феврал март апрел август сентябр \
    октябр ноябр декабр июн июл остат оборот входящ исходящ выписк дата даты документ контрагент плательщик \
    получател отправител наименован валют приход расход итог всего начал конец конц корреспонд банк начислен \
    погашен задолжен частичн полн окончат единый единого бюджет казначейств платить тариф абонент подписк лиценз \
    карточк журнал ведомост сальдо страниц исполнител программ обеспечен дивиденд подотчет хозяйствен исполнен проведен телефон payment invoice contract agreement \
    order transfer refund salary tax amount balance account commission charge interest loan date number opening \
    closing booking value credit debit currency purpose description service goods total statement";

/// Whole words, most of them short.
const WORDS: &str = "\
    ндс без нет том т ч тч не в во на по за от до для из с со и к ко о об при под или сч счт сф дог доп акт акта \
    акту акты упд ттн тн накл спец прил зак опл согл год года году гг г мес кв дн мая май руб коп тыс р шт усн осн \
    псн нпд ндфл енп ссп сфр пфр фсс омс фнс уфк кбк октмо окато уин уип инн кпп бик огрн огрнип снилс окпо рс лс \
    кс тел факс пп вид код день дней рцб цб рф эл почта чел также его вх исх имя срок акции адрес форма vat inv \
    for the and from dated no nr bill rub rur usd eur cny kzt byn amd gbp chf jpy bic iban swift sepa www http \
    https eref kref mref cred debt svwz abwa abwe coam oamt purp trcd cntp remi ustd strd ordp benm name isdt rtrn \
    uref rref vwz notprovide inn kpp ntrf nonref notprovided ocmt chgs exch true false null";

/// Legal forms and the words they are made of, short labels inside names, and what a place is called by.
const LEGAL: &str = "\
    ооо оао зао пао нао ао ип гуп муп фгуп фгбу фку гку гбу мбу мку ано нко тсж тсн снт днт гск жск кфх пк спк гк \
    тд тоо чп фл уфк инн кпп бик огрн огрнип рс кс лс г гор ул д кв корп стр оф обл р н пр пер с в по и для \
    общество ограниченной ответственностью акционерное публичное непубличное закрытое открытое индивидуальный \
    предприниматель государственное муниципальное унитарное предприятие бюджетное казенное автономная \
    некоммерческая организация учреждение товарищество собственников жилья недвижимости кооператив фонд ассоциация \
    глава филиал отделение банк банка llc ltd inc corp gmbh ag sa sarl bv nv oy ab as plc llp jsc ojsc cjsc pjsc \
    ooo oao zao pao ao ip co company limited und of bank inn kpp kg";

/// What says that the numbers after it are money.
const MONEY: &str = "\
    ндс vat руб коп rub rur usd eur cny kzt byn amd gbp chf jpy oamt ocmt coam chgs";

static STEM_LIST: LazyLock<Vec<&str>> = LazyLock::new(|| STEMS.split_whitespace().collect());
static WORD_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| WORDS.split_whitespace().collect());
static LEGAL_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| LEGAL.split_whitespace().collect());
static MONEY_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| MONEY.split_whitespace().collect());

fn money_stem(word: &str) -> bool {
    ["сумм", "рубл", "копе", "остат", "оборот", "amount", "balance"]
        .iter()
        .any(|stem| word.starts_with(stem))
}

/// `word` is [`folded`], as all words here are asked about.
pub(super) fn is_service(word: &str) -> bool {
    WORD_SET.contains(word)
        || STEM_LIST.iter().any(|stem| {
            // «март» is the start of Мартынов too: the shorter the start, the shorter the ending.
            let (stem_letters, ending_max) = (stem.chars().count(), if stem.chars().count() > 4 { 7 } else { 3 });
            word.starts_with(stem) && word.chars().count() <= stem_letters + ending_max
        })
}

pub(super) fn is_legal(word: &str) -> bool {
    LEGAL_SET.contains(word)
}

pub(super) fn is_money(word: &str) -> bool {
    MONEY_SET.contains(word) || money_stem(word)
}

/// What says that the number after it is a document's, and no sum.
pub(super) fn is_numbering(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "сч", "счт", "сф", "дог", "акт", "акта", "акту", "упд", "ттн", "n", "no", "nr", "inv", "от",
    ];
    const STEMS: &[&str] = &[
        "счет",
        "договор",
        "контракт",
        "заказ",
        "накладн",
        "номер",
        "invoice",
        "contract",
        "order",
    ];
    WORDS.contains(&word) || STEMS.iter().any(|stem| word.starts_with(stem))
}

pub(super) fn is_phone_label(word: &str) -> bool {
    matches!(
        word,
        "тел" | "телефон" | "моб" | "факс" | "tel" | "phone" | "mob" | "fax"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_business_stay_and_names_do_not() {
        for word in ["Оплата", "счёту", "НДС", "облагается", "договору", "Платёж", "марта"]
        {
            assert!(is_service(&folded(word)), "{word}");
        }
        for word in ["Ромашка", "Иванов", "метизов", "Самара", "Мартынов", "Карташова"]
        {
            assert!(!is_service(&folded(word)) && !is_legal(&folded(word)), "{word}");
        }
        assert!(is_legal("ооо") && is_money("ндс") && is_money("суммы") && is_numbering("счету"));
    }
}
