// Searches the guide: every word typed must stand in a part of a page; the best part of each page is shown.
// What was typed is looked for as it is, so Chinese needs no cutting into words.
"use strict";
(() => {
  const form = document.querySelector(".g-search");
  const input = form.querySelector("input");
  const list = form.querySelector(".g-found");
  let parts = null;
  form.hidden = false;

  const load = async () => { parts ??= await (await fetch("search.json")).json(); };

  // A hit in a title weighs more than one in the heading, that more than one in the text.
  const weigh = ([, title, head, text], words) => {
    const weights = words.map((word) => [[title, 9], [head, 4], [text, 1]]
      .reduce((sum, [place, weight]) => sum + (place.toLowerCase().includes(word) ? weight : 0), 0));
    return weights.includes(0) ? 0 : weights.reduce((sum, weight) => sum + weight, 0);
  };

  const entry = ([address, title, head, text], words) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const place = Math.max(text.toLowerCase().indexOf(words[0]) - 40, 0);
    const more = document.createElement("span");
    link.href = address;
    link.textContent = head && head !== title ? `${title} › ${head}` : title;
    more.textContent = (place ? "…" : "") + text.slice(place, place + 120);
    link.append(more);
    item.append(link);
    return item;
  };

  const search = async () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    list.hidden = !words.length;
    if (!words.length) return;
    await load();
    const seen = new Set();
    const found = parts.map((part) => [weigh(part, words), part]).filter(([weight]) => weight > 0)
      .sort((one, other) => other[0] - one[0]).map(([, part]) => part)
      .filter(([address]) => { const page = address.split("#")[0]; return !seen.has(page) && seen.add(page); }).slice(0, 12);
    const none = document.createElement("li");
    none.textContent = input.dataset.none;
    list.replaceChildren(...(found.length ? found.map((part) => entry(part, words)) : [none]));
  };

  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", search);
  form.addEventListener("submit", (event) => { event.preventDefault(); list.querySelector("a")?.click(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
  });
  document.addEventListener("click", (event) => { if (!form.contains(event.target)) list.hidden = true; });
})();
