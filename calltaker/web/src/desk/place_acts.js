// What the call-taker can do with the place: write it, pick a point, move the pin, confirm it. A point belongs to the
// call in which it was picked or dropped: it never goes with another call's words.

/**
 * @param {object} parts
 * @param {import("./desk_state.js").Page} parts.page
 * @param {(name: string, path: string, body?: object, id?: string) => Promise<boolean>} parts.ofCall  An order about the call.
 * @param {import("./place_map.js").PlaceMap} parts.map
 */
export function placeActs({ page, ofCall, map }) {
  /** @type {?{call_id: string, latitude: number, longitude: number}} */
  let picked = null;
  const call = () => page.desk?.call;
  const field = () => document.getElementById("place-field");
  const inWords = ({ latitude, longitude }) => `Point ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const pointOf = (kept) => (kept?.call_id === call()?.call_id && kept ? { latitude: kept.latitude, longitude: kept.longitude } : {});

  /** Offer a point in the field of the place; words that stand there already are kept. */
  function offer(point) {
    picked = { call_id: call().call_id, ...point };
    if (field() && !field().value.trim()) field().value = inWords(point);
  }

  return {
    pick(point) {
      if (!call() || !field()) return;
      picked = { call_id: call().call_id, ...point };
      field().value = inWords(point);
      field().focus();
    },
    /** The pin was dropped: its point is the place's. Not saved, the point waits in the field. */
    async movePlace({ call_id, latitude, longitude }) {
      if (call()?.call_id !== call_id) return false;
      const { text } = call().place;
      const point = { latitude, longitude };
      const isSaved = await ofCall("place", "place", { text: /^Point -?\d/.test(text) ? inWords(point) : text, ...point });
      if (!isSaved && call()?.call_id === call_id) offer(point);
      return Boolean(isSaved);
    },
    savePin: () => map.pin.save(),
    putPinBack: () => map.pin.putBack(),
    async savePlace(event) {
      event.preventDefault();
      const text = field().value.trim();
      if (!text) return;
      if (await ofCall("place", "place", { text, ...pointOf(picked) })) {
        field().value = "";
        picked = null;
      }
    },
    textLocationLink: () => ofCall("location_link", "location-link"),
    confirmPlace() {
      const { text, latitude, longitude } = call().place;
      ofCall("place", "place", latitude === null ? { text } : { text, latitude, longitude });
    },
    toPlace(toColumn) {
      toColumn("caller", "place-field");
      if (field() && !field().value && call()?.place) field().value = call().place.text;
      field()?.select();
    },
  };
}
