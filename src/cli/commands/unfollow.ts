import type { Command } from 'commander';
import { OvnError } from '../../errors.ts';
import type { Followed } from '../../repo/followed.ts';
import type { FollowedStore } from '../../repo/followed-store.ts';
import { chooseFollowed } from '../../workflows/following/choose-followed.ts';
import { command, dryRunOption, type Start } from '../options.ts';
import { withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { tellSize } from '../size.ts';
import { SUMMARIES } from '../summaries.ts';

interface Flags extends CommonOptions {
  dryRun?: boolean;
}

export function unfollowCommand(start: Start): Command {
  return command('unfollow', SUMMARIES.unfollow, 'ovn unfollow bafkrei…')
    .argument('<publication>', 'its id or name, or its address as it was followed')
    .addOption(dryRunOption())
    .action((named: string, flags: Flags) => start(flags, (context) => unfollow(named, flags, context)));
}

async function unfollow(named: string, flags: Flags, { terminal }: CommandContext): Promise<undefined> {
  await withStoredRepository(flags, async ({ followed }) => {
    const { publication, bytes, edition } = chooseOne(named, followed);
    if (!flags.dryRun) followed.remove(publication);
    terminal.printJson({ publication, edition, bytes });
    terminal.print(`${flags.dryRun ? 'Would not follow' : 'Does not follow'} ${publication} any more`);
    if (edition !== null)
      terminal.note(
        `What was held of it, ${tellSize(bytes)}, stays until ovn gc. What was remembered of it stays.`,
      );
  });
}

/** @throws {OvnError} `usage` where several are followed at one address; `not-found`. */
function chooseOne(named: string, store: FollowedStore): Followed {
  const [first, ...others] = chooseFollowed([named], store);
  if (first !== undefined && others.length === 0) return first;
  const ids = [first, ...others].map((each) => each?.publication).join(', ');
  throw new OvnError('usage', `${named} stands for ${others.length + 1}: ${ids}`, {
    hint: 'Name one of them by its id.',
  });
}
