/* Places a visible signature by mouse, finger or keys. Without this file a page and a corner are chosen from lists. */
(function () {
  "use strict";

  var LEAST = { width: 110, height: 36 };
  var USUAL = { width: 200, height: 64 };
  var MARGIN = 36;
  var STEP = 6; // points of one press of an arrow
  var MM = 25.4 / 72;

  function begin(root) {
    function find(name) { return root.querySelector("[data-place-" + name + "]"); }
    var select = root.querySelector("select[name=place-page]");
    var corner = root.querySelector("select[name=place-corner]");
    var modes = Array.prototype.slice.call(root.querySelectorAll("input[name=place-mode]"));
    var stage = find("stage"), paper = find("paper"), picture = find("picture"), box = find("box");
    var handle = find("handle"), status = find("status"), number = find("number"), help = find("help");
    var fields = { x: find("x"), y: find("y"), width: find("width"), height: find("height") };
    var place = { x: 0, y: 0, width: USUAL.width, height: USUAL.height }; // points from the lower left corner

    function option() { return select.options[select.selectedIndex]; }
    function size() { return { width: Number(option().dataset.width), height: Number(option().dataset.height) }; }
    function mode() { var chosen = modes.find(function (one) { return one.checked; }); return chosen ? chosen.value : "corner"; }
    function fill(text, values) { return text.replace(/\{(\w)\}/g, function (_all, name) { return values[name]; }); }
    function within(value, low, high) { return Math.max(low, Math.min(value, Math.max(low, high))); }

    function fitted(to) {
      var page = size();
      to.width = within(to.width, Math.min(LEAST.width, page.width), page.width);
      to.height = within(to.height, Math.min(LEAST.height, page.height), page.height);
      to.x = within(to.x, 0, page.width - to.width);
      to.y = within(to.y, 0, page.height - to.height);
      return to;
    }
    function in_corner() {
      var page = size(), where = corner.value.split("_");
      return fitted({
        x: where[1] === "right" ? page.width - MARGIN - USUAL.width : MARGIN,
        y: where[0] === "top" ? page.height - MARGIN - USUAL.height : MARGIN,
        width: USUAL.width, height: USUAL.height
      });
    }
    function draw() {
      var page = size();
      box.style.left = (100 * place.x / page.width) + "%";
      box.style.bottom = (100 * place.y / page.height) + "%";
      box.style.width = (100 * place.width / page.width) + "%";
      box.style.height = (100 * place.height / page.height) + "%";
      Object.keys(fields).forEach(function (name) { fields[name].value = place[name].toFixed(2); });
    }
    function say() {
      status.textContent = fill(status.dataset.words, {
        x: Math.round(place.x * MM), y: Math.round(place.y * MM),
        w: Math.round(place.width * MM), h: Math.round(place.height * MM)
      });
    }
    function move(to) {
      place = fitted(to);
      if (mode() !== "place") { modes.forEach(function (one) { one.checked = one.value === "place"; }); parts(); }
      draw();
    }
    function parts() {
      var now = mode();
      root.querySelectorAll("[data-place-part]").forEach(function (part) {
        part.hidden = part.dataset.placePart.split(" ").indexOf(now) < 0;
      });
      box.hidden = now === "tag" || now === "hidden";
      help.hidden = box.hidden;
      if (now === "corner") { place = in_corner(); }
      draw();
    }
    function turn() {
      var chosen = option(), page = size(), count = select.options.length;
      picture.src = chosen.dataset.picture;
      picture.alt = fill(picture.dataset.words, { n: chosen.value });
      picture.width = Math.round(page.width);
      picture.height = Math.round(page.height);
      number.textContent = fill(number.dataset.words, { n: chosen.value, m: count });
      find("previous").disabled = select.selectedIndex === 0;
      find("next").disabled = select.selectedIndex === count - 1;
      place = mode() === "corner" ? in_corner() : fitted(place);
      draw();
    }
    function leaf(step) {
      select.selectedIndex = within(select.selectedIndex + step, 0, select.options.length - 1);
      turn();
    }

    /* Pointer: the box is moved, its corner resizes it. A point is so many pixels as the picture is wide. */
    var held = null;
    box.addEventListener("pointerdown", function (event) {
      if (event.button > 0) { return; }
      held = { id: event.pointerId, x: event.clientX, y: event.clientY, from: Object.assign({}, place), sizing: event.target === handle };
      box.setPointerCapture(event.pointerId);
      box.focus({ preventScroll: true });
      event.preventDefault();
    });
    box.addEventListener("pointermove", function (event) {
      if (!held || event.pointerId !== held.id) { return; }
      var scale = size().width / paper.clientWidth;
      var dx = (event.clientX - held.x) * scale, dy = (event.clientY - held.y) * scale, from = held.from;
      if (held.sizing) {
        var page = size();
        var width = within(from.width + dx, LEAST.width, page.width - from.x);
        var height = within(from.height + dy, LEAST.height, from.y + from.height);
        move({ x: from.x, y: from.y + from.height - height, width: width, height: height });
      } else {
        move({ x: from.x + dx, y: from.y - dy, width: from.width, height: from.height });
      }
    });
    function let_go(event) { if (held && event.pointerId === held.id) { held = null; say(); } }
    box.addEventListener("pointerup", let_go);
    box.addEventListener("pointercancel", let_go);

    /* Keys: arrows move, with Shift they resize (the upper left corner stays), with Alt by single points. */
    box.addEventListener("keydown", function (event) {
      var way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!way || event.ctrlKey || event.metaKey) { return; }
      event.preventDefault();
      var step = event.altKey ? 1 : STEP, dx = way[0] * step, dy = way[1] * step;
      if (event.shiftKey) {
        var page = size();
        var width = within(place.width + dx, LEAST.width, page.width - place.x);
        var height = within(place.height - dy, LEAST.height, place.y + place.height);
        move({ x: place.x, y: place.y + place.height - height, width: width, height: height });
      } else {
        move({ x: place.x + dx, y: place.y + dy, width: place.width, height: place.height });
      }
      say();
    });

    select.addEventListener("change", turn);
    corner.addEventListener("change", parts);
    modes.forEach(function (one) { one.addEventListener("change", parts); });
    find("previous").addEventListener("click", function () { leaf(-1); });
    find("next").addEventListener("click", function () { leaf(1); });

    root.querySelector("[data-place-only]").hidden = false;
    stage.hidden = false;
    var kept = ["x", "y", "width", "height"].every(function (name) { return fields[name].value !== ""; });
    if (kept && mode() === "place") {
      Object.keys(fields).forEach(function (name) { place[name] = Number(fields[name].value); });
    } else {
      place = in_corner();
    }
    turn();
    parts();
  }

  document.querySelectorAll("[data-place]").forEach(begin);
})();
