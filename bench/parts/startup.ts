import { run } from '../child.ts';
import { inRounds, type Part } from '../part.ts';
import { isBuilt, OVN } from '../peers/ovn.ts';

/** Starts are short: each round makes so many of each and keeps them all. */
const STARTS = 10;

/** `--version` and `--help` against Node that does nothing. */
export const startUp: Part = async (bench, results) => {
  results.claimCost('ovn --version', 'node -e 0', 1.3);
  results.claimCost('ovn --help', 'node -e 0');
  const programs: [string, string[]][] = [['node -e 0', ['-e', '0']]];
  if (isBuilt(results)) programs.push(['ovn --version', [OVN, '--version']], ['ovn --help', [OVN, '--help']]);
  await inRounds(bench, async () => {
    for (let start = 0; start < STARTS; start++) {
      for (const [name, args] of programs) {
        const { seconds } = await run(bench, process.execPath, args);
        results.record(name, 'ms', seconds * 1000);
      }
    }
  });
};
