/* «Pakai lokasi saya»: fills the two hidden fields when the person asks for it, and tells the map. The page works without. */
(function () {
  "use strict";
  var place = document.querySelector("[data-adu-here]");
  if (!place || !navigator.geolocation) { return; }
  var button = place.querySelector("button"), said = place.querySelector("[role=status]");
  place.hidden = false;
  button.addEventListener("click", function () {
    said.textContent = place.dataset.wait;
    navigator.geolocation.getCurrentPosition(function (found) {
      document.getElementById("id_latitude").value = found.coords.latitude.toFixed(6);
      document.getElementById("id_longitude").value = found.coords.longitude.toFixed(6);
      said.textContent = place.dataset.done;
      document.dispatchEvent(new CustomEvent("sk:point", { detail: found.coords }));
    }, function () { said.textContent = place.dataset.failed; }, { enableHighAccuracy: true, timeout: 15000 });
  });
})();
