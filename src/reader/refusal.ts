import { OvnError } from '../errors.ts';
import { formatInstant } from '../trust/instant.ts';
import type { Evidence } from './evidence.ts';

/** The documents of a refusal, before it is said when and of which publication. */
export type Exhibits = Omit<Evidence, 'foundAt' | 'publication'>;

/** A refusal that rests on two signed documents, which are kept so that others can judge them. */
export class Contradiction extends OvnError {
  readonly exhibits: Exhibits;

  constructor(message: string, exhibits: Exhibits) {
    super('refused', message);
    this.exhibits = exhibits;
  }
}

/** The documents of a refusal, as they are kept. */
export function evidenceOf({ exhibits }: Contradiction, publication: string, now: Date): Evidence {
  return { ...exhibits, publication, foundAt: formatInstant(now) };
}

/** A refusal by a rule, without anything to show for it. */
export function refusal(message: string): OvnError {
  return new OvnError('refused', message);
}
