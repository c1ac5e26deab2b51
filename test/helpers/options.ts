import { runOvn } from './program.ts';

const known = new Map<string, Promise<string[]>>();

/** The long options of a command, as its help names them. */
export function optionsOf(command: string): Promise<string[]> {
  const options = known.get(command) ?? readOptions(command);
  known.set(command, options);
  return options;
}

async function readOptions(command: string): Promise<string[]> {
  const { code, stdout, stderr } = await runOvn([...command.split(' '), '--help']);
  if (code !== 0) throw new Error(`there is no ovn ${command}: ${stderr}`);
  return Array.from(stdout.matchAll(/^\s+(?:-\w, )?(--[a-z-]+)/gm), ([, option = '']) => option);
}
