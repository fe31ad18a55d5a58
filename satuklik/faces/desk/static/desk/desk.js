/* Keys, drafts and the batch bar of the desk. Every page works without this file. */
(function () {
  "use strict";

  var OFF = "satuklik-desk-keys-off";
  var here = document.querySelector(".sk-rail [aria-current]");
  // On a phone the rail scrolls sideways: show where we are.
  if (here) { here.closest("ul").scrollLeft = here.parentNode.offsetLeft - 24; }
  var DRAFT = "satuklik-desk-draft:";

  function stored(key) {
    try { return window.localStorage.getItem(key); } catch (error) { return null; }
  }
  function store(key, value) {
    try {
      if (value === null) { window.localStorage.removeItem(key); } else { window.localStorage.setItem(key, value); }
    } catch (error) { /* a full or forbidden store: the page goes on without drafts */ }
  }

  /* --- list: which row is the present one ------------------------------------------------------- */
  var rows = Array.prototype.slice.call(document.querySelectorAll("[data-desk-row]"));

  function present() {
    return rows.findIndex(function (row) { return row.contains(document.activeElement); });
  }
  function move(step) {
    if (!rows.length) { return; }
    var index = present();
    index = index < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, index + step));
    var link = rows[index].querySelector("[data-desk-open]");
    link.focus();
    link.scrollIntoView({ block: "nearest" });
  }

  /* --- batch bar -------------------------------------------------------------------------------- */
  var bar = document.querySelector("[data-desk-batch]");
  var boxes = Array.prototype.slice.call(document.querySelectorAll("[data-desk-pick]"));
  var all = document.querySelector("[data-desk-pick-all]");

  function counted() {
    if (!bar) { return; }
    var number = boxes.filter(function (box) { return box.checked; }).length;
    var button = bar.querySelector("button");
    button.textContent = number ? bar.dataset.deskMany.replace("0", String(number)) : bar.dataset.deskNone;
    button.disabled = number === 0;
    if (all) { all.checked = number > 0 && number === boxes.length; all.indeterminate = number > 0 && number < boxes.length; }
  }
  boxes.forEach(function (box) { box.addEventListener("change", counted); });
  if (all) {
    document.querySelector("[data-desk-all]").hidden = false;
    all.addEventListener("change", function () {
      boxes.forEach(function (box) { box.checked = all.checked; });
      counted();
    });
  }
  window.addEventListener("pageshow", counted);

  /* --- decision: what belongs to the chosen outcome --------------------------------------------- */
  var outcomes = Array.prototype.slice.call(document.querySelectorAll("[data-desk-outcome]"));

  function shown() {
    outcomes.forEach(function (radio) {
      var part = document.getElementById(radio.dataset.deskOutcome);
      if (part) { part.hidden = !radio.checked; }
    });
  }
  function choose(value) {
    var radio = outcomes.find(function (one) { return one.value === value; });
    if (!radio) { return false; }
    radio.checked = true;
    var fold = radio.closest("details");
    if (fold) { fold.open = true; }
    shown();
    var part = document.getElementById(radio.dataset.deskOutcome || "");
    var next = part && part.querySelector("textarea, input, select");
    if (!next) { next = radio.form.querySelector("[data-desk-submit]"); }
    next.focus();
    return true;
  }
  outcomes.forEach(function (radio) { radio.addEventListener("change", shown); });
  shown();

  /* --- drafts: typed text survives a lost connection or a closed window ------------------------- */
  var drafts = Array.prototype.slice.call(document.querySelectorAll("textarea[data-desk-draft]"));

  /* A NIK (16 digits) is never kept on the device. */
  function without_nik(text) { return text.replace(/\d[\d .-]{14,}\d/g, "…"); }

  drafts.forEach(function (area) {
    var key = DRAFT + area.dataset.deskDraft;
    var kept = stored(key);
    if (kept && !area.value) {
      area.value = kept;
      var note = document.getElementById(area.id + "-draft");
      if (note) { note.hidden = false; }
    }
    area.addEventListener("input", function () { store(key, area.value ? without_nik(area.value) : null); });
  });
  /* The page after a success names, in its address, the matter whose drafts may go. */
  var done = new URLSearchParams(window.location.search).get("beres");
  if (done) { ["note", "reason"].forEach(function (field) { store(DRAFT + done + ":" + field, null); }); }

  /* --- keys (WCAG 2.1.4: they can be switched off) ---------------------------------------------- */
  var help = document.getElementById("desk-keys");
  var opener = document.querySelector("[data-desk-help]");
  var toggle = document.querySelector("[data-desk-keys-on]");

  function ask() { if (help && !help.open) { help.showModal(); } }
  if (opener) { opener.hidden = false; opener.addEventListener("click", ask); }
  if (toggle) {
    toggle.checked = stored(OFF) !== "1";
    toggle.addEventListener("change", function () { store(OFF, toggle.checked ? null : "1"); });
  }

  var keys = {
    j: function () { move(1); },
    k: function () { move(-1); },
    x: function () {
      var row = rows[present()];
      var box = row && row.querySelector("[data-desk-pick]");
      if (box) { box.checked = !box.checked; counted(); }
    },
    a: function () {
      var sign = document.querySelector("[data-desk-sign]");
      if (sign) { sign.form.querySelector("input[type=password]").focus(); } else { choose("grant"); }
    },
    r: function () { choose("return"); },
    "/": function () { var field = document.querySelector("[data-desk-search]"); if (field) { field.focus(); field.select(); } },
    "?": ask
  };
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || stored(OFF) === "1") { return; }
    var target = event.target;
    var typing = target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === "INPUT" && !/^(checkbox|radio|submit|button)$/.test(target.type));
    if (typing || (help && help.open) || !keys[event.key]) { return; }
    event.preventDefault();
    keys[event.key]();
  });
})();
