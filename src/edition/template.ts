/**
 * Number of the pages that an edition is made of, its style among them; raised whenever their bytes change for the same articles.
 * The next publication then makes all of them anew, so that an edition never holds pages of two kinds.
 */
export const EDITION_TEMPLATE = 5;
