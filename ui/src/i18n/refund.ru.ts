// Money that goes back: a refund in the inbox, and a payment of which something went back.

export const refundRu = {
  title: 'Возврат',
  fromAccount: 'С нашего счёта',
  which: 'Какой платёж возвращён?',
  decided: 'Возвращено',
  full: (day: string, sum: string) => `Весь платёж от ${day} на ${sum}`,
  part: (day: string, sum: string) => `Часть платежа от ${day} на ${sum}`,
  own: (day: string, sum: string) => `Наше списание от ${day} на ${sum}`,
  order: (number: string) => `п/п № ${number}`,
  show: 'Открыть платёж',
  columns: { invoice: 'Счёт', was: 'Открыто', again: 'Снова к оплате' },
  noInvoice: 'Ни одного счёта не коснётся: эти деньги не были отнесены на счёт.',
  advance: (sum: string) => `Из аванса, сверх счетов: ${sum}`,
  tells: 'CRM узнает о возврате: стадия станет той, что выбрана для возврата в настройках CRM.',
  confirm: 'Провести возврат',
  reject: 'Не возврат покупателю',
  rejectTitle: 'Это не возврат покупателю?',
  rejectText: (payer: string, sum: string) =>
    `${payer}, ${sum}. Списание уйдёт из списка ждущих; счета и CRM не изменятся. Решение можно отменить.`,
  rejectYes: 'Да, не возврат',
  undo: 'Отменить возврат',
  notFound: 'Прежний платёж не найден. Когда выписка с ним будет загружена, он появится здесь.',
  went: (sum: string) => `возвращено ${sum}`,
  of: 'Возвраты по этому платежу',
  line: (day: string, sum: string) => `${day}: ${sum}`,
  byHand: 'Возврат',
  byHandTitle: 'Деньги вернулись покупателю?',
  byHandText: (payer: string, sum: string) =>
    `${payer}, ${sum}. Оплата счетов будет снята, CRM узнает о возврате. Если списание придёт в выписке, программа найдёт его сама: тогда ничего нажимать не нужно.`,
  byHandYes: 'Да, деньги возвращены',
};
