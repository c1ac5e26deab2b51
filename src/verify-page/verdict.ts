import type { Report } from './report.ts';

/** `green` only for what the reader's own id confirms; `red` only for proof of falsehood; `amber` for all between. */
export interface Verdict {
  colour: 'green' | 'amber' | 'red';
  title: string;
  detail: string;
}

/** What was learnt beside the checks. */
export interface Facts {
  publication?: string;
  /** Whether the id in the page's address is the publication's. */
  isConfirmed: boolean;
  name?: string;
  what?: string;
  cid?: string;
  signedBy?: string;
  sequence?: number;
  issued?: string;
  expires?: string;
  isExpired: boolean;
  manifest?: string;
  edition?: string;
}

/** What all checks together mean. */
export function judge(report: Report, facts: Facts): Verdict {
  const { failed, missed } = report;
  if (failed !== undefined) {
    return {
      colour: 'red',
      title: 'Refused: this is not what was published',
      detail: `${failed.name}: ${failed.detail}.`,
    };
  }
  if (facts.publication === undefined || missed !== undefined) {
    const detail = missed === undefined ? 'There was nothing to check.' : `${missed.name}: ${missed.detail}.`;
    return { colour: 'amber', title: 'Not confirmed: something did not come', detail };
  }
  if (!facts.isConfirmed) {
    const detail = `It is consistent in itself, but anybody can make a consistent paper. Compare this id with the one that you know the paper by: ${facts.publication}`;
    return { colour: 'amber', title: 'Consistent in itself; compare this id', detail };
  }
  if (facts.isExpired) {
    const detail = `Signed by the publication that you named, but last confirmed ${facts.issued}, and only until ${facts.expires}. There may be a newer edition.`;
    return { colour: 'amber', title: 'Genuine, but not confirmed as current', detail };
  }
  const detail = 'Signed by the publication whose id is in the address of this page, and not changed since.';
  return { colour: 'green', title: 'Genuine', detail };
}
