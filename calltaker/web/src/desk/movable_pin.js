// The pin of the place and the ring of doubt around it, moved by hand or by the arrow keys. From its first step until it
// is saved or put back no news moves it; another call takes it away at once, so that a move never reaches a wrong call.
import L from "leaflet";
import { announce } from "./announcer.js";

const STEP_METRES = 5;
const STRIDE_METRES = 50;
/** Below this a step of five metres cannot be seen. */
const STEP_ZOOM = 17;
const METRES_A_DEGREE = 111_195;
const ARROWS = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
const HOW = "Arrow keys move it by 5 metres, with Shift by 50; Enter saves, Escape puts it back.";

/** @typedef {{call_id: string, latitude: number, longitude: number}} Drop */

export class MovablePin {
  #map;
  #told;
  #callId = null;
  #place = null;
  #marker = null;
  #ring = null;
  #isHeld = false;
  #isSaving = false;

  /**
   * @param {L.Map} map
   * @param {{moved: (far: ?{metres: number, way: string, saving: boolean}) => void, dropped: (drop: Drop) => Promise<boolean>}} told
   *   `moved` says how far the pin is from where it is saved, null when it is there; `dropped` saves it.
   */
  constructor(map, told) {
    this.#map = map;
    this.#told = told;
  }

  get isHeld() {
    return this.#isHeld;
  }

  get at() {
    return this.#marker?.getLatLng() ?? null;
  }

  get doubt() {
    return this.#ring?.getRadius() ?? 0;
  }

  /** Show where a call's place is; a pin that somebody moves stays in their hand. */
  show(callId, place) {
    if (callId !== this.#callId) this.#letGo();
    this.#callId = callId;
    this.#place = place?.latitude == null ? null : place;
    if (!this.#isHeld) this.#draw();
  }

  /** Where it was: what was saved last, here or elsewhere. */
  putBack() {
    if (!this.#isHeld || this.#isSaving) return;
    this.#free();
    this.#draw();
    announce("The pin is where it was.", "polite");
  }

  /** Save where it is now; not saved, it goes back, and whoever was told says where the point is kept. */
  async save() {
    if (!this.#isHeld || this.#isSaving) return;
    const [marker, { lat, lng }] = [this.#marker, this.#marker.getLatLng()];
    this.#isSaving = true;
    this.#tell();
    const isSaved = await this.#told.dropped({ call_id: this.#callId, latitude: lat, longitude: lng });
    if (marker !== this.#marker) return;
    this.#free();
    this.#draw();
    if (isSaved) announce("The place is saved where the pin is.", "polite");
  }

  #letGo() {
    this.#free();
    this.#marker?.remove();
    this.#ring?.remove();
    this.#marker = this.#ring = null;
  }

  #free() {
    const wasHeld = this.#isHeld;
    this.#isHeld = this.#isSaving = false;
    if (wasHeld) this.#told.moved(null);
  }

  #draw() {
    if (!this.#place) return this.#letGo();
    const { latitude, longitude, uncertainty_metres, confirmed, text } = this.#place;
    this.#marker ??= this.#made([latitude, longitude]);
    this.#marker.setLatLng([latitude, longitude]);
    const icon = this.#marker.getElement();
    icon.classList.toggle("pin-confirmed", confirmed);
    icon.setAttribute("aria-label", `Pin: ${text}. ${HOW}`);
    this.#ring?.remove();
    this.#ring = uncertainty_metres ? L.circle([latitude, longitude], { radius: uncertainty_metres, className: "pin-doubt", interactive: false }).addTo(this.#map) : null;
  }

  #made(at) {
    const icon = L.divIcon({ className: "pin", iconSize: [24, 30], iconAnchor: [12, 30] });
    const marker = L.marker(at, { icon, draggable: true, autoPan: true, zIndexOffset: 1000 }).addTo(this.#map);
    const node = marker.getElement();
    node.addEventListener("keydown", (event) => this.#key(event));
    marker.on("dragstart", () => this.#hold() && node.focus({ preventScroll: true }));
    marker.on("drag", () => this.#ring?.setLatLng(marker.getLatLng()));
    marker.on("dragend", () => this.save());
    return marker;
  }

  #hold() {
    if (!this.#isSaving) this.#isHeld = true;
    return this.#isHeld;
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    if (!arrow && !(this.#isHeld && ["Enter", "Escape"].includes(event.key))) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") this.save();
    else if (event.key === "Escape") this.putBack();
    else this.#step(arrow, event.shiftKey ? STRIDE_METRES : STEP_METRES);
  }

  #step([north, east], metres) {
    if (this.#isSaving) return;
    this.#hold();
    const { lat, lng } = this.#marker.getLatLng();
    const degrees = metres / METRES_A_DEGREE;
    const at = [lat + north * degrees, lng + (east * degrees) / Math.cos((lat * Math.PI) / 180)];
    if (this.#map.getZoom() < STEP_ZOOM) this.#map.setView(at, STEP_ZOOM, { animate: false });
    this.#marker.setLatLng(at);
    this.#ring?.setLatLng(at);
    this.#map.panInside(at, { padding: [40, 40], animate: false });
    announce(this.#tell(), "polite");
  }

  /** Say how far the pin is from where it is saved. */
  #tell() {
    const { lat, lng } = this.#marker.getLatLng();
    const north = (lat - this.#place.latitude) * METRES_A_DEGREE;
    const east = (lng - this.#place.longitude) * METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180);
    const far = { metres: Math.round(Math.hypot(north, east)), way: wayOf(north, east), saving: this.#isSaving };
    this.#told.moved(far);
    return `Pin ${far.metres} metres ${far.way}. Enter saves, Escape puts it back.`;
  }
}

/** "north east"; "" within two metres. */
function wayOf(north, east) {
  const parts = [Math.abs(north) > 2 && (north > 0 ? "north" : "south"), Math.abs(east) > 2 && (east > 0 ? "east" : "west")];
  return parts.filter(Boolean).join(" ");
}
