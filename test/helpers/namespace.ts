import { canOpenNamespace } from '../peers/namespace.ts';

export { type Namespace, openNamespace } from '../peers/namespace.ts';

/** Why tests in a network of their own cannot run here; `undefined` where they can. */
export const noNamespace = canOpenNamespace()
  ? undefined
  : 'no network namespace can be made here (unshare, nsenter and ip, and leave of the system)';

if (noNamespace !== undefined) console.warn(`${noNamespace}: tests in one are skipped`);
