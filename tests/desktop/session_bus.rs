//! What a desktop offers on the session bus, as far as Sverka uses it: a notification server and a tray.

use std::{collections::HashMap, time::Instant};

use anyhow::{Context, Result};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::{
    Connection, Proxy,
    fdo::DBusProxy,
    interface,
    message::Header,
    names::BusName,
    object_server::SignalEmitter,
    zvariant::{OwnedObjectPath, OwnedValue, Structure, Value},
};

use crate::harness::{LOOK_EVERY, PATIENCE};

const NOTIFICATIONS: &str = "/org/freedesktop/Notifications";

/// A notification as the person sees it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: u32,
    pub summary: String,
    pub body: String,
}

struct Notifications {
    seen: UnboundedSender<Shown>,
    last: u32,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    #[expect(clippy::too_many_arguments, reason = "the interface is the desktop's")]
    fn notify(
        &mut self,
        _app_name: String,
        _replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        self.last += 1;
        // The test may have ended without looking.
        let _ = self.seen.send(Shown {
            id: self.last,
            summary,
            body,
        });
        self.last
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        ["body", "actions"].map(String::from).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("test".into(), "sverka".into(), "1".into(), "1.2".into())
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

/// Where a tray icon lives: the connection that owns it and the object on it.
#[derive(Debug, Clone)]
struct Item {
    owner: String,
    path: String,
}

struct TrayWatcher {
    items: UnboundedSender<Item>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl TrayWatcher {
    fn register_status_notifier_item(&self, path: String, #[zbus(header)] header: Header<'_>) {
        let owner = header.sender().map(ToString::to_string).unwrap_or_default();
        let _ = self.items.send(Item { owner, path });
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

pub struct SessionBus {
    connection: Connection,
    pub shown: UnboundedReceiver<Shown>,
    items: UnboundedReceiver<Item>,
}

impl SessionBus {
    pub async fn serve(address: &str) -> Result<Self> {
        let (seen, shown) = unbounded_channel();
        let (registered, items) = unbounded_channel();
        let connection = zbus::connection::Builder::address(address)?
            .name("org.freedesktop.Notifications")?
            .name("org.kde.StatusNotifierWatcher")?
            .serve_at(NOTIFICATIONS, Notifications { seen, last: 0 })?
            .serve_at("/StatusNotifierWatcher", TrayWatcher { items: registered })?
            .build()
            .await?;
        Ok(Self {
            connection,
            shown,
            items,
        })
    }

    /// Does what a click on a shown notification does.
    pub async fn click_notification(&self, id: u32) -> Result<()> {
        let emitter = SignalEmitter::new(&self.connection, NOTIFICATIONS)?;
        Ok(Notifications::action_invoked(&emitter, id, "default").await?)
    }

    /// The tray icon that registers next.
    pub async fn tray(&mut self) -> Result<TrayIcon> {
        let item = self.items.recv().await.context("the tray watcher is served")?;
        let icon = Proxy::new(
            &self.connection,
            item.owner.clone(),
            item.path,
            "org.kde.StatusNotifierItem",
        )
        .await?;
        let menu: OwnedObjectPath = icon.get_property("Menu").await?;
        let menu = Proxy::new(&self.connection, item.owner.clone(), menu, "com.canonical.dbusmenu").await?;
        Ok(TrayIcon {
            owner: item.owner,
            menu,
        })
    }

    /// Whether the program behind the icon still runs.
    pub async fn runs(&self, tray: &TrayIcon) -> Result<bool> {
        self.has_owner(&tray.owner).await
    }

    /// Whether a program holds the name.
    pub async fn has_owner(&self, name: &str) -> Result<bool> {
        let name = BusName::try_from(name)?;
        Ok(DBusProxy::new(&self.connection).await?.name_has_owner(name).await?)
    }
}

/// One line of the tray's menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    id: i32,
    pub label: String,
    pub enabled: bool,
    pub checked: bool,
}

pub struct TrayIcon {
    owner: String,
    menu: Proxy<'static>,
}

type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl TrayIcon {
    /// The lines with words, from top to bottom.
    pub async fn items(&mut self) -> Result<Vec<MenuItem>> {
        let (_revision, (_, _, children)): (u32, Node) = self
            .menu
            .call("GetLayout", &(0_i32, -1_i32, Vec::<String>::new()))
            .await?;
        let mut items = Vec::new();
        for child in children {
            let (id, properties, _) = Node::try_from(Structure::try_from(child)?)?;
            let says = |key: &str, value: Value<'_>| properties.get(key).is_some_and(|found| **found == value);
            let Some(label) = properties
                .get("label")
                .and_then(|label| label.downcast_ref::<String>().ok())
            else {
                continue;
            };
            items.push(MenuItem {
                id,
                label: label.replace('_', ""),
                enabled: !says("enabled", Value::from(false)),
                checked: says("toggle-state", Value::from(1_i32)),
            });
        }
        Ok(items)
    }

    /// Waits until the menu reads so.
    pub async fn until(&mut self, what: &str, so: impl Fn(&[MenuItem]) -> bool) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let items = self.items().await?;
            if so(&items) {
                return Ok(());
            }
            anyhow::ensure!(
                Instant::now() < deadline,
                "not in time: {what}; the menu reads {items:?}"
            );
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    pub async fn click(&mut self, label: &str) -> Result<()> {
        let items = self.items().await?;
        let item = items
            .iter()
            .find(|item| item.label == label)
            .with_context(|| format!("no «{label}» in the tray menu: {items:?}"))?;
        anyhow::ensure!(item.enabled, "«{label}» is grey in the tray menu");
        Ok(self
            .menu
            .call("Event", &(item.id, "clicked", Value::from(0_i32), 0_u32))
            .await?)
    }
}
