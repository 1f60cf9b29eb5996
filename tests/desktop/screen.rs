//! The X server's side of the window: whether it is really there, and the cross in its corner.

use anyhow::{Context, Result};
use x11rb::{
    connection::Connection,
    protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window},
    rust_connection::RustConnection,
};

/// Longer than any window's name, in the protocol's units of four bytes.
const NAME_UNITS: u32 = 256;

pub struct Screen {
    connection: RustConnection,
    root: Window,
}

impl Screen {
    pub fn of(display: &str) -> Result<Self> {
        let (connection, number) = x11rb::connect(Some(display))?;
        let root = connection
            .setup()
            .roots
            .get(number)
            .context("the display has a screen")?
            .root;
        Ok(Self { connection, root })
    }

    /// The window of this name that a person can see.
    pub fn visible(&self, name: &str) -> Result<Option<Window>> {
        let net_name = self.atom("_NET_WM_NAME")?;
        let text = self.atom("UTF8_STRING")?;
        // Without a window manager every top window is the root's own child.
        for window in self.connection.query_tree(self.root)?.reply()?.children {
            // A window may close while the list is read; then it is not there.
            let Ok(shown) = self.connection.get_window_attributes(window)?.reply() else {
                continue;
            };
            let Ok(found) = self
                .connection
                .get_property(false, window, net_name, text, 0, NAME_UNITS)?
                .reply()
            else {
                continue;
            };
            if shown.map_state == MapState::VIEWABLE && found.value == name.as_bytes() {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    pub fn ask_to_close(&self, window: Window) -> Result<()> {
        let delete = self.atom("WM_DELETE_WINDOW")?;
        let message = ClientMessageEvent::new(
            32,
            window,
            self.atom("WM_PROTOCOLS")?,
            [delete, u32::from(AtomEnum::NONE), 0, 0, 0],
        );
        self.connection
            .send_event(false, window, EventMask::NO_EVENT, message)?
            .check()?;
        Ok(())
    }

    fn atom(&self, name: &str) -> Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}
