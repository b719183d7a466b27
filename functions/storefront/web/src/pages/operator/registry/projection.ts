/** Places on a flat picture: at the size of a country's provinces a degree is as long as its latitude says. */

export interface Place {
  lat: number;
  lng: number;
}

export interface Picture {
  /** Across, down: parts of the picture's width. */
  at(place: Place): { x: number; y: number };
  height: number;
  /** A round length that fits, in metres, and how wide it is drawn. */
  scale: { metres: number; width: number };
}

const METRES_PER_DEGREE = 111_320;
const MARGIN = 0.08;
const LEAST_M = 2_000; // one place alone is not blown up further

/** Lay *places* out on a picture one wide. */
export function pictureOf(places: readonly Place[]): Picture {
  const lats = places.map((place) => place.lat);
  const lngs = places.map((place) => place.lng);
  const middle = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lng: (Math.min(...lngs) + Math.max(...lngs)) / 2 };
  const shrunk = Math.cos((middle.lat * Math.PI) / 180);
  const wide = (Math.max(...lngs) - Math.min(...lngs)) * shrunk * METRES_PER_DEGREE;
  const high = (Math.max(...lats) - Math.min(...lats)) * METRES_PER_DEGREE;
  const metres = Math.max(wide, high, LEAST_M) / (1 - 2 * MARGIN); // across the picture
  const height = Math.max(0.4, high / metres + 2 * MARGIN);
  const scale = roundBelow(metres / 3);
  return {
    at: ({ lat, lng }) => ({
      x: 0.5 + ((lng - middle.lng) * shrunk * METRES_PER_DEGREE) / metres,
      y: height / 2 - ((lat - middle.lat) * METRES_PER_DEGREE) / metres,
    }),
    height,
    scale: { metres: scale, width: scale / metres },
  };
}

/** 1, 2 or 5 times a power of ten: 4_300 → 2_000 */
function roundBelow(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  return power * [5, 2, 1].find((step) => step * power <= metres)!;
}
