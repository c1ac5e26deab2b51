import { peer } from '../peers/builds.ts';

export { Kubo, type KuboAnswer, type KuboOptions, startKubo } from '../peers/kubo.ts';
export { type KuboAndPaper, startKuboAndPaper } from '../peers/kubo-paper.ts';

/** Why tests with Kubo cannot run here; `undefined` where they can. */
export const noKubo =
  peer('ipfs') === undefined ? 'Kubo is not built (npm run peers builds it where Go is)' : undefined;

if (noKubo !== undefined) console.warn(`${noKubo}: tests with it are skipped`);
