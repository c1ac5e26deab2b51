import { Command, type Command as CommandType } from 'commander';
import { EXIT, OvnError } from '../../errors.ts';
import { formatName, type Name, parseName } from '../../node/names/name.ts';
import type { Repository } from '../../repo/repository.ts';
import { checkDnslink } from '../../workflows/naming/check-dnslink.ts';
import { importRecord } from '../../workflows/naming/import-record.ts';
import { publicationName, showName } from '../../workflows/naming/show-name.ts';
import { writeWholeFile } from '../../workflows/write-folder.ts';
import {
  dnsMapOption,
  dnsOption,
  type NamingFlags,
  offlineOption,
  openConfiguredRouters,
  openTxt,
  routerOption,
} from '../naming.ts';
import { command, type Start } from '../options.ts';
import { withStoredRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import { namePublishCommand } from './name-publish.ts';
import { printName } from './name-show.ts';

interface NameFlags extends CommonOptions, NamingFlags {
  output?: string;
}

export function nameCommand(start: Start): CommandType {
  const name = new Command('name')
    .summary(SUMMARIES.name)
    .description('The IPNS name of the publication: one address that leads to its newest edition.');
  name.addCommand(namePublishCommand(start));
  name.addCommand(
    command('show', 'What a name leads to, and for how long', 'ovn name show')
      .argument('[name]', 'a name in any form (default: that of this publication)')
      .addOption(routerOption())
      .addOption(offlineOption())
      .action((what: string | undefined, flags: NameFlags) =>
        start(flags, (context) => showAction(what, flags, context)),
      ),
  );
  name.addCommand(
    command('export', 'Write the record of a name to a file', 'ovn name export -o paper.ipns-record')
      .argument('[name]', 'a name in any form (default: that of this publication)')
      .option('-o, --output <file>', 'where to (default: standard output)')
      .action((what: string | undefined, flags: NameFlags) =>
        start(flags, (context) => exportAction(what, flags, context)),
      ),
  );
  name.addCommand(
    command('import', 'Take in the record of a name', 'ovn name import k51….ipns-record')
      .argument('<file>', 'the record; it may be called <name>.ipns-record')
      .argument('[name]', 'whose record it is')
      .action((file: string, what: string | undefined, flags: NameFlags) =>
        start(flags, (context) => importAction(file, what, flags, context)),
      ),
  );
  name.addCommand(
    command(
      'dnslink',
      'The line for a zone by which a domain leads to the name; with --dns, whether it does',
      'ovn name dnslink news.example --dns 192.0.2.1',
    )
      .argument('<domain>', 'such as news.example')
      .addOption(dnsOption())
      .addOption(dnsMapOption())
      .action((domain: string, flags: NameFlags) =>
        start(flags, (context) => dnslinkAction(domain, flags, context)),
      ),
  );
  return name;
}

async function showAction(
  what: string | undefined,
  flags: NameFlags,
  { terminal, now, signal }: CommandContext,
): Promise<number> {
  return withStoredRepository(flags, async (repository) => {
    const routers = await openConfiguredRouters(flags, repository);
    const shown = await showName(await nameOf(what, repository), { repository, routers, now, signal });
    terminal.printJson(shown);
    printName(terminal, shown);
    return shown.routers.some(({ problem }) => problem !== null) ? EXIT.incomplete : EXIT.done;
  });
}

async function exportAction(
  what: string | undefined,
  flags: NameFlags,
  { terminal, signal }: CommandContext,
): Promise<undefined> {
  await withStoredRepository(flags, async (repository) => {
    const wanted = await nameOf(what, repository);
    const record = repository.names.get(wanted);
    const name = formatName(wanted);
    if (record === undefined) {
      throw new OvnError('not-found', `no record of the name ${name} is here`, {
        hint: 'ovn name publish makes one, ovn name show --router URL asks for one.',
      });
    }
    const { output } = flags;
    if (output === undefined) {
      terminal.streams.stdout.write(record.bytes);
      return;
    }
    await writeWholeFile(output, [record.bytes], signal);
    terminal.printJson({ name, sequence: Number(record.sequence), output });
    terminal.print(`record ${record.sequence} of ${name} written to ${output}`);
  });
}

async function importAction(
  file: string,
  what: string | undefined,
  flags: NameFlags,
  { terminal, now }: CommandContext,
): Promise<undefined> {
  await withStoredRepository(flags, async (repository) => {
    const named = what === undefined ? undefined : await nameOf(what, repository);
    const { record, kept } = await importRecord(file, named, repository);
    const { sequence, value, validUntil } = record;
    const name = formatName(record.name);
    const report = { name, sequence: Number(sequence), value, validUntil: validUntil.toISOString() };
    terminal.printJson({ ...report, status: kept });
    terminal.print(`record ${sequence} of ${name} ${kept === 'kept' ? 'taken in' : 'is here already'}`);
    if (validUntil < now) terminal.note(`It expired ${validUntil.toISOString()}.`);
  });
}

async function dnslinkAction(
  domain: string,
  flags: NameFlags,
  { terminal, signal }: CommandContext,
): Promise<number> {
  return withStoredRepository(flags, async (repository) => {
    const name = await nameOf(undefined, repository);
    const report = await checkDnslink(domain, name, { lookUpTxt: await openTxt(flags), signal });
    terminal.printJson(report);
    terminal.print(report.line);
    if (report.status === 'confirmed')
      terminal.note(`${report.domain} leads to the name of this publication.`);
    if (report.status === 'missing') terminal.error(`ovn: ${report.domain} has no such record yet`);
    if (report.status === 'elsewhere')
      terminal.error(`ovn: ${report.domain} leads elsewhere: ${JSON.stringify(report.found)}`);
    return ['missing', 'elsewhere'].includes(report.status) ? EXIT.incomplete : EXIT.done;
  });
}

/** The name that is meant; with nothing given, that of the publication. */
async function nameOf(what: string | undefined, repository: Repository): Promise<Name> {
  if (what === undefined) return publicationName(repository);
  const name = parseName(what.replace(/^ipns:\/\/|^\/ipns\//, '').replace(/\/$/, ''));
  if (name === undefined) throw new OvnError('usage', `${what} is not an IPNS name`);
  return name;
}
