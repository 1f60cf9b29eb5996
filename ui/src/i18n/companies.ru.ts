// Our own legal entities.

export const companiesRu = {
  title: 'Свои компании',
  text: 'Если компаний несколько, деньги, пришедшие одной, сами не закроют счёт, выставленный другой: программа спросит.',
  none: 'Пока не названа ни одна.',
  name: 'Название',
  inn: 'ИНН',
  kpp: 'КПП (необязательно)',
  save: 'Добавить или изменить',
  take: 'Назвать',
  remove: 'Убрать',
  removeOne: (name: string) => `Убрать ${name}`,
  numbers: (inn: string, kpp: string | null) => (kpp === null ? `ИНН ${inn}` : `ИНН ${inn}, КПП ${kpp}`),
  byInn: (inn: string) => `ИНН ${inn}`,
  unknown: 'не известно',
  accounts: 'Чей счёт',
  bySelf: (name: string) => `Сам: ${name}`,
  connections: 'Кто выставляет счета',
  connectionsText: 'Нужно там, где CRM не называет компанию в самом счёте.',
};
