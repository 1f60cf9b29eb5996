//! The words themselves, by what they announce. Lists are parted by spaces and spelt as people type; they are folded
//! when they are read in.
//!
//! Armenian and transliterated words stand beside the Russian ones: what they say about a number is the same.

use super::{FindingKind, words::Meaning};

const INVOICE: &str = "\
    счет счету счете счетом сч счт сч-т счёт-оферта рахунок рахунку рахунка рах шот шоты \
    инвойс инвойсу инвойса инвойсом проформа проформы проформе проформу счет-проформа invoice inv invoce bill proforma pro-forma pi p/i \
    schet schetu scheta schetom sch schyot schetu schetam shet shetu scet scetu sceta \
    հաշիվ հաշվի հաշվով հաշիվը ինվոյս ինվոյսի";
/// One invoice or several: «счета 145», «счета 145, 146».
const INVOICE_OR_INVOICES: &str = "счета";
const INVOICES: &str = "\
    счетам счетов счетами счетах сч-там сч-ов сч-в рахунками рахункам инвойсам инвойсы инвойсов invoices bills schetam schetov scetam scetov \
    հաշիվներ հաշիվների հաշիվներով հաշիվները";
const TAX_INVOICE: &str = "\
    сф с/ф с-ф с.ф счф сч-ф сч/ф с/с-ф упд укд универсальный счет-ф счет/ф сч-фра с/фактура с-фактура с/факт сч-факт \
    счфакт эсф эсчф счет-фак сч-фак счф-ра с/ф-ра сч/факт сч/фак фактура фактуре фактуры sf s/f s-f schf sch-f upd \
    schet-faktura schet-fakture schet-faktury faktura fakture faktury factura invoice-factura \
    հաշիվ-ապրանքագիր հաշիվ-ապրանքագրի հաշիվ-ապրանքագրով հաշիվ-ֆակտուրա հաշիվ-ֆակտուրայի հ/ա հ-ա ապրանքագիր \
    ապրանքագրի";
const CONTRACT: &str = "\
    дог д-р дог-р дог-ру договр дгв дг дог/пост д/г г/к гк contract contr agreement agr agrmt dog dogovor dogovoru \
    dogovora dogovorom kontrakt kontraktu шарт шарты պայմանագիր պայմանագրի պայմանագրով պայմ";
const ACT: &str = "\
    акт акта акту акты актам актов актом ттн тн т/н ттн-1 накл тов-накл нкл н-ная н/н рнк црн упд-2 cmr торг-12 торг12 кс-2 кс2 кс-3 кс3 \
    м-15 м15 1-т akt aktu akta ttn nakl nakladnaya ակտ ակտի waybill";
const SPECIFICATION: &str = "\
    спец спец-ция спец-ии спец-я сп прил доп д/с дс допсоглашение допсоглашению допсогл доп-согл спецификация spec \
    specification annex appendix addendum spetsifikatsiya հավելված հավելվածի";
const ORDER: &str = "\
    зак order orders po p/o зн з/н з-н наряд наряд-заказ зак-наряд лист листа листу \
    задание задания заданию путевка путевке zakaz zakazu zayavka zayavke պատվեր պատվերի";
const ACCOUNT: &str = "\
    р/с рс р/сч р/счет р/счета р/счету р/счетa р.с л/с лс л/сч л/счет л/счета л/счету л.с к/с кс к/сч к.с лиц/с лиц/сч \
    лицсчет лицсчету лицсчета л-с р-с расч/с т/с тс-счет с/счет iban iban-код account acc acct а/с елс հաշվեհամար \
    հաշվեհամարի հ/հ r/s l/s";
const TAX_NUMBER: &str = "инн inn инн/кпп иннкпп бин иин унп հվհհ tin vatin";
const CODE: &str = "\
    кпп kpp бик bik кбк kbk октмо oktmo окато уин uin уип uip огрн огрнип снилс окпо оквэд тел т tel phone факс swift bic \
    бесплатно игк икз идентификатор ид id код кода коду п ст гл пп/п подп \
    кв квартира квартиры квартиру кварт оф офис офиса офисе д дом дома доме корп корпус стр строение литер лит пом помещение \
    помещения помещ каб кабинет ком комната комнаты бокс гараж гаража место места участок участка участку уч этаж подъезд подъезда \
    склад склада складу магазин магазина маг объект объекта объекту об цех площадка павильон терминал терминала касса кассы кассе чек чека чеки \
    квитанция квитанции квит паспорт паспорта паспорту серия серии полис полиса полису билет билета билеты смета смете сметы протокол протокола протоколу лот лота лоту лоты \
    поз позиция позиции партия партии вагон вагона вагоны ваг контейнер контейнера конт машина авто а/м автомобиль автомобиля \
    сч-к сч-ка сч-ку г/н гос госномер рейс рейса рейсу рейсы маршрут маршрута маршруту тариф тарифа тарифу карта карты карте карту счетчик \
    счетчика счетчику пу абонент абонента абонентский таб табельный вх исх письмо письма письму ведомость ведомости реестр реестра реестру \
    приказ приказа постановление постановления постановлению исполнительный и/л и/п ип/п и/д уд дело дела делу решение решения доверенность лицензия \
    лицензии сертификат сертификата артикул арт модель размер кадастровый кад школа школы сад дс/сад д/с№ лицей гимназия \
    бригада смена закупка закупки процедура процедуры извещение извещения аукцион аукциона тендер lot ticket flight room apt office card \
    բնակարան բն շենք տուն գրասենյակ հեռ";
const SUM: &str =
    "сумма сумму сумме суммой суммы итого всего amount sum total summa summu гումար գումար գումարը գումարի";
const PAYMENT_ORDER: &str = "\
    п/п пп п.п пл/п пл-п плат пл платежка платежке платежку м/о п/о пор платпоручение платпоручению plat p/p";
const PERIOD: &str = "квартал квартала квартале кварталы полугодие полугодия полугодии";
const NUMBER_SIGN: &str = "\
    n no nº n° номер номером номеру номера ном nr num number nomer թիվ համար համարի";
const NUMBER_SIGNS: &str = "nn nos номерами номерам номеров numbers nos";
const PREPOSITION: &str = "за на в к с до от из о ot ot za na v k s do from of to dated dd dtd";
const AND: &str = "и and i և եւ плюс также затем далее plus also";
const NO_NUMBER: &str = "б/н б.н бн б/номера бн/дата безномера b/n";
const FILLER: &str = "\
    по согл согласно согл-но под оплата оплату оплаты оплате оплатой опл оплачивается оплачен оплатить предоплата предоплату предоплате предоплаты предопл аванс \
    авансовый авансом авансового авансовому аванса доплата доплату доплате частичная частично полная окончательная \
    окончательный постоплата платеж платежа платежу плата перечисление перечислено payment pay pmt for the as per against under \
    our your г год года dated date ред ver от-во данному выставленному покупателя покупателю клиента клиенту заказчика \
    заказчику поставщика продавца oplata oplatu soglasno pokupatelya na-oplatu tovar-scet վճարում վճար վճարման ըստ \
    համաձայն դիմաց իբրև числе или либо or";
const UNIT: &str = "\
    шт штук штуки штука ед кг гр тонн тонны тонна т м м2 м3 м² м³ кв.м м.кв куб.м м.куб кубов рул рулон рулона рулонов бут бутылок \
    ящ ящиков кор коробок меш мешков пал паллет поддонов листов голов поездок смен рейсов учеников мест позиций единиц пм п.м м/п куб км л литр литра литров уп упак упаковок \
    упаковки комп компл комплект комплекта комплектов к-т пара пары пар мес месяц месяца месяцев м-ц м-ца дн день дня дней сут суток сутки час часа часов ч чел человек человека \
    раз раза экз экземпляра экземпляров квт квтч квт/ч мин минут недель недели неделю лет лицензий лицензии рабочих мест пользователей \
    pcs pc kg days month months hours units հատ կգ օր ամիս";

/// Starts of words that are written in many forms.
pub const STEMS: &[(&str, FindingKind)] = &[
    ("договор", FindingKind::Contract),
    ("контракт", FindingKind::Contract),
    ("соглашен", FindingKind::Contract),
    ("оферт", FindingKind::Contract),
    ("госконтракт", FindingKind::Contract),
    ("пայմանագ", FindingKind::Contract),
    ("спецификац", FindingKind::Specification),
    ("приложен", FindingKind::Specification),
    ("дополнен", FindingKind::Specification),
    ("дополнит", FindingKind::Specification),
    ("допсоглаш", FindingKind::Specification),
    ("накладн", FindingKind::Act),
    ("реализац", FindingKind::Act),
    ("отгрузк", FindingKind::Act),
    ("заказ", FindingKind::Order),
    ("заявк", FindingKind::Order),
    ("распоряжен", FindingKind::Order),
    ("поручен", FindingKind::PaymentOrder),
    ("платежк", FindingKind::PaymentOrder),
    ("заявлен", FindingKind::Order),
    ("телефон", FindingKind::Code),
    ("квитанц", FindingKind::Code),
    ("абонент", FindingKind::Code),
    ("постановлен", FindingKind::Code),
    ("спецсч", FindingKind::Account),
    ("корсч", FindingKind::Account),
    ("коррсч", FindingKind::Account),
    ("субсч", FindingKind::Account),
    ("лицсч", FindingKind::Account),
    ("расчсч", FindingKind::Account),
    ("счетфактур", FindingKind::TaxInvoice),
    ("счетафактур", FindingKind::TaxInvoice),
    ("счетуфактур", FindingKind::TaxInvoice),
    ("сфактур", FindingKind::TaxInvoice),
];

/// Adjectives before «счёт» that make it a bank account: «расчётный счёт», «лицевой счёт».
pub const ACCOUNT_ADJECTIVES: [&str; 19] = [
    "расчетн",
    "лицев",
    "текущ",
    "корр",
    "банковск",
    "карточн",
    "депозитн",
    "специальн",
    "транзитн",
    "сберегательн",
    "валютн",
    "абонентск",
    "личн",
    "казначейск",
    "бюджетн",
    "накопительн",
    "номинальн",
    "бонусн",
    "հաշվարկային",
];

/// Every list and what it means.
pub fn lists() -> impl Iterator<Item = (&'static str, Meaning)> {
    use FindingKind as Kind;
    [
        (INVOICE, Meaning::Announces(Kind::InvoiceNumber)),
        (INVOICE_OR_INVOICES, Meaning::AnnouncesOneOrMore),
        (INVOICES, Meaning::AnnouncesSeveral),
        (CONTRACT, Meaning::Announces(Kind::Contract)),
        (ACT, Meaning::Announces(Kind::Act)),
        (SPECIFICATION, Meaning::Announces(Kind::Specification)),
        (ORDER, Meaning::Announces(Kind::Order)),
        (CODE, Meaning::Announces(Kind::Code)),
        (ACCOUNT, Meaning::Announces(Kind::Account)),
        (TAX_NUMBER, Meaning::Announces(Kind::TaxNumber)),
        (SUM, Meaning::Announces(Kind::Sum)),
        (PAYMENT_ORDER, Meaning::Announces(Kind::PaymentOrder)),
        (PERIOD, Meaning::Announces(Kind::Period)),
        (TAX_INVOICE, Meaning::Announces(Kind::TaxInvoice)),
        (UNIT, Meaning::Unit),
        (NUMBER_SIGN, Meaning::NumberSign),
        (NUMBER_SIGNS, Meaning::NumberSigns),
        (PREPOSITION, Meaning::Preposition),
        (AND, Meaning::And),
        (NO_NUMBER, Meaning::NoNumber),
        (FILLER, Meaning::Filler),
    ]
    .into_iter()
    .flat_map(|(list, meaning)| list.split_whitespace().map(move |word| (word, meaning)))
}
