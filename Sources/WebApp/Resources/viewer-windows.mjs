// The windows that keys and lists offer.

/** Windows on keys 5 to 8: lowest and highest HU. */
export const anatomyWindows = [["softTissue", -160, 240], ["lung", -1350, 150], ["bone", -450, 1050], ["brain", 0, 80]];

/** The windows on keys 1 to 4: fixed ones for SUV, shares of the maximum for all else. */
export function uptakeWindows(volume) {
  if (!volume) return [];
  if (volume.quantity === "uptake") return [5, 7, 10, 15];
  const factor = volume.readings[0].factor;
  const power = 10 ** Math.floor(Math.log10(Math.max(1e-9, volume.maximum * factor)));
  const most = Math.ceil(volume.maximum * factor / power * 2) / 2 * power;
  return [0.25, 0.5, 0.75, 1].map((share) => share * most / factor);
}
