/** The text of a new source, until its article is written. */
export const PLACEHOLDER = 'Write here.';
