/* Caspian console: keys, focus and small conveniences. Every page works without this file. */
(() => {
  "use strict";
  const places = { s: "/", l: "/lists", a: "/audit", d: "/dashboard" };
  let waiting = false; // after `g`, for one key

  const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
  const dialog = () => document.getElementById("keys-dialog");

  const showKeys = () => {
    const box = dialog();
    if (box && !box.open) box.showModal();
  };

  const start = () => {
    const name = document.getElementById("name");
    if (name) { name.focus(); name.select(); } else { location.assign("/"); }
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form[data-screen]") || document.querySelector("form[data-screen]");
      if (form) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
      return;
    }
    if (event.ctrlKey || event.metaKey || typing(event.target) || dialog()?.open) return;
    if (waiting) {
      waiting = false;
      if (places[event.key]) { event.preventDefault(); location.assign(places[event.key]); }
    } else if (event.key === "g") {
      waiting = true;
      setTimeout(() => { waiting = false; }, 1500);
    } else if (event.key === "/") {
      event.preventDefault();
      start();
    } else if (event.key === "?") {
      event.preventDefault();
      showKeys();
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) { window.print(); }
    if (event.target.closest("a[data-keys]") && dialog()) { event.preventDefault(); showKeys(); }
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-theme-form]");
    if (form) {
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
      document.documentElement.dataset.theme = event.target.value === "auto" ? "" : event.target.value;
    }
  });

  const settle = () => {
    document.querySelectorAll("[data-print][hidden]").forEach((button) => { button.hidden = false; });
  };

  let added = false; // whether the swap under way only adds a row to the form
  document.addEventListener("htmx:before:swap", (event) => {
    added = event.detail?.ctx?.sourceElement?.name === "add";
  });

  document.addEventListener("htmx:after:swap", () => {
    settle();
    const offline = document.getElementById("offline");
    if (offline) offline.hidden = true;
    const values = document.querySelectorAll("input[name=id_value]");
    const target = added ? values[values.length - 1] : document.querySelector("[data-focus]");
    target?.focus({ preventScroll: added });
    if (!added) window.scrollTo({ top: 0 });
  });

  document.addEventListener("htmx:error", () => {
    const offline = document.getElementById("offline");
    if (offline) offline.hidden = false;
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", settle); else settle();
})();
