/* Keys, drafts and live preview for correspondence. Every page works without this file. */
(function () {
  "use strict";

  var KEYS_OFF = "satuklik-desk-keys-off"; // the same switch as on the desk
  var DRAFT = "satuklik-naskah:";

  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function stored(key) {
    try { return window.localStorage.getItem(key); } catch (error) { return null; }
  }
  function store(key, value) {
    try {
      if (value === null) { window.localStorage.removeItem(key); } else { window.localStorage.setItem(key, value); }
    } catch (error) { /* a full or forbidden store: the page goes on without drafts */ }
  }
  /* A NIK or KK number (16 digits) is never kept on the device. */
  function without_nik(text) { return text.replace(/\d(?:[ .-]?\d){15}/g, "…"); }

  // On a phone the rail scrolls sideways: show where we are.
  var here = document.querySelector(".sk-rail [aria-current]");
  if (here) { here.closest("ul").scrollLeft = here.parentNode.offsetLeft - 24; }

  /* --- typed text survives a lost connection or a closed window -------------------------------------- */
  function kept_fields(form) {
    return all("input, textarea, select", form).filter(function (field) {
      return field.name && !/password|file|hidden|submit|button/.test(field.type);
    });
  }
  function snapshot(form) {
    var values = {};
    kept_fields(form).forEach(function (field) {
      if (/checkbox|radio/.test(field.type)) {
        if (field.checked) { (values[field.name] = values[field.name] || []).push(field.value); }
      } else { values[field.name] = without_nik(field.value); }
    });
    return values;
  }
  function put_back(form, values) {
    kept_fields(form).forEach(function (field) {
      if (/checkbox|radio/.test(field.type)) {
        field.checked = (values[field.name] || []).indexOf(field.value) >= 0;
      } else if (typeof values[field.name] === "string") { field.value = values[field.name]; }
    });
  }
  all("form[data-nd-draft]").forEach(function (form) {
    var key = DRAFT + form.dataset.ndDraft;
    // When the server last kept it: older text of this device is given up.
    var seen = function () { return form.elements.changed_at ? form.elements.changed_at.value : ""; };
    var note = form.querySelector("[data-nd-draft-note]");
    var kept = null;
    try { kept = JSON.parse(stored(key) || "null"); } catch (error) { store(key, null); }
    if (kept && kept.seen === seen() && !document.querySelector(".govuk-error-summary") &&
        JSON.stringify(kept.values) !== JSON.stringify(snapshot(form))) {
      put_back(form, kept.values);
      if (note) { note.hidden = false; }
    }
    form.addEventListener("input", function () {
      store(key, JSON.stringify({ seen: seen(), values: snapshot(form) }));
    });
    form.addEventListener("submit", function () { store(key, null); });
  });

  /* --- list: which row is the present one ---------------------------------------------------------- */
  var rows = all("[data-nd-row]");
  function move(step) {
    if (!rows.length) { return; }
    var index = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    index = index < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, index + step));
    var link = rows[index].querySelector("[data-nd-open]");
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  /* --- keys (WCAG 2.1.4: they can be switched off) --------------------------------------------------- */
  var help = document.getElementById("nd-keys");
  var opener = document.querySelector("[data-nd-help]");
  var toggle = document.querySelector("[data-nd-keys-on]");
  function ask() { if (help && !help.open) { help.showModal(); } }
  if (opener) { opener.hidden = false; opener.addEventListener("click", ask); }
  if (toggle) {
    toggle.checked = stored(KEYS_OFF) !== "1";
    toggle.addEventListener("change", function () { store(KEYS_OFF, toggle.checked ? null : "1"); });
  }
  /* A letter goes to what says so of itself: data-nd-key="r" on a button, a field, or a part that folds. */
  function go(key) {
    var target = document.querySelector('[data-nd-key="' + key + '"]');
    if (!target) { return false; }
    if (target.tagName === "DETAILS") {
      target.open = true;
      target = target.querySelector("textarea, input:not([type=hidden]), select") || target.querySelector("summary");
    }
    target.focus();
    target.scrollIntoView({ block: "center" });
    if (target.select) { target.select(); }
    return true;
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || stored(KEYS_OFF) === "1") { return; }
    var target = event.target;
    var typing = target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === "INPUT" && !/^(checkbox|radio|submit|button)$/.test(target.type));
    if (typing || (help && help.open)) { return; }
    if (event.key === "j") { move(1); } else if (event.key === "k") { move(-1); } else if (event.key === "?") { ask(); }
    else if (!/^[a-z/]$/.test(event.key) || !go(event.key)) { return; }
    event.preventDefault();
  });

  /* --- lists with many boxes: a field that narrows them ------------------------------------------------ */
  all("[data-nd-narrow]").forEach(function (field) {
    field.closest("[hidden]") && (field.closest("[hidden]").hidden = false);
    var items = all(field.dataset.ndNarrow);
    field.addEventListener("input", function () {
      var wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      items.forEach(function (item) {
        var text = item.textContent.toLowerCase();
        item.hidden = !item.querySelector("input").checked &&
          !wanted.every(function (word) { return text.indexOf(word) >= 0; });
      });
    });
    field.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); } });
  });

  /* --- live preview: htmx saves and draws anew a moment after the last change; what the server has, the
         device need not keep */
  document.addEventListener("htmx:after:swap", function () {
    var form = document.querySelector("form[data-nd-live]");
    if (form && document.querySelector("[data-nd-saved]")) { store(DRAFT + form.dataset.ndDraft, null); }
  });
})();
