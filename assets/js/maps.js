/* Maps that move, by Leaflet, over the regency's own outlines: a place is picked, or points are looked at. */
import { DivIcon, GeoJSON, LatLngBounds, LayerGroup, Map as LeafletMap, Marker, TileLayer, Tooltip } from "leaflet";

const BESIDE = 300; // metres: as base.regions.queries
const NAMES_FROM = 11.5; // zoom at which villages are loaded and named
const STEP = 10; // pixels of one press of an arrow
const CLOSE = 15; // zoom at which a click no longer goes nearer
const METRES = 111320; // of a degree of latitude

const polygons = (feature) => feature.geometry.coordinates;

function inside(ring, x, y) {
  let found = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1, y1] = ring[i], [x2, y2] = ring[j];
    if ((y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) { found = !found; }
  }
  return found;
}

function metres(ring, x, y) {
  const east = METRES * Math.cos((y * Math.PI) / 180);
  let least = Infinity;
  for (let i = 1; i < ring.length; i++) {
    const ax = (ring[i - 1][0] - x) * east, ay = (ring[i - 1][1] - y) * METRES;
    const dx = (ring[i][0] - x) * east - ax, dy = (ring[i][1] - y) * METRES - ay;
    const long = dx * dx + dy * dy;
    const along = long ? Math.min(Math.max(-(ax * dx + ay * dy) / long, 0), 1) : 0;
    least = Math.min(least, Math.hypot(ax + along * dx, ay + along * dy));
  }
  return least;
}

/* The features that hold a point, else those at most BESIDE metres away, the nearest first. */
function around(features, x, y) {
  const holding = features.filter((one) => polygons(one).some((rings) => inside(rings[0], x, y) && !rings.slice(1).some((hole) => inside(hole, x, y))));
  if (holding.length) { return holding; }
  return features
    .map((one) => [Math.min(...polygons(one).flat().map((ring) => metres(ring, x, y))), one])
    .filter(([far]) => far <= BESIDE)
    .sort((one, other) => one[0] - other[0])
    .map(([, one]) => one);
}

class Ground {
  constructor(root, stage) {
    this.root = root;
    this.loaded = new Map();
    this.drawn = new Set();
    this.outlines = [];
    this.map = new LeafletMap(stage, { zoomSnap: 0.25, scrollWheelZoom: false, attributionControl: true, zoomControl: false });
    this.map.attributionControl.setPrefix(false);
    this.map.on("focus click", () => this.map.scrollWheelZoom.enable());
    this.map.on("blur", () => this.map.scrollWheelZoom.disable());
    if (root.dataset.tiles) {
      stage.classList.add("peta-tiled");
      new TileLayer(root.dataset.tiles, { maxZoom: 19, attribution: root.dataset.attribution }).addTo(this.map);
    }
    // Names lie over the outlines and under pins and circles.
    this.map.createPane("names").style.zIndex = 450;
    this.districts = new LayerGroup().addTo(this.map);
    this.villages = new LayerGroup().addTo(this.map);
    this.map.on("moveend", () => this.look());
  }

  /* The features below a region; none where nothing was imported. */
  below(code) {
    if (!this.loaded.has(code)) {
      this.loaded.set(code, fetch(this.root.dataset.boundaries.replace("CODE", code))
        .then((answer) => (answer.ok ? answer.json() : { features: [] }))
        .then((found) => found.features)
        .catch(() => { this.loaded.delete(code); return []; }));
    }
    return this.loaded.get(code);
  }

  async begin(box) {
    const found = await this.below(this.root.dataset.regency);
    this.outlines = found;
    const layer = new GeoJSON(found, { style: { className: "peta-area peta-area--district" }, interactive: false });
    if (found.length) { layer.addTo(this.districts); }
    const whole = box || (found.length ? layer.getBounds() : null);
    if (whole) { this.map.fitBounds(whole); }
    if (found.length) { this.map.setMaxBounds(layer.getBounds().pad(0.4)); this.map.setMinZoom(this.map.getBoundsZoom(layer.getBounds()) - 0.5); }
    if (this.root.dataset.skMap === "pick") { this.name(this.districts, found, "district"); } // else the circles bear the names
  }

  /* The village of a point with its kecamatan, as the server finds it: in the outlines of the villages, which are finer. */
  async village(where) {
    const near = this.outlines.filter((one) => new GeoJSON(one).getBounds().pad(0.2).contains(where));
    const below = (await Promise.all(near.map((one) => this.below(one.properties.code)))).flat();
    const [found] = around(below, where.lng, where.lat);
    if (!found) { return null; }
    const district = near.find((one) => found.properties.code.startsWith(one.properties.code));
    return { village: found.properties, district: district.properties };
  }

  /* Names, each in the middle of its outline. */
  name(group, features, kind) {
    features.forEach((one) => {
      const text = document.createElement("span");
      text.textContent = one.properties.name;
      const middle = new GeoJSON(one).getBounds().getCenter();
      new Tooltip({ permanent: true, direction: "center", className: `peta-label peta-label--${kind}`, pane: "names", interactive: false }).setLatLng(middle).setContent(text).addTo(group);
    });
    this.sift();
  }

  async look() {
    const near = this.map.getZoom() >= NAMES_FROM, view = this.map.getBounds();
    if (near) {
      for (const one of this.outlines) {
        const code = one.properties.code;
        if (!new GeoJSON(one).getBounds().intersects(view) || this.drawn.has(code)) { continue; }
        this.drawn.add(code);
        const found = await this.below(code);
        new GeoJSON(found, { style: { className: "peta-area peta-area--village" }, interactive: false }).addTo(this.villages);
        this.name(this.villages, found, "village");
      }
    }
    this.map.getContainer().classList.toggle("peta-near", near);
    this.sift();
  }

  /* No name covers another. */
  sift() {
    const kept = [...this.map.getContainer().querySelectorAll(".peta-bubble")].map((one) => one.getBoundingClientRect());
    this.map.getContainer().querySelectorAll(".peta-label").forEach((label) => {
      label.style.visibility = "";
      const box = label.getBoundingClientRect();
      const free = box.width > 0 && kept.every((one) => box.right < one.left || one.right < box.left || box.bottom < one.top || one.bottom < box.top);
      if (free) { kept.push(box); } else { label.style.visibility = "hidden"; }
    });
  }
}

function fill(text, values) { return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]); }

function wire(root, map, middle) {
  root.querySelectorAll("[data-peta-zoom]").forEach((button) => {
    button.addEventListener("click", () => map.setZoomAround(middle(), map.getZoom() + (button.dataset.petaZoom === "in" ? 1 : -1)));
  });
}

/* Pick a place: a click, a drag, or keys; the village follows the point. */
async function pick(root) {
  const field = (name) => document.getElementById(root.dataset[name]);
  const latitude = field("latitude"), longitude = field("longitude"), village = field("village");
  const said = root.querySelector("[role=status]"), remove = root.querySelector("[data-peta-remove]");
  const ground = new Ground(root, root.querySelector("[data-peta-stage]")), map = ground.map;
  let pin = null, turns = 0;
  wire(root, map, () => (pin ? pin.getLatLng() : map.getCenter()));

  async function put(where, look) {
    latitude.value = where.lat.toFixed(6);
    longitude.value = where.lng.toFixed(6);
    if (!pin) {
      pin = new Marker(where, { draggable: true, icon: new DivIcon({ className: "peta-pin", iconSize: [28, 40], iconAnchor: [14, 40], html: root.querySelector("template").innerHTML }) }).addTo(map);
      pin.on("dragend", () => put(pin.getLatLng()));
      const handle = pin.getElement();
      handle.setAttribute("aria-label", root.dataset.pin);
      handle.setAttribute("aria-describedby", root.dataset.help);
      handle.addEventListener("keydown", move);
    }
    pin.setLatLng(where);
    remove.hidden = false;
    const turn = ++turns, found = await ground.village(where);
    if (turn !== turns) { return; } // moved on meanwhile
    said.classList.toggle("govuk-error-message", !found);
    if (!found) { said.textContent = root.dataset.outside; return; }
    if (look) { map.setView(where, Math.max(map.getZoom(), Math.min(map.getZoom() + look, CLOSE))); }
    const was = village.value;
    village.value = found.village.code;
    said.textContent = fill(was && was !== village.value ? root.dataset.changed : root.dataset.found, { village: found.village.name, district: found.district.name });
  }
  function move(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) { return; }
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 1 : STEP, at = map.latLngToContainerPoint(pin.getLatLng());
    const to = map.containerPointToLatLng(at.add([way[0] * step, way[1] * step]));
    put(to);
    map.panInside(to, { padding: [40, 40] });
  }
  function clear() {
    turns++; // an answer on the way is of no use any more
    if (pin) { pin.remove(); pin = null; }
    latitude.value = longitude.value = "";
    said.textContent = "";
    remove.hidden = true;
    map.getContainer().focus();
  }

  map.on("click", (event) => put(event.latlng, 2));
  map.getContainer().addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target === map.getContainer()) { event.preventDefault(); put(map.getCenter()); }
  });
  root.querySelector("[data-peta-middle]").addEventListener("click", () => put(map.getCenter()));
  remove.addEventListener("click", (event) => { event.preventDefault(); clear(); });
  document.addEventListener("sk:point", (event) => put({ lat: event.detail.latitude, lng: event.detail.longitude }, CLOSE));
  village.addEventListener("change", async () => {
    if (pin || !village.value) { return; }
    const found = (await ground.below(village.value.slice(0, 8))).find((one) => one.properties.code === village.value);
    if (found) { map.fitBounds(new GeoJSON(found).getBounds()); }
  });
  await ground.begin();
  if (latitude.value && longitude.value) {
    // What stands in the form was chosen before: the village stays as the person left it.
    const chosen = village.value;
    await put({ lat: Number(latitude.value), lng: Number(longitude.value) }, CLOSE);
    if (chosen) { village.value = chosen; }
  }
}

/* Look at points: bubbles with how many, a click goes nearer, the last one leads to the page. */
async function points(root) {
  const ground = new Ground(root, root.querySelector("[data-peta-stage]")), map = ground.map;
  const layer = new LayerGroup();
  let asked = 0;
  wire(root, map, () => map.getCenter());

  async function show() {
    const turn = ++asked, view = map.getBounds();
    const query = new URLSearchParams({ w: view.getWest().toFixed(5), s: view.getSouth().toFixed(5), e: view.getEast().toFixed(5), n: view.getNorth().toFixed(5) });
    const answer = await fetch(`${root.dataset.points}${root.dataset.points.includes("?") ? "&" : "?"}${query}`).catch(() => null);
    if (!answer || !answer.ok || turn !== asked) { return; }
    const found = (await answer.json()).points;
    layer.clearLayers();
    found.forEach((one) => {
      const size = one.count > 1 ? 28 + 6 * Math.log10(one.count) : 24;
      const icon = new DivIcon({ className: `peta-bubble${one.open ? "" : " peta-bubble--closed"}`, iconSize: [size, size], html: String(one.count) });
      const marker = new Marker([one.latitude, one.longitude], { icon, title: one.title }).addTo(layer);
      marker.getElement().setAttribute("role", "link");
      marker.getElement().setAttribute("aria-label", one.title);
      if (one.name) {
        const text = document.createElement("span");
        text.textContent = one.name;
        new Tooltip({ permanent: true, direction: "bottom", offset: [0, size / 2 - 4], className: "peta-label", pane: "names", interactive: false }).setLatLng([one.latitude, one.longitude]).setContent(text).addTo(layer);
      }
      const go = () => (one.box ? map.fitBounds(new LatLngBounds([one.box[1], one.box[0]], [one.box[3], one.box[2]])) : location.assign(one.url));
      marker.on("click", go);
      marker.on("keypress", (event) => { if (event.originalEvent.key === "Enter") { go(); } });
    });
    ground.sift();
  }
  const [west, south, east, north] = root.dataset.box.split(" ").map(Number);
  layer.addTo(map);
  await ground.begin(new LatLngBounds([south, west], [north, east]));
  map.on("moveend", show);
  await show();
}

document.querySelectorAll("[data-sk-map]").forEach((root) => {
  root.querySelectorAll("[data-peta-plain]").forEach((one) => { one.hidden = true; });
  root.querySelectorAll("[data-peta-moving]").forEach((one) => { one.hidden = false; });
  (root.dataset.skMap === "pick" ? pick : points)(root);
});
