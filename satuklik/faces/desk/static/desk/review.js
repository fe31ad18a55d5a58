/* The documents to be signed, on a wide screen one at a time; the ticks are counted. Without this file all of them
   stand below each other. */
(function () {
  "use strict";

  var review = document.querySelector("[data-review]");
  if (!review) { return; }
  var docs = Array.prototype.slice.call(review.querySelectorAll("[data-review-doc]"));
  var bar = review.querySelector("[data-review-bar]");
  var place = review.querySelector("[data-review-place]");
  var count = review.querySelector("[data-review-count]");
  var button = review.querySelector("[data-review-many]");
  var few = button.textContent;
  var wide = window.matchMedia("(min-width: 60rem)");
  var current = 0;

  function words(text, n, m) { return text.replace("{n}", String(n)).replace("{m}", String(m)); }
  function tick(doc) { return doc.querySelector("[data-review-seen]"); }
  function single() { return wide.matches && docs.length > 1; }

  function counted() {
    var seen = docs.filter(function (doc) { return tick(doc).checked; }).length;
    count.hidden = false;
    count.textContent = words(count.dataset.words, seen, docs.length);
    button.textContent = seen ? words(button.dataset.reviewMany, seen, docs.length) : few;
  }

  function shown() {
    review.classList.toggle("desk-review--single", single());
    bar.hidden = !single();
    docs.forEach(function (doc, index) { doc.hidden = single() && index !== current; });
    place.textContent = words(place.dataset.words, current + 1, docs.length);
    bar.querySelector("[data-review-previous]").disabled = current === 0;
    bar.querySelector("[data-review-next]").disabled = current === docs.length - 1;
    /* The next one is fetched while this one is read. */
    var next = docs[current + 1];
    if (single() && next) { next.querySelectorAll("img").forEach(function (img) { img.loading = "eager"; new Image().src = img.src; }); }
  }

  function go(step) {
    var to = Math.min(docs.length - 1, Math.max(0, current + step));
    if (to === current) { return; }
    current = to;
    shown();
    window.scrollTo({ top: review.getBoundingClientRect().top + window.scrollY - 8 });
  }

  function tick_and_go() {
    var box = tick(docs[current]);
    box.checked = true;
    counted();
    var open = docs.findIndex(function (doc) { return !tick(doc).checked; });
    if (open < 0) { document.querySelector("#sign input[type=password]").focus(); return; }
    if (current < docs.length - 1) { go(1); } else { go(open - current); }
  }

  review.querySelector("[data-review-previous]").addEventListener("click", function () { go(-1); });
  review.querySelector("[data-review-next]").addEventListener("click", function () { go(1); });
  review.querySelector("[data-review-tick]").addEventListener("click", tick_and_go);
  docs.forEach(function (doc) { tick(doc).addEventListener("change", counted); });
  wide.addEventListener("change", shown);
  window.addEventListener("pageshow", counted);

  document.addEventListener("keydown", function (event) {
    if (!single() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { return; }
    var target = event.target;
    if (/^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && target.type !== "checkbox")) { return; }
    if (document.querySelector("dialog[open]")) { return; }
    var letters = true; /* WCAG 2.1.4: keys of one letter can be switched off at the desk */
    try { letters = window.localStorage.getItem("satuklik-desk-keys-off") !== "1"; } catch (error) { letters = true; }
    if (event.key === "ArrowRight" || (letters && event.key === "j")) { event.preventDefault(); go(1); }
    if (event.key === "ArrowLeft" || (letters && event.key === "k")) { event.preventDefault(); go(-1); }
    if (letters && event.key === "x") { event.preventDefault(); tick_and_go(); }
  });

  /* After an error the first document that was not seen is shown. */
  var first = docs.findIndex(function (doc) { return !tick(doc).checked; });
  if (first > 0) { current = first; }
  shown();
  counted();
})();
