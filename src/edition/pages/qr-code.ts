import { correction, generate } from 'lean-qr';

/** Where the QR code of the publication's id lies at the root of an edition. */
export const QR_PATH = 'id.svg';
/** Width and height at which it is shown. */
export const QR_PIXELS = 246;

/** Light modules around the code (ISO/IEC 18004, 6.3.8). */
const QUIET_ZONE = 4;

/** A text as a QR code: black on white in every colour scheme, because that is what readers of codes expect. */
export function qrCode(text: string): string {
  const code = generate(text, { minCorrectionLevel: correction.M });
  const runs: string[] = [];
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      const from = x;
      while (code.get(x, y)) x++;
      if (x > from) runs.push(`M${from} ${y}h${x - from}v1H${from}z`);
    }
  }
  const size = code.size + 2 * QUIET_ZONE;
  const frame = `${-QUIET_ZONE} ${-QUIET_ZONE} ${size} ${size}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${frame}" shape-rendering="crispEdges"><path fill="#fff" d="M${-QUIET_ZONE} ${-QUIET_ZONE}h${size}v${size}h${-size}z"/><path d="${runs.join('')}"/></svg>\n`;
}
