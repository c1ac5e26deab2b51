// biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what HTML forbids in a document
const FORBIDDEN = /[\0-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]/g;

/** Whether a text holds control characters (tab and newline apart) or halves of characters, which no field may. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text) || !text.isWellFormed();
}

/** The same text with U+FFFD in place of every character that no HTML document may hold. */
export function printable(text: string): string {
  return text.toWellFormed().replace(FORBIDDEN, '\ufffd');
}

/** A message on one line, without characters that could steer a terminal: messages quote what sources say. */
export function messageText(message: string): string {
  return printable(message.replace(/\s+/g, ' '));
}
