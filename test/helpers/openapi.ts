import { existsSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { hasVectors, vectors } from './vectors.ts';

/** As much of a schema of OpenAPI 3 as that of pinning services uses. */
interface Schema {
  $ref?: string;
  type?: 'object' | 'array' | 'string' | 'integer';
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  enum?: string[];
  format?: string;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

interface Parameter {
  name: string;
  schema?: Schema;
}

interface Operation {
  parameters?: { $ref: string }[];
  responses: Record<string, unknown>;
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, Schema>;
    parameters: Record<string, Parameter>;
  };
}

const PATH = hasVectors ? vectors('pinning/ipfs-pinning-service.yaml') : '';
const description = existsSync(PATH)
  ? (load(withoutProse(readFileSync(PATH, 'utf8'))) as Description)
  : undefined;

/** Its prose is in quotes that strict YAML does not take: what stands before the paths, and in `securitySchemes`, which come last. */
function withoutProse(yaml: string): string {
  return yaml.slice(yaml.search(/^paths:/m), yaml.search(/^ {2}securitySchemes:/m));
}

/** Whether the description of the API is here. Where it is not, nothing is checked. */
export const hasPinningApi = description !== undefined;

/** What is wrong with a value by a schema of the IPFS Pinning Service API; nothing where it is right. */
export function pinningFindings(
  schema: 'Pin' | 'PinStatus' | 'PinResults' | 'Failure',
  value: unknown,
): string[] {
  return description === undefined ? [] : findings({ $ref: `#/components/schemas/${schema}` }, value, schema);
}

/** What is wrong with the parameters of a `GET /pins`. */
export function queryFindings(query: URLSearchParams): string[] {
  if (description === undefined) return [];
  const { parameters } = description.components;
  return [...query].flatMap(([name, text]) => {
    const parameter = Object.values(parameters).find((each) => each.name === name);
    if (parameter === undefined) return [`there is no parameter ${name}`];
    const { schema } = parameter;
    if (schema === undefined) return [];
    const { type } = resolve(schema);
    const value = type === 'array' ? text.split(',') : type === 'integer' ? Number(text) : text;
    return findings(schema, value, name);
  });
}

/** Whether an operation may answer with a status. */
export function mayAnswer(method: string, path: '/pins' | '/pins/{requestid}', status: number): boolean {
  if (description === undefined) return true;
  const responses = description.paths[path]?.[method.toLowerCase()]?.responses ?? {};
  return `${status}` in responses || `${String(status)[0]}XX` in responses;
}

function resolve(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.split('/').at(-1) ?? '';
  const found = description?.components.schemas[name];
  if (found === undefined) throw new Error(`no schema ${schema.$ref}`);
  return resolve(found);
}

function findings(given: Schema, value: unknown, at: string): string[] {
  const schema = resolve(given);
  if (schema.type === 'object') return objectFindings(schema, value, at);
  if (schema.type === 'array') return arrayFindings(schema, value, at);
  if (schema.type === 'integer') return integerFindings(schema, value, at);
  return stringFindings(schema, value, at);
}

function objectFindings(schema: Schema, value: unknown, at: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} is no object`];
  const missing = (schema.required ?? []).filter((name) => !(name in value));
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const rule = schema.properties?.[name] ?? schema.additionalProperties;
      return rule === undefined || member === undefined ? [] : findings(rule, member, `${at}.${name}`);
    }),
  ];
}

function arrayFindings(schema: Schema, value: unknown, at: string): string[] {
  if (!Array.isArray(value)) return [`${at} is no array`];
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems = false, items } = schema;
  const distinct = new Set(value.map((item) => JSON.stringify(item))).size;
  return [
    ...(value.length < minItems || value.length > maxItems ? [`${at} has ${value.length} items`] : []),
    ...(uniqueItems && distinct < value.length ? [`${at} repeats itself`] : []),
    ...(items === undefined ? [] : value.flatMap((item, n) => findings(items, item, `${at}[${n}]`))),
  ];
}

function integerFindings(
  { minimum = 0, maximum = 2 ** 31 - 1 }: Schema,
  value: unknown,
  at: string,
): string[] {
  if (!Number.isInteger(value)) return [`${at} is no integer`];
  return Number(value) < minimum || Number(value) > maximum ? [`${at} is ${value}`] : [];
}

function stringFindings(schema: Schema, value: unknown, at: string): string[] {
  if (typeof value !== 'string') return [`${at} is no string`];
  if (schema.enum?.includes(value) === false) return [`${at} is ${value}`];
  if (value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return [`${at} is too long`];
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value);
  return schema.format === 'date-time' && !isDate ? [`${at} is no time`] : [];
}
