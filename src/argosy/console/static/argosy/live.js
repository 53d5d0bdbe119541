// The server says what moved; the parts of the page that show it listen for "live-..." and ask for themselves again.
"use strict";
(() => {
  const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live/`;
  const NAMES = ["uploads", "actions", "queue"];
  const moved = (name) => document.body.dispatchEvent(new CustomEvent(`live-${name}`));
  let tries = 0;
  function open() {
    const socket = new WebSocket(address);
    // While nobody listened anything may have moved; the page itself is as new as its first socket.
    socket.addEventListener("open", () => {
      if (tries > 0) NAMES.forEach(moved);
      tries = 1;
    });
    socket.addEventListener("message", (event) => moved(event.data));
    socket.addEventListener("close", () => setTimeout(open, Math.min(1000 * 2 ** tries++, 60000)));
  }
  open();
})();
