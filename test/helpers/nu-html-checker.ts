import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const JAR = join(
  dirname(createRequire(import.meta.url).resolve('vnu-jar/package.json')),
  'build/dist/vnu.jar',
);
const JAVA = process.env['JAVA'] ?? 'java';

/** Why the checker cannot run here; `undefined` where it can. */
export const noJava =
  spawnSync(JAVA, ['-version']).status === 0 ? undefined : `there is no ${JAVA}; the variable JAVA names one`;

/** Something that the checker says of a file. */
export interface Remark {
  /** Below the folder. */
  path: string;
  text: string;
}

interface Message {
  url: string;
  type: string;
  subType?: string;
  message: string;
  extract?: string;
}

/** What the Nu Html Checker says of HTML, CSS and SVG files below a folder: errors and warnings. One start of Java takes longer than a dozen pages. */
export function checkFiles(folder: string, paths: readonly string[]): Remark[] {
  const options = [
    '--format',
    'json',
    '--stdout',
    '--also-check-css',
    '--also-check-svg',
    '--exit-zero-always',
  ];
  const { stdout, stderr, status } = runJava(['-jar', JAR, ...options, ...paths], folder);
  if (status !== 0) throw new Error(`the checker ended with ${status}: ${stderr}${stdout}`);
  const { messages } = JSON.parse(stdout) as { messages: Message[] };
  return messages.map(({ url, type, subType, message, extract = '' }) => ({
    path: decodeURIComponent(url).slice(url.indexOf(folder) + folder.length + 1),
    text: `${subType ?? type}: ${message} ${extract.trim()}`,
  }));
}

/** What Jing, which the checker is made with, has against XML files below a folder by a schema in RELAX NG's compact syntax: a line each. */
export function checkBySchema(schema: string, folder: string, paths: readonly string[]): string[] {
  const jing = 'nu.validator.vendor.thaiopensource.relaxng.util.Driver';
  const { stdout, stderr, status } = runJava(['-cp', JAR, jing, '-c', schema, ...paths], folder);
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (status === 0 || lines.length > 0) return lines;
  throw new Error(`the checker ended with ${status}: ${stderr}`);
}

function runJava(args: readonly string[], cwd: string) {
  // Less compiling: most of the time would go into making a short run fast. The schema of HTML needs a deep stack.
  const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xss4m'];
  return spawnSync(JAVA, [...quick, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 26 });
}
