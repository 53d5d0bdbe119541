// What a term means is shown beside it: by click, tap and key as the browser does it, and while the mouse rests on it.
"use strict";
let asked = null; // the button last pointed at or pressed
let rested = null; // what a resting mouse has opened
let wait = 0;
const buttonOf = (event) => event.target.closest?.("[popovertarget^=term-]");
const meansOf = (button) => document.getElementById(button.getAttribute("popovertarget"));
document.addEventListener("beforetoggle", (event) => {
  const means = event.target;
  if (event.newState !== "open" || !asked || !means.matches(".a-means")) return;
  const at = asked.getBoundingClientRect();
  const low = at.bottom > innerHeight - 170;
  means.classList.add("a-placed");
  means.style.left = `${Math.max(8, Math.min(at.left, innerWidth - 336))}px`;
  means.style.top = low ? "auto" : `${at.bottom + 4}px`;
  means.style.bottom = low ? `${innerHeight - at.top + 4}px` : "auto";
}, true);
document.addEventListener("click", (event) => {
  const button = buttonOf(event);
  if (!button) return;
  asked = button;
  clearTimeout(wait);
  if (rested && rested === meansOf(button)) event.preventDefault(); // it is open already: now it stays
  rested = null;
}, true);
document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "mouse") return;
  const button = buttonOf(event);
  clearTimeout(wait);
  if (button) wait = setTimeout(() => {
    const means = meansOf(button);
    if (!means || means.matches(":popover-open")) return;
    asked = button;
    rested = means;
    means.showPopover();
  }, 250);
  else if (rested && !rested.contains(event.target)) wait = setTimeout(() => {
    rested?.hidePopover();
    rested = null;
  }, 250);
});
