// Files chosen or dropped are sent piece by piece, so that size and a lost connection do no harm; a worker reads them.
"use strict";
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const bar = form.querySelector("progress");
  const line = form.querySelector("[data-told]");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { "X-CSRFToken": token, "HX-Request": "true" };
  const TRIES = 5;

  async function ask(address, body) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await fetch(address, { method: "POST", headers, body });
        const away = answer.headers.get("HX-Redirect");
        if (away) location.assign(away);
        if (answer.status >= 500 && attempt < TRIES) throw new Error("again");
        // A refusal comes as the line that says it.
        if (!answer.ok || away || answer.headers.get("HX-Retarget")) throw Object.assign(new Error("refused"), { answer });
        return answer;
      } catch (error) {
        if (error.answer || attempt >= TRIES) throw error;
        await new Promise((done) => setTimeout(done, 500 * 2 ** attempt));
      }
    }
  }

  async function send(files) {
    if (!files.length || form.dataset.busy) return;
    form.dataset.busy = "yes";
    try {
      const about = new FormData(form);
      about.delete("files");
      for (const file of files) {
        about.append("name", file.name);
        about.append("size", file.size);
        about.append("modified", Math.floor(file.lastModified / 1000));
      }
      const { number, piece } = await (await ask(form.dataset.announce, about)).json();
      const whole = files.reduce((sum, file) => sum + file.size, 0) || 1;
      let sent = 0;
      bar.hidden = false;
      for (const [place, file] of files.entries()) {
        line.textContent = `${place + 1} / ${files.length} · ${file.name}`;
        for (let at = 0; at < file.size; ) {
          const address = `${form.dataset.pieces}${number}/${place}/?at=${at}`;
          const { there } = await (await ask(address, file.slice(at, at + piece))).json();
          sent += there - at;
          at = there;
          bar.value = sent / whole;
        }
      }
      const shown = await (await ask(`${form.dataset.pieces}${number}/read/`)).text();
      htmx.swap("#uploads", shown, { swapStyle: "outerHTML" });
      line.textContent = "";
    } catch (error) {
      if (error.answer) htmx.swap("#told", await error.answer.text(), { swapStyle: "innerHTML" });
      line.textContent = error.answer ? "" : form.dataset.lost;
    }
    bar.hidden = true;
    form.reset();
    delete form.dataset.busy;
  }

  async function within(entry) {
    if (entry.isFile) return [await new Promise((done, no) => entry.file(done, no))];
    const reader = entry.createReader();
    const found = [];
    for (;;) {
      const some = await new Promise((done, no) => reader.readEntries(done, no));
      if (!some.length) return found;
      for (const one of some) found.push(...(await within(one)));
    }
  }

  const wanted = (files) => [...files].filter((file) => !file.name.startsWith("."));
  for (const input of form.querySelectorAll("input[type=file]")) input.addEventListener("change", () => send(wanted(input.files)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("input[type=file]").click();
  });
  for (const name of ["dragenter", "dragover"]) form.addEventListener(name, (event) => {
    event.preventDefault();
    form.classList.add("a-over");
  });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => form.classList.remove("a-over"));
  form.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    for (const entry of entries) found.push(...(await within(entry)));
    send(wanted(found));
  });
  form.querySelector("[data-folder]").hidden = false;
})();
