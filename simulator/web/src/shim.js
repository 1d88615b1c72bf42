// Loaded by the product's desk page, before the softphone, in a demonstration only.
// 1. The Voice SDK always opens wss://; this simulator speaks plain ws on the loopback: for its own address the one becomes the other.
// 2. No sound crosses yet: what the parties of a call say travels as captions on the same socket, shown in a box at the page's foot.
import { captionBox } from "./captions.js";

const home = new URL(document.currentScript.src);
const box = captionBox();

function watched(socket) {
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string" && data.trim()) box.received(JSON.parse(data), (message) => socket.send(JSON.stringify(message)));
  });
  socket.addEventListener("close", () => box.lost());
}

class LocalWebSocket extends window.WebSocket {
  constructor(url, protocols) {
    const address = new URL(url, location.href);
    const isOurs = address.host === home.host;
    if (isOurs) address.protocol = home.protocol === "https:" ? "wss:" : "ws:";
    super(address.href, ...(protocols === undefined ? [] : [protocols]));
    if (isOurs && address.pathname === "/signal") watched(this);
  }
}
window.WebSocket = LocalWebSocket;
