/**
 * IPTC Media Topics: the top level, names in English. The vocabulary is IPTC's (https://cv.iptc.org/newscodes/mediatopic/,
 * CC BY 4.0).
 */
export const TOP_TOPICS: ReadonlyMap<string, string> = new Map([
  ['01000000', 'arts, culture, entertainment and media'],
  ['02000000', 'crime, law and justice'],
  ['03000000', 'disaster, accident and emergency incident'],
  ['04000000', 'economy, business and finance'],
  ['05000000', 'education'],
  ['06000000', 'environment'],
  ['07000000', 'health'],
  ['08000000', 'human interest'],
  ['09000000', 'labour'],
  ['10000000', 'lifestyle and leisure'],
  ['11000000', 'politics and government'],
  ['12000000', 'religion'],
  ['13000000', 'science and technology'],
  ['14000000', 'society'],
  ['15000000', 'sport'],
  ['16000000', 'conflict, war and peace'],
  ['17000000', 'weather'],
]);

/** What every Media Topic's address begins with. */
export const TOPIC_SCHEME = 'http://cv.iptc.org/newscodes/mediatopic/';

const PREFIX = 'medtop:';
const TOPIC = /^medtop:\d{8}$/;

/** Whether a text names a Media Topic: `medtop:` and eight digits. Of the top level, `NN000000`, only the seventeen there are. */
export function isTopic(text: string): boolean {
  return TOPIC.test(text) && (!text.endsWith('000000') || TOP_TOPICS.has(topicCode(text)));
}

/** The eight digits of a topic. */
export function topicCode(topic: string): string {
  return topic.slice(PREFIX.length);
}

/** The address of a topic. */
export function topicAddress(topic: string): string {
  return `${TOPIC_SCHEME}${topicCode(topic)}`;
}
