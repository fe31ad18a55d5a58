/* Fetches the map that moves only where a page has one and it comes into view. Without it the drawn map stays. */
(function () {
  "use strict";
  var maps = document.querySelectorAll("[data-sk-map]"), first = maps[0];
  var net = navigator.connection || {};
  if (!first || net.saveData || /2g/.test(net.effectiveType || "")) { return; }
  function load() {
    var style = document.createElement("link"), script = document.createElement("script");
    style.rel = "stylesheet";
    style.href = first.dataset.style;
    script.src = first.dataset.script;
    style.onload = function () { document.head.appendChild(script); };
    document.head.appendChild(style);
  }
  if (!window.IntersectionObserver) { load(); return; }
  var watch = new IntersectionObserver(function (seen) {
    if (seen.some(function (one) { return one.isIntersecting; })) { watch.disconnect(); load(); }
  }, { rootMargin: "200px" });
  maps.forEach(function (map) { watch.observe(map); });
})();
