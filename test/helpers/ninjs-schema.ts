import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { vectors } from './vectors.ts';

/** IPTC's schema of ninjs 3.1, with the GeoJSON schema that it refers to; from the shared vectors. */
export function ninjsSchema(): ValidateFunction {
  const read = (name: string) => JSON.parse(readFileSync(vectors(`ninjs/${name}`), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(read('GeoJSON-schema.json'), 'https://geojson.org/schema/GeoJSON.json#');
  return ajv.compile(read('ninjs-schema_3.1.json'));
}
