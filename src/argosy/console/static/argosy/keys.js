// Keyboard: / searches, j and k walk the queue, Enter opens, a s r decide; a letter typed into a field is a letter.
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey;
  if (event.key === "Escape" && event.target.matches("input")) event.target.blur();
  if (typing) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("search")?.focus();
    return;
  }
  const key = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (key) {
    event.preventDefault();
    if (key.matches("input")) key.focus();
    else key.click();
    return;
  }
  const list = document.querySelector("[data-keys=queue]");
  if (!list || !["j", "k", "Enter"].includes(event.key)) return;
  const cards = [...list.querySelectorAll("[data-card]")];
  const at = cards.findIndex((card) => card.classList.contains("a-chosen"));
  if (event.key === "Enter") {
    if (at >= 0 && !event.target.closest("a, button")) cards[at].querySelector("a").click();
    return;
  }
  const next = Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), cards.length - 1);
  cards.forEach((card, number) => card.classList.toggle("a-chosen", number === next));
  cards[next]?.querySelector("a").focus();
});
