import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const text = { type: 'string', minLength: 1 };
const address = { type: 'string', format: 'uri-reference', minLength: 1 };
const extensions = { '^_[a-zA-Z][^.]*$': { type: 'object' } };
const author = {
  type: 'object',
  properties: { name: text, url: address, avatar: address },
  minProperties: 1,
  additionalProperties: false,
};
const attachment = {
  type: 'object',
  required: ['url', 'mime_type'],
  properties: {
    url: address,
    mime_type: text,
    title: text,
    size_in_bytes: { type: 'integer', minimum: 0 },
    duration_in_seconds: { type: 'number', minimum: 0 },
  },
  additionalProperties: false,
};
const item = {
  type: 'object',
  required: ['id'],
  anyOf: [{ required: ['content_html'] }, { required: ['content_text'] }],
  properties: {
    id: text,
    url: address,
    external_url: address,
    title: text,
    content_html: text,
    content_text: text,
    summary: text,
    image: address,
    banner_image: address,
    date_published: { type: 'string', format: 'date-time' },
    date_modified: { type: 'string', format: 'date-time' },
    authors: { type: 'array', items: author, minItems: 1 },
    tags: { type: 'array', items: text, uniqueItems: true },
    language: { type: 'string', pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$' },
    attachments: { type: 'array', items: attachment },
  },
  patternProperties: extensions,
  additionalProperties: false,
};

/** JSON Feed 1.1 as its specification has it, extensions only under a name that begins with an underscore. */
const SCHEMA = {
  type: 'object',
  required: ['version', 'title', 'items'],
  properties: {
    version: { const: 'https://jsonfeed.org/version/1.1' },
    title: text,
    home_page_url: address,
    feed_url: address,
    description: text,
    user_comment: text,
    next_url: address,
    icon: address,
    favicon: address,
    authors: { type: 'array', items: author },
    language: item.properties.language,
    expired: { type: 'boolean' },
    items: { type: 'array', items: item },
  },
  patternProperties: extensions,
  additionalProperties: false,
};

const ajv = new Ajv2020({ allErrors: true, strictRequired: false });
addFormats.default(ajv);
const validate = ajv.compile(SCHEMA);

/** What JSON Feed 1.1 demands or forbids and a feed does not keep to; with `absolute`, also that no address is relative. */
export function jsonFeedObjections(feed: unknown, absolute: boolean): string[] {
  validate(feed);
  const found = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);
  const { items = [] } = feed as { items?: { id: string }[] };
  if (new Set(items.map(({ id }) => id)).size !== items.length) found.push('an id is there twice');
  JSON.stringify(feed, (name, value) => {
    if (absolute && /(?:^|_)(?:url|image)$/.test(name) && !URL.canParse(value))
      found.push(`${name}: ${value}`);
    return value;
  });
  return found;
}
