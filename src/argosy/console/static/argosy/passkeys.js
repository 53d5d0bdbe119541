// A passkey that was not used, or not known here, is said on the page.
"use strict";
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.getElementById("told").replaceChildren(document.getElementById("passkey-failed").content.cloneNode(true));
});
