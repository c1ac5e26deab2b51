import { malformedImage, oversizedImage } from './image-error.ts';
import { imageTypeOf } from './image-type.ts';
import { MEDIA_LIMITS } from './limits.ts';
import { stripRaster } from './raster.ts';

const DATA_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s]*)$/i;

/** The raster images inside one SVG: metadata hides there as well. */
export class EmbeddedImages {
  readonly #name: string;
  #pixels = 0;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * The address without the metadata of its image: the very same text when there was none. Undefined when it is not
   * the `data:` address of a raster image.
   * @throws OvnError when the image itself is broken or too large
   */
  clean(address: string): string | undefined {
    const base64 = DATA_IMAGE.exec(address.trim())?.[1]?.replace(/\s/g, '');
    if (base64 === undefined) return undefined;
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    const type = imageTypeOf(bytes);
    if (type === undefined || type === 'image/svg+xml') throw this.#broken();
    const image = stripRaster(type, bytes, `${this.#name} (an image in it)`);
    this.#countPixels(image.width * image.height);
    const clean = Buffer.from(image.bytes).toString('base64');
    return clean === base64 ? address : `data:${type};base64,${clean}`;
  }

  #countPixels(pixels: number): void {
    this.#pixels += pixels;
    if (this.#pixels <= MEDIA_LIMITS.pixels) return;
    throw oversizedImage(
      this.#name,
      `the images in it have more than ${MEDIA_LIMITS.pixels / 1e6} megapixels`,
    );
  }

  #broken() {
    return malformedImage(this.#name, 'the SVG embeds an image that is none of JPEG, PNG, GIF and WebP');
  }
}
