const ORIENTATION_TAG = 0x0112;
const SHORT = 3;

/**
 * How an image is to be turned, 1 to 8 (Exif 2.32, 4.6.4, tag 0x0112), out of EXIF's TIFF structure.
 * 1, "as it is", when the structure is broken or does not say.
 */
export function readOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 8) return 1;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return 1;
  const little = order === 0x4949;
  if (view.getUint16(2, little) !== 42) return 1;
  return findOrientation(view, view.getUint32(4, little), little);
}

function findOrientation(view: DataView, directory: number, little: boolean): number {
  if (directory + 2 > view.byteLength) return 1;
  const count = view.getUint16(directory, little);
  const last = Math.min(directory + 2 + count * 12, view.byteLength - 11);
  for (let entry = directory + 2; entry < last; entry += 12) {
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue;
    const value = view.getUint16(entry + 8, little);
    const valid = view.getUint16(entry + 2, little) === SHORT && value >= 1 && value <= 8;
    return valid ? value : 1;
  }
  return 1;
}

/** The smallest TIFF structure (26 bytes) that says an orientation, and nothing else. */
export function writeOrientation(orientation: number): Uint8Array {
  const tiff = new Uint8Array(26);
  const view = new DataView(tiff.buffer);
  view.setUint32(0, 0x4d4d002a);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, ORIENTATION_TAG);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return tiff;
}

/** The size that a reader sees: orientations 5 to 8 lie on their side. */
export function displayedSize(width: number, height: number, orientation: number) {
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}
