/** Words of at least so many letters say what a text is about; shorter ones mostly hold it together. */
const SHORTEST = 4;

/** Longer ones that do not either, in the languages that have words of their own here. */
const COMMON = new Set(
  (
    'about after again also been before being between could does during from have into more most much only other over ' +
    'said says same should some such than that their them then there these they this those through under until very ' +
    'were what when where which while will with without would your ' +
    'aber alle auch beim dass dies diese dieser doch durch eine einem einen einer eines gegen haben ihre ihrer immer ' +
    'kann kein keine mehr nach nicht noch oder ohne sein seine seiner sich sind über unter viele vom wenn werden wird wurde ' +
    'ainsi alors après aussi autre avant avec cette ceux chez comme contre dans depuis dont elle elles entre être font ' +
    'leur leurs mais même moins nous notre plus pour quand sans selon sont sous tous tout toute très vers votre ' +
    'antes aunque cada como contra cuando desde donde durante ella ellos entre esta este estos hace hacia hasta mientras ' +
    'muchos otra otro para pero porque según sido sobre también tiene todo todos unos'
  ).split(' '),
);

/** Runs of letters and digits: of ASCII those that are, beyond it all but spaces and signs. Ranges of our own, see `slug.ts`. */
const RUN =
  /[0-9a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u060b\u060d-\u061a\u0620-\u1fff\u2c00-\u2dff\u2e80-\u2fff\u3040-\ufe2f\ufe50-\ufeff\uff10-\uffff]+/g;
/** Scripts that are written without spaces: every two characters count as a word. */
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]/;

/** The words of a text that tell it from others, in lower case. */
export function significantWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const run of text.toLowerCase().match(RUN) ?? []) {
    if (UNSPACED.test(run)) for (let at = 0; at + 1 < run.length; at++) words.add(run.slice(at, at + 2));
    else if (run.length >= SHORTEST && !COMMON.has(run)) words.add(run);
  }
  return words;
}
