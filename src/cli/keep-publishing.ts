import { EXIT } from '../errors.ts';
import type { ReleaseClock } from '../workflows/publishing/release-clock.ts';
import type { PublishReport } from '../workflows/publishing/report.ts';
import { publishAgain } from '../workflows/watching/publish-again.ts';
import { askAboutClock } from './clock-doubts.ts';
import { once } from './once.ts';
import { askPassphrase } from './passphrase.ts';
import { withStoredPaper } from './repository-context.ts';
import { type CommandContext, type CommonOptions, clock } from './run.ts';
import { WatchVoice } from './watch-voice.ts';

/** What one run of `publish` shares with the next, where it goes on. */
export interface Round {
  passphrase?: () => Promise<string | undefined>;
  confirm?: ReleaseClock['confirm'];
  /** Whether the last push did not give all of it to every remote. */
  isUnpushed?: boolean;
}

interface WatchFlags extends CommonOptions {
  passphraseFile?: string;
  clockIsRight?: boolean;
}

/**
 * Publishes again and again, until it is stopped. An error of a source or of the settings is told, and the watch goes on: it is mended in
 * the next moment.
 *
 * @param publish publishes once, and tells of it.
 */
export async function keepPublishing(
  publish: (round: Round, now: Date) => Promise<PublishReport | undefined>,
  flags: WatchFlags,
  { terminal, signal }: CommandContext,
): Promise<number> {
  const folder = await withStoredPaper(flags, async ({ articlesDir }) => articlesDir);
  const round: Round = {
    passphrase: once(() => askPassphrase(terminal, flags.passphraseFile, 'Passphrase of the keys: ')),
    confirm: askAboutClock(terminal, flags),
  };
  const voice = new WatchVoice(terminal, folder);
  await publishAgain({
    folder,
    signal,
    wall: Date.now,
    publish: async () => {
      try {
        const report = await publish(round, clock());
        // Who started it may be gone by now: a question would keep all others waiting, and what was said then is no answer.
        round.confirm = async () => false;
        return report === undefined ? undefined : voice.waiting(report);
      } catch (error) {
        return signal.aborted ? undefined : voice.failed(error, Date.now());
      }
    },
  });
  return EXIT.done;
}
