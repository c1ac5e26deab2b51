import { isCid } from './cid.ts';
import { Refused } from './failure.ts';

/** Says what is wrong with a value, led by the path to it; `undefined` where it has the shape. */
export type Shape = (value: unknown) => string | undefined;

export const text: Shape = (value) => (typeof value === 'string' ? undefined : ' is no text');
export const cid: Shape = (value) => (typeof value === 'string' && isCid(value) ? undefined : ' is no CID');
export const count: Shape = (value) => integerFrom(0, value);
export const positive: Shape = (value) => integerFrom(1, value);
export const anything: Shape = () => undefined;

/** A moment in UTC, whole seconds, that exists. */
export const instant: Shape = (value) => {
  const written = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value);
  const time = written ? new Date(value).getTime() : Number.NaN;
  const exists = !Number.isNaN(time) && new Date(time).toISOString() === String(value).replace('Z', '.000Z');
  return exists ? undefined : ' is no moment in UTC';
};

export function matching(pattern: RegExp): Shape {
  return (value) => (typeof value === 'string' && pattern.test(value) ? undefined : ' is not of its form');
}

export function just(...values: unknown[]): Shape {
  return (value) => (values.includes(value) ? undefined : ` is not ${values.map(String).join(' or ')}`);
}

export function listOf(shape: Shape, { least = 0, most = Number.POSITIVE_INFINITY } = {}): Shape {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) return ' is no such list';
    return firstObjection(value.map((each, at) => prefixed(`[${at}]`, shape(each))));
  };
}

/** An object whose members all have slugs as names. */
export function bySlug(shape: Shape): Shape {
  return (value) => {
    if (!isObject(value)) return ' is no object';
    const odd = Object.keys(value).find((name) => !/^[a-z0-9-]{1,80}$/.test(name));
    if (odd !== undefined) return ` has a member ${JSON.stringify(odd)}`;
    return firstObjection(Object.entries(value).map(([name, each]) => prefixed(`.${name}`, shape(each))));
  };
}

/** An object. Names that end in `?` can be absent; other members are refused where it is `closed`. */
export function object(members: Record<string, Shape>, { closed = false } = {}): Shape {
  const known = new Map(Object.entries(members).map(([name, shape]) => [name.replace(/\?$/, ''), shape]));
  return (value) => {
    if (!isObject(value)) return ' is no object';
    for (const [name, shape] of known) {
      if (!Object.hasOwn(value, name) && Object.hasOwn(members, `${name}?`)) continue;
      const objection = Object.hasOwn(value, name) ? shape(value[name]) : ' is missing';
      if (objection !== undefined) return `.${name}${objection}`;
    }
    const more = closed ? Object.keys(value).find((name) => !known.has(name)) : undefined;
    return more === undefined ? undefined : `.${more} has no place there`;
  };
}

/** The value itself, once it has the shape. */
export function requireShape<T>(shape: Shape, value: unknown, what: string): T {
  const objection = shape(value);
  if (objection === undefined) return value as T;
  throw new Refused(`${what}${objection}`);
}

function integerFrom(least: number, value: unknown): string | undefined {
  return Number.isSafeInteger(value) && Number(value) >= least ? undefined : ` is no number from ${least}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function prefixed(path: string, objection: string | undefined): string | undefined {
  return objection === undefined ? undefined : path + objection;
}

function firstObjection(objections: readonly (string | undefined)[]): string | undefined {
  return objections.find((objection) => objection !== undefined);
}
