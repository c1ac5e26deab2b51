import { SaxesParser } from 'saxes';

/** An element of an XML document, with its name as `{namespace}local`. */
export interface XmlElement {
  name: string;
  /** As names of elements; those without a prefix as they are. */
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Of this element alone. */
  text: string;
}

/** Reads a document strictly: throws where it is not well-formed, or its namespaces are not. */
export function parseXml(text: string): XmlElement {
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser({ xmlns: true, position: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ uri, local, attributes }) => {
    const named = Object.values(attributes).map(({ uri: of, local: name, value }): [string, string] => [
      of === '' ? name : `{${of}}${name}`,
      value,
    ]);
    const element = {
      name: `{${uri}}${local}`,
      attributes: Object.fromEntries(named),
      children: [],
      text: '',
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (found) => {
    const last = open.at(-1);
    if (last !== undefined) last.text += found;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(text).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('there is no element');
  return root;
}
