/* Caspian console: keys, focus and small conveniences. Every page works without this file. */
(() => {
  "use strict";
  const places = { s: "/", q: "/cases", b: "/batches", l: "/lists", a: "/audit", d: "/dashboard" };
  let waiting = false; // after `g`, for one key

  const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null;
  const dialog = () => document.getElementById("keys-dialog");

  const showKeys = () => {
    const box = dialog();
    if (box && !box.open) box.showModal();
  };

  const start = () => {
    const name = document.getElementById("name");
    if (name) { name.focus(); name.select(); } else { location.assign("/"); }
  };

  // The queue: j and k move between rows, x chooses one, a takes it; Enter follows the row's own link.
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];
  const focused = () => document.activeElement?.closest("table[data-rows] tbody tr");
  const inQueue = (key) => {
    const all = rows();
    if (!all.length) return false;
    const row = focused();
    if (key === "j" || key === "k") {
      const at = all.indexOf(row) + (key === "j" ? 1 : -1);
      all[Math.max(0, Math.min(at, all.length - 1))].querySelector("a").focus();
      return true;
    }
    const box = row?.querySelector("input[type=checkbox]");
    if (!box) return false;
    if (key === "x") { box.checked = !box.checked; mark(box); return true; }
    if (key === "a") { box.checked = true; document.getElementById("take").requestSubmit(); return true; }
    return false;
  };
  const mark = (box) => box.closest("tr").setAttribute("aria-selected", String(box.checked));

  // A case: 1, 2, 3 choose the decision; j, k and a are the links and the button that carry the key.
  const onCase = (key) => {
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target) return false;
    target.click();
    if (target.type === "radio") target.focus();
    return true;
  };

  // Reasons of another decision than the one chosen cannot be picked.
  const fit = (form) => {
    const chosen = form.querySelector("input[name=decision]:checked")?.value;
    form.querySelectorAll("optgroup").forEach((group) => {
      const other = chosen !== undefined && group.dataset.decision !== chosen;
      group.disabled = other;
      if (other && group.querySelector("option:checked")) form.elements.reason.value = "";
    });
    const until = form.elements.clear_until;
    until.disabled = chosen !== undefined && chosen !== "false_positive";
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
    } else if (inQueue(event.key) || onCase(event.key)) {
      event.preventDefault();
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
    if (event.target.matches("table[data-rows] input[type=checkbox]")) mark(event.target);
    if (event.target.name === "decision") fit(event.target.form);
  });

  const settle = () => {
    document.querySelectorAll("[data-print][hidden]").forEach((button) => { button.hidden = false; });
    document.querySelectorAll("form[data-decision]").forEach(fit);
  };

  let added = false; // whether the swap under way only adds a row to the form
  let quiet = false; // whether it only shows how far something is
  document.addEventListener("htmx:before:swap", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    added = source?.name === "add";
    quiet = source?.hasAttribute("data-quiet") === true;
  });

  document.addEventListener("htmx:after:swap", () => {
    settle();
    const offline = document.getElementById("offline");
    if (offline) offline.hidden = true;
    if (quiet) return;
    const values = document.querySelectorAll("input[name=id_value]");
    const target = added ? values[values.length - 1] : document.querySelector("[data-focus]");
    target?.focus({ preventScroll: added });
    if (!added) window.scrollTo({ top: 0 });
  });

  // A file dropped on the upload's panel is the chosen one.
  document.addEventListener("dragover", (event) => {
    if (event.target.closest?.("[data-drop]")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const box = event.target.closest?.("[data-drop]");
    if (!box || !event.dataTransfer.files.length) return;
    event.preventDefault();
    box.querySelector("input[type=file]").files = event.dataTransfer.files;
  });

  document.addEventListener("htmx:error", () => {
    const offline = document.getElementById("offline");
    if (offline) offline.hidden = false;
  });

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", settle); else settle();
})();
