//! amoCRM as the host sees it: one of the CRMs.

use domain::{InvoiceId, Message, MessageId, Outcome, Receipt, Text, Timestamp, Written};

use super::{Client, together::SIDE_BY_SIDE_MAX};
use crate::{
    call::Transport,
    interface::{Changes, Crm, Doing, Drifted, Earlier, Introduction, Pull, Trouble},
    mapping::Funnel,
};

impl<T: Transport + Send> Crm for Client<T> {
    fn connect(&self) -> Doing<'_, Result<Introduction, Trouble>> {
        Box::pin(async move { Ok(self.introduce().await?) })
    }

    fn funnels(&self) -> Doing<'_, Result<Vec<Funnel>, Trouble>> {
        Box::pin(async move { Ok(self.offered_funnels().await?) })
    }

    fn pull<'a>(&'a self, still_open: &'a [InvoiceId]) -> Doing<'a, Result<Pull, Trouble>> {
        Box::pin(async move { Ok(Client::pull(self, still_open).await?) })
    }

    fn changes(&self, since: Timestamp) -> Doing<'_, Result<Changes, Trouble>> {
        Box::pin(async move { Ok(Client::changes(self, since).await?) })
    }

    fn drift<'a>(&'a self, written: &'a [Written]) -> Doing<'a, Result<Vec<Drifted>, Trouble>> {
        Box::pin(async move { Ok(Client::drift(self, written).await?) })
    }

    fn repeated<'a>(&'a self, delivered: &'a [(Message, Receipt)]) -> Doing<'a, Result<Vec<MessageId>, Trouble>> {
        Box::pin(async move { Ok(Client::repeated(self, delivered).await?) })
    }

    fn deliver<'a>(&'a self, message: &'a Message, earlier: &'a Earlier) -> Doing<'a, Outcome> {
        Box::pin(Client::deliver(self, message, earlier))
    }

    fn deliver_together<'a>(&'a self, parcels: &'a [(Message, Earlier)]) -> Doing<'a, Vec<Outcome>> {
        Box::pin(Client::deliver_together(self, parcels))
    }

    fn together_max(&self) -> usize {
        SIDE_BY_SIDE_MAX
    }

    fn new_key(&self) -> Text {
        Text::new(
            "создайте в amoCRM долгосрочный токен (amoМаркет → ваша интеграция → Ключи и доступы) и подключите её заново",
            "make a long-lived token in amoCRM (amoMarket → your integration → Keys and scopes), and connect it again",
        )
    }
}
