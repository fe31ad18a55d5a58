/* Keys, drafts and the typing mark of the chat inbox. Every page works without this file. */
(function () {
  "use strict";

  var KEYS_OFF = "satuklik-desk-keys-off"; // the same switch as on the desk
  var DRAFT = "satuklik-inbox-draft:";
  var STILL_TYPING = 8000; // ms after the last stroke

  function all(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
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
  // The newest message stands at the end.
  var talk = document.querySelector(".ib-saids");
  if (talk) { talk.scrollTop = talk.scrollHeight; }

  /* --- the answer: kept while it is typed; others see that somebody types ---------------------------- */
  var area = document.querySelector(".ib-answer textarea");
  var mark = document.querySelector("[data-ib-typing]");
  var key = DRAFT + window.location.pathname;
  var timer = null;
  if (area) {
    var kept = stored(key);
    if (kept && !area.value && !document.querySelector(".govuk-error-summary")) { area.value = kept; }
    area.addEventListener("input", function () {
      store(key, area.value ? without_nik(area.value) : null);
      if (!mark) { return; }
      mark.value = "1";
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { mark.value = "0"; }, STILL_TYPING);
    });
    area.form.addEventListener("submit", function () { store(key, null); });
    area.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) { return; }
      event.preventDefault();
      area.form.requestSubmit();
    });
  }

  /* --- rows ------------------------------------------------------------------------------------------ */
  var rows = all("[data-ib-row]").filter(function (row) { return row.offsetParent !== null; });
  function move(step) {
    if (!rows.length) { return; }
    var index = rows.findIndex(function (row) { return row.contains(document.activeElement); });
    if (index < 0) { index = rows.findIndex(function (row) { return row.classList.contains("ib-row--here"); }); }
    index = index < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, index + step));
    var link = rows[index].querySelector("[data-ib-open]");
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  /* --- keys (WCAG 2.1.4: they can be switched off) ---------------------------------------------------- */
  var help = document.getElementById("ib-keys");
  var opener = document.querySelector("[data-ib-help]");
  var toggle = document.querySelector("[data-ib-keys-on]");
  function ask() { if (help && !help.open) { help.showModal(); } }
  if (opener) { opener.hidden = false; opener.addEventListener("click", ask); }
  if (toggle) {
    toggle.checked = stored(KEYS_OFF) !== "1";
    toggle.addEventListener("change", function () { store(KEYS_OFF, toggle.checked ? null : "1"); });
  }
  function focus(field) {
    if (!field) { return; }
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  }
  var keys = {
    j: function () { move(1); },
    k: function () { move(-1); },
    a: function () { var button = document.querySelector('[data-ib-key="a"]'); if (button) { button.click(); } },
    r: function () { focus(area); },
    n: function () { focus(document.getElementById("id_note")); },
    "/": function () {
      var field = document.querySelector('[data-ib-key="/"]');
      if (field) { field.focus(); field.select(); } else { window.location.href = document.querySelector(".govuk-back-link").href; }
    },
    "?": ask
  };
  // A suggestion is chosen by its number (Done by "e"), and done by Enter: one slip of a finger makes nothing.
  ["1", "2", "3", "e"].forEach(function (number) {
    keys[number] = function () { focus(document.querySelector('[data-ib-key="' + number + '"]')); };
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || stored(KEYS_OFF) === "1") { return; }
    var target = event.target;
    var typing = target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === "INPUT" && !/^(checkbox|radio|submit|button)$/.test(target.type));
    if (typing || (help && help.open) || !keys[event.key]) { return; }
    event.preventDefault();
    keys[event.key]();
  });
})();
