// The map of where: outline and arterials that the city gives, a pin, a ring as wide as our doubt, and the open requests
// near it. No tiles from outside; without the city's lines a plain grid stands in. A click offers a point; the pin, moved
// and dropped, is saved.
import L from "leaflet";
import { MovablePin } from "./movable_pin.js";

const TUCSON = [32.2217, -110.9265];
const OVERVIEW_ZOOM = 11;
const PLACE_ZOOM = 15;
const LEAST_SHOWN_METRES = 150;

export class PlaceMap {
  #shown = "";
  #marked = "";
  #near = L.layerGroup();

  /**
   * @param {object} told
   * @param {(point: {latitude: number, longitude: number}) => void} told.picked  A click on the map.
   * @param {(far: ?object) => void} told.moved  The pin is so far from where it is saved; null: it is there.
   * @param {(drop: import("./movable_pin.js").Drop) => Promise<boolean>} told.dropped  Save the pin where it is.
   */
  constructor({ picked, moved, dropped }) {
    this.node = Object.assign(document.createElement("div"), { className: "place-map" });
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Map of the place");
    this.map = L.map(this.node, { attributionControl: false, zoomControl: true, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, minZoom: 9, maxZoom: 18 });
    this.map.setView(TUCSON, OVERVIEW_ZOOM);
    this.map.on("click", ({ latlng }) => picked({ latitude: latlng.lat, longitude: latlng.lng }));
    this.pin = new MovablePin(this.map, { moved, dropped });
    this.#near.addTo(this.map);
    new ResizeObserver(() => this.#resized()).observe(this.node);
    this.#drawBase();
  }

  /** @param {?string} callId @param {?import("./desk_state.js").Place} place */
  show(callId, place) {
    const wanted = place?.latitude == null ? "" : [callId, place.latitude, place.longitude, place.uncertainty_metres ?? 0].join();
    this.pin.show(callId, place);
    if (wanted === this.#shown) return;
    const isNew = !this.#shown || !this.#shown.startsWith(`${callId},`);
    this.#shown = wanted;
    if (!wanted) this.map.setView(TUCSON, OVERVIEW_ZOOM);
    else if (isNew || !this.#isInView()) this.#frame();
  }

  /** Small numbered marks, in the order of the list beside the map, which says the same in words. */
  mark(requests) {
    const wanted = JSON.stringify(requests.map(({ latitude, longitude }) => [latitude, longitude]));
    if (wanted === this.#marked) return;
    this.#marked = wanted;
    this.#near.clearLayers();
    requests.forEach(({ latitude, longitude }, index) => {
      const icon = L.divIcon({ className: "near-mark", html: String(index + 1), iconSize: [18, 18] });
      const marker = L.marker([latitude, longitude], { icon, keyboard: false, interactive: false }).addTo(this.#near);
      marker.getElement().setAttribute("aria-hidden", "true");
    });
  }

  /** Whether the pin and its doubt can be seen as the map stands: then nothing moves. */
  #isInView() {
    const { at, doubt } = this.pin;
    return !at || this.map.getBounds().contains(at.toBounds(2 * doubt + 1));
  }

  #frame() {
    const { at, doubt, isHeld } = this.pin;
    if (!at || isHeld) return;
    this.map.fitBounds(at.toBounds(Math.max(LEAST_SHOWN_METRES, doubt) * 2.4), { maxZoom: PLACE_ZOOM, animate: false });
  }

  #resized() {
    this.map.invalidateSize({ pan: false });
    this.#frame();
  }

  async #drawBase() {
    const lines = await cityLines();
    const base = lines ? L.geoJSON(lines, { style: lineStyle, interactive: false }) : L.layerGroup(grid());
    base.addTo(this.map);
    base.eachLayer((layer) => layer.bringToBack?.());
  }
}

async function cityLines() {
  try {
    const answer = await fetch("/desk/map.json", { credentials: "same-origin" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

function lineStyle(feature) {
  const isArea = /Polygon/.test(feature.geometry.type);
  return { className: isArea ? "map-area" : "map-street", weight: isArea ? 1.5 : 1.25, fill: isArea };
}

/** Lines one hundredth of a degree apart: no map, only a sense of distance. */
function grid() {
  const style = { className: "map-grid", weight: 1, interactive: false };
  const steps = Array.from({ length: 81 }, (_, step) => (step - 40) / 50);
  return steps.flatMap((step) => [
    L.polyline([[TUCSON[0] + step, TUCSON[1] - 0.8], [TUCSON[0] + step, TUCSON[1] + 0.8]], style),
    L.polyline([[TUCSON[0] - 0.8, TUCSON[1] + step], [TUCSON[0] + 0.8, TUCSON[1] + step]], style),
  ]);
}
