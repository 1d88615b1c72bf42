// The map of where: outline and arterials that the city gives, a pin, and a ring as wide as our doubt. No tiles from
// outside; without the city's lines a plain grid stands in. Clicking offers a point, it never sets one.
import L from "leaflet";

const TUCSON = [32.2217, -110.9265];
const OVERVIEW_ZOOM = 11;
const PLACE_ZOOM = 14;
const LEAST_SHOWN_METRES = 150;

export class PlaceMap {
  #shown = "";
  #pin = null;
  #ring = null;

  /** @param {(point: {latitude: number, longitude: number}) => void} picked */
  constructor(picked) {
    this.node = Object.assign(document.createElement("div"), { className: "place-map" });
    this.node.setAttribute("role", "region");
    this.node.setAttribute("aria-label", "Map of the place");
    this.map = L.map(this.node, { attributionControl: false, zoomControl: true, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, minZoom: 9, maxZoom: 18 });
    this.map.setView(TUCSON, OVERVIEW_ZOOM);
    this.map.on("click", ({ latlng }) => picked({ latitude: latlng.lat, longitude: latlng.lng }));
    new ResizeObserver(() => this.#resized()).observe(this.node);
    this.#drawBase();
  }

  /** @param {?import("./desk_state.js").Place} place */
  show(place) {
    const wanted = place?.latitude == null ? "" : `${place.latitude},${place.longitude},${place.uncertainty_metres ?? 0},${place.confirmed}`;
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#pin?.remove();
    this.#ring?.remove();
    this.#pin = this.#ring = null;
    if (wanted) this.#mark(place);
    else this.map.setView(TUCSON, OVERVIEW_ZOOM);
  }

  #mark({ latitude, longitude, uncertainty_metres, confirmed, text }) {
    const at = [latitude, longitude];
    const icon = L.divIcon({ className: confirmed ? "pin pin-confirmed" : "pin", iconSize: [22, 28], iconAnchor: [11, 28] });
    this.#pin = L.marker(at, { icon, alt: `Pin: ${text}`, keyboard: false, interactive: false }).addTo(this.map);
    if (uncertainty_metres) this.#ring = L.circle(at, { radius: uncertainty_metres, className: "pin-doubt", interactive: false }).addTo(this.map);
    this.#frame();
  }

  #frame() {
    if (!this.#pin) return;
    const radius = Math.max(LEAST_SHOWN_METRES, this.#ring?.getRadius() ?? 0);
    this.map.fitBounds(this.#pin.getLatLng().toBounds(radius * 2.4), { maxZoom: PLACE_ZOOM, animate: false });
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
