import type { Look } from '../article/look.ts';

/** The outlet, as pages, feeds and the manifest name it. */
export interface Publication {
  /** CID (raw) of masthead 1's bytes. */
  id: string;
  name: string;
  tagline: string;
  /** BCP 47; the language of the outlet's own words on its pages. */
  language: string;
  /** Where the outlet's site is, if it has one: absolute, with or without a slash at the end. */
  url?: string;
  /** How its theme lays out its pages. */
  look?: Look | undefined;
}
